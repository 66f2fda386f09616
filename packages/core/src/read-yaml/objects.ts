import type { PathSegment } from "../field-path.ts";
import { isRecord } from "../json.ts";
import type { Resource } from "../resource.ts";

type Fields = Readonly<Record<string, unknown>>;

/** An object of a document and where it stands in it: `[]`, or `["items", 3]` inside a list. */
export interface FoundObject {
  readonly resource: Resource;
  readonly path: readonly PathSegment[];
}

/** What keeps a value from being a Kubernetes object. */
export interface Misfit {
  readonly path: readonly PathSegment[];
  readonly message: string;
  readonly hint: string;
}

/** Lists in lists are followed this far; kubectl flattens one level. */
const LIST_DEPTH = 8;

/**
 * The Kubernetes objects of a document: the object, or the items of a list, of `kind: List` as well as of `PodList` and
 * the like. Items that say neither apiVersion nor kind take them from their list, as kubectl does
 * (apimachinery's UnstructuredJSONScheme).
 */
export function objectsOf(value: unknown): { objects: FoundObject[]; misfits: Misfit[] } {
  const objects: FoundObject[] = [];
  const misfits: Misfit[] = [];
  collect(value, [], LIST_DEPTH, objects, misfits);
  return { objects, misfits };
}

function collect(
  value: unknown,
  path: readonly PathSegment[],
  depth: number,
  objects: FoundObject[],
  misfits: Misfit[],
): void {
  if (!isRecord(value)) {
    misfits.push({
      path,
      message: `expected a Kubernetes object, got ${describe(value)}`,
      hint: "write a mapping with apiVersion, kind and metadata",
    });
    return;
  }
  const wrong = [...typeMisfits(value, path)];
  if (Array.isArray(value.items) && wrong.length === 0) {
    value.items.forEach((item: unknown, index) => {
      const itemPath = [...path, "items", index];
      if (depth === 0) misfits.push(tooDeep(itemPath));
      else collect(inherit(item, value), itemPath, depth - 1, objects, misfits);
    });
    return;
  }
  // `kubectl get` prints an empty list without items as `items: null`.
  if (wrong.length === 0 && "items" in value && value.items === null && String(value.kind).endsWith("List"))
    return;
  wrong.push(...metadataMisfits(value, path));
  misfits.push(...wrong);
  if (wrong.length === 0) objects.push({ resource: value as unknown as Resource, path });
}

function tooDeep(path: readonly PathSegment[]): Misfit {
  return {
    path,
    message: `expected at most ${LIST_DEPTH} lists in lists, got more`,
    hint: "write the objects one after another",
  };
}

/** An item of a typed list with the apiVersion and kind of the list, where it has neither. */
function inherit(item: unknown, list: Fields): unknown {
  if (!isRecord(item) || item.apiVersion || item.kind) return item;
  const kind = String(list.kind).replace(/List$/, "");
  return kind === "" ? item : { ...item, apiVersion: list.apiVersion, kind };
}

function* typeMisfits(value: Fields, path: readonly PathSegment[]): Generator<Misfit> {
  const examples = { apiVersion: "v1", kind: "ConfigMap" };
  for (const field of ["apiVersion", "kind"] as const)
    if (typeof value[field] !== "string" || value[field] === "")
      yield {
        path: [...path, field],
        message: `expected ${field} as text, got ${describe(value[field])}`,
        hint: `write ${field}: ${examples[field]}, or whatever the object is`,
      };
}

function* metadataMisfits(value: Fields, path: readonly PathSegment[]): Generator<Misfit> {
  const at = [...path, "metadata"];
  const { metadata } = value;
  if (!isRecord(metadata)) {
    yield {
      path: at,
      message: `expected metadata with a name, got ${describe(metadata)}`,
      hint: "write metadata: and below it name:",
    };
    return;
  }
  for (const field of ["name", "generateName", "namespace"]) {
    const text = metadata[field];
    if (text !== undefined && text !== null && typeof text !== "string")
      yield {
        path: [...at, field],
        message: `expected metadata.${field} as text, got ${describe(text)}`,
        hint: `put it in quotes: "${String(text)}"`,
      };
  }
  if (!metadata.name && !metadata.generateName)
    yield {
      path: [...at, "name"],
      message: `expected metadata.name, got ${describe(metadata.name)}`,
      hint: "name the object; generateName is enough for objects that are only created",
    };
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (value === "") return "an empty text";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return `the ${typeof value} ${JSON.stringify(value).slice(0, 60)}`;
}
