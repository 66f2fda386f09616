import { type IpRange, parseIp, parseIpRange, wholeFamily } from "../policy/ip.ts";
import type { PortRange } from "../policy/ports.ts";
import type { Family, Unit } from "../reach/unit.ts";
import type { Party, ReachClaim } from "./claim.ts";
import { joined, type Numbers, type Span, without } from "./domain.ts";
import type { ReachFacts, Target } from "./facts.ts";
import { type Group, groupNamespaces, groupPods, type NamespaceIndex } from "./groups.ts";
import type { End } from "./question.ts";
import { addressSet, type LabelValues } from "./reach-formula.ts";

/** What a party of a claim stands for. */
export interface Side {
  readonly party: Party;
  /** Groups of pods; empty for addresses and for a party that stands for nothing. */
  readonly groups: readonly Group[];
  /** The addresses of a block. */
  readonly block: readonly IpRange[];
  /** Namespaces of the party that the set does not have. */
  readonly missing: readonly string[];
  /** Pods of the party of which nothing can be said: their traffic is the node's, or the API server would refuse them. */
  readonly unclear: readonly Unit[];
  /** Why a workload stands for nothing, or not for all that the claim speaks of. */
  readonly problem?: string;
}

/** Two ends to ask about, for all pairs that are alike, with a key for answers. */
export interface Pair {
  readonly key: string;
  readonly from: End;
  readonly to: End;
  /** The receiver's ports, when they are not those of the claim. */
  readonly ports?: readonly Span[];
}

/** The party's pods as groups, or its addresses. `ports`: the party receives on these. */
export function sideOf(
  party: Party,
  facts: ReachFacts,
  index: NamespaceIndex,
  ports?: readonly PortRange[],
): Side {
  const nothing = { party, groups: [], block: [], missing: [], unclear: [] };
  if (party.kind === "block") return { ...nothing, block: blockOf(party.cidr) };
  if (party.kind === "namespaces") {
    const present = party.namespaces.filter((name) => facts.namespaces.has(name));
    const missing = party.namespaces.filter((name) => !facts.namespaces.has(name));
    return { ...nothing, groups: groupNamespaces(present, index), missing };
  }
  const { targets, problem } = facts.workload?.(party.ref, ports) ?? { targets: [] };
  const isClear = ({ unit }: Target) => unit.policed && unit.broken === undefined;
  return {
    ...nothing,
    groups: groupPods(targets.filter(isClear), index),
    unclear: targets.filter((t) => !isClear(t)).map((t) => t.unit),
    ...(problem !== undefined && { problem }),
  };
}

/** Whether the party stands for no pod and no address at all. */
export function isEmptySide({ groups, block, unclear }: Side): boolean {
  return groups.length === 0 && block.length === 0 && unclear.length === 0;
}

/** Addresses that pods may have, as far as facts and claim tell. */
export interface AddressSpace {
  readonly pods: ReadonlyMap<Family, Numbers>;
  /** Which of them pods get is not known. */
  readonly unknown: boolean;
  readonly key: string;
}

/** See {@link ReachFacts.families} for the families that are looked at. */
export function addressSpace(
  claim: Pick<ReachClaim, "outside">,
  sides: readonly Side[],
  facts: ReachFacts,
  index: NamespaceIndex,
): AddressSpace {
  const outside = (claim.outside ?? []).flatMap(blockOf);
  const pods = new Map<Family, Numbers>();
  for (const family of familiesOf(sides, facts, index)) {
    const ranges = (facts.podRanges ?? [wholeFamily(family)]).filter((r) => r.family === family);
    const free = without(joined(ranges), joined(outside.filter((r) => r.family === family)));
    if (free.length > 0) pods.set(family, addressSet(family, free));
  }
  const unknown = facts.podRanges === undefined;
  return { pods, unknown, key: `${[...pods.keys()].join("")} ${(claim.outside ?? []).join(",")}` };
}

function familiesOf(sides: readonly Side[], facts: ReachFacts, index: NamespaceIndex): readonly Family[] {
  if (facts.families !== undefined) return facts.families;
  if (facts.podRanges !== undefined) return [...new Set(facts.podRanges.map((r) => r.family))];
  const sixes = sides.some(
    ({ party, block, groups }) =>
      (party.kind === "block" && party.cidr !== "internet" && block.some((r) => r.family === 6)) ||
      groups.some((g) => g.pods?.some((p) => p.addresses?.some((a) => a.family === 6))),
  );
  return index.hasIpv6 || sixes ? [4, 6] : [4];
}

/**
 * Every kind of pair of the two sides: groups are alike, but a pod of the same namespace differs from one of another. Two
 * pods of a pair are distinct pods; a single pod paired with itself alone gives none.
 */
export function* pairsOf(from: Side, to: Side, space: AddressSpace, index: NamespaceIndex): Generator<Pair> {
  if (from.block.length > 0 || to.block.length > 0) {
    const [side, block] = from.block.length > 0 ? [to, from] : [from, to];
    const outside = blockEnd(block);
    for (const group of side.groups) {
      const [name] = group.namespaces;
      const end = podEnd(name!, group.pods?.[0], space, index);
      const key = `${group.key} ${formatBlock(block)} ${space.key}`;
      const ports = group.ports && { ports: group.ports };
      if (block === from) yield { key: `in ${key}`, from: outside, to: end, ...ports };
      else yield { key: `out ${key}`, from: end, to: outside };
    }
    return;
  }
  for (const a of from.groups)
    for (const b of to.groups) {
      const pods = distinctPods(a.pods, b.pods);
      if (pods === undefined) continue;
      for (const [n, m] of namespacePairs(a.namespaces, b.namespaces))
        yield {
          key: `${a.key} ${b.key} ${n === m} ${space.key}`,
          from: podEnd(n, pods[0], space, index, a.lacking),
          to: podEnd(m, pods[1], space, index, b.lacking),
          ...(b.ports && { ports: b.ports }),
        };
    }
}

function podEnd(
  name: string,
  pod: Unit | undefined,
  space: AddressSpace,
  index: NamespaceIndex,
  lacking?: LabelValues,
): End {
  const namespace = index.view(name);
  if (pod === undefined)
    return {
      subject: { kind: "any", namespace, ...(lacking && { lacking }) },
      addresses: space.pods,
      addressUnknown: space.unknown,
    };
  const subject = { kind: "pod", namespace, pod } as const;
  if (pod.addresses === undefined) {
    const own = new Map([...space.pods].filter(([family]) => pod.families.includes(family)));
    return { subject, addresses: own, addressUnknown: true };
  }
  const addresses = new Map(pod.addresses.map((a) => [a.family, addressSet(a.family, [a])]));
  return { subject, addresses, addressUnknown: false };
}

function blockEnd({ block }: Side): End {
  const addresses = new Map(block.map((range) => [range.family, addressSet(range.family, [range])]));
  return { subject: { kind: "address" }, addresses, addressUnknown: false };
}

function blockOf(cidr: string): readonly IpRange[] {
  if (cidr === "internet") return [wholeFamily(4), wholeFamily(6)];
  const range = cidr.includes("/") ? parseIpRange(cidr) : parseIp(cidr);
  return range === undefined ? [] : [range];
}

function formatBlock({ block }: Side): string {
  return block.map((r) => `${r.family}:${r.first}-${r.last}`).join(",");
}

/** One namespace that is in both, and two different ones, where there are such. */
function namespacePairs(
  a: ReadonlySet<string>,
  b: ReadonlySet<string>,
): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const name of small)
    if (large.has(name)) {
      pairs.push([name, name]);
      break;
    }
  for (const n of firstTwo(a)) {
    const other = firstTwo(b).find((m) => m !== n);
    if (other === undefined) continue;
    pairs.push([n, other]);
    break;
  }
  return pairs;
}

/** Two pods that are not one and the same; `undefined` parts are pods that could exist. */
function distinctPods(
  a: readonly Unit[] | undefined,
  b: readonly Unit[] | undefined,
): readonly [Unit | undefined, Unit | undefined] | undefined {
  if (a === undefined || b === undefined) return [a?.[0], b?.[0]];
  for (const p of a.slice(0, 2))
    for (const q of b.slice(0, 2))
      if (p.kind !== "pod" || q.kind !== "pod" || p.name !== q.name) return [p, q];
  return undefined;
}

function firstTwo(names: ReadonlySet<string>): readonly string[] {
  const [first, second] = names;
  return [first, second].filter((name) => name !== undefined);
}
