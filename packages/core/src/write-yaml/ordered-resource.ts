import { isRecord } from "../json.ts";

const OBJECT_FIRST = ["apiVersion", "kind", "metadata"];
const METADATA_FIRST = ["name", "generateName", "namespace", "labels", "annotations"];

/**
 * An object of the API with its fields in the order in which people read them: apiVersion, kind, metadata (name,
 * namespace, labels and annotations first), then the others as given. The items of a list likewise. Anything else as it is.
 */
export function orderedResource(resource: unknown): unknown {
  if (!isRecord(resource) || typeof resource.toJSON === "function") return resource;
  const { metadata, items } = resource;
  const hasMetadata = isRecord(metadata) && typeof metadata.toJSON !== "function";
  const hasItems = Array.isArray(items) && String(resource.kind).endsWith("List");
  const fields = inOrder(resource, OBJECT_FIRST);
  if (!hasMetadata && !hasItems) return fields;
  return {
    ...fields,
    ...(hasMetadata && { metadata: inOrder(metadata, METADATA_FIRST) }),
    ...(hasItems && { items: items.map(orderedResource) }),
  };
}

/** The same fields, those of `first` before the others. */
function inOrder(
  fields: Readonly<Record<string, unknown>>,
  first: readonly string[],
): Readonly<Record<string, unknown>> {
  const keys = Object.keys(fields);
  const leading = first.filter((key) => Object.hasOwn(fields, key));
  if (leading.every((key, index) => keys[index] === key)) return fields;
  const others = keys.filter((key) => !first.includes(key));
  return Object.fromEntries([...leading, ...others].map((key) => [key, fields[key]]));
}
