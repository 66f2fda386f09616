import type { Requirement } from "@ashlar/core";
import { type IpRange, wholeFamily } from "../policy/ip.ts";
import type {
  BlockPeer,
  Direction,
  NormalPeer,
  NormalPolicy,
  NormalRule,
  Protocol,
} from "../policy/normal.ts";
import type { InvalidPolicy } from "../policy/normalize.ts";
import { namespaceFacts } from "./endpoints.ts";
import type { NetworkModel } from "./model.ts";
import { cutRanges, namedPorts, portsAdmit, rulePorts } from "./rule-ports.ts";
import { agreed, and, MAYBE, NO, or, selects, type Truth, truth, YES } from "./truth.ts";
import type { Family, PortRange, Unit } from "./unit.ts";

/** A connection attempt between two units, on a port of the second. */
export interface Flow {
  readonly from: Unit;
  readonly to: Unit;
  readonly protocol: Protocol;
  /** Families that it may use beside those that both units have; absent: any. */
  readonly families?: readonly Family[];
  /** The two are different pods even where they are one unit: replicas of one workload. */
  readonly replicas?: boolean;
}

/** Whether a flow gets through on one port; what the facts at hand leave open is MAYBE. */
export function flowAllows(model: NetworkModel, flow: Flow, port: number): Truth {
  const { from, to } = flow;
  if (from.broken !== undefined || to.broken !== undefined) return MAYBE;
  if (isSamePod(flow)) return YES;
  let result: Truth = NO;
  for (const family of commonFamilies(flow)) {
    const egress = directionAllows(model, flow, "egress", family, port);
    result = or(result, and(egress, directionAllows(model, flow, "ingress", family, port)));
    if (result === YES) return YES;
  }
  return result;
}

/** A pod always reaches itself; the pods of a template are several. */
export function isSamePod({ from, to, replicas }: Flow): boolean {
  return from === to && from.kind !== "workload" && replicas !== true;
}

export function commonFamilies({ from, to, families }: Flow): Family[] {
  return from.families.filter((f) => to.families.includes(f) && families?.includes(f) !== false);
}

/** Whether the policies of one side let a flow of one family through: of `from` for egress, of `to` for ingress. */
export function directionAllows(
  model: NetworkModel,
  flow: Flow,
  direction: Direction,
  family: Family,
  port: number,
): Truth {
  const [subject, other] = direction === "egress" ? [flow.from, flow.to] : [flow.to, flow.from];
  if (!subject.policed) return YES;
  const selecting = selectingPolicies(model, subject, direction);
  const admits = (policy: NormalPolicy) =>
    policy[direction]!.reduce<Truth>(
      (best, rule) =>
        best === YES ? YES : or(best, ruleAdmits(model, policy, rule, flow, direction, family, port)),
      NO,
    );
  const decided = decide(selecting.certain.map(admits), [
    ...selecting.possible.map(admits),
    ...selecting.invalid.map(() => MAYBE as Truth),
  ]);
  return direction === "ingress" ? or(decided, sameNode(other, subject)) : decided;
}

/**
 * What policies make of a flow: `certain` are the answers of those that select the pod, `possible` of those that may
 * select it. Open when none selects it; else what any of them admits. Exact over every combination of the possible ones.
 */
export function decide(certain: readonly Truth[], possible: readonly Truth[]): Truth {
  const isolated = certain.length > 0;
  if (isolated ? certain.includes(YES) : possible.every((answer) => answer === YES)) return YES;
  return !isolated || certain.includes(MAYBE) || possible.some((answer) => answer !== NO) ? MAYBE : NO;
}

export interface Selecting {
  readonly certain: readonly NormalPolicy[];
  /** Those that may select the pod: its labels decide, and are not all known. */
  readonly possible: readonly NormalPolicy[];
  readonly invalid: readonly InvalidPolicy[];
}

/** The policies that isolate a pod in a direction; found once for each pod. */
export function selectingPolicies(model: NetworkModel, unit: Unit, direction: Direction): Selecting {
  const known = selectingKept.get(model) ?? { egress: new WeakMap(), ingress: new WeakMap() };
  selectingKept.set(model, known);
  const found = known[direction].get(unit);
  if (found !== undefined) return found;
  const selecting = selectingIn(model, unit, direction, (podSelector) => selects(podSelector, unit.labels));
  known[direction].set(unit, selecting);
  return selecting;
}

const selectingKept = new WeakMap<NetworkModel, Record<Direction, WeakMap<Unit, Selecting>>>();

/** The same, with the answers of pod selectors given. */
export function selectingIn(
  model: NetworkModel,
  unit: Unit,
  direction: Direction,
  selected: (podSelector: readonly Requirement[]) => Truth,
): Selecting {
  const own = unit.policed && unit.namespace !== undefined ? model.policiesIn.get(unit.namespace) : undefined;
  if (own === undefined) return nothing;
  const certain: NormalPolicy[] = [];
  const possible: NormalPolicy[] = [];
  for (const policy of own.valid) {
    if (policy[direction] === undefined) continue;
    const answer = selected(policy.podSelector);
    if (answer === YES) certain.push(policy);
    else if (answer === MAYBE) possible.push(policy);
  }
  const invalid = own.invalid.filter(
    (p) => p.directions.includes(direction) && selected(p.podSelector ?? []) !== NO,
  );
  return { certain, possible, invalid };
}

const nothing: Selecting = { certain: [], possible: [], invalid: [] };

export function ruleAdmits(
  model: NetworkModel,
  policy: NormalPolicy,
  rule: NormalRule,
  flow: Flow,
  direction: Direction,
  family: Family,
  port: number,
): Truth {
  if (!portsAdmit(rule, flow.to, flow.protocol, port)) return NO;
  if (rule.peers === undefined) return YES;
  const other = direction === "egress" ? flow.to : flow.from;
  let best: Truth = NO;
  for (const peer of rule.peers) {
    best = or(best, peerMatches(model, policy, peer, other, family));
    if (best === YES) return YES;
  }
  return best;
}

export function peerMatches(
  model: NetworkModel,
  policy: NormalPolicy,
  peer: NormalPeer,
  other: Unit,
  family: Family,
): Truth {
  if (peer.kind === "block") return blockMatches(peer, other, family);
  if (!other.policed || other.namespace === undefined) return NO;
  const inNamespace =
    peer.namespaces === undefined
      ? truth(other.namespace === policy.namespace)
      : selects(peer.namespaces, namespaceFacts(model, other.namespace));
  return inNamespace === NO ? NO : and(inNamespace, selects(peer.pods, other.labels));
}

/** A block holds pods, too; one whose address is not known is in it when the block holds every address it may have. */
export function blockMatches(peer: BlockPeer, other: Unit, family: Family): Truth {
  const addresses = other.addresses?.filter((ip) => ip.family === family);
  if (addresses !== undefined) return agreed(addresses.map((ip) => blockCoverage(peer, ip)));
  const within = other.within?.filter((range) => range.family === family) ?? [];
  return agreed(
    (within.length > 0 ? within : [wholeFamily(family)]).map((range) => blockCoverage(peer, range)),
  );
}

/** How much of a range a block holds: all (YES), nothing (NO) or a part. */
export function blockCoverage({ cidr, except }: BlockPeer, range: IpRange): Truth {
  if (cidr.family !== range.family || cidr.last < range.first || cidr.first > range.last) return NO;
  let { first, last } = range;
  if (cidr.first > first) first = cidr.first;
  if (cidr.last < last) last = cidr.last;
  const cuts = except
    .filter((e) => e.family === cidr.family && e.first <= last && e.last >= first)
    .sort((a, b) => (a.first < b.first ? -1 : 1));
  if (cuts.length === 0) return first === range.first && last === range.last ? YES : MAYBE;
  let next = first;
  for (const cut of cuts) {
    if (cut.first > next) return MAYBE;
    if (cut.last >= next) next = cut.last + 1n;
  }
  return next > last ? NO : MAYBE;
}

/** Whether a sender from a node's address is on the node of a pod: nodes reach their own pods whatever policies say. */
export function sameNode(sender: Unit, pod: Unit): Truth {
  if (!sender.host) return NO;
  return sender.node === undefined || pod.node === undefined ? MAYBE : truth(sender.node === pod.node);
}

/** A part of the port space on which a flow fares alike. */
export interface PortPiece extends PortRange {
  readonly allowed: Truth;
}

/** A flow over a range of ports, cut where its answer may change; neighbours that answer alike are joined. */
export function flowByPort(model: NetworkModel, flow: Flow, asked: PortRange): PortPiece[] {
  const { from: sender, to: receiver, protocol } = flow;
  const spoken: PortRange[] = [];
  for (const [direction, unit] of [
    ["egress", sender],
    ["ingress", receiver],
  ] as const) {
    const { certain, possible } =
      asked.from === asked.to ? nothing : selectingPolicies(model, unit, direction);
    for (const rule of [...certain, ...possible].flatMap((policy) => policy[direction]!)) {
      const ports = rulePorts(rule, protocol);
      if (ports === undefined) continue;
      for (const range of ports.ranges) spoken.push(range);
      for (const port of namedPorts(ports, receiver, protocol)) spoken.push({ from: port, to: port });
    }
  }
  const pieces: PortPiece[] = [];
  for (const { from, to } of cutRanges([asked], spoken)) {
    const allowed = flowAllows(model, flow, from);
    const last = pieces.at(-1);
    if (last !== undefined && last.allowed === allowed) pieces[pieces.length - 1] = { ...last, to };
    else pieces.push({ from, to, allowed });
  }
  return pieces;
}
