import type { Resource } from "@ashlar/core";
import type { IPolicyRule } from "kubernetes-models/rbac.authorization.k8s.io/v1/PolicyRule";
import type { Grants, OwnRoles, RoleRule } from "./grants-intent.ts";
import { isRuleList, type RoleWords } from "./role-words.ts";

const API_GROUP = "rbac.authorization.k8s.io";
const API_VERSION = `${API_GROUP}/v1`;

/** A subject as bindings write it. */
export type BindingSubject =
  | { readonly apiGroup: string; readonly kind: "Group"; readonly name: string }
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string };

/** The group of a token, prefix included. */
export function groupSubject(name: string): BindingSubject {
  return { apiGroup: API_GROUP, kind: "Group", name };
}

/**
 * One binding for each role and place, named OWNER:ROLE: first those of the cluster. A roleRef cannot change, so that a role
 * which is granted instead of another has a binding of its own.
 */
export function bindingsOf(
  owner: string,
  subject: BindingSubject,
  grants: Grants,
  words: RoleWords,
): Resource[] {
  const binding = (word: string, namespace: string | undefined): Resource => ({
    apiVersion: API_VERSION,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name: `${owner}:${word}`, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: API_GROUP, kind: words.find(word, namespace)?.kind ?? "ClusterRole", name: word },
    subjects: [subject],
  });
  return [
    ...grants.cluster.map((word) => binding(word, undefined)),
    ...Object.entries(grants.namespaces).flatMap(([namespace, roles]) =>
      roles.map((word) => binding(word, namespace)),
    ),
  ];
}

/** The objects of own roles. */
export function roleObjects(roles: OwnRoles): Resource[] {
  return Object.entries(roles).flatMap(([name, role]) =>
    isRuleList(role)
      ? [roleObject(name, undefined, role)]
      : role.namespaces.map((namespace) => roleObject(name, namespace, role.rules)),
  );
}

/** A ClusterRole, or a Role when it has a namespace. */
export function roleObject(
  name: string,
  namespace: string | undefined,
  rules: readonly RoleRule[],
): Resource {
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? "ClusterRole" : "Role",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    rules: rules.map(policyRule),
  };
}

/** A rule as the API has it; without API groups it is about the core group. */
export function policyRule({
  apiGroups,
  resources,
  resourceNames,
  nonResourceURLs,
  verbs,
}: RoleRule): IPolicyRule {
  if (nonResourceURLs.length > 0) return { nonResourceURLs: [...nonResourceURLs], verbs: [...verbs] };
  return {
    apiGroups: [...(apiGroups ?? [""])],
    resources: [...resources],
    ...(resourceNames.length > 0 && { resourceNames: [...resourceNames] }),
    verbs: [...verbs],
  };
}

/**
 * A group as part of a binding's name. Letters that end a part or that the API refuses in a name become ~ and their code, so
 * that two groups never have one name: `/team:a` is `~2fteam~3aa`.
 */
export function nameOfGroup(group: string): string {
  return group.replace(/[~:@/%]/g, (letter) => `~${letter.charCodeAt(0).toString(16)}`);
}

/** A ServiceAccount as part of a binding's name; no group's has an @. */
export function nameOfServiceAccount(namespace: string, name: string): string {
  return `${name}@${namespace}`;
}
