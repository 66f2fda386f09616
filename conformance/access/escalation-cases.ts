import type { Resource } from "@ashlar/core";
import {
  applyNew,
  beDeployer,
  beMaster,
  bindClusterAdmin,
  bindInNamespace,
  configMap,
  gets,
  post,
  type Try,
  takeToken,
  widenOwn,
} from "./escalation-attempts.ts";

const RBAC = "rbac.authorization.k8s.io";
const API = `${RBAC}/v1`;

/** Somebody with rules, in a namespace or in the whole cluster, and what they try with them. */
export interface Case {
  readonly name: string;
  readonly in: "cluster" | "namespace";
  readonly rules: readonly object[];
  readonly attempt: Try;
  /** The rule that has to say so, exactly when the attempt works (escalation) or does not (effect). */
  readonly code: "iam/no-escalation-path" | "iam/no-rule-without-effect";
}

const rule = (verbs: string, resources: string, group = "", names?: readonly string[]) => ({
  verbs: verbs.split(","),
  apiGroups: [group],
  resources: resources.split(","),
  ...(names && { resourceNames: names }),
});

const path = "iam/no-escalation-path";
const effect = "iam/no-rule-without-effect";

/** Who tries what. */
export const CASES: readonly Case[] = [
  {
    name: "bind and write bindings",
    in: "cluster",
    rules: [rule("bind", "clusterroles", RBAC), rule("create", "clusterrolebindings", RBAC)],
    attempt: bindClusterAdmin,
    code: path,
  },
  {
    name: "bind cluster-admin by name",
    in: "cluster",
    rules: [
      rule("bind", "clusterroles", RBAC, ["cluster-admin"]),
      rule("create", "clusterrolebindings", RBAC),
    ],
    attempt: bindClusterAdmin,
    code: path,
  },
  {
    name: "bind view by name",
    in: "cluster",
    rules: [rule("bind", "clusterroles", RBAC, ["view"]), rule("create", "clusterrolebindings", RBAC)],
    attempt: bindClusterAdmin,
    code: path,
  },
  {
    name: "write bindings alone",
    in: "cluster",
    rules: [rule("create", "clusterrolebindings", RBAC)],
    attempt: bindClusterAdmin,
    code: path,
  },
  {
    name: "bind alone",
    in: "cluster",
    rules: [rule("bind", "clusterroles", RBAC)],
    attempt: bindClusterAdmin,
    code: path,
  },
  {
    name: "escalate and update",
    in: "cluster",
    rules: [rule("escalate,update", "clusterroles", RBAC)],
    attempt: widenOwn("ClusterRole"),
    code: path,
  },
  {
    name: "update alone",
    in: "cluster",
    rules: [rule("update", "clusterroles", RBAC)],
    attempt: widenOwn("ClusterRole"),
    code: path,
  },
  {
    name: "escalate alone",
    in: "cluster",
    rules: [rule("escalate", "clusterroles", RBAC)],
    attempt: widenOwn("ClusterRole"),
    code: path,
  },
  {
    name: "impersonate users and groups",
    in: "cluster",
    rules: [rule("impersonate", "users,groups")],
    attempt: beMaster,
    code: path,
  },
  {
    name: "impersonate by name",
    in: "cluster",
    rules: [
      rule("impersonate", "users", "", ["anna"]),
      rule("impersonate", "groups", "", ["system:masters"]),
    ],
    attempt: beMaster,
    code: path,
  },
  {
    name: "impersonate groups alone",
    in: "cluster",
    rules: [rule("impersonate", "groups")],
    attempt: beMaster,
    code: path,
  },
  {
    name: "impersonate groups in a namespace",
    in: "namespace",
    rules: [rule("impersonate", "users,groups")],
    attempt: beMaster,
    code: path,
  },
  {
    name: "impersonate accounts",
    in: "namespace",
    rules: [rule("impersonate", "serviceaccounts")],
    attempt: beDeployer,
    code: path,
  },
  {
    name: "impersonate the account",
    in: "namespace",
    rules: [rule("impersonate", "serviceaccounts", "", ["deployer"])],
    attempt: beDeployer,
    code: path,
  },
  {
    name: "impersonate another account",
    in: "namespace",
    rules: [rule("impersonate", "serviceaccounts", "", ["other"])],
    attempt: beDeployer,
    code: path,
  },
  {
    name: "take tokens",
    in: "namespace",
    rules: [rule("create", "serviceaccounts/token")],
    attempt: takeToken,
    code: path,
  },
  {
    name: "take the token by name",
    in: "namespace",
    rules: [rule("create", "serviceaccounts/token", "", ["deployer"])],
    attempt: takeToken,
    code: path,
  },
  {
    name: "take another token",
    in: "namespace",
    rules: [rule("create", "serviceaccounts/token", "", ["other"])],
    attempt: takeToken,
    code: path,
  },
  {
    name: "make accounts",
    in: "namespace",
    rules: [rule("create,update", "serviceaccounts")],
    attempt: takeToken,
    code: path,
  },
  {
    name: "bind in a namespace",
    in: "namespace",
    rules: [rule("bind", "clusterroles", RBAC), rule("create", "rolebindings", RBAC)],
    attempt: bindInNamespace,
    code: path,
  },
  {
    name: "write RoleBindings alone",
    in: "namespace",
    rules: [rule("create", "rolebindings", RBAC)],
    attempt: bindInNamespace,
    code: path,
  },
  {
    name: "escalate in a namespace",
    in: "namespace",
    rules: [rule("escalate,update", "roles", RBAC)],
    attempt: widenOwn("Role"),
    code: path,
  },
  {
    name: "update Roles alone",
    in: "namespace",
    rules: [rule("update", "roles", RBAC)],
    attempt: widenOwn("Role"),
    code: path,
  },

  {
    name: "create by name, posted",
    in: "namespace",
    rules: [rule("create", "configmaps", "", ["state"])],
    attempt: post,
    code: effect,
  },
  {
    name: "create by name, applied without patch",
    in: "namespace",
    rules: [rule("create", "configmaps", "", ["state"])],
    attempt: applyNew,
    code: effect,
  },
  {
    name: "create and patch by name, applied",
    in: "namespace",
    rules: [rule("create,patch", "configmaps", "", ["state"])],
    attempt: applyNew,
    code: effect,
  },
  { name: "create", in: "namespace", rules: [rule("create", "configmaps")], attempt: post, code: effect },
  {
    name: "deletecollection by name",
    in: "namespace",
    rules: [rule("deletecollection", "configmaps", "", ["state"])],
    attempt: async (by) => (await by.call("DELETE", configMap(by))).code === 200,
    code: effect,
  },
  {
    name: "list by name",
    in: "namespace",
    rules: [rule("list", "configmaps", "", ["state"])],
    attempt: gets((by) => `${configMap(by)}?fieldSelector=metadata.name%3Dstate`),
    code: effect,
  },
  {
    name: "nodes in a Role",
    in: "namespace",
    rules: [rule("*", "nodes")],
    attempt: gets(() => "/api/v1/nodes"),
    code: effect,
  },
  {
    name: "its own Namespace in a Role",
    in: "namespace",
    rules: [rule("get", "namespaces")],
    attempt: gets(({ own }) => `/api/v1/namespaces/${own}`),
    code: effect,
  },
  {
    name: "all Namespaces in a Role",
    in: "namespace",
    rules: [rule("list", "namespaces")],
    attempt: gets(() => "/api/v1/namespaces"),
    code: effect,
  },
  {
    name: "a URL without a slash",
    in: "cluster",
    rules: [{ verbs: ["get"], nonResourceURLs: ["metrics"] }],
    attempt: gets(() => "/metrics"),
    code: effect,
  },
  {
    name: "a URL",
    in: "cluster",
    rules: [{ verbs: ["get"], nonResourceURLs: ["/metrics"] }],
    attempt: gets(() => "/metrics"),
    code: effect,
  },
  {
    name: "a star inside of a URL",
    in: "cluster",
    rules: [{ verbs: ["get"], nonResourceURLs: ["/met*cs*"] }],
    attempt: gets(() => "/metrics"),
    code: effect,
  },
  {
    name: "stars at the end of a URL",
    in: "cluster",
    rules: [{ verbs: ["get"], nonResourceURLs: ["/met***"] }],
    attempt: gets(() => "/metrics"),
    code: effect,
  },
];

/** The name of a case, of its namespace, its user and its role. */
export const nameOf = (index: number) => `case-${index}`;

/** What the case is made of: the role, its binding, and a ServiceAccount beside it that may do everything. */
export function resourcesOf(one: Case, index: number): Resource[] {
  const own = nameOf(index);
  const metadata = one.in === "cluster" ? { name: own } : { name: own, namespace: own };
  const prefix = one.in === "cluster" ? "Cluster" : "";
  const subjects = [{ apiGroup: RBAC, kind: "User", name: own }];
  return [
    { apiVersion: API, kind: `${prefix}Role`, metadata, rules: one.rules },
    {
      apiVersion: API,
      kind: `${prefix}RoleBinding`,
      metadata,
      roleRef: { apiGroup: RBAC, kind: `${prefix}Role`, name: own },
      subjects,
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: own } },
    {
      apiVersion: API,
      kind: "ClusterRoleBinding",
      metadata: { name: `${own}-deployer` },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: own }],
    },
  ];
}
