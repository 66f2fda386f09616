import { type Finding, findingAbout, formatRef, type Inventory, type Rule, refOf } from "@ashlar/core";
import type { AccessBinding, AccessRole } from "../rbac/objects.ts";
import { ineffectiveParts, isForCluster } from "./effect/ineffective-parts.ts";
import { builtIn } from "./objects/built-in.ts";
import { effectiveRoles } from "./objects/effective-roles.ts";
import { findRoles } from "./objects/find-role.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { clusterScoped, type IsClusterScoped } from "./objects/served.ts";

const CODE = "iam/no-rule-without-effect";

/** A part of a role that no request can meet, or a RoleBinding to a role of which nothing holds in a namespace. */
export const noRuleWithoutEffect: Rule = {
  code: CODE,
  check(inventory) {
    const { roles, bindings } = rbacObjects(inventory.resources);
    if (roles.length + bindings.length === 0) return [];
    const isClusterScoped = clusterScoped(inventory.resources);
    const namespaced = bindings.filter(
      ({ kind, role }) => kind === "RoleBinding" && role.kind === "ClusterRole",
    );
    return [
      ...roles.flatMap((role) => ofRole(inventory, role, isClusterScoped)),
      ...(namespaced.length === 0 ? [] : ofBindings(inventory, namespaced, roles, isClusterScoped)),
    ];
  },
};

function ofRole({ locate }: Inventory, role: AccessRole, isClusterScoped: IsClusterScoped): Finding[] {
  if (role.selectors !== undefined) return [];
  return role.rules.flatMap((rule, index) => {
    const parts = ineffectiveParts(rule, role, isClusterScoped);
    if (parts.length === 0 || builtIn().hasRule(role, rule)) return [];
    return parts.map(({ path, says, hint }) =>
      findingAbout(role.resource, locate, {
        code: CODE,
        severity: "warning",
        message: `${formatRef(refOf(role.resource))}: ${says}`,
        hint,
        path: `rules[${index}].${path}`,
      }),
    );
  });
}

function ofBindings(
  { locate }: Inventory,
  bindings: readonly AccessBinding[],
  roles: readonly AccessRole[],
  isClusterScoped: IsClusterScoped,
): Finding[] {
  const findRole = findRoles(effectiveRoles(roles));
  return bindings.flatMap((binding) => {
    const role = findRole(binding);
    if (role === undefined || role.rules.length === 0) return [];
    if (!role.rules.every((rule) => isForCluster(rule, isClusterScoped))) return [];
    return [
      findingAbout(binding.resource, locate, {
        code: CODE,
        severity: "warning",
        message: `${formatRef(refOf(binding.resource))}: all that ClusterRole ${role.name} grants is outside of namespaces, so that a RoleBinding gives nothing of it`,
        hint: "bind it with a ClusterRoleBinding",
        path: "roleRef.name",
      }),
    ];
  });
}
