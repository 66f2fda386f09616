import type { Labels } from "@ashlar/core";
import { formatRange, type IpRange, wholeFamily } from "../policy/ip.ts";
import type { Protocol } from "../policy/normal.ts";
import { sameBits } from "./bits.ts";
import { classify } from "./classes.ts";
import { type Change, changesOf, collapse, type Delta, type ReachChange } from "./diff-groups.ts";
import { outsideUnit } from "./endpoints.ts";
import { type Carried, formatLabels, labelClasses } from "./label-classes.ts";
import { type MatrixCell, matrixCell, matrixOf, type ReachMatrix } from "./matrix.ts";
import type { NetworkModel } from "./model.ts";
import type { MatrixSide } from "./sides.ts";
import { MAYBE, NO, type Truth, YES } from "./truth.ts";
import { allPorts, type PortRange, type Unit } from "./unit.ts";
import { readVocabulary } from "./vocabulary.ts";

export interface ReachDiffOptions {
  /** Default: TCP, UDP and SCTP. */
  readonly protocols?: readonly Protocol[];
}

/**
 * What a change opens and closes, on every port. Compared are the pods and workloads that both models have, and besides,
 * for each namespace of both, a pod without labels (`prod/*`: any other pod), pods with the labels that selectors tell
 * apart and no pod there has (`prod/* with app=web`), and every class of outside addresses. Pods of one model alone are not
 * compared by name: what policies open or close to them is told of pods with their labels. Pairs that change alike are put
 * together, whole namespaces where all of their pairs do.
 *
 * @example
 * reachDiff(networkModel(old), networkModel(next)).map((c) => `${c.change} ${c.from.text} -> ${c.to.text}`);
 */
export function reachDiff(
  before: NetworkModel,
  after: NetworkModel,
  { protocols = ["TCP", "UDP", "SCTP"] }: ReachDiffOptions = {},
): ReachChange[] {
  const [old, next] = commonUnits(before, after);
  const byProtocol = protocols.map((protocol) => ({
    protocol,
    deltas: deltasOf(before, after, old, next, protocol),
  }));
  return collapse(old, byProtocol);
}

/** The units of both models in one order. */
function commonUnits(before: NetworkModel, after: NetworkModel): [Unit[], Unit[]] {
  const known = new Map(after.units.map((unit) => [unit.name, unit]));
  const old = before.units.filter((unit) => known.has(unit.name));
  const next = old.map((unit) => known.get(unit.name)!);
  const spaces = [...before.namespaces.keys()].filter((name) => after.namespaces.has(name)).sort();
  const classes = labelClasses(before, after, spaces, carriedIn(old, next));
  const others = (model: NetworkModel) =>
    spaces.flatMap((name) =>
      [{}, ...(classes.get(name) ?? [])].map((labels) => anyOther(name, labels, model)),
    );
  const outside = outsideUnits(before, after);
  return [
    [...old, ...others(before), ...outside],
    [...next, ...others(after), ...outside],
  ];
}

/** The labels of the pods that policies speak of, by namespace. */
function carriedIn(old: readonly Unit[], next: readonly Unit[]): Map<string, Carried[]> {
  const carried = new Map<string, Carried[]>();
  for (const [i, unit] of old.entries()) {
    const then = next[i]!;
    if ([unit, then].some(({ policed, broken }) => !policed || broken !== undefined)) continue;
    const own = carried.get(unit.namespace!);
    if (own === undefined) carried.set(unit.namespace!, [[unit.labels, then.labels]]);
    else own.push([unit.labels, then.labels]);
  }
  return carried;
}

/** A pod without ports, and with no other labels. */
function anyOther(namespace: string, labels: Labels, { families, podRanges }: NetworkModel): Unit {
  const text = formatLabels(labels);
  return {
    kind: "workload",
    name: text === "" ? `${namespace}/*` : `${namespace}/* with ${text}`,
    namespace,
    labels: { labels, complete: true },
    possible: true,
    policed: true,
    host: false,
    families,
    ...(podRanges && { within: podRanges }),
    ports: [],
  };
}

/** An address of each interval of the families in use that no block of either model cuts. */
function outsideUnits(before: NetworkModel, after: NetworkModel): Unit[] {
  const blocks = [before, after].flatMap((m) => readVocabulary(m.policies, [], "TCP").blocks);
  const used = new Set(
    [before, after].flatMap((m) => [...m.families, ...m.units.flatMap((u) => u.families)]),
  );
  return [...used].sort().flatMap((family) => {
    const whole = wholeFamily(family);
    const ranges = blocks.flatMap((b) => [b.cidr, ...b.except]).filter((r) => r.family === family);
    const starts = new Set([whole.first, ...ranges.flatMap((r) => [r.first, r.last + 1n])]);
    starts.delete(whole.last + 1n);
    const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
    return sorted.map((first, i) => {
      const interval: IpRange = { family, first, last: (sorted[i + 1] ?? whole.last + 1n) - 1n };
      return { ...outsideUnit({ family, first, last: first }), name: formatRange(interval) };
    });
  });
}

/** The pairs of classes that change, over a partition that is fine enough for both models. */
function deltasOf(
  before: NetworkModel,
  after: NetworkModel,
  old: readonly Unit[],
  next: readonly Unit[],
  protocol: Protocol,
): { readonly classOf: Int32Array; readonly deltas: readonly Delta[] } {
  const finer = placesOf(old, next);
  const ofOld = classify(before, old, protocol, { finer }).of;
  const classesNext = classify(after, next, protocol, { finer: ofOld });
  const classesOld = classify(before, old, protocol, { finer: classesNext.of });
  const a = matrixOf(before, old, classesOld, protocol, undefined);
  const b = matrixOf(after, next, classesNext, protocol, undefined);
  const members = membersOf(a.classOf, classesOld.samples.length);
  const moved = movedClasses(old, next, a.classOf);
  const senders = changedRows(a.egress, b.egress, a, b);
  const receivers = changedRows(a.ingress, b.ingress, a, b);
  const deltas: Delta[] = [];
  for (const [c, from] of members.entries())
    for (const [d, to] of members.entries()) {
      if (!senders[c] && !receivers[d] && !moved.has(c) && !moved.has(d)) continue;
      const j = c === d && a.single[to[0]!] === 1 ? to[1] : to[0];
      if (j === undefined) continue;
      const changes = compare(matrixCell(a, from[0]!, j), matrixCell(b, from[0]!, j));
      if (changes.length > 0) deltas.push({ from: c, to: d, changes });
    }
  return { classOf: a.classOf, deltas };
}

/** Where nodes decide (senders from nodes reach their own pods) units are told apart by node, and single pods from many. */
function placesOf(old: readonly Unit[], next: readonly Unit[]): Int32Array {
  const withHosts = [...old, ...next].some((unit) => unit.host);
  const places = new Map<string, number>();
  return Int32Array.from(old, (unit, i) => {
    const node = withHosts ? `${unit.node ?? ""} ${next[i]!.node ?? ""}` : "";
    const place = `${unit.kind === "workload"} ${next[i]!.kind === "workload"} ${node}`;
    if (!places.has(place)) places.set(place, places.size);
    return places.get(place)!;
  });
}

/** Classes of units that are on another node, or use its network only in one model: nodes reach their own pods. */
function movedClasses(old: readonly Unit[], next: readonly Unit[], classOf: Int32Array): Set<number> {
  const moved = old.flatMap((unit, i) =>
    unit.node === next[i]!.node && unit.host === next[i]!.host ? [] : [classOf[i]!],
  );
  return new Set([...old, ...next].some((unit) => unit.host) ? moved : []);
}

function membersOf(classOf: Int32Array, count: number): number[][] {
  const members: number[][] = Array.from({ length: count }, () => []);
  for (const [i, c] of classOf.entries()) members[c]!.push(i);
  return members;
}

/** The classes whose rows differ. Rows compare bit by bit, for the classes of both matrices are the same. */
function changedRows(
  a: MatrixSide,
  b: MatrixSide,
  { families, broken }: ReachMatrix,
  next: ReachMatrix,
): boolean[] {
  const known = new Map<string, boolean>();
  const sameFamilies = families.join() === next.families.join();
  return Array.from(broken, (was, c) => {
    if (!sameFamilies || was !== next.broken[c]) return true;
    const key = `${a.rowsOf[c]} ${b.rowsOf[c]}`;
    const found = known.get(key) ?? rowsDiffer(a, b, c);
    known.set(key, found);
    return found;
  });
}

function rowsDiffer(a: MatrixSide, b: MatrixSide, c: number): boolean {
  const [old, next] = [a.pieces[a.rowsOf[c]!]!, b.pieces[b.rowsOf[c]!]!];
  if (old.length !== next.length) return true;
  return old.some((piece, i) => {
    const other = next[i]!;
    const same = piece.rows.every(
      (row, f) => sameBits(row.yes, other.rows[f]!.yes) && sameBits(row.maybe, other.rows[f]!.maybe),
    );
    return piece.to !== other.to || !same;
  });
}

/** The ports on which two cells differ, by what happens to them. */
function compare(before: MatrixCell, after: MatrixCell): Change[] {
  const [old, next] = [partsOf(before), partsOf(after)];
  const starts = [...new Set([...old, ...next].map((part) => part.from))].sort((a, b) => a - b);
  return changesOf(
    starts.map((from, i) => ({
      from,
      to: (starts[i + 1] ?? allPorts.to + 1) - 1,
      before: answerAt(old, from),
      after: answerAt(next, from),
    })),
  );
}

interface Part extends PortRange {
  readonly answer: Truth;
}

/** A cell as ranges that say yes or maybe, over a first one that says no to all. */
function partsOf({ ports, unknown }: MatrixCell): Part[] {
  const ranges = ports === "all" ? [allPorts] : ports === "none" ? [] : ports;
  const some = [
    ...ranges.map((range) => ({ ...range, answer: YES as Truth })),
    ...unknown.map((range) => ({ ...range, answer: MAYBE as Truth })),
  ];
  const after = some
    .filter(({ to }) => to < allPorts.to)
    .map(({ to }) => ({ from: to + 1, to: to + 1, answer: NO as Truth }));
  return [{ ...allPorts, answer: NO }, ...after, ...some];
}

function answerAt(parts: readonly Part[], port: number): Truth {
  return parts.reduce<Truth>(
    (best, { from, to, answer }) => (from <= port && port <= to && answer > best ? answer : best),
    NO,
  );
}
