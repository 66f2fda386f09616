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
import { commonRanges, cutRanges, inRanges, joinRanges } from "./ranges.ts";
import { portsOf } from "./rule-ports.ts";
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

/** A pod always reaches itself; the pods of a template are several. */
export function isSamePod({ from, to, replicas }: Flow): boolean {
  return from === to && from.kind !== "workload" && replicas !== true;
}

/** The families that a flow may use: of an outside address, its own also where the pod's are only supposed. */
export function commonFamilies({ from, to, families }: Flow): readonly Family[] {
  const common = from.families.filter((f) => to.families.includes(f) && families?.includes(f) !== false);
  if (common.length > 0) return common;
  if (from.kind === "outside" && to.supposed) return from.families;
  return to.kind === "outside" && from.supposed ? to.families : common;
}

/** Ports on which something holds: surely, and possibly (which includes the sure ones). */
export interface OpenPorts {
  readonly yes: readonly PortRange[];
  readonly maybe: readonly PortRange[];
}

/** On which of the asked ports the policies of one side let a flow of one family through: of `from` for egress, of `to` for ingress. */
function openPorts(
  model: NetworkModel,
  flow: Flow,
  direction: Direction,
  family: Family,
  asked: readonly PortRange[],
): OpenPorts {
  const [subject, other] = direction === "egress" ? [flow.from, flow.to] : [flow.to, flow.from];
  const near = direction === "ingress" ? sameNode(other, subject) : NO;
  if (!subject.policed || near === YES) return { yes: asked, maybe: asked };
  const selecting = selectingPolicies(model, subject, direction);
  const admits = (policy: NormalPolicy) => policyPorts(model, policy, flow, direction, family, asked);
  const { yes, maybe } = decide(
    selecting.certain.map(admits),
    selecting.possible.map(admits),
    selecting.invalid.length,
    asked,
  );
  return { yes, maybe: near === MAYBE ? asked : maybe };
}

/**
 * What policies make of a flow: `certain` are the answers of those that select the pod, `possible` of those that may
 * select it. Open when none selects it; else what any of them admits. Exact over every combination of the possible ones;
 * of `invalid` ones nothing is known.
 */
function decide(
  certain: readonly OpenPorts[],
  possible: readonly OpenPorts[],
  invalid: number,
  asked: readonly PortRange[],
): OpenPorts {
  if (certain.length === 0) {
    const all = possible.reduce((sofar, open) => commonRanges(sofar, open.yes), asked);
    return { yes: invalid > 0 ? [] : all, maybe: asked };
  }
  const maybe = joinRanges([...certain, ...possible].flatMap((open) => open.maybe));
  return { yes: joinRanges(certain.flatMap((open) => open.yes)), maybe: invalid > 0 ? asked : maybe };
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

/** The asked ports on which any rule of a policy admits a flow. */
function policyPorts(
  model: NetworkModel,
  policy: NormalPolicy,
  flow: Flow,
  direction: Direction,
  family: Family,
  asked: readonly PortRange[],
): OpenPorts {
  const yes: PortRange[] = [];
  const maybe: PortRange[] = [];
  const other = direction === "egress" ? flow.to : flow.from;
  for (const rule of policy[direction]!) {
    const ports = portsOf(rule, flow.to, flow.protocol, asked);
    const matches = ports.length === 0 ? NO : peersMatch(model, policy, rule, other, family);
    if (matches === YES) yes.push(...ports);
    if (matches === YES && ports === asked) return { yes: asked, maybe: asked };
    else if (matches === MAYBE) maybe.push(...ports);
  }
  return { yes: joinRanges(yes), maybe: joinRanges([...yes, ...maybe]) };
}

/** Whether any peer of a rule matches; everyone does where it names none. */
export function peersMatch(
  model: NetworkModel,
  policy: NormalPolicy,
  { peers }: NormalRule,
  other: Unit,
  family: Family,
): Truth {
  if (peers === undefined) return YES;
  let best: Truth = NO;
  for (const peer of peers) {
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
function blockCoverage({ cidr, except }: BlockPeer, range: IpRange): Truth {
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

/** A flow over the asked ports, in order, cut where its answer changes. */
export function flowByPort(model: NetworkModel, flow: Flow, asked: readonly PortRange[]): PortPiece[] {
  const { yes, maybe } = flowPorts(model, flow, asked);
  return cutRanges(asked, [...yes, ...maybe]).map((piece) => ({
    ...piece,
    allowed: inRanges(yes, piece.from) ? YES : inRanges(maybe, piece.from) ? MAYBE : NO,
  }));
}

/** On which ports a flow gets through: those that both sides let through in one family. */
function flowPorts(model: NetworkModel, flow: Flow, asked: readonly PortRange[]): OpenPorts {
  if (flow.from.broken !== undefined || flow.to.broken !== undefined) return { yes: [], maybe: asked };
  if (isSamePod(flow)) return { yes: asked, maybe: asked };
  const byFamily = commonFamilies(flow).map((family) => {
    const egress = openPorts(model, flow, "egress", family, asked);
    const ingress = openPorts(model, flow, "ingress", family, asked);
    return { yes: commonRanges(egress.yes, ingress.yes), maybe: commonRanges(egress.maybe, ingress.maybe) };
  });
  return {
    yes: joinRanges(byFamily.flatMap((open) => open.yes)),
    maybe: joinRanges(byFamily.flatMap((open) => open.maybe)),
  };
}

/** What one side says of one port. */
export function directionAllows(
  model: NetworkModel,
  flow: Flow,
  direction: Direction,
  family: Family,
  port: number,
): Truth {
  const { yes, maybe } = openPorts(model, flow, direction, family, [{ from: port, to: port }]);
  return yes.length > 0 ? YES : maybe.length > 0 ? MAYBE : NO;
}
