import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import { parseIp, parseIpRange } from "../policy/ip.ts";
import type { LabelFacts } from "../reach/truth.ts";
import type { Unit } from "../reach/unit.ts";
import { formatReachClaim, type Party, type ReachClaim } from "./claim.ts";

// Every address class that the CIDRs below can tell apart; the first is a class of one address.
export const ADDRESSES = {
  4: ["10.0.0.0", "10.0.0.1", "10.200.0.1", "192.0.2.1"],
  6: ["fd00::1", "2001:db8::1"],
} as const;
export const SINGLE = "10.0.0.0";
export const CONTAINS: Readonly<Record<string, readonly string[]>> = {
  "10.0.0.0/32": [SINGLE],
  "10.0.0.0/8": [SINGLE, "10.0.0.1", "10.200.0.1"],
  "10.128.0.0/9": ["10.200.0.1"],
  "0.0.0.0/0": ADDRESSES[4],
  "fd00::/8": ["fd00::1"],
  "::/0": ADDRESSES[6],
};
export const contains = (cidr: string, address: string) => CONTAINS[cidr]!.includes(address);

// Every port class of the rules below, and every label assignment that their selectors can tell apart.
export const PORTS = [
  ["TCP", 80],
  ["TCP", 85],
  ["TCP", 9999],
  ["UDP", 80],
  ["SCTP", 80],
] as const;
const VALUES = [undefined, "x", "y", "other"];
export const LABELS = VALUES.flatMap((app) =>
  [undefined, "x", "other"].map((tier) => ({ ...(app && { app }), ...(tier && { tier }) })),
);
export const ENVS = [undefined, "x", "other"];
export const NAMESPACES = ["a", "b"];

const expressionOf = (key: string, values: readonly string[]) =>
  fc.oneof(
    fc.record({
      key: fc.constant(key),
      operator: fc.constantFrom("In", "NotIn"),
      values: fc.subarray([...values], { minLength: 1 }),
    }),
    fc.record({ key: fc.constant(key), operator: fc.constantFrom("Exists", "DoesNotExist") }),
  );
const selectorOf = (keys: Readonly<Record<string, readonly string[]>>) =>
  fc
    .array(fc.oneof(...Object.entries(keys).map(([key, values]) => expressionOf(key, values))), {
      maxLength: 2,
    })
    .map((matchExpressions) => ({ matchExpressions }));
const podSelector = selectorOf({ app: ["x", "y"], tier: ["x"] });
const namespaceSelector = selectorOf({ env: ["x"], "kubernetes.io/metadata.name": NAMESPACES });
const peer = fc.oneof(
  { weight: 3, arbitrary: fc.record({ podSelector, namespaceSelector }, { requiredKeys: ["podSelector"] }) },
  { weight: 1, arbitrary: fc.record({ namespaceSelector }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        { cidr: "10.0.0.0/8", except: ["10.128.0.0/9"] },
        { cidr: "10.0.0.0/32" },
        { cidr: "0.0.0.0/0" },
        { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] },
        { cidr: "fd00::/8" },
        { cidr: "::/0" },
      )
      .map((ipBlock) => ({ ipBlock })),
  },
);
const port = fc.constantFrom(
  { port: 80 },
  { port: 80, endPort: 90 },
  { port: "http" },
  { protocol: "UDP" },
  { protocol: "UDP", port: "http" },
);
const rules = (field: "from" | "to") =>
  fc.array(
    fc.record(
      { [field]: fc.array(peer, { maxLength: 3 }), ports: fc.array(port, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  );
const spec = fc
  .record({
    podSelector: fc.oneof(fc.constant({}), podSelector),
    policyTypes: fc.subarray(["Ingress", "Egress"], { minLength: 1 }),
    ingress: rules("from"),
    egress: rules("to"),
  })
  .map((s) => ({
    ...s,
    ingress: s.policyTypes.includes("Ingress") ? s.ingress : [],
    egress: s.policyTypes.includes("Egress") ? s.egress : [],
  }));
/** A firewall as people write it: all pods, one direction, peers by namespace; claims about it are often true. */
const firewallOf = (enters: boolean) =>
  fc.array(fc.oneof(fc.record({ namespaceSelector }), peer), { maxLength: 2 }).map((peers) => ({
    podSelector: {},
    policyTypes: [enters ? "Ingress" : "Egress"],
    ...(enters && { ingress: peers.length > 0 ? [{ from: peers }] : [] }),
    ...(!enters && { egress: peers.length > 0 ? [{ to: peers }] : [] }),
  }));
const firewallSpec = fc.oneof(firewallOf(true), firewallOf(false));

function policiesOf(
  specs: fc.Arbitrary<object>,
  most: number,
  namespaces = NAMESPACES,
): fc.Arbitrary<Resource[]> {
  return fc
    .array(fc.tuple(fc.constantFrom(...namespaces), specs), { minLength: 1, maxLength: most })
    .map((list) =>
      list.map(([namespace, body], i) => ({
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: `p${i}`, namespace },
        spec: body,
      })),
    );
}

export interface World {
  readonly policies: readonly Resource[];
  readonly namespaces: ReadonlyMap<string, LabelFacts>;
  readonly units: Readonly<Record<string, Unit>>;
  readonly podCidr: string | undefined;
}

const unitWith = (...known: (readonly string[])[]) =>
  fc
    .record({
      namespace: fc.constantFrom(...NAMESPACES),
      labels: fc.constantFrom(...LABELS),
      addresses: fc.constantFrom(undefined, ...known),
      port: fc.constantFrom(undefined, 80, 85),
    })
    .map(({ namespace, labels, addresses, port: number }): Unit => {
      const kind = addresses === undefined ? "workload" : "pod";
      const ips = addresses?.map((a) => parseIp(a)!);
      return {
        ...{ kind, name: `${namespace}/w`, namespace, labels: { labels, complete: true } },
        ...{ policed: true, host: false, families: ips ? ips.map((ip) => ip.family) : [4, 6] },
        ...(ips && { addresses: ips }),
        ports: number === undefined ? [] : [{ name: "http", number, protocol: "TCP" }],
      };
    });
function worldOf(
  policies: fc.Arbitrary<Resource[]>,
  complete: fc.Arbitrary<boolean>,
  podCidrs: World["podCidr"][],
) {
  const labels = fc.record({ env: fc.constantFrom(...ENVS), complete });
  return fc
    .record({
      policies,
      labels: fc.tuple(labels, labels),
      from: unitWith([SINGLE], ["192.0.2.1", "fd00::1"], ["2001:db8::1"]),
      to: unitWith(["10.0.0.1"], ["192.0.2.2", "fd00::2"]),
      podCidr: fc.constantFrom(...podCidrs),
    })
    .map(({ labels: known, from, to, ...rest }): World => {
      const facts = NAMESPACES.map((name, i) => {
        const { env, complete: all } = known[i]!;
        return [name, { labels: all && env !== undefined ? { env } : {}, complete: all }] as const;
      });
      const units = { "a/w": { ...from, name: "a/w" }, "b/w": { ...to, name: "b/w" } };
      return { ...rest, namespaces: new Map(facts), units };
    });
}

export const world = worldOf(policiesOf(fc.oneof(spec, firewallSpec), 4), fc.boolean(), [
  ...[undefined, "0.0.0.0/0", "10.0.0.0/8", "fd00::/8"],
]);

/** Where little is known: proofs must not depend on it. */
export const doubtfulWorld = worldOf(policiesOf(firewallOf(true), 2, ["b"]), fc.constant(false), [undefined]);

const parties: readonly Party[] = [
  { kind: "namespaces", name: "ns:a", namespaces: ["a"] },
  { kind: "namespaces", name: "ns:b", namespaces: ["b"] },
  { kind: "namespaces", name: "env:both", namespaces: ["a", "b"] },
  { kind: "workload", ref: "a/w" },
  { kind: "workload", ref: "b/w" },
  { kind: "block", cidr: "10.128.0.0/9" },
  { kind: "block", cidr: "internet" },
];

function claimOf(from: readonly Party[], to: readonly Party[]) {
  return fc
    .record({
      from: fc.constantFrom(...from),
      to: fc.constantFrom(...to),
      expect: fc.constantFrom<ReachClaim["expect"]>("reach", "no-reach", "only"),
      ports: fc.constantFrom<ReachClaim["ports"]>(
        undefined,
        [{ protocol: "TCP", from: 80, to: 80 }],
        [{ protocol: "UDP", from: 1, to: 65535 }],
        [
          { protocol: "TCP", from: 80, to: 90 },
          { protocol: "SCTP", from: 1, to: 65535 },
        ],
      ),
    })
    .filter(({ from, to }) => from.kind !== "block" || to.kind !== "block")
    .map(({ ports, ...rest }) => formatReachClaim({ by: "test", ...rest, ...(ports && { ports }) }));
}

export const claim = claimOf(parties, parties);

/** Between the two namespaces only, where what is not known decides most. */
export const claimBetween = claimOf(
  [{ kind: "namespaces", name: "ns:a", namespaces: ["a"] }],
  [{ kind: "namespaces", name: "ns:b", namespaces: ["b"] }],
);

/** The representative of an address: the one that is in the same of the CIDRs above. */
export function classOf(address: string): string {
  const ip = parseIp(address)!;
  const blocks = Object.keys(CONTAINS).filter((cidr) => {
    const range = parseIpRange(cidr)!;
    return range.family === ip.family && range.first <= ip.first && ip.first <= range.last;
  });
  const all = [...ADDRESSES[4], ...ADDRESSES[6]];
  return all.find((a) => Object.keys(CONTAINS).every((cidr) => contains(cidr, a) === blocks.includes(cidr)))!;
}
