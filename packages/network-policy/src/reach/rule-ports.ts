import type { NormalRule, Protocol } from "../policy/normal.ts";
import { commonRanges, inRanges, joinRanges } from "./ranges.ts";
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

/** The asked ports that a rule speaks of, in order. */
export function portsOf(
  rule: NormalRule,
  to: Unit,
  protocol: Protocol,
  asked: readonly PortRange[],
): readonly PortRange[] {
  const ports = rulePorts(rule, protocol);
  if (ports === undefined) return asked;
  const [only] = asked;
  if (asked.length === 1 && only!.from === only!.to)
    return portsAdmit(rule, to, protocol, only!.from) ? asked : [];
  const named = namedPorts(ports, to, protocol).map((n) => ({ from: n, to: n }));
  return commonRanges(named.length === 0 ? ports.ranges : joinRanges([...ports.ranges, ...named]), asked);
}
