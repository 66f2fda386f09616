import type { Rule } from "../inventory.ts";
import type { Resource } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { missingObjects } from "./references/missing-object.ts";
import { namespaceOf } from "./references/namespace-of.ts";
import { CLAIM } from "./references/target.ts";

/** A pod that mounts a PersistentVolumeClaim that is not there. */
export const noMissingClaim: Rule = {
  code: "core/no-missing-claim",
  check(inventory) {
    const made = statefulClaims(inventory.resources);
    return missingObjects(inventory, {
      code: "core/no-missing-claim",
      targets: [CLAIM],
      effect: () => "its pods stay Pending",
      isElsewhere: ({ namespace, name }) => {
        const prefix = /^(.+)-\d+$/.exec(name)?.[1];
        if (prefix === undefined) return false;
        return made.has(`${namespace ?? "*"}/${prefix}`) || made.has(`/${prefix}`);
      },
    });
  },
};

/**
 * `namespace/TEMPLATE-NAME` of the claims that StatefulSets make, one `TEMPLATE-NAME-ORDINAL` for each template and pod;
 * `*` stands for any namespace, none for kubectl's own.
 */
function statefulClaims(resources: readonly Resource[]): ReadonlySet<string> {
  const made = new Set<string>();
  for (const resource of resources) {
    if (resource.kind !== "StatefulSet") continue;
    const name = textOf(fieldsOf(resource.metadata).name);
    for (const template of listOf(fieldsOf(resource.spec).volumeClaimTemplates)) {
      const prefix = `${textOf(fieldsOf(fieldsOf(template).metadata).name)}-${name}`;
      made.add(`${namespaceOf(resource) ?? ""}/${prefix}`).add(`*/${prefix}`);
    }
  }
  return made;
}
