import { type Labels, meets, type Requirement } from "@ashlar/core";
import { formatIp, parseIp, rangeContains, wholeFamily } from "../policy/ip.ts";
import type {
  BlockPeer,
  Direction,
  NormalPeer,
  NormalPolicy,
  NormalRule,
  PodPeer,
} from "../policy/normal.ts";
import { failing, whyNotInBlock } from "../reach/misses.ts";
import { peerMatches, portAdmitted } from "./matching.ts";
import type { ReachWitness, WitnessEnd } from "./witness.ts";

/** A rule that does not admit a flow, but for one thing: its ports, or one selector (or the block) of one peer. */
export interface NearRule {
  readonly policy: NormalPolicy;
  readonly rule: NormalRule;
  /** Of the peer that misses; of the rule itself where its ports do. */
  readonly path: string;
  readonly missed: "ports" | "namespaceSelector" | "podSelector" | "ipBlock";
  /** Absent when the ports miss. */
  readonly peer?: NormalPeer;
  /** Whether the other end is a pod of the policy's own namespace. */
  readonly ownNamespace: boolean;
  /** `namespace dev has env=dev, the rule wants env=prod` */
  readonly because: string;
}

/**
 * The rule that comes nearest to admitting a witness that all of them refuse: the one with the fewest requirements that
 * fail, and of those the one in which most speaks of the flow (labels, the policy's own namespace, a block, ports).
 * `undefined` when each misses in more than one part, or has nothing that speaks of it: such a rule is for other flows.
 */
export function nearestRule(
  policies: readonly NormalPolicy[],
  direction: Direction,
  witness: ReachWitness,
): NearRule | undefined {
  const [self, other] = direction === "egress" ? [witness.from, witness.to] : [witness.to, witness.from];
  let best: Candidate | undefined;
  for (const policy of policies)
    for (const rule of policy[direction] ?? [])
      for (const candidate of candidatesIn(policy, rule, self, other, witness))
        if (best === undefined || isNearer(candidate.fit, best.fit)) best = candidate;
  return best?.near;
}

/** How many requirements fail, and how many are met that not everything meets. */
interface Fit {
  readonly failed: number;
  readonly met: number;
}

interface Candidate {
  readonly near: NearRule;
  readonly fit: Fit;
}

interface PeerFit extends Fit {
  /** Absent when the peer matches. */
  readonly missed?: NearRule["missed"];
}

function isNearer(a: Fit, b: Fit): boolean {
  return a.failed === b.failed ? a.met > b.met : a.failed < b.failed;
}

function candidatesIn(
  policy: NormalPolicy,
  rule: NormalRule,
  self: WitnessEnd,
  other: WitnessEnd,
  witness: ReachWitness,
): readonly Candidate[] {
  const portsAdmit = portAdmitted(rule, witness);
  const ownNamespace = other.namespace === self.namespace;
  const onOtherPorts = (met: number): Candidate => {
    const because = "it admits it on other ports only";
    return {
      near: { policy, rule, path: rule.path, missed: "ports", ownNamespace, because },
      fit: { failed: 1, met },
    };
  };
  if (rule.peers === undefined) return portsAdmit ? [] : [onOtherPorts(0)];
  return rule.peers.flatMap((peer): Candidate[] => {
    const fit = fitOf(peer, self, other);
    if (fit === undefined) return [];
    const { missed, failed } = fit;
    if (missed === undefined) return portsAdmit ? [] : [onOtherPorts(fit.met)];
    const met = fit.met + (rule.ports === undefined ? 0 : 1);
    if (!portsAdmit || met === 0) return [];
    const because = whyMissed(peer, missed, self, other);
    return [
      { near: { policy, rule, path: peer.path, missed, peer, ownNamespace, because }, fit: { failed, met } },
    ];
  });
}

/** `undefined`: the peer misses in both of its selectors, or speaks of what the other end is not. */
function fitOf(peer: NormalPeer, self: WitnessEnd, other: WitnessEnd): PeerFit | undefined {
  if (peer.kind === "block") return blockFit(peer, self, other);
  if (other.namespace === undefined) return undefined;
  const namespaces = namespaceFit(peer, self, other);
  const pods = selectorFit(peer.pods, other.labels);
  if (namespaces.failed > 0 && pods.failed > 0) return undefined;
  const both = { failed: namespaces.failed + pods.failed, met: namespaces.met + pods.met };
  if (both.failed === 0) return both;
  return { ...both, missed: pods.failed > 0 ? "podSelector" : "namespaceSelector" };
}

/** A block that does not hold a pod's address is meant for something else. */
function blockFit(peer: BlockPeer, self: WitnessEnd, other: WitnessEnd): PeerFit | undefined {
  const { cidr } = peer;
  const address = parseIp(other.address);
  const isEverywhere = rangeContains(cidr, wholeFamily(cidr.family));
  const met = address !== undefined && !isEverywhere && rangeContains(cidr, address) ? 1 : 0;
  if (peerMatches(peer, self, other)) return { failed: 0, met };
  return other.namespace === undefined && cidr.family === address?.family
    ? { failed: 1, met, missed: "ipBlock" }
    : undefined;
}

function namespaceFit({ namespaces }: PodPeer, self: WitnessEnd, other: WitnessEnd): Fit {
  if (namespaces !== undefined) return selectorFit(namespaces, other.namespaceLabels);
  return other.namespace === self.namespace ? { failed: 0, met: 1 } : { failed: 1, met: 0 };
}

/** That a label is not there, or has not some value, holds of most pods and speaks of none. */
function selectorFit(requirements: readonly Requirement[], labels: Labels = {}): Fit {
  const met = requirements.filter((r) => meets(labels, r));
  const speaking = met.filter(({ operator }) => operator === "In" || operator === "Exists");
  return { failed: requirements.length - met.length, met: speaking.length };
}

function whyMissed(
  peer: NormalPeer,
  missed: NearRule["missed"],
  self: WitnessEnd,
  other: WitnessEnd,
): string {
  if (peer.kind === "block") {
    const address = parseIp(other.address)!;
    const name = formatIp(address.family, address.first);
    return whyNotInBlock(peer, { name, addresses: [address] }, address.family);
  }
  if (missed === "podSelector") {
    const name = other.name ?? `a pod in ${other.namespace}`;
    return failing(peer.pods, { labels: other.labels ?? {}, complete: true }, name)!;
  }
  if (peer.namespaces === undefined)
    return `without namespaceSelector the rule speaks of pods in ${self.namespace}, not in ${other.namespace}`;
  const facts = { labels: other.namespaceLabels ?? {}, complete: true };
  return failing(peer.namespaces, facts, `namespace ${other.namespace}`)!;
}
