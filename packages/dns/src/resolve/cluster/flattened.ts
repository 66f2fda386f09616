import type { Locate, Resource } from "@ashlar/core";
import { asFields, asObjects, asText } from "./fields.ts";

/** The objects of a set with Lists opened, and a `locate` that still knows those whose kind the List told. */
export interface Flattened {
  readonly resources: readonly Resource[];
  readonly locate?: Locate;
}

/** Opens Lists; items of a typed one take its kind. What is no object is left out. */
export function flattened(set: readonly Resource[], locate?: Locate): Flattened {
  const resources: Resource[] = [];
  const originals = new Map<object, object>();
  const pending: unknown[] = [...set].reverse();
  while (pending.length > 0) {
    const fields = asFields(pending.pop());
    if (!fields) continue;
    const kind = asText(fields.kind);
    if (!kind.endsWith("List") || !Array.isArray(fields.items)) {
      resources.push(fields as unknown as Resource);
      continue;
    }
    for (const item of asObjects(fields.items).reverse()) {
      if (kind === "List" || asText(item.kind) !== "") {
        pending.push(item);
        continue;
      }
      const typed = { ...item, apiVersion: fields.apiVersion, kind: kind.slice(0, -4) };
      originals.set(typed, item);
      pending.push(typed);
    }
  }
  if (!locate) return { resources };
  return { resources, locate: (resource, path) => locate(originals.get(resource) ?? resource, path) };
}
