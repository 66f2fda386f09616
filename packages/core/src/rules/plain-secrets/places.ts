import type { PathSegment } from "../../field-path.ts";
import { apiGroup, type Resource } from "../../resource.ts";
import { fieldsOf, listOf, textOf } from "../references/json-values.ts";
import { podTemplateOf } from "../references/pod-templates.ts";

/** A text of an object that everybody who may read the object can read. */
export interface PlainText {
  readonly text: string;
  readonly path: () => readonly PathSegment[];
  /** What holds it, for people: `env DB_PASSWORD of container "web"`. */
  readonly place: () => string;
  readonly in: "env" | "words" | "data" | "annotation";
  /** The name that says what it is: of a variable, key or flag; absent for whole texts. */
  readonly name?: string;
}

/** The copy of an object that `kubectl apply` keeps of what it last applied. */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Every text of an object in which a credential has no business: containers, ConfigMaps, annotations. */
export function plainTexts(resource: Resource): PlainText[] {
  const found: PlainText[] = [];
  const template = podTemplateOf(resource);
  for (const container of template?.containers ?? []) {
    const of = (what: string) => `${what} of container "${container.name}"`;
    listOf(container.fields.env).forEach((entry, i) => {
      const { name: written, value } = fieldsOf(entry);
      if (typeof value !== "string") return;
      const name = textOf(written);
      const path = () => [...container.path, "env", i, "value"];
      found.push({ text: value, path, place: () => of(`env ${name}`), in: "env", name });
    });
    for (const field of ["command", "args"]) {
      const words = listOf(container.fields[field]);
      words.forEach((word, i) => {
        if (typeof word !== "string") return;
        const path = () => [...container.path, field, i];
        const name = word.startsWith("-") ? undefined : flagName(words[i - 1]);
        const text = { text: word, path, place: () => of(field), in: "words" as const };
        found.push(name === undefined ? text : { ...text, name });
      });
    }
  }
  if (resource.kind === "ConfigMap" && apiGroup(textOf(resource.apiVersion)) === "")
    for (const [name, text] of Object.entries(fieldsOf(resource.data)))
      if (typeof text === "string")
        found.push({ text, path: () => ["data", name], place: () => `key "${name}"`, in: "data", name });
  addAnnotations(found, resource, []);
  if (template && template.path.length > 0)
    addAnnotations(
      found,
      template.path.reduce<unknown>((at, key) => fieldsOf(at)[key], resource),
      template.path,
    );
  return found;
}

/** `password` of `--password`, when the word is a flag whose value comes next. */
function flagName(word: unknown): string | undefined {
  return typeof word === "string" && /^--?[A-Za-z][\w.-]*$/.test(word) ? word.replace(/^-+/, "") : undefined;
}

function addAnnotations(found: PlainText[], holder: unknown, at: readonly PathSegment[]): void {
  const annotations = fieldsOf(fieldsOf(fieldsOf(holder).metadata).annotations);
  for (const key of Object.keys(annotations)) {
    const text = annotations[key];
    if (typeof text !== "string" || key === LAST_APPLIED) continue;
    const path = () => [...at, "metadata", "annotations", key];
    const name = key.slice(key.indexOf("/") + 1);
    found.push({ text, path, place: () => `annotation ${key}`, in: "annotation", name });
  }
}
