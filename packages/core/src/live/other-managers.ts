import type { Resource } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";

/**
 * Who wrote an object that was not applied under this name yet: empty when it was. Controllers that only write status are not among
 * them.
 */
export function otherManagers(live: Resource, name: string): string[] {
  const entries = listOf(live.metadata.managedFields).map(fieldsOf);
  if (entries.some(({ manager, operation }) => manager === name && operation === "Apply")) return [];
  const names = entries
    .filter(({ subresource }) => textOf(subresource) === "")
    .map(({ manager }) => textOf(manager));
  const release = live.metadata.annotations?.["meta.helm.sh/release-name"];
  return [...new Set([...names, ...(release === undefined ? [] : [`helm release ${release}`])])];
}
