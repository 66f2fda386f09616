import type { GivenRoles, OwnRoles, RoleRule } from "./grants-intent.ts";

/** What a role's word stands for. `rules`: absent for roles of others. */
export interface RoleMeaning {
  readonly kind: "ClusterRole" | "Role";
  readonly rules?: readonly RoleRule[];
}

/** ClusterRoles that every cluster has for people (the API server's bootstrap policy). */
export const USER_FACING_ROLES: readonly string[] = ["cluster-admin", "admin", "edit", "view"];

export const CLUSTER_VIEW = "cluster-view";

/** What `view` leaves out of the objects that belong to no namespace, and that do no harm to see. */
export const CLUSTER_VIEW_RULES: readonly RoleRule[] = [
  readOnly("", ["namespaces", "nodes", "persistentvolumes"]),
  readOnly("rbac.authorization.k8s.io", ["clusterroles", "roles"]),
  readOnly("storage.k8s.io", ["storageclasses"]),
  readOnly("cert-manager.io", ["certificates"]),
];

/** The roles that an intent may name. */
export interface RoleWords {
  /** The role of a word, in a namespace or (`undefined`) for the whole cluster. */
  readonly find: (word: string, namespace: string | undefined) => RoleMeaning | undefined;
  /** Every word that has a role there. */
  readonly known: (namespace: string | undefined) => readonly string[];
}

/** @param ownsClusterView false: `cluster-view` is made by somebody else */
export function roleWords(roles: OwnRoles, given: GivenRoles, ownsClusterView: boolean): RoleWords {
  const clusterRoles = new Map<string, RoleMeaning>();
  for (const word of [...USER_FACING_ROLES, ...given.clusterRoles])
    clusterRoles.set(word, { kind: "ClusterRole" });
  if (!clusterRoles.has(CLUSTER_VIEW))
    clusterRoles.set(CLUSTER_VIEW, {
      kind: "ClusterRole",
      ...(ownsClusterView && { rules: CLUSTER_VIEW_RULES }),
    });
  const byNamespace = new Map<string, Map<string, RoleMeaning>>();
  const add = (namespace: string, word: string, meaning: RoleMeaning) => {
    const known = byNamespace.get(namespace) ?? new Map<string, RoleMeaning>();
    byNamespace.set(namespace, known.set(word, meaning));
  };
  for (const [namespace, names] of Object.entries(given.roles))
    for (const name of names) add(namespace, name, { kind: "Role" });
  for (const [word, role] of Object.entries(roles)) {
    if (isRuleList(role)) clusterRoles.set(word, { kind: "ClusterRole", rules: role });
    else for (const namespace of role.namespaces) add(namespace, word, { kind: "Role", rules: role.rules });
  }
  const inNamespace = (namespace: string | undefined) =>
    namespace === undefined ? undefined : byNamespace.get(namespace);
  return {
    find: (word, namespace) => inNamespace(namespace)?.get(word) ?? clusterRoles.get(word),
    known: (namespace) => [...(inNamespace(namespace)?.keys() ?? []), ...clusterRoles.keys()],
  };
}

/** A ClusterRole, as a list of rules. */
export function isRuleList(role: OwnRoles[string]): role is readonly RoleRule[] {
  return Array.isArray(role);
}

function readOnly(apiGroup: string, resources: readonly string[]): RoleRule {
  return {
    apiGroups: [apiGroup],
    resources,
    resourceNames: [],
    nonResourceURLs: [],
    verbs: ["get", "list", "watch"],
  };
}
