import type { Rule } from "../inventory.ts";
import { builtinClusterRoles, isBuiltinRole } from "./references/builtin-roles.ts";
import { missingObjects } from "./references/missing-object.ts";
import { CLUSTER_ROLE, ROLE } from "./references/target.ts";

/** A RoleBinding or ClusterRoleBinding for a role that neither the set nor Kubernetes has. */
export const noMissingRole: Rule = {
  code: "core/no-missing-role",
  check: (inventory) =>
    missingObjects(inventory, {
      code: "core/no-missing-role",
      targets: [ROLE, CLUSTER_ROLE],
      effect: () => "it grants nothing",
      isElsewhere: ({ namespace, name }) => isBuiltinRole(namespace, name),
      builtinNames: (target) => (target === CLUSTER_ROLE ? builtinClusterRoles : []),
    }),
};
