import type { Resource } from "@ashlar/core";
import { type Random, randomFrom } from "../conformance/policies/random.ts";

/** A cluster made for a comparison. */
export interface Cluster {
  readonly namespaces: readonly Resource[];
  readonly pods: readonly Resource[];
  readonly policies: readonly Resource[];
}

export interface ClusterSize {
  readonly namespaces: number;
  readonly podsPerNamespace: number;
  /** How many sets of labels the pods of a namespace have, as so many Deployments give them. */
  readonly kindsPerNamespace: number;
  readonly policies: number;
}

const ENVIRONMENTS = ["prod", "dev", "stage", "test"];
const TIERS = ["front", "back", "data"];
const TEAMS = 10;

/**
 * The same cluster for the same size, everywhere: labels of environment and team on namespaces, of app and tier on pods
 * (and a hash of each pod's own, as ReplicaSets give), addresses, a named port, and policies with selectors, blocks,
 * numbers, names and ranges of ports in both directions.
 *
 * Left out is what cyclonus v0.5.6 answers otherwise than the API: NotIn and matchLabels with an empty value for keys that
 * may be absent, policies without policyTypes, pods with several addresses or names for a port.
 */
export function makeCluster(size: ClusterSize): Cluster {
  const random = randomFrom(20_26);
  const namespaces = Array.from({ length: size.namespaces }, (_, n) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: namespaceName(n),
      labels: { environment: ENVIRONMENTS[n % ENVIRONMENTS.length]!, team: `team-${n % TEAMS}` },
    },
  }));
  const pods = namespaces.flatMap((_, n) =>
    Array.from({ length: size.podsPerNamespace }, (_, p) => makePod(n, p, p % size.kindsPerNamespace)),
  );
  const policies = Array.from({ length: size.policies }, (_, i) => makePolicy(i, size, random));
  return { namespaces, pods, policies };
}

function namespaceName(n: number): string {
  return `ns-${String(n).padStart(3, "0")}`;
}

function makePod(n: number, p: number, kind: number): Resource {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${String(p).padStart(5, "0")}`,
      namespace: namespaceName(n),
      labels: {
        app: `app-${kind}`,
        tier: TIERS[kind % TIERS.length]!,
        "pod-template-hash": `${n}x${p}`,
      },
    },
    spec: { containers: [{ name: "main", ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }] }] },
    status: {
      phase: "Running",
      podIP: `10.${n}.${Math.floor(p / 250)}.${1 + (p % 250)}`,
    },
  };
}

function makePolicy(i: number, size: ClusterSize, random: Random): Resource {
  const types = random.pick([["Ingress"], ["Ingress"], ["Egress"], ["Ingress", "Egress"]]);
  const rules = (peers: string) =>
    Array.from({ length: 1 + random.below(3) }, () => ({
      [peers]: Array.from({ length: 1 + random.below(3) }, () => makePeer(size, random)),
      ...(random.chance(0.6) && {
        ports: Array.from({ length: 1 + random.below(2) }, () => makePort(random)),
      }),
    }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: `policy-${String(i).padStart(5, "0")}`,
      namespace: namespaceName(random.below(size.namespaces)),
    },
    spec: {
      podSelector: random.chance(0.2) ? {} : makePodSelector(size.kindsPerNamespace, random),
      policyTypes: types,
      ...(types.includes("Ingress") && { ingress: rules("from") }),
      ...(types.includes("Egress") && { egress: rules("to") }),
    },
  };
}

function makePeer({ namespaces, kindsPerNamespace }: ClusterSize, random: Random): unknown {
  if (random.chance(0.15)) {
    const n = random.below(namespaces);
    return random.chance(0.5)
      ? { ipBlock: { cidr: `10.${n}.0.0/16` } }
      : { ipBlock: { cidr: random.pick(["0.0.0.0/0", "10.0.0.0/8"]), except: [`10.${n}.0.0/16`] } };
  }
  if (random.chance(0.2)) return { podSelector: makePodSelector(kindsPerNamespace, random) };
  const namespaceSelector = makeNamespaceSelector(random);
  return random.chance(0.5)
    ? { namespaceSelector }
    : { namespaceSelector, podSelector: makePodSelector(kindsPerNamespace, random) };
}

function makePodSelector(kinds: number, random: Random): unknown {
  if (random.chance(0.5)) return { matchLabels: { app: `app-${random.below(kinds)}` } };
  if (random.chance(0.5)) return { matchLabels: { tier: random.pick(TIERS) } };
  const values = [`app-${random.below(kinds)}`, `app-${random.below(kinds)}`];
  return { matchExpressions: [{ key: "app", operator: random.pick(["In", "NotIn"]), values }] };
}

function makeNamespaceSelector(random: Random): unknown {
  if (random.chance(0.15)) return {};
  if (random.chance(0.4)) return { matchLabels: { environment: random.pick(ENVIRONMENTS) } };
  if (random.chance(0.5)) return { matchLabels: { team: `team-${random.below(TEAMS)}` } };
  const values = [random.pick(ENVIRONMENTS), random.pick(ENVIRONMENTS)];
  return { matchExpressions: [{ key: "environment", operator: random.pick(["In", "NotIn"]), values }] };
}

function makePort(random: Random): unknown {
  return random.pick([
    { protocol: "TCP", port: 8080 },
    { protocol: "TCP", port: "http" },
    { protocol: "TCP", port: 8000, endPort: 8999 },
    { protocol: "TCP", port: 443 },
    { protocol: "UDP", port: 53 },
    { protocol: "TCP" },
  ]);
}
