import type { Inventory, Rule } from "../inventory.ts";
import { fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { missingObjects } from "./references/missing-object.ts";
import { namespaceOf } from "./references/namespace-of.ts";
import { setIndex } from "./references/set-index.ts";
import { CLAIM } from "./references/target.ts";

/** A pod that mounts a PersistentVolumeClaim that is not there. */
export const noMissingClaim: Rule = {
  code: "core/no-missing-claim",
  check(inventory) {
    const made = statefulClaims(inventory);
    return missingObjects(inventory, {
      code: "core/no-missing-claim",
      targets: [CLAIM],
      effect: () => "its pods stay Pending",
      isElsewhere: ({ namespace, name }) => {
        const prefix = /^(.+)-\d+$/.exec(name)?.[1];
        return prefix !== undefined && [namespace ?? "*", ""].some((place) => made(place, prefix));
      },
    });
  },
};

/**
 * Whether a StatefulSet makes claims called so, one `TEMPLATE-NAME-ORDINAL` for each template and pod. The namespace `*` is any
 * one, an empty one kubectl's own. A StatefulSet that is there as a patch may have any template.
 */
function statefulClaims(inventory: Inventory): (namespace: string, prefix: string) => boolean {
  const { ofKind, isPartial } = setIndex(inventory);
  const made = new Set<string>();
  const open: (readonly [namespace: string, ending: string])[] = [];
  for (const resource of ofKind("StatefulSet")) {
    const name = textOf(fieldsOf(resource.metadata).name);
    if (isPartial(resource)) open.push([namespaceOf(resource) ?? "", `-${name}`]);
    for (const template of listOf(fieldsOf(resource.spec).volumeClaimTemplates)) {
      const prefix = `${textOf(fieldsOf(fieldsOf(template).metadata).name)}-${name}`;
      made.add(`${namespaceOf(resource) ?? ""}/${prefix}`).add(`*/${prefix}`);
    }
  }
  return (namespace, prefix) =>
    made.has(`${namespace}/${prefix}`) ||
    open.some(([own, ending]) => (namespace === "*" || own === namespace) && prefix.endsWith(ending));
}
