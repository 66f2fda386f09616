import type { Resource } from "@ashlar/core";
import { aggregated, allow, bind, bindCluster, clusterRole, type Rule, role, urls } from "./make-rbac.ts";

/** Somebody who writes roles and bindings, with a token of the server. */
export interface Writer {
  readonly user: string;
  readonly token: string;
  /** As the token file has them; the authenticator adds `system:authenticated`. */
  readonly groups: readonly string[];
}

const RBAC = "rbac.authorization.k8s.io";
const WRITERS = "writers";

const EVERY_VERB = "get,list,watch,create,update,patch,delete,deletecollection";

/** What each holds in the cluster besides the right to create roles and bindings. */
const HOLDINGS: Readonly<Record<string, readonly Rule[]>> = {
  "writer-bare": [],
  "writer-pods": [allow("get,list", "pods,pods/log")],
  "writer-parts": [allow("get", "pods"), allow("list", "pods"), allow("get", "configmaps", "", ["one"])],
  "writer-every-verb": [allow(EVERY_VERB, "pods,deployments", ",apps")],
  "writer-apps": [allow("*", "*", "apps")],
  "writer-names": [allow("get", "secrets", "", ["one", "two"])],
  "writer-scale": [allow("get,update", "*/scale", "*"), urls("get", "/healthz/*,/metrics")],
  "writer-any-path": [urls("*", "*"), allow("*", "pods", "*")],
  "writer-escalate": [allow("escalate", "clusterroles", RBAC)],
  "writer-escalate-one": [allow("escalate", "roles,clusterroles", RBAC, ["made"])],
  "writer-bind": [allow("bind", "clusterroles", RBAC, ["view", "edit"]), allow("bind", "roles", RBAC)],
  "writer-all": [allow("*", "*", "*"), urls("*", "*")],
  "writer-all-resources": [allow("*", "*", "*")],
  'writer "<odd>" & \n한글': [allow("get", "pods")],
};

const others = ["writer-dev-admin", "writer-missing", "writer-none", "writer-master"];

export const ALL_WRITERS: readonly Writer[] = [...Object.keys(HOLDINGS), ...others].map((user, i) => ({
  user,
  token: `token-of-writer-${i}`,
  groups: [
    ...(user === "writer-none" ? [] : [WRITERS]),
    ...(user === "writer-master" ? ["system:masters"] : []),
  ],
}));

/** What gives the writers their rights, and the roles that they bind. */
export const WRITER_RESOURCES: readonly Resource[] = [
  clusterRole(WRITERS, allow("create", "roles,clusterroles,rolebindings,clusterrolebindings", RBAC)),
  bindCluster(WRITERS, WRITERS, `Group/${WRITERS}`),
  ...Object.entries(HOLDINGS).flatMap(([user, rules], i) => [
    clusterRole(`writer-holds-${i}`, ...rules),
    bindCluster(`writer-holds-${i}`, `writer-holds-${i}`, `User/${user}`),
  ]),
  bind("dev", "writer-dev-admin", "ClusterRole/admin", "User/writer-dev-admin"),
  bindCluster("writer-missing", "writer-no-such-role", "User/writer-missing"),
  bind("dev", "writer-missing", "Role/writer-no-such-role", "User/writer-missing"),
  bind("dev", "writer-missing-2", "Role/writer-no-such-role", "User/writer-missing"),
  role("dev", "writer-pods", allow("get", "pods")),
];

const GRANTS: readonly (readonly Rule[])[] = [
  [],
  [allow("get", "pods")],
  [allow("get,list", "pods")],
  [allow("get,list", "pods,pods/log")],
  [allow("*", "pods")],
  [allow(EVERY_VERB, "pods")],
  [allow("get", "*")],
  [allow("*", "deployments,deployments/scale", "apps")],
  [allow("get,delete", "secrets", "", ["one", "three"]), allow("get", "secrets", "", ["two"])],
  [allow("get", "secrets")],
  [allow("get", "configmaps", "", ["one"]), allow("list", "pods")],
  [allow("get", "deployments/scale,*/scale", "apps")],
  [allow("update", "*/*", "apps")],
  [allow("impersonate", "serviceaccounts"), allow("create", "pods/exec")],
  [allow("*", "*", "*")],
];

const PATH_GRANTS: readonly (readonly Rule[])[] = [
  [urls("get", "/healthz/*")],
  [urls("get", "/healthz/ping,/metrics"), allow("get", "things/scale", "example.test")],
  [urls("get", "/healthz,/metrics/x")],
  [urls("*", "*")],
  [allow("*", "*", "*"), urls("*", "*")],
];

/** Roles that each writer tries to create. */
export const TRIED_ROLES: readonly Resource[] = [
  ...GRANTS.flatMap((rules) => [role("dev", "made", ...rules), clusterRole("made", ...rules)]),
  ...PATH_GRANTS.map((rules) => clusterRole("made", ...rules)),
  role("prod", "made", allow("get", "pods")),
  aggregated("made", [{ matchLabels: { "example.test/into": "made" } }]),
  aggregated("made", [{ matchLabels: { "example.test/into": "made" } }], allow("get", "pods")),
];

/** Bindings that each writer tries to create. */
export const TRIED_BINDINGS: readonly Resource[] = [
  ...["view", "edit", "admin", "cluster-admin", "writer-holds-1", "writer-holds-6", "no-such-role"].flatMap(
    (name) => [
      bind("dev", "made", `ClusterRole/${name}`, "User/someone"),
      bindCluster("made", name, "User/someone"),
    ],
  ),
  bind("dev", "made", "Role/writer-pods", "User/someone"),
  bind("dev", "made", "Role/no-such-role", "User/someone"),
  bind("prod", "made", "ClusterRole/view", "User/someone"),
];
