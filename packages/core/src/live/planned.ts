import { type Resource, refKey, refOf } from "../resource.ts";
import { type Plan, stateOf } from "./plan-state.ts";

/**
 * A set of objects of the cluster as it will be after a plan: for models, that tell what the change means. What is refused or in
 * conflict stays as it is. Holds the values of Secrets that the plan writes.
 *
 * @param before objects of the cluster
 * @param prune whether what the platform has no more will be removed
 */
export function objectsAfter(
  plan: Plan,
  before: readonly Resource[],
  { prune = false }: { readonly prune?: boolean } = {},
): Resource[] {
  const objects = new Map(before.map((resource) => [refKey(refOf(resource)), resource]));
  for (const { item, after } of stateOf(plan).steps) {
    if (after) objects.set(refKey(item.ref), after);
    else if (item.action === "prune" && prune) objects.delete(refKey(item.ref));
  }
  return [...objects.values()];
}
