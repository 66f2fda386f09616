import type { Resource } from "@ashlar/core";

const GROUP = "rbac.authorization.k8s.io";
const apiVersion = `${GROUP}/v1`;

export function clusterRole(
  name: string,
  rules: unknown,
  labels?: Record<string, string>,
  aggregationRule?: unknown,
): Resource {
  const metadata = labels ? { name, labels } : { name };
  return {
    apiVersion,
    kind: "ClusterRole",
    metadata,
    rules,
    ...(aggregationRule !== undefined && { aggregationRule }),
  };
}

export function role(name: string, namespace: string, rules: unknown): Resource {
  return { apiVersion, kind: "Role", metadata: { name, namespace }, rules };
}

export function clusterBinding(name: string, roleName: string, subjects: unknown): Resource {
  return {
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: roleName },
    subjects,
  };
}

export function roleBinding(name: string, namespace: string, roleRef: object, subjects: unknown): Resource {
  return {
    apiVersion,
    kind: "RoleBinding",
    metadata: { name, namespace },
    roleRef: { apiGroup: GROUP, ...roleRef },
    subjects,
  };
}
