import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import type { NaiveCluster, NaivePod, NaivePolicy, NaiveSelector } from "./naive.ts";

/** A small cluster of which every fact is known, as raw objects for the naive evaluator. */
export interface RandomCluster extends NaiveCluster {
  readonly pods: readonly NaivePod[];
}

export const spaces = ["a", "b", "c"];
export const protocols = ["TCP", "UDP", "SCTP"] as const;
/** Ports at and around every boundary that the generator uses. */
export const probedPorts = [1, 52, 53, 79, 80, 81, 443, 444, 8080, 8090, 8091, 65535];
export const outsideIps = ["10.0.0.200", "192.0.2.1", "2001:db8::1", "fd00::ff"];

const keys = ["app", "tier", "env"];
const values = ["", "x", "y"];
const labels = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 3 });

const selector: fc.Arbitrary<NaiveSelector> = fc.record(
  {
    matchLabels: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 2 }),
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key: fc.constantFrom(...keys),
          operator: fc.constantFrom("In", "NotIn"),
          values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }),
        }),
        fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom("Exists", "DoesNotExist") }),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const block = fc.constantFrom(
  { cidr: "0.0.0.0/0" },
  { cidr: "::/0" },
  { cidr: "0.0.0.0/0", except: ["10.0.0.0/24"] },
  { cidr: "10.0.0.0/24", except: ["10.0.0.2/31", "10.0.0.5/32"] },
  { cidr: "10.0.0.0/29" },
  { cidr: "fd00::/64", except: ["fd00::2/127"] },
  { cidr: "2001:db8::/32" },
  { cidr: "192.0.2.0/24" },
);

const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({ ipBlock: block }),
);

const protocol = fc.option(fc.constantFrom(...protocols), { nil: undefined, freq: 3 });
const port = fc
  .oneof(
    fc.record({ port: fc.constantFrom(53, 80, 443, 65535), protocol }),
    fc.record({ port: fc.constantFrom("http", "dns"), protocol }),
    fc.record({ port: fc.constantFrom(1, 80, 8080), endPort: fc.constantFrom(80, 8090, 65535), protocol }),
    fc.record({ protocol }),
  )
  .map((entry) =>
    "endPort" in entry && entry.endPort < entry.port ? { ...entry, endPort: entry.port } : entry,
  )
  .map(withoutUndefined);

const list = <T>(of: fc.Arbitrary<T>) =>
  fc.option(fc.array(of, { maxLength: 2 }), { nil: undefined, freq: 3 });

const policies: fc.Arbitrary<NaivePolicy[]> = fc
  .array(
    fc.record({
      namespace: fc.constantFrom(...spaces),
      podSelector: selector,
      policyTypes: fc.constantFrom(undefined, [], ["Ingress"], ["Egress"], ["Ingress", "Egress"]),
      ingress: list(fc.record({ from: list(peer), ports: list(port) }).map(withoutUndefined)),
      egress: list(fc.record({ to: list(peer), ports: list(port) }).map(withoutUndefined)),
    }),
    { maxLength: 5 },
  )
  .map((drafts) =>
    drafts.map(({ namespace, ...spec }, i) => ({
      metadata: { name: `p${i}`, namespace },
      spec: withoutUndefined(spec),
    })),
  );

const pods = fc
  .array(
    fc.record({
      namespace: fc.constantFrom(...spaces),
      labels,
      families: fc.constantFrom([4], [4], [6], [4, 6]),
      ports: fc.array(
        fc.record({
          name: fc.constantFrom("http", "dns"),
          containerPort: fc.constantFrom(53, 80, 8080),
          protocol,
        }),
        { maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((drafts) =>
    drafts.map(({ namespace, labels, families, ports }, i) => ({
      namespace,
      name: `pod${i}`,
      labels,
      ips: families.map((family) => (family === 4 ? `10.0.0.${i + 1}` : `fd00::${i + 1}`)),
      ports: ports.map(withoutUndefined),
    })),
  );

export const randomCluster: fc.Arbitrary<RandomCluster> = fc.record({
  namespaces: fc
    .tuple(labels, labels, labels)
    .map((all) => Object.fromEntries(spaces.map((name, i) => [name, all[i]!]))),
  pods,
  policies,
});

/** The cluster as objects of the API. */
export function resourcesOf({ namespaces, pods, policies }: RandomCluster): Resource[] {
  return [
    ...Object.entries(namespaces).map(([name, own]) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: own },
    })),
    ...pods.map(({ namespace, name, labels: own, ips, ports }) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace, name, labels: own },
      spec: { containers: ports.map((p, i) => ({ name: `c${i}`, ports: [p] })) },
      status: { phase: "Running", podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) },
    })),
    ...policies.map((p) => ({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", ...p })),
  ];
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
