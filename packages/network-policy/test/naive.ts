import { BlockList } from "node:net";

/**
 * A second evaluator, for tests only: straight from the text of the API (types.go of networking.k8s.io/v1), one pair, one
 * port and one family at a time, on raw policy objects, with addresses left to Node. It knows everything: no missing
 * facts, no workloads, no Services. Nothing is shared with the model.
 */
export interface NaivePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly ips: readonly string[];
  readonly ports: readonly {
    readonly name?: string | undefined;
    readonly containerPort: number;
    readonly protocol?: string | undefined;
  }[];
}

export interface NaiveCluster {
  readonly namespaces: Record<string, Record<string, string>>;
  readonly policies: readonly NaivePolicy[];
}

export interface NaiveSelector {
  readonly matchLabels?: Record<string, string> | undefined;
  readonly matchExpressions?:
    | readonly { key: string; operator: string; values?: readonly string[] }[]
    | undefined;
}

export interface NaivePeer {
  readonly podSelector?: NaiveSelector | undefined;
  readonly namespaceSelector?: NaiveSelector | undefined;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] } | undefined;
}

export interface NaivePort {
  readonly port?: number | string | undefined;
  readonly endPort?: number | undefined;
  readonly protocol?: string | undefined;
}

export interface NaivePolicy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector: NaiveSelector;
    readonly policyTypes?: readonly string[] | undefined;
    readonly ingress?:
      | readonly { from?: readonly NaivePeer[] | undefined; ports?: readonly NaivePort[] | undefined }[]
      | undefined;
    readonly egress?:
      | readonly { to?: readonly NaivePeer[] | undefined; ports?: readonly NaivePort[] | undefined }[]
      | undefined;
  };
}

export type NaiveEnd = NaivePod | { readonly ip: string };

export function naiveAllows(
  c: NaiveCluster,
  from: NaiveEnd,
  to: NaiveEnd,
  protocol: string,
  port: number,
): boolean {
  if (from === to) return true;
  return ["ipv4", "ipv6"].some((family) => {
    const source = addressOf(from, family);
    const target = addressOf(to, family);
    if (source === undefined || target === undefined) return false;
    const leaves = "ip" in from || directionOk(c, from, "Egress", to, target, family, to, protocol, port);
    const enters = "ip" in to || directionOk(c, to, "Ingress", from, source, family, to, protocol, port);
    return leaves && enters;
  });
}

function addressOf(end: NaiveEnd, family: string): string | undefined {
  const ips = "ip" in end ? [end.ip] : end.ips;
  return ips.find((ip) => ip.includes(":") === (family === "ipv6"));
}

function directionOk(
  c: NaiveCluster,
  pod: NaivePod,
  type: "Ingress" | "Egress",
  other: NaiveEnd,
  otherIp: string,
  family: string,
  receiver: NaiveEnd,
  protocol: string,
  port: number,
): boolean {
  const isolating = c.policies.filter(
    (p) =>
      p.metadata.namespace === pod.namespace &&
      typesOf(p).includes(type) &&
      matches(p.spec.podSelector, pod.labels),
  );
  if (isolating.length === 0) return true;
  for (const policy of isolating) {
    const rules =
      type === "Ingress"
        ? (policy.spec.ingress ?? []).map((r) => ({ peers: r.from, ports: r.ports }))
        : (policy.spec.egress ?? []).map((r) => ({ peers: r.to, ports: r.ports }));
    for (const { peers, ports } of rules) {
      const peerOk =
        peers === undefined ||
        peers.length === 0 ||
        peers.some((peer) => peerOkay(c, policy, peer, other, otherIp, family));
      const portOk =
        ports === undefined ||
        ports.length === 0 ||
        ports.some((entry) => portOkay(entry, receiver, protocol, port));
      if (peerOk && portOk) return true;
    }
  }
  return false;
}

function typesOf({ spec }: NaivePolicy): readonly string[] {
  if (spec.policyTypes !== undefined && spec.policyTypes.length > 0) return spec.policyTypes;
  return spec.egress !== undefined && spec.egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function peerOkay(
  c: NaiveCluster,
  policy: NaivePolicy,
  peer: NaivePeer,
  other: NaiveEnd,
  ip: string,
  family: string,
): boolean {
  if (peer.ipBlock !== undefined) {
    const inBlock = (cidr: string) => {
      const [net, prefix] = cidr.split("/") as [string, string];
      if (net.includes(":") !== (family === "ipv6")) return false;
      const list = new BlockList();
      list.addSubnet(net, Number(prefix), family === "ipv6" ? "ipv6" : "ipv4");
      return list.check(ip, family === "ipv6" ? "ipv6" : "ipv4");
    };
    return inBlock(peer.ipBlock.cidr) && !(peer.ipBlock.except ?? []).some(inBlock);
  }
  if ("ip" in other) return false;
  if (peer.namespaceSelector === undefined) {
    if (other.namespace !== policy.metadata.namespace) return false;
  } else if (!matches(peer.namespaceSelector, c.namespaces[other.namespace]!)) return false;
  return peer.podSelector === undefined || matches(peer.podSelector, other.labels);
}

function portOkay(entry: NaivePort, receiver: NaiveEnd, protocol: string, port: number): boolean {
  if ((entry.protocol ?? "TCP") !== protocol) return false;
  if (entry.port === undefined) return true;
  if (typeof entry.port === "number") return port >= entry.port && port <= (entry.endPort ?? entry.port);
  if ("ip" in receiver) return false;
  return receiver.ports.some(
    (p) => p.name === entry.port && (p.protocol ?? "TCP") === protocol && p.containerPort === port,
  );
}

function matches(selector: NaiveSelector, labels: Record<string, string>): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const has = key in labels;
    const isIn = has && values.includes(labels[key]!);
    if (operator === "In" && !isIn) return false;
    if (operator === "NotIn" && isIn) return false;
    if (operator === "Exists" && !has) return false;
    if (operator === "DoesNotExist" && has) return false;
  }
  return true;
}
