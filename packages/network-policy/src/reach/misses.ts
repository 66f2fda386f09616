import type { Requirement } from "@ashlar/core";
import { formatIp, formatRange, rangeContains } from "../policy/ip.ts";
import type {
  BlockPeer,
  NormalPeer,
  NormalPolicy,
  NormalPort,
  NormalRule,
  PodPeer,
} from "../policy/normal.ts";
import { namespaceFacts } from "./endpoints.ts";
import { type Flow, peerMatches } from "./evaluate.ts";
import type { NetworkModel } from "./model.ts";
import { holds, type LabelFacts, selects, type Truth, YES } from "./truth.ts";
import { type Family, numbersOf, type Unit } from "./unit.ts";

/** The peer of a rule that comes nearest to matching, and why it does not (surely) match. */
export interface NearPeer {
  readonly peer: NormalPeer;
  readonly matches: Truth;
  readonly because: string;
}

/** `undefined` when the rule is for everyone. */
export function nearestPeer(
  model: NetworkModel,
  policy: NormalPolicy,
  rule: NormalRule,
  other: Unit,
  family: Family,
): NearPeer | undefined {
  let best: { peer: NormalPeer; matches: Truth; score: number } | undefined;
  for (const peer of rule.peers ?? []) {
    const matches = peerMatches(model, policy, peer, other, family);
    const score = matches * 10 + nearness(model, policy, peer, other, family);
    if (best === undefined || score > best.score) best = { peer, matches, score };
  }
  if (best === undefined) return undefined;
  const { peer, matches } = best;
  const because =
    peer.kind === "block" ? whyNotInBlock(peer, other, family) : whyNotSelected(model, policy, peer, other);
  return { peer, matches, because };
}

/** `it admits 443/TCP, http/TCP, asked was 80/TCP` */
export function portsText(rule: NormalRule, { to, protocol }: Flow, port: number): string {
  const entries = rule.ports ?? [];
  const unresolved = entries.filter(
    (e) => e.kind === "name" && (!to.policed || numbersOf(to, e.name, e.protocol).length === 0),
  );
  const names = unresolved.map((e) => (e.kind === "name" ? e.name : ""));
  const note = names.length > 0 ? ` (${to.name} declares no port named ${names.join(", ")})` : "";
  return `it admits ${entries.map(formatPort).join(", ")}, asked was ${port}/${protocol}${note}`;
}

/** `80/TCP`, `8000-8100/TCP`, `http/TCP`, `UDP` for every port of it. */
export function formatPort(entry: NormalPort): string {
  if (entry.kind === "name") return `${entry.name}/${entry.protocol}`;
  if (entry.from === 1 && entry.to === 65535) return entry.protocol;
  return `${entry.from}${entry.to === entry.from ? "" : `-${entry.to}`}/${entry.protocol}`;
}

/** A requirement as kubectl writes selectors: `env=prod`, `tier in (a, b)`, `!canary`. */
function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "In":
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(", ")})`;
    case "NotIn":
      return `${key} notin (${values.join(", ")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}

function nearness(
  model: NetworkModel,
  policy: NormalPolicy,
  peer: NormalPeer,
  other: Unit,
  family: Family,
): number {
  if (peer.kind === "block") return peer.cidr.family === family ? 1 : 0;
  if (!other.policed || other.namespace === undefined) return 0;
  const inNamespace =
    peer.namespaces === undefined ? other.namespace === policy.namespace : namespaceHolds(model, peer, other);
  return (inNamespace ? 4 : 0) + (selects(peer.pods, other.labels) === YES ? 2 : 0);
}

function namespaceHolds(model: NetworkModel, peer: PodPeer, other: Unit): boolean {
  return selects(peer.namespaces!, namespaceFacts(model, other.namespace!)) === YES;
}

function whyNotSelected(model: NetworkModel, policy: NormalPolicy, peer: PodPeer, other: Unit): string {
  if (other.namespace === undefined) return `${other.name} is no pod, the rule speaks of pods`;
  if (!other.policed) return `${other.name} uses its node's network, only an ipBlock matches it`;
  if (peer.namespaces === undefined && other.namespace !== policy.namespace)
    return `${other.name} is in ${other.namespace}, the rule speaks of pods in ${policy.namespace}, its own namespace`;
  const namespace = namespaceFacts(model, other.namespace);
  const missed =
    failing(peer.namespaces ?? [], namespace, `namespace ${namespace.name}`) ??
    failing(peer.pods, other.labels, other.name);
  return missed ?? `${other.name} matches`;
}

/** What the first requirement that does not surely hold finds: `namespace dev has env=dev, the rule wants env=prod`. */
export function failing(
  requirements: readonly Requirement[],
  facts: LabelFacts,
  whose: string,
): string | undefined {
  const requirement = requirements.find((r) => holds(r, facts) !== YES);
  if (requirement === undefined) return undefined;
  const { key } = requirement;
  const unknown = facts.opaque?.includes(key) || (!facts.complete && !Object.hasOwn(facts.labels, key));
  if (unknown)
    return `label ${key} of ${whose} is not known, the rule wants ${formatRequirement(requirement)}`;
  const found = Object.hasOwn(facts.labels, key) ? `${key}=${facts.labels[key]}` : `no label ${key}`;
  return `${whose} has ${found}, the rule wants ${formatRequirement(requirement)}`;
}

/** Why a block does not (surely) hold the addresses of a unit: `10.1.0.1 is not in 10.2.0.0/16`. */
export function whyNotInBlock(
  { cidr, except }: BlockPeer,
  other: Pick<Unit, "name" | "addresses" | "within">,
  family: Family,
): string {
  const block = `${formatRange(cidr)}${except.length > 0 ? ` except ${except.map(formatRange).join(", ")}` : ""}`;
  if (cidr.family !== family) return `the flow is IPv${family}, the rule speaks of ${block}`;
  if (other.addresses === undefined) {
    const within = other.within?.filter((range) => range.family === family).map(formatRange) ?? [];
    const where = within.length === 0 ? "" : ` beyond ${within.join(", ")}`;
    return `the address of ${other.name} is not known${where}, the rule speaks of ${block}`;
  }
  const ips = other.addresses.filter((ip) => ip.family === family);
  const outside = ips.find((ip) => !rangeContains(cidr, ip));
  if (outside !== undefined) return `${formatIp(family, outside.first)} is not in ${block}`;
  return `${ips.map((ip) => formatIp(family, ip.first)).join(", ")} is excepted: ${block}`;
}
