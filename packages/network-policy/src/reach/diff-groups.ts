import type { Labels } from "@ashlar/core";
import type { Protocol } from "../policy/normal.ts";
import { formatLabels } from "./label-classes.ts";
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
  /**
   * `prod` for a whole namespace, `outside` for all addresses outside, `prod but pods labelled app=web`, `pods labelled
   * app=web in prod`, else the endpoints; several joined by commas.
   */
  readonly text: string;
  /** Empty for addresses outside. */
  readonly namespaces: readonly string[];
  /** All endpoints of the namespaces, or all addresses outside. */
  readonly whole: boolean;
  readonly endpoints: readonly string[];
  /** Pods of the namespaces that could exist, by their labels: nobody but they, or all endpoints but they. */
  readonly labelled?: { readonly are: "meant" | "excepted"; readonly labels: readonly string[] };
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
      const key = JSON.stringify([change.change, change.from.text, change.to.text, change.ports]);
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
  const alike = new Map<string, ReachChange[]>();
  for (const change of changes) {
    const { whole, namespaces, text, labelled } = change[side];
    const group = labelled ?? (whole && namespaces.length > 0 ? "" : text);
    const key = JSON.stringify([group, change.change, change[other].text, change.protocols, change.ports]);
    const same = alike.get(key);
    if (same === undefined) alike.set(key, [change]);
    else same.push(change);
  }
  return [...alike.values()].map((same) => {
    if (same.length === 1) return same[0]!;
    const sides = same.map((change) => change[side]).sort((a, b) => order(a.text, b.text));
    const { whole, labelled } = sides[0]!;
    const joined = withText({
      namespaces: sides.flatMap((s) => s.namespaces),
      whole,
      endpoints: sides.flatMap((s) => s.endpoints),
      ...(labelled && { labelled }),
    });
    return { ...same[0]!, [side]: joined, pairs: same.reduce((sum, change) => sum + change.pairs, 0) };
  });
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Positions of endpoints by namespace and class. */
type Spaces = ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>;

const outside = "";

/** What changes alike from one namespace to another: the classes of receivers by class of senders. */
interface Bucket {
  readonly source: string;
  readonly target: string;
  readonly change: Change;
  readonly receivers: Map<number, number[]>;
}

function changesIn(
  units: readonly Unit[],
  classOf: Int32Array,
  deltas: readonly Delta[],
  protocol: Protocol,
): ReachChange[] {
  const spaces = spacesOf(units, classOf);
  const spacesWith = new Map<number, string[]>();
  for (const [space, classes] of spaces) for (const c of classes.keys()) push(spacesWith, c, space);
  const buckets = new Map<string, Bucket>();
  for (const { from, to, changes } of deltas)
    for (const change of changes) {
      const what = JSON.stringify(change);
      for (const source of spacesWith.get(from)!)
        for (const target of spacesWith.get(to)!) {
          const key = `${source} ${target} ${what}`;
          const bucket = buckets.get(key) ?? { source, target, change, receivers: new Map() };
          buckets.set(key, bucket);
          push(bucket.receivers, from, to);
        }
    }
  return [...buckets.values()].flatMap((bucket) =>
    groupsOf(bucket, units, spaces).map(({ from, to, pairs }) => {
      // A lone receiver does not count as a sender that is missing: it always reaches itself.
      const self = bucket.source === bucket.target && to.length === 1 && isSingle(units[to[0]!]!) ? to : [];
      return {
        change: bucket.change.kind,
        from: sideOf(units, spaces, bucket.source, from, self),
        to: sideOf(units, spaces, bucket.target, to),
        protocols: [protocol],
        ports: bucket.change.ports,
        pairs,
      };
    }),
  );
}

function spacesOf(units: readonly Unit[], classOf: Int32Array): Spaces {
  const spaces = new Map<string, Map<number, number[]>>();
  for (const [i, { namespace = outside }] of units.entries()) {
    const classes = spaces.get(namespace) ?? new Map<number, number[]>();
    spaces.set(namespace, classes);
    push(classes, classOf[i]!, i);
  }
  return spaces;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function isSingle(unit: Unit): boolean {
  return unit.kind !== "workload";
}

/** Positions of senders that have the same receivers. */
interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly pairs: number;
}

/**
 * Puts classes of senders with the same receivers together. Whether a lone pod is among its own receivers does not count:
 * it goes where more classes go.
 */
function groupsOf({ source, target, receivers }: Bucket, units: readonly Unit[], spaces: Spaces): Group[] {
  const [senders, targets] = [spaces.get(source)!, spaces.get(target)!];
  const choices: { c: number; pairs: number; lists: number[][] }[] = [];
  const votes = new Map<string, number>();
  for (const [c, reached] of receivers) {
    const own = senders.get(c)!;
    const selves = source === target ? own.filter((i) => isSingle(units[i]!)).length : 0;
    const pairs = reached.reduce(
      (sum, d) => sum + own.length * targets.get(d)!.length - (d === c ? selves : 0),
      0,
    );
    if (pairs === 0) continue;
    const others = own.length === 1 && selves === 1 ? reached.filter((d) => d !== c) : undefined;
    const lists = others === undefined ? [reached] : [others, [...others, c]];
    for (const list of lists) votes.set(list.sort(byNumber).join(), (votes.get(list.join()) ?? 0) + 1);
    choices.push({ c, pairs, lists });
  }
  const groups = new Map<string, { classes: number[]; to: readonly number[]; pairs: number }>();
  for (const { c, pairs, lists } of choices) {
    const weight = (list: readonly number[]) =>
      votes.get(list.join())! + (list.length === targets.size ? 0.5 : 0);
    const to = lists.reduce((best, list) => (weight(list) > weight(best) ? list : best));
    const group = groups.get(to.join()) ?? { classes: [], to, pairs: 0 };
    groups.set(to.join(), group);
    group.classes.push(c);
    group.pairs += pairs;
  }
  const members = (classes: readonly number[], of: ReadonlyMap<number, readonly number[]>) =>
    classes.flatMap((c) => of.get(c)!).sort(byNumber);
  return [...groups.values()].map(({ classes, to, pairs }) => ({
    from: members(classes, senders),
    to: members(to, targets),
    pairs,
  }));
}

function byNumber(a: number, b: number): number {
  return a - b;
}

/** `besides`: positions that are as good as members. */
function sideOf(
  units: readonly Unit[],
  spaces: Spaces,
  space: string,
  members: readonly number[],
  besides: readonly number[] = [],
): ChangeSide {
  const has = new Set([...members, ...besides]);
  const missing = [...spaces.get(space)!.values()].flat().filter((i) => !has.has(i));
  const some = {
    namespaces: space === outside ? [] : [space],
    endpoints: members.map((i) => units[i]!.name),
  };
  const isLabelled = (i: number) =>
    units[i]!.possible === true && Object.keys(units[i]!.labels.labels).length > 0;
  const labelled = (are: "meant" | "excepted", which: readonly number[]) =>
    withText({
      ...some,
      whole: false,
      labelled: { are, labels: fewest(which.map((i) => units[i]!.labels.labels)) },
    });
  if (missing.length === 0) return withText({ ...some, whole: true });
  if (members.every(isLabelled)) return labelled("meant", members);
  if (missing.every(isLabelled)) return labelled("excepted", missing);
  return withText({ ...some, whole: false });
}

/** As texts, without those that have all labels of another. */
function fewest(all: readonly Labels[]): string[] {
  const isPart = (part: Labels, of: Labels) =>
    Object.entries(part).every(([key, value]) => of[key] === value);
  return all
    .filter((labels) => !all.some((other) => other !== labels && isPart(other, labels)))
    .map(formatLabels)
    .sort();
}

function withText(side: Omit<ChangeSide, "text">): ChangeSide {
  return { text: sideText(side), ...side };
}

/** A side for people; of long lists no more than `most` are written out. */
export function sideText(
  { whole, namespaces, endpoints, labelled }: Omit<ChangeSide, "text">,
  most = Number.POSITIVE_INFINITY,
): string {
  const list = (names: readonly string[], between = ", ") =>
    names.length <= most
      ? names.join(between)
      : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  if (whole && namespaces.length === 0) return "outside";
  if (labelled === undefined) return list(whole ? namespaces : endpoints);
  const pods = `pods labelled ${list(labelled.labels, " or ")}`;
  return labelled.are === "meant" ? `${pods} in ${list(namespaces)}` : `${list(namespaces)} but ${pods}`;
}
