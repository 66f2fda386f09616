import type { PathSegment } from "../../field-path.ts";
import { apiGroup, type Resource } from "../../resource.ts";
import { fieldsOf, listOf, textOf } from "../references/json-values.ts";
import { containersOf, podTemplateOf } from "../references/pod-templates.ts";

/** A text of an object that everybody who may read the object can read. */
export interface PlainText {
  readonly text: string;
  readonly path: readonly PathSegment[];
  /** What holds it, for people: `env DB_PASSWORD of container "web"`. */
  readonly place: string;
  /** The name that says what it is: of a variable, key or flag; absent for whole texts. */
  readonly name?: string;
}

/** The copy of an object that `kubectl apply` keeps of what it last applied. */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Every text of an object in which a credential has no business: containers, ConfigMaps, annotations. */
export function plainTexts(resource: Resource): PlainText[] {
  const found: PlainText[] = [];
  const template = podTemplateOf(resource);
  for (const container of template ? containersOf(template) : []) {
    const of = `of container "${container.name}"`;
    listOf(container.fields.env).forEach((entry, i) => {
      const { name, value } = fieldsOf(entry);
      const path = [...container.path, "env", i, "value"];
      if (typeof value === "string")
        found.push({ text: value, path, place: `env ${textOf(name)} ${of}`, name: textOf(name) });
    });
    for (const field of ["command", "args"]) {
      const words = listOf(container.fields[field]);
      words.forEach((word, i) => {
        const path = [...container.path, field, i];
        const name = typeof word === "string" && !word.startsWith("-") ? flagName(words[i - 1]) : undefined;
        if (typeof word === "string")
          found.push({ text: word, path, place: `${field} ${of}`, ...(name !== undefined && { name }) });
      });
    }
  }
  if (resource.kind === "ConfigMap" && apiGroup(textOf(resource.apiVersion)) === "")
    for (const [name, text] of Object.entries(fieldsOf(resource.data)))
      if (typeof text === "string") found.push({ text, path: ["data", name], place: `key "${name}"`, name });
  found.push(...annotationTexts(fieldsOf(resource.metadata).annotations, ["metadata", "annotations"]));
  if (template && template.path.length > 0) {
    const parent = fieldsOf(template.path.reduce<unknown>((at, key) => fieldsOf(at)[key], resource)).metadata;
    found.push(
      ...annotationTexts(fieldsOf(parent).annotations, [...template.path, "metadata", "annotations"]),
    );
  }
  return found;
}

/** `password` of `--password`, when the word is a flag whose value comes next. */
function flagName(word: unknown): string | undefined {
  return typeof word === "string" && /^--?[A-Za-z][\w.-]*$/.test(word) ? word.replace(/^-+/, "") : undefined;
}

function annotationTexts(annotations: unknown, path: readonly PathSegment[]): PlainText[] {
  return Object.entries(fieldsOf(annotations)).flatMap(([key, text]) => {
    if (typeof text !== "string" || key === LAST_APPLIED) return [];
    const name = key.slice(key.indexOf("/") + 1);
    return [{ text, path: [...path, key], place: `annotation ${key}`, name }];
  });
}
