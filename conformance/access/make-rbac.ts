import type { Resource } from "@ashlar/core";

const API_GROUP = "rbac.authorization.k8s.io";
const API_VERSION = `${API_GROUP}/v1`;

export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** `allow("get,list", "pods,pods/log", "apps")`: words parted by commas; the core group without a third. */
export function allow(verbs: string, resources: string, groups = "", names?: readonly string[]): Rule {
  return {
    verbs: verbs.split(","),
    apiGroups: groups.split(","),
    resources: resources.split(","),
    ...(names && { resourceNames: names }),
  };
}

export function urls(verbs: string, paths: string): Rule {
  return { verbs: verbs.split(","), nonResourceURLs: paths.split(",") };
}

export function role(namespace: string, name: string, ...rules: readonly Rule[]): Resource {
  return { apiVersion: API_VERSION, kind: "Role", metadata: { name, namespace }, rules };
}

export function clusterRole(name: string, ...rules: readonly Rule[]): Resource {
  return { apiVersion: API_VERSION, kind: "ClusterRole", metadata: { name }, rules };
}

/** A ClusterRole that others select by its labels. */
export function labelled(labels: Readonly<Record<string, string>>, role: Resource): Resource {
  return { ...role, metadata: { ...role.metadata, labels } };
}

export function aggregated(
  name: string,
  clusterRoleSelectors: readonly object[],
  ...rules: readonly Rule[]
): Resource {
  return { ...clusterRole(name, ...rules), aggregationRule: { clusterRoleSelectors } };
}

/** `User/x`, `Group/x`, `ServiceAccount/x` (no namespace) or `ServiceAccount/x@namespace`. */
export function subject(text: string) {
  const cut = text.indexOf("/");
  const [kind, full] = [text.slice(0, cut), text.slice(cut + 1)];
  if (kind !== "ServiceAccount") return { kind, apiGroup: API_GROUP, name: full };
  const [name, namespace] = full.split("@");
  return { kind, name, ...(namespace !== undefined && { namespace }) };
}

/** A ClusterRoleBinding. */
export function bindCluster(name: string, clusterRoleName: string, ...subjects: readonly string[]): Resource {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name: clusterRoleName },
    subjects: subjects.map(subject),
  };
}

/** A RoleBinding; the role is `Role/x` or `ClusterRole/x`. */
export function bind(
  namespace: string,
  name: string,
  roleText: string,
  ...subjects: readonly string[]
): Resource {
  const cut = roleText.indexOf("/");
  return {
    apiVersion: API_VERSION,
    kind: "RoleBinding",
    metadata: { name, namespace },
    roleRef: { apiGroup: API_GROUP, kind: roleText.slice(0, cut), name: roleText.slice(cut + 1) },
    subjects: subjects.map(subject),
  };
}
