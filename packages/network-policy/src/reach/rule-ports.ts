import type { NormalRule, Protocol } from "../policy/normal.ts";
import type { PortRange, Unit } from "./unit.ts";

/** What the port entries of a rule mean for one protocol. */
export interface RulePorts {
  /** In order, without overlaps. */
  readonly ranges: readonly PortRange[];
  readonly names: ReadonlySet<string>;
}

const known = new WeakMap<NormalRule, Map<Protocol, RulePorts>>();

/** The ports of a rule, made once for each protocol; `undefined`: the rule is for every port of every protocol. */
export function rulePorts(rule: NormalRule, protocol: Protocol): RulePorts | undefined {
  if (rule.ports === undefined) return undefined;
  const byProtocol = known.get(rule) ?? new Map<Protocol, RulePorts>();
  known.set(rule, byProtocol);
  const found = byProtocol.get(protocol);
  if (found !== undefined) return found;
  const entries = rule.ports.filter((entry) => entry.protocol === protocol);
  const made = {
    ranges: joinRanges(entries.filter((entry) => entry.kind === "range")),
    names: new Set(entries.filter((entry) => entry.kind === "name").map((entry) => entry.name)),
  };
  byProtocol.set(protocol, made);
  return made;
}

/**
 * Whether a rule speaks of a port. Names are those of the pod that receives, for ingress and egress alike; nodes and
 * outside addresses have none.
 */
export function portsAdmit(rule: NormalRule, to: Unit, protocol: Protocol, port: number): boolean {
  const ports = rulePorts(rule, protocol);
  if (ports === undefined || inRanges(ports.ranges, port)) return true;
  return ports.names.size > 0 && namedPorts(ports, to, protocol).includes(port);
}

/** The numbers that the port names of a rule mean on a unit. */
export function namedPorts({ names }: RulePorts, to: Unit, protocol: Protocol): number[] {
  if (names.size === 0 || !to.policed) return [];
  return to.ports
    .filter((p) => p.protocol === protocol && p.name !== undefined && names.has(p.name))
    .map((p) => p.number);
}

/** Whether a number is in one of the ranges, which are in order. */
export function inRanges(ranges: readonly PortRange[], port: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.to < port) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low]!.from <= port;
}

/** Ranges in order, those that touch or overlap made one. */
export function joinRanges(ranges: readonly PortRange[]): PortRange[] {
  const joined: PortRange[] = [];
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || last.to + 1 < from) joined.push({ from, to });
    else if (last.to < to) joined[joined.length - 1] = { from: last.from, to };
  }
  return joined;
}

/** Ranges cut at the ends of others, so that in each piece every other range holds all ports or none. */
export function cutRanges(asked: readonly PortRange[], others: Iterable<PortRange>): PortRange[] {
  const cuts = new Set<number>();
  for (const { from, to } of others) cuts.add(from).add(to + 1);
  const sorted = [...cuts].sort((a, b) => a - b);
  return asked.flatMap(({ from, to }) => {
    const starts = [from, ...sorted.filter((port) => port > from && port <= to)];
    return starts.map((start, i) => ({ from: start, to: (starts[i + 1] ?? to + 1) - 1 }));
  });
}
