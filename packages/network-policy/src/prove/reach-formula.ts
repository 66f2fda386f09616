import { meets, type Requirement } from "@ashlar/core";
import type { BlockPeer, Direction, NormalPolicy, NormalRule, Protocol } from "../policy/normal.ts";
import type { InvalidPolicy } from "../policy/normalize.ts";
import type { PortRange } from "../policy/ports.ts";
import type { LabelFacts } from "../reach/truth.ts";
import { type Family, numbersOf, type Unit } from "../reach/unit.ts";
import { joined, type Numbers, noneOf, numbers, oneOf, type Span, type Words, without } from "./domain.ts";
import { and, type Formula, isIn, not, or } from "./satisfy.ts";

/**
 * One end of a flow. `any`: a pod that could exist in the namespace, with labels (but those that it lacks) and ports of its own
 * choice.
 */
export type Subject = PodSubject | { readonly kind: "address" };

export type PodSubject =
  | { readonly kind: "any"; readonly namespace: NamespaceView; readonly lacking?: LabelValues }
  | { readonly kind: "pod"; readonly namespace: NamespaceView; readonly pod: Unit };

/** Values of labels by their keys. */
export type LabelValues = ReadonlyMap<string, ReadonlySet<string>>;

/** A namespace with its policies by the direction that they isolate. */
export interface NamespaceView {
  readonly name: string;
  readonly facts: LabelFacts;
  readonly ingress: readonly NormalPolicy[];
  readonly egress: readonly NormalPolicy[];
  readonly invalid: readonly InvalidPolicy[];
}

export type Role = "from" | "to";

/** A flow whose ends are open; its formulas speak of the variables below. */
export interface Flow {
  readonly from: Subject;
  readonly to: Subject;
  readonly family: Family;
}

/** Variables that a pod chooses (labels, port names that it declares for the port in question), addresses, the port. */
export const PORT = "port";
export const labelOf = (role: Role, key: string) => `${role} label ${key}`;
export const declares = (protocol: Protocol, name: string) => `to declares ${protocol}/${name}`;
export const addressOf = (role: Role, family: Family) => `${role} address ${family}`;
/** Variables for what is fixed, but not known. */
export const namespaceLabelOf = (role: Role, key: string) => `${FACT}${role} namespace ${key}`;
export const opaqueLabelOf = (role: Role, key: string) => `${FACT}${role} label ${key}`;
export const doubtOf = (role: Role) => `${FACT}${role} doubt`;
export const isFact = (variable: string) => variable.startsWith(FACT);
const FACT = "fact ";

/**
 * What uninterpretable policies do to the flow if they select its pod; any other word: they isolate and do not admit. One
 * variable is enough: the extreme cases, in which all of them do the same, decide whether an answer holds in every case.
 */
export const DOES_NOTHING: Words = oneOf("nothing");
export const ADMITS: Words = oneOf("admits");

const PROTOCOLS: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
const ADDRESSES: Readonly<Record<Family, readonly Span[]>> = {
  4: [{ first: 0n, last: 2n ** 32n - 1n }],
  6: [{ first: 0n, last: 2n ** 128n - 1n }],
};
/** Every port of every protocol. */
export const ALL_PORTS: readonly Span[] = PROTOCOLS.map((protocol) => portSpan(protocol, 1, 65535));

/** Ports of a protocol as numbers that are unlike those of the other protocols. */
export function portSpan(protocol: Protocol, from: number, to: number): Span {
  const base = PROTOCOLS.indexOf(protocol) * 65536;
  return { first: BigInt(base + from), last: BigInt(base + to) };
}

/** The protocol and port behind a number of {@link portSpan}. */
export function portAt(number: bigint): { readonly protocol: Protocol; readonly port: number } {
  return { protocol: PROTOCOLS[Number(number) >> 16]!, port: Number(number) & 65535 };
}

/** Port ranges as sorted, disjoint numbers of {@link portSpan}. */
export function spansOf(ports: readonly PortRange[]): readonly Span[] {
  return joined(ports.map((p) => portSpan(p.protocol, p.from, p.to)));
}

/** A set of ports. */
export function portSet(spans: readonly Span[]): Numbers {
  return numbers(spans, ALL_PORTS);
}

/** A set of addresses of a family. */
export function addressSet(family: Family, spans: readonly Span[]): Numbers {
  return numbers(spans, ADDRESSES[family]);
}

/** When the policies of the sender's namespace let it send (`egress`), or those of the receiver's let it in (`ingress`). */
export function admits(direction: Direction, flow: Flow): Formula {
  const role: Role = direction === "egress" ? "from" : "to";
  const self = flow[role];
  if (self.kind === "address") return true;
  const own = self.namespace;
  const open: Formula[] = [];
  const ways: Formula[] = [];
  for (const policy of own[direction]) {
    const selected = podsMatch(policy.podSelector, role, self);
    if (selected === false) continue;
    open.push(not(selected));
    for (const rule of policy[direction] ?? [])
      ways.push(and([selected, ruleAdmits(rule, direction, flow, own)]));
  }
  for (const { podSelector, directions } of own.invalid) {
    if (!directions.includes(direction)) continue;
    const selected = podsMatch(podSelector ?? [], role, self);
    open.push(or([not(selected), isIn(doubtOf(role), DOES_NOTHING)]));
    ways.push(and([selected, isIn(doubtOf(role), ADMITS)]));
  }
  return or([and(open), ...ways]);
}

function ruleAdmits(rule: NormalRule, direction: Direction, flow: Flow, own: NamespaceView): Formula {
  return and([portMatches(rule, flow.to), peerMatches(rule, direction, flow, own)]);
}

function peerMatches(rule: NormalRule, direction: Direction, flow: Flow, own: NamespaceView): Formula {
  if (rule.peers === undefined) return true;
  const role: Role = direction === "egress" ? "to" : "from";
  const peer = flow[role];
  const ways: Formula[] = [];
  if (peer.kind !== "address")
    for (const p of rule.peers) {
      if (p.kind === "pods")
        ways.push(
          and([
            namespaceMatches(p.namespaces, peer.namespace, own, role, flow),
            podsMatch(p.pods, role, peer),
          ]),
        );
    }
  const blocks = blockSet(rule, flow.family);
  ways.push(isIn(addressOf(role, flow.family), blocks));
  return or(ways);
}

function namespaceMatches(
  selector: readonly Requirement[] | undefined,
  namespace: NamespaceView,
  own: NamespaceView,
  role: Role,
  flow: Flow,
): Formula {
  if (selector === undefined) return namespace.name === own.name;
  const { labels, complete } = namespace.facts;
  // Two pods of one namespace see the same labels: one variable.
  const holder = sameNamespace(flow) ? "from" : role;
  return and(
    selector.map((requirement) =>
      complete || Object.hasOwn(labels, requirement.key)
        ? meets(labels, requirement)
        : isIn(namespaceLabelOf(holder, requirement.key), wordsOf(requirement)),
    ),
  );
}

export function sameNamespace({ from, to }: Flow): boolean {
  return from.kind !== "address" && to.kind !== "address" && from.namespace.name === to.namespace.name;
}

function podsMatch(selector: readonly Requirement[], role: Role, subject: PodSubject): Formula {
  if (subject.kind === "any") return and(selector.map((r) => isIn(labelOf(role, r.key), wordsOf(r))));
  const { labels, complete, opaque } = subject.pod.labels;
  return and(
    selector.map((r) =>
      opaque?.includes(r.key) || (!complete && !Object.hasOwn(labels, r.key))
        ? isIn(opaqueLabelOf(role, r.key), wordsOf(r))
        : meets(labels, r),
    ),
  );
}

function wordsOf({ operator, values }: Requirement): Words {
  switch (operator) {
    case "In":
      return oneOf(...values);
    case "NotIn":
      return noneOf(...values);
    case "Exists":
      return noneOf(undefined);
    case "DoesNotExist":
      return oneOf(undefined);
  }
}

/** Named ports are the receiving pod's; an address outside declares none. */
function portMatches(rule: NormalRule, to: Subject): Formula {
  if (rule.ports === undefined) return true;
  const spans: Span[] = [];
  const ways: Formula[] = [];
  for (const port of rule.ports) {
    if (port.kind === "range") spans.push(portSpan(port.protocol, port.from, port.to));
    else if (to.kind === "pod") {
      for (const number of numbersOf(to.pod, port.name, port.protocol))
        spans.push(portSpan(port.protocol, number, number));
    } else if (to.kind === "any") {
      const ofProtocol = portSet([portSpan(port.protocol, 1, 65535)]);
      ways.push(and([isIn(PORT, ofProtocol), isIn(declares(port.protocol, port.name), oneOf("yes"))]));
    }
  }
  return or([isIn(PORT, portSet(spans)), ...ways]);
}

const blockSets = new WeakMap<NormalRule, Partial<Record<Family, Numbers>>>();

/** Addresses of a family that the ipBlocks of a rule admit. */
function blockSet(rule: NormalRule, family: Family): Numbers {
  const known = blockSets.get(rule) ?? {};
  blockSets.set(rule, known);
  known[family] ??= addressSet(
    family,
    (rule.peers ?? []).flatMap((p) => (p.kind === "block" && p.cidr.family === family ? blockSpans(p) : [])),
  );
  return known[family];
}

function blockSpans({ cidr, except }: BlockPeer): readonly Span[] {
  return without(
    [{ first: cidr.first, last: cidr.last }],
    joined(except.filter((e) => e.family === cidr.family).map(({ first, last }) => ({ first, last }))),
  );
}
