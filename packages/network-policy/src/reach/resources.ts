import type { Locate, Resource } from "@ashlar/core";

export type Fields = Readonly<Record<string, unknown>>;

/** The objects of a set with Lists opened, and a `locate` that still knows objects whose kind the List had told. */
export interface FlatResources {
  readonly resources: readonly Resource[];
  readonly locate?: Locate;
}

/**
 * Opens Lists (`kind: List`, `PodList`, …), in any depth. Items of a typed list may lack apiVersion and kind (as the API
 * sends them): they take them from the list. What is no object is left out.
 */
export function flattenLists(resources: readonly Resource[], locate?: Locate): FlatResources {
  const flat: Resource[] = [];
  const originals = new Map<object, object>();
  const pending: { value: unknown; list?: Fields }[] = resources.map((value) => ({ value })).reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const fields = asFields(next.value);
    if (fields === undefined) continue;
    const kind = asText(fields.kind);
    if (Array.isArray(fields.items) && (kind.endsWith("List") || kind === "")) {
      for (let i = fields.items.length - 1; i >= 0; i--)
        pending.push({ value: fields.items[i], list: fields });
    } else if (kind === "" && next.list !== undefined && asText(next.list.kind) !== "List") {
      const itemKind = asText(next.list.kind).replace(/List$/, "");
      const typed = { ...fields, apiVersion: next.list.apiVersion, kind: itemKind } as Resource;
      originals.set(typed, fields);
      flat.push(typed);
    } else flat.push(fields as unknown as Resource);
  }
  if (locate === undefined) return { resources: flat };
  return { resources: flat, locate: (resource, path) => locate(originals.get(resource) ?? resource, path) };
}

/** The value as an object, or `undefined`. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The objects among the elements of a list; none when it is no list. */
export function asObjects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asFields).filter((item) => item !== undefined) : [];
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A map of strings such as labels; `undefined` when it is something that the API server refuses. */
export function asStrings(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return {};
  const fields = asFields(value);
  if (fields === undefined || !Object.values(fields).every((v) => typeof v === "string")) return undefined;
  return fields as Readonly<Record<string, string>>;
}

/** `namespace/name` of an object; the name of one that the server is to name is its prefix with a star. */
export function scopedName(
  resource: Resource,
  defaultNamespace: string,
): { namespace: string; name: string } {
  const metadata = asFields(resource.metadata) ?? {};
  const generated = asText(metadata.generateName);
  return {
    namespace: asText(metadata.namespace) || defaultNamespace,
    name: asText(metadata.name) || (generated === "" ? "" : `${generated}*`),
  };
}
