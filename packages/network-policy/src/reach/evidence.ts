import type { Place, ResourceRef } from "@ashlar/core";
import { formatRef } from "@ashlar/core";
import type { Direction, NormalPolicy, NormalRule } from "../policy/normal.ts";
import type { InvalidPolicy } from "../policy/normalize.ts";
import {
  directionAllows,
  type Flow,
  isSamePod,
  peerMatches,
  peersMatch,
  sameNode,
  selectingPolicies,
} from "./evaluate.ts";
import { nearestPeer, portsText } from "./misses.ts";
import type { NetworkModel } from "./model.ts";
import { portsAdmit } from "./rule-ports.ts";
import { MAYBE, NO, type Truth, YES } from "./truth.ts";
import type { Family, Unit } from "./unit.ts";

/** What the policies of one side say of a flow, and why. */
export interface Evidence {
  readonly direction: Direction;
  readonly outcome: "allowed" | "denied" | "unknown";
  /** Whose policies were asked: `prod/web`. */
  readonly subject: string;
  /** Whether any policy selects the subject in this direction; absent when that is not known. */
  readonly isolated?: boolean;
  /** The policies that select it, or may. */
  readonly policies: readonly PolicyMention[];
  /** The rule that lets the flow through. */
  readonly admittedBy?: Admission;
  /** Where nothing surely admits it: each rule of those policies, and what in it does not match. */
  readonly misses: readonly Miss[];
  /** Facts that are missing and would decide. */
  readonly unknown: readonly string[];
  /** One sentence. */
  readonly reason: string;
}

export interface PolicyMention {
  readonly ref: ResourceRef;
  readonly at?: Place;
}

/** A rule that admits, by its deepest field: `spec.ingress[0].from[1]`, or the rule itself where it admits everyone. */
export interface Admission {
  readonly policy: ResourceRef;
  readonly path: string;
  /** The entry of `ports` that matches; absent when the rule is for all ports. */
  readonly port?: string;
  readonly at?: Place;
}

export interface Miss {
  readonly policy: ResourceRef;
  readonly path: string;
  /** `rules`: the policy has no rule in this direction, so that it admits nothing. `unknown`: it may match. */
  readonly missed: "peer" | "port" | "peer and port" | "rules" | "unknown";
  /** `namespace dev has env=dev, the rule wants env=prod` */
  readonly because: string;
  readonly at?: Place;
}

/** The evidence of one direction of a flow, in one family and on one port. */
export function evidenceOf(
  model: NetworkModel,
  flow: Flow,
  direction: Direction,
  family: Family,
  port: number,
): Evidence {
  const [subject, other] = direction === "egress" ? [flow.from, flow.to] : [flow.to, flow.from];
  const base = { direction, subject: subject.name, policies: [], misses: [], unknown: [] };
  if (isSamePod(flow)) return { ...base, outcome: "allowed", reason: "a pod always reaches itself" };
  if (!subject.policed)
    return {
      ...base,
      outcome: "allowed",
      isolated: false,
      reason: `policies do not apply to ${describe(subject)}`,
    };
  const { certain, possible, invalid } = selectingPolicies(model, subject, direction);
  const selecting = [...certain, ...possible];
  const policies = [...selecting, ...invalid].map((policy) => mention(model, policy));
  const isolated = certain.length > 0 ? true : possible.length + invalid.length > 0 ? undefined : false;
  const known = { ...base, policies, ...(isolated !== undefined && { isolated }) };
  const outcome = directionAllows(model, flow, direction, family, port);
  if (isolated === false)
    return { ...known, outcome: "allowed", reason: `no policy isolates ${subject.name} for ${direction}` };
  const admittedBy =
    outcome === YES ? admissionIn(model, selecting, flow, direction, family, port) : undefined;
  if (admittedBy !== undefined) {
    const reason = `${formatRef(admittedBy.policy)} admits it at ${admittedBy.path}`;
    return { ...known, outcome: "allowed", admittedBy, reason };
  }
  if (outcome === YES)
    return { ...known, outcome: "allowed", reason: "a node always reaches the pods that run on it" };
  const misses = selecting.flatMap((policy) => missesOf(model, policy, flow, direction, family, port));
  if (outcome === NO) {
    const count =
      certain.length === 1 ? `${formatRef(certain[0]!.ref)} isolates` : `${certain.length} policies isolate`;
    return {
      ...known,
      outcome: "denied",
      misses,
      reason: `${count} ${subject.name} for ${direction}, and no rule admits it`,
    };
  }
  const unknown = [
    ...invalid.map((p) => `${formatRef(p.ref)} cannot be interpreted (${p.path}: ${p.message})`),
    ...possible.map(
      (p) => `whether ${formatRef(p.ref)} selects ${subject.name} depends on labels that are not known`,
    ),
    ...misses.filter((m) => m.missed === "unknown").map((m) => m.because),
    ...(direction === "ingress" && sameNode(other, subject) === MAYBE
      ? [`whether ${other.name} and ${subject.name} are on one node is not known`]
      : []),
  ];
  return { ...known, outcome: "unknown", misses, unknown: [...new Set(unknown)], reason: unknown[0] ?? "" };
}

function describe(unit: Unit): string {
  if (unit.kind === "node" || unit.kind === "outside") return unit.name;
  return `${unit.name}, which uses its node's network`;
}

function mention(model: NetworkModel, { ref, resource }: NormalPolicy | InvalidPolicy): PolicyMention {
  const at = model.locate?.(resource, "");
  return { ref, ...(at && { at }) };
}

function admissionIn(
  model: NetworkModel,
  policies: readonly NormalPolicy[],
  flow: Flow,
  direction: Direction,
  family: Family,
  port: number,
): Admission | undefined {
  const other = direction === "egress" ? flow.to : flow.from;
  for (const policy of policies) {
    const rule = policy[direction]!.find(
      (r) =>
        portsAdmit(r, flow.to, flow.protocol, port) && peersMatch(model, policy, r, other, family) === YES,
    );
    if (rule === undefined) continue;
    const peer = rule.peers?.find((p) => peerMatches(model, policy, p, other, family) === YES);
    const path = peer?.path ?? rule.path;
    const entry = rule.ports?.find((p) => portsAdmit({ path, ports: [p] }, flow.to, flow.protocol, port));
    const at = model.locate?.(policy.resource, path);
    return { policy: policy.ref, path, ...(entry && { port: entry.path }), ...(at && { at }) };
  }
  return undefined;
}

function missesOf(
  model: NetworkModel,
  policy: NormalPolicy,
  flow: Flow,
  direction: Direction,
  family: Family,
  port: number,
): Miss[] {
  const rules = policy[direction]!;
  const miss = (path: string, missed: Miss["missed"], because: string): Miss => {
    const at = model.locate?.(policy.resource, path);
    return { policy: policy.ref, path, missed, because, ...(at && { at }) };
  };
  if (rules.length === 0) return [miss(`spec.${direction}`, "rules", `it admits no ${direction} at all`)];
  const missOf = (rule: NormalRule): Miss[] => {
    const portMissed = !portsAdmit(rule, flow.to, flow.protocol, port);
    const nearest = nearestPeer(model, policy, rule, direction === "egress" ? flow.to : flow.from, family);
    const peerTruth: Truth = nearest?.matches ?? YES;
    const ports = portMissed ? portsText(rule, flow, port) : "";
    if (peerTruth === YES) return portMissed ? [miss(`${rule.path}.ports`, "port", ports)] : [];
    const path = nearest!.peer.path;
    if (peerTruth === MAYBE && !portMissed) return [miss(path, "unknown", nearest!.because)];
    if (!portMissed) return [miss(path, "peer", nearest!.because)];
    return [miss(path, "peer and port", `${nearest!.because}; ${ports}`)];
  };
  return rules.flatMap(missOf);
}
