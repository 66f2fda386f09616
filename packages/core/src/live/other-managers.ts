import type { Resource } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import { FIELD_MANAGER } from "./objects.ts";

/**
 * Who wrote an object that Ashlar has not applied yet: empty when it has. Controllers that only write status are not among them.
 */
export function otherManagers(live: Resource): string[] {
  const entries = listOf(live.metadata.managedFields).map(fieldsOf);
  if (entries.some(({ manager, operation }) => manager === FIELD_MANAGER && operation === "Apply")) return [];
  const names = entries
    .filter(({ subresource }) => textOf(subresource) === "")
    .map(({ manager }) => textOf(manager));
  const release = live.metadata.annotations?.["meta.helm.sh/release-name"];
  return [...new Set([...names, ...(release === undefined ? [] : [`helm release ${release}`])])];
}
