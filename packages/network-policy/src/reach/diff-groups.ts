import type { Protocol } from "../policy/normal.ts";
import { NO, type Truth, YES } from "./truth.ts";
import { allPorts, type PortRange, type Unit } from "./unit.ts";

/** `may …`: the answer depends, before or after, on facts that are missing. */
export type ChangeKind = "opens" | "closes" | "may open" | "may close";

/** What happens to connections from a group of endpoints to another. */
export interface ReachChange {
  readonly change: ChangeKind;
  readonly from: ChangeSide;
  readonly to: ChangeSide;
  readonly protocols: readonly Protocol[];
  readonly ports: "all" | readonly PortRange[];
  /** How many pairs of endpoints change. */
  readonly pairs: number;
}

export interface ChangeSide {
  /** `prod` for a whole namespace, `outside` for all addresses outside, else the endpoints; several joined by commas. */
  readonly text: string;
  /** Empty for addresses outside. */
  readonly namespaces: readonly string[];
  /** All endpoints of the namespaces, or all addresses outside. */
  readonly whole: boolean;
  readonly endpoints: readonly string[];
}

export interface Change {
  readonly kind: ChangeKind;
  readonly ports: "all" | readonly PortRange[];
}

/** A pair of classes whose pairs of endpoints all change alike. */
export interface Delta {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Change[];
}

/** Ranges with their answers before and after as changes; ranges that stay are left out. */
export function changesOf(
  parts: readonly (PortRange & { readonly before: Truth; readonly after: Truth })[],
): Change[] {
  const byKind = new Map<ChangeKind, PortRange[]>();
  for (const { from, to, before, after } of parts) {
    if (before === after) continue;
    const sure = before + after === NO + YES;
    const kind: ChangeKind = after > before ? (sure ? "opens" : "may open") : sure ? "closes" : "may close";
    const ranges = byKind.get(kind) ?? [];
    byKind.set(kind, ranges);
    const last = ranges.at(-1);
    if (last !== undefined && last.to + 1 === from) ranges[ranges.length - 1] = { from: last.from, to };
    else ranges.push({ from, to });
  }
  return [...byKind].map(([kind, ranges]) => {
    const whole = ranges.length === 1 && ranges[0]!.from === allPorts.from && ranges[0]!.to === allPorts.to;
    return { kind, ports: whole ? "all" : ranges };
  });
}

interface ByProtocol {
  readonly protocol: Protocol;
  readonly deltas: { readonly classOf: Int32Array; readonly deltas: readonly Delta[] };
}

/** Puts pairs that change alike together: whole namespaces where all pairs do, else senders with the same receivers. */
export function collapse(units: readonly Unit[], byProtocol: readonly ByProtocol[]): ReachChange[] {
  const merged = new Map<string, ReachChange>();
  for (const { protocol, deltas } of byProtocol)
    for (const change of changesIn(units, deltas.classOf, deltas.deltas, protocol)) {
      const key = JSON.stringify([change.change, change.from.endpoints, change.to.endpoints, change.ports]);
      const same = merged.get(key);
      merged.set(key, same === undefined ? change : { ...same, protocols: [...same.protocols, protocol] });
    }
  const joined = joinNamespaces(joinNamespaces([...merged.values()], "from", "to"), "to", "from");
  return joined.sort(
    (a, b) => order(a.change, b.change) || order(a.from.text, b.from.text) || order(a.to.text, b.to.text),
  );
}

/** Whole namespaces on one side that change alike towards the same other side become one change. */
function joinNamespaces(
  changes: readonly ReachChange[],
  side: "from" | "to",
  other: "from" | "to",
): ReachChange[] {
  const joined = new Map<string, ReachChange>();
  for (const change of changes) {
    const { [side]: own } = change;
    const mayJoin = own.whole && own.namespaces.length > 0;
    const group = mayJoin ? "namespaces" : own.text;
    const key = JSON.stringify([
      group,
      change.change,
      change[other].endpoints,
      change.protocols,
      change.ports,
    ]);
    const same = joined.get(key);
    joined.set(key, same === undefined ? change : withBoth(same, change, side));
  }
  return [...joined.values()];
}

function withBoth(a: ReachChange, b: ReachChange, side: "from" | "to"): ReachChange {
  const [own, more] = [a[side], b[side]];
  const both: ChangeSide = {
    text: `${own.text}, ${more.text}`,
    namespaces: [...own.namespaces, ...more.namespaces],
    whole: true,
    endpoints: [...own.endpoints, ...more.endpoints],
  };
  return { ...a, [side]: both, pairs: a.pairs + b.pairs };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Positions of endpoints by namespace and class. */
type Spaces = ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>;

const outside = "";

function changesIn(
  units: readonly Unit[],
  classOf: Int32Array,
  deltas: readonly Delta[],
  protocol: Protocol,
): ReachChange[] {
  const spaces = spacesOf(units, classOf);
  const spacesWith = new Map<number, string[]>();
  for (const [space, classes] of spaces)
    for (const c of classes.keys()) spacesWith.set(c, [...(spacesWith.get(c) ?? []), space]);
  // By pair of namespaces and by what changes: the receivers of each sender.
  const buckets = new Map<
    string,
    { space: [string, string]; change: Change; receivers: Map<number, number[]> }
  >();
  for (const { from, to, changes } of deltas)
    for (const source of spacesWith.get(from)!)
      for (const target of spacesWith.get(to)!)
        for (const change of changes) {
          const key = JSON.stringify([source, target, change]);
          const bucket = buckets.get(key) ?? { space: [source, target], change, receivers: new Map() };
          buckets.set(key, bucket);
          for (const i of spaces.get(source)!.get(from)!) {
            const known = bucket.receivers.get(i) ?? [];
            bucket.receivers.set(i, known);
            for (const j of spaces.get(target)!.get(to)!) if (i !== j || !isSingle(units[i]!)) known.push(j);
          }
        }
  return [...buckets.values()].flatMap(({ space: [source, target], change, receivers }) =>
    groupsOf(receivers, units, spaces, source, target).map(({ from, to, pairs }) => ({
      change: change.kind,
      from: sideOf(units, spaces, source, from),
      to: sideOf(units, spaces, target, to),
      protocols: [protocol],
      ports: change.ports,
      pairs,
    })),
  );
}

function spacesOf(units: readonly Unit[], classOf: Int32Array): Spaces {
  const spaces = new Map<string, Map<number, number[]>>();
  for (const [i, { namespace = outside }] of units.entries()) {
    const classes = spaces.get(namespace) ?? new Map<number, number[]>();
    spaces.set(namespace, classes);
    const members = classes.get(classOf[i]!);
    if (members === undefined) classes.set(classOf[i]!, [i]);
    else members.push(i);
  }
  return spaces;
}

function isSingle(unit: Unit): boolean {
  return unit.kind !== "workload";
}

interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly pairs: number;
}

/** Senders that have the same receivers, where a pod's own place among the receivers does not count. */
function groupsOf(
  receivers: ReadonlyMap<number, readonly number[]>,
  units: readonly Unit[],
  spaces: Spaces,
  source: string,
  target: string,
): Group[] {
  const targets = [...spaces.get(target)!.values()].reduce((sum, members) => sum + members.length, 0);
  const groups = new Map<string, { from: number[]; to: readonly number[]; pairs: number }>();
  for (const [i, reached] of receivers) {
    if (reached.length === 0) continue;
    const withSelf =
      source === target && isSingle(units[i]!) && !reached.includes(i) ? [...reached, i] : reached;
    const to = [...withSelf].sort((a, b) => a - b);
    const key = withSelf.length === targets ? "all" : to.join();
    const group = groups.get(key) ?? { from: [], to, pairs: 0 };
    group.from.push(i);
    group.pairs += reached.length;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ from, to, pairs }) => ({
    from: from.sort((a, b) => a - b),
    // A lone sender that was put among its receivers only to compare is taken out again.
    to:
      from.length === 1 && to.length < targets ? to.filter((j) => receivers.get(from[0]!)!.includes(j)) : to,
    pairs,
  }));
}

function sideOf(
  units: readonly Unit[],
  spaces: Spaces,
  space: string,
  members: readonly number[],
): ChangeSide {
  const total = [...spaces.get(space)!.values()].reduce((sum, own) => sum + own.length, 0);
  const whole = members.length === total;
  const endpoints = members.map((i) => units[i]!.name);
  const text = whole ? space || "outside" : endpoints.join(", ");
  return { text, namespaces: space === outside ? [] : [space], whole, endpoints };
}
