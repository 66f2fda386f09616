import type { AccessBinding, AccessRole } from "../../rbac/objects.ts";

/** Finds the role that a binding names, in its own namespace for a Role. */
export type FindRole = (binding: AccessBinding) => AccessRole | undefined;

/** Looks roles up by name. The last of a name counts, as when all are applied. */
export function findRoles(roles: Iterable<AccessRole>): FindRole {
  const byName = new Map<string, AccessRole>();
  for (const role of roles) byName.set(roleKey(role), role);
  return ({ kind, namespace, role }) => {
    if (role.kind !== "ClusterRole" && (role.kind !== "Role" || kind !== "RoleBinding")) return undefined;
    return byName.get(roleKey({ kind: role.kind, namespace, name: role.name }));
  };
}

/** The identity of a role among roles. */
export function roleKey({ kind, namespace, name }: Pick<AccessRole, "kind" | "namespace" | "name">): string {
  return kind === "Role" ? `${namespace}/${name}` : `/${name}`;
}
