import type { Resource } from "@ashlar/core";

/** One concrete end of a flow, as a test writes it: no sharing with the code under test. */
export interface NaiveEnd {
  /** Absent outside of the cluster. */
  readonly namespace?: string;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Families never mix: IPv4 addresses are small numbers here, and `blocks` says what a CIDR text contains. */
  readonly address: string;
  /** `TCP/http` → numbers. */
  readonly names: Readonly<Record<string, readonly number[]>>;
}

export interface NaiveFlow {
  readonly from: NaiveEnd;
  readonly to: NaiveEnd;
  readonly protocol: string;
  readonly port: number;
}

/** Tells whether a CIDR contains an address; the test's own table, so that no parser is shared. */
export type Contains = (cidr: string, address: string) => boolean;

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { protocol?: string; port?: number | string; endPort?: number }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { cidr: string; except?: readonly string[] };
}

interface Spec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** The NetworkPolicy reference read aloud: both directions, each by the policies of its own end. */
export function naiveAllows(policies: readonly Resource[], flow: NaiveFlow, contains: Contains): boolean {
  const { from, to } = flow;
  return (
    directionAllows(policies, "Egress", from, to, flow, contains) &&
    directionAllows(policies, "Ingress", to, from, flow, contains)
  );
}

function directionAllows(
  policies: readonly Resource[],
  type: "Ingress" | "Egress",
  self: NaiveEnd,
  peer: NaiveEnd,
  flow: NaiveFlow,
  contains: Contains,
): boolean {
  if (self.namespace === undefined) return true;
  let isolated = false;
  for (const policy of policies) {
    const spec = policy.spec as Spec;
    if (policy.metadata.namespace !== self.namespace || !spec.policyTypes.includes(type)) continue;
    if (!matches(spec.podSelector, self.labels)) continue;
    isolated = true;
    const rules = (type === "Ingress" ? spec.ingress : spec.egress) ?? [];
    for (const rule of rules) {
      const peers = (type === "Ingress" ? rule.from : rule.to) ?? [];
      const peerFits = peers.length === 0 || peers.some((p) => fits(p, self, peer, contains));
      if (peerFits && portFits(rule, flow)) return true;
    }
  }
  return !isolated;
}

function fits(rulePeer: Peer, self: NaiveEnd, peer: NaiveEnd, contains: Contains): boolean {
  if (rulePeer.ipBlock) {
    const { cidr, except = [] } = rulePeer.ipBlock;
    return contains(cidr, peer.address) && !except.some((e) => contains(e, peer.address));
  }
  if (peer.namespace === undefined) return false;
  const inNamespace = rulePeer.namespaceSelector
    ? matches(rulePeer.namespaceSelector, peer.namespaceLabels)
    : peer.namespace === self.namespace;
  return inNamespace && matches(rulePeer.podSelector ?? {}, peer.labels);
}

function portFits(rule: Rule, { protocol, port, to }: NaiveFlow): boolean {
  if (!rule.ports || rule.ports.length === 0) return true;
  return rule.ports.some((p) => {
    if ((p.protocol ?? "TCP") !== protocol) return false;
    if (p.port === undefined) return true;
    if (typeof p.port === "string") return (to.names[`${protocol}/${p.port}`] ?? []).includes(port);
    return port >= p.port && port <= (p.endPort ?? p.port);
  });
}

function matches(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const present = key in labels;
    if (operator === "Exists" && !present) return false;
    if (operator === "DoesNotExist" && present) return false;
    if (operator === "In" && !(present && values.includes(labels[key]!))) return false;
    if (operator === "NotIn" && present && values.includes(labels[key]!)) return false;
  }
  return true;
}
