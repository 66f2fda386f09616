import type { Claim } from "@ashlar/core";
import type { ApiType } from "@ashlar/core/live";

/** What is asked of a cluster: each is answered by one model, but `rules`. */
export type Question = "network" | "access" | "dns" | "routes" | "pulls" | "rules";

/** Objects that a question needs. */
export interface LiveKind {
  readonly group: string;
  readonly kind: string;
  /** Absent: of all namespaces. */
  readonly namespace?: string;
  /** Absent: whole objects. */
  readonly only?: "names" | "pull secrets";
}

const of = (group: string, ...kinds: string[]): LiveKind[] => kinds.map((kind) => ({ group, kind }));

const WORKLOADS = [
  ...of("", "Pod", "ReplicationController"),
  ...of("apps", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
  ...of("batch", "Job", "CronJob"),
];
const SERVICES = [...of("", "Service", "Endpoints"), ...of("discovery.k8s.io", "EndpointSlice")];

/** What each model reads. */
export const KINDS_OF: Readonly<Record<Exclude<Question, "rules">, readonly LiveKind[]>> = {
  network: [
    ...of("", "Namespace", "Node"),
    ...of("networking.k8s.io", "NetworkPolicy"),
    ...SERVICES,
    ...WORKLOADS,
  ],
  access: [
    ...of("", "Namespace", "ServiceAccount"),
    ...of("rbac.authorization.k8s.io", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
  ],
  dns: [
    ...of("", "Namespace"),
    { group: "", kind: "ConfigMap", namespace: "kube-system" },
    ...SERVICES,
    ...WORKLOADS,
  ],
  routes: [
    ...of("", "Namespace", "ConfigMap"),
    { group: "", kind: "Secret", only: "names" },
    ...of("networking.k8s.io", "Ingress", "IngressClass"),
    ...of(
      "gateway.networking.k8s.io",
      "Gateway",
      "GatewayClass",
      "HTTPRoute",
      "ReferenceGrant",
      "BackendTLSPolicy",
    ),
    ...of("cert-manager.io", "Certificate", "Issuer", "ClusterIssuer"),
    ...SERVICES,
    ...WORKLOADS,
  ],
  pulls: [...of("", "Namespace", "ServiceAccount"), { group: "", kind: "Secret", only: "pull secrets" }],
};

/** Which model holds a claim. */
export const QUESTION_OF: Readonly<Record<Claim["kind"], Question>> = {
  reach: "network",
  access: "access",
  resolves: "dns",
  serves: "routes",
  "requires-login": "routes",
  pulls: "pulls",
};

/** What comes and goes by itself, and what is no object of its own. */
const NO_RULES = new Set([
  "Event",
  "Lease",
  "ComponentStatus",
  "ControllerRevision",
  "Secret",
  "PodMetrics",
  "NodeMetrics",
]);

/** The kinds that rules look at: everything that can be listed. */
export function ruleKinds(types: readonly ApiType[]): LiveKind[] {
  const seen = new Set<string>();
  return types
    .filter(({ kind, verbs }) => verbs.includes("list") && verbs.includes("get") && !NO_RULES.has(kind))
    .filter(({ group, kind }) => !seen.has(`${group}/${kind}`) && seen.add(`${group}/${kind}`))
    .map(({ group, kind }) => ({ group, kind }));
}
