import type { Direction, NormalPolicy, NormalPort, NormalRule, Protocol } from "../policy/normal.ts";
import {
  addBits,
  allBits,
  type BitRow,
  type Bits,
  bitRow,
  keepBits,
  noBits,
  sameBits,
  setBit,
} from "./bits.ts";
import type { Classes } from "./classes.ts";
import { type Selecting, selectingIn } from "./evaluate.ts";
import type { NetworkModel } from "./model.ts";
import { type PeerRows, peerRows } from "./peer-rows.ts";
import type { Truth } from "./truth.ts";
import { allPorts, type Family, type PortRange, type Unit } from "./unit.ts";

/** Who gets through the policies of one side: of senders (egress) or receivers (ingress). */
export interface MatrixSide {
  /** Index into `pieces` by class; classes that the same policies select share one. */
  readonly rowsOf: Int32Array;
  /** The asked ports in order, cut where an answer may change. */
  readonly pieces: readonly (readonly MatrixPiece[])[];
}

export interface MatrixPiece extends PortRange {
  /** By family: the classes on the other side. */
  readonly rows: readonly BitRow[];
}

export interface SideContext {
  readonly model: NetworkModel;
  readonly classes: Classes;
  readonly protocol: Protocol;
  readonly families: readonly Family[];
  /** Every port that the question is about, in order. */
  readonly asked: readonly PortRange[];
}

/** Both sides of the matrix of a model, by classes. */
export function matrixSides(context: SideContext): Record<Direction, MatrixSide> {
  const { samples } = context.classes;
  const peers = peerRows(context.classes);
  const of = (holds: (unit: Unit) => boolean): Bits => {
    const bits = noBits(samples.length);
    for (const [c, sample] of samples.entries()) if (holds(sample)) setBit(bits, c);
    return bits;
  };
  const masks: Masks = {
    ofFamily: context.families.map((family) => of((unit) => unit.families.includes(family))),
    hosts: of((unit) => unit.host),
    unplacedHosts: of((unit) => unit.host && unit.node === undefined),
    withHosts: samples.some((unit) => unit.host),
  };
  const side = (direction: Direction) => sideOf({ ...context, peers, masks, direction });
  return { egress: side("egress"), ingress: side("ingress") };
}

interface Masks {
  readonly ofFamily: readonly Bits[];
  readonly hosts: Bits;
  readonly unplacedHosts: Bits;
  readonly withHosts: boolean;
}

interface OneSide extends SideContext {
  readonly peers: PeerRows;
  readonly masks: Masks;
  readonly direction: Direction;
}

/** The policies that select a class, and the class as receiver of port names. */
interface Subject extends Selecting {
  readonly of: number;
  /** Its node is not known, so that senders from nodes may be on it. */
  readonly unplaced: boolean;
}

function sideOf(side: OneSide): MatrixSide {
  const { model, classes, direction, masks } = side;
  const rowsOf = new Int32Array(classes.samples.length);
  const pieces: MatrixPiece[][] = [];
  const known = new Map<string, number>();
  const index = new Map<NormalPolicy, number>();
  for (const policy of model.policies) index.set(policy, index.size);
  for (const [c, unit] of classes.samples.entries()) {
    const selecting = selectingIn(model, unit, direction, (wanted) => classes.byLabels(wanted)[c] as Truth);
    const unplaced = direction === "ingress" && masks.withHosts && unit.node === undefined;
    const subject = { ...selecting, of: c, unplaced };
    const key = keyOf(side, subject, index);
    let found = known.get(key);
    if (found === undefined) {
      found = pieces.length;
      known.set(key, found);
      pieces.push(piecesOf(side, subject));
    }
    rowsOf[c] = found;
  }
  return { rowsOf, pieces };
}

/** Equal for classes whose rows are equal: the same policies select them, and their port names read alike. */
function keyOf(side: OneSide, subject: Subject, index: ReadonlyMap<NormalPolicy, number>): string {
  const { certain, possible, invalid, unplaced } = subject;
  if (certain.length + possible.length + invalid.length === 0) return "";
  let key = `${invalid.length > 0 ? "i" : ""}${unplaced ? "u" : ""}`;
  for (const policy of certain) key += ` ${index.get(policy)}`;
  for (const policy of possible) key += ` ${index.get(policy)}?`;
  if (side.direction === "egress") return key;
  for (const policy of [...certain, ...possible])
    for (const { ports } of policy.ingress!)
      for (const entry of ports ?? [])
        if (entry.kind === "name" && entry.protocol === side.protocol)
          key += ` ${side.peers.numbersIn(entry.name, subject.of).join()};`;
  return key;
}

function piecesOf(side: OneSide, subject: Subject): MatrixPiece[] {
  const { masks, families, direction } = side;
  if (subject.certain.length + subject.possible.length + subject.invalid.length === 0)
    return [{ ...allPorts, rows: masks.ofFamily.map((mask) => ({ yes: mask, maybe: mask })) }];
  const pieces: MatrixPiece[] = [];
  for (const { from, to } of cutPorts(side, subject)) {
    const rows = families.map((family, f) => {
      let { yes, maybe } = rowAt(side, subject, family, from);
      if (direction === "ingress" && masks.withHosts) {
        if (maybe === yes) maybe = yes.slice();
        addBits(maybe, subject.unplaced ? masks.hosts : masks.unplacedHosts);
      }
      keepBits(yes, masks.ofFamily[f]!);
      if (maybe !== yes) keepBits(maybe, masks.ofFamily[f]!);
      return bitRow(yes, maybe);
    });
    const last = pieces.at(-1);
    if (last !== undefined && last.to + 1 === from && sameRows(last.rows, rows))
      pieces[pieces.length - 1] = { ...last, to };
    else pieces.push({ from, to, rows });
  }
  return pieces;
}

function sameRows(a: readonly BitRow[], b: readonly BitRow[]): boolean {
  return a.every((row, f) => sameBits(row.yes, b[f]!.yes) && sameBits(row.maybe, b[f]!.maybe));
}

/** The asked ports, cut where a port entry of the selecting policies begins or has ended. */
function cutPorts(side: OneSide, { certain, possible, of }: Subject): readonly PortRange[] {
  const { asked, direction } = side;
  if (asked.every((range) => range.from === range.to)) return asked;
  const cuts = new Set<number>();
  for (const policy of [...certain, ...possible])
    for (const entry of policy[direction]!.flatMap((rule) => rule.ports ?? []))
      for (const { from, to } of entryRanges(side, entry, of)) cuts.add(from).add(to + 1);
  const sorted = [...cuts].sort((a, b) => a - b);
  return asked.flatMap(({ from, to }) => {
    const starts = [from, ...sorted.filter((port) => port > from && port <= to)];
    return starts.map((start, i) => ({ from: start, to: (starts[i + 1] ?? to + 1) - 1 }));
  });
}

/** The ports that an entry may mean: a name on the sending side means what each receiver declares. */
function entryRanges(
  { peers, direction, protocol }: OneSide,
  entry: NormalPort,
  of: number,
): readonly PortRange[] {
  if (entry.protocol !== protocol) return [];
  if (entry.kind === "range") return [entry];
  const numbers = direction === "egress" ? peers.numbersOf(entry.name) : peers.numbersIn(entry.name, of);
  return numbers.map((n) => ({ from: n, to: n }));
}

/** The classes that policies let through on one port: `decide` of evaluate.ts, for all classes at once. */
function rowAt(side: OneSide, subject: Subject, family: Family, port: number): { yes: Bits; maybe: Bits } {
  const { certain, possible, invalid, of } = subject;
  const size = side.classes.samples.length;
  if (certain.length === 0) {
    const yes = invalid.length > 0 ? noBits(size) : allBits(size);
    for (const policy of possible) keepBits(yes, admittedBy(side, [policy], of, family, port).yes);
    return { yes, maybe: allBits(size) };
  }
  const { yes, maybe } = admittedBy(side, certain, of, family, port);
  if (possible.length + invalid.length === 0) return { yes, maybe };
  const more = invalid.length > 0 ? allBits(size) : admittedBy(side, possible, of, family, port).maybe;
  addBits(more, maybe);
  return { yes, maybe: more };
}

/** The classes that any rule of the policies admits. The arrays are new, and one where nothing is unknown. */
function admittedBy(
  { classes, direction, peers, protocol }: OneSide,
  policies: readonly NormalPolicy[],
  of: number,
  family: Family,
  port: number,
): { yes: Bits; maybe: Bits } {
  const size = classes.samples.length;
  const yes = noBits(size);
  let maybe: Bits | undefined;
  for (const policy of policies)
    for (const rule of policy[direction]!) {
      const mask = portMask(rule, peers, direction, of, protocol, port, size);
      if (mask === "no") continue;
      const row = peers.ofRule(policy, rule, family);
      addBits(yes, row.yes, mask);
      if (row.maybe === row.yes) continue;
      maybe ??= noBits(size);
      addBits(maybe, row.maybe, mask);
    }
  if (maybe === undefined) return { yes, maybe: yes };
  addBits(maybe, yes);
  return { yes, maybe };
}

/** The receivers for which a rule speaks of a port: `undefined` for all, `no` for none. */
function portMask(
  { ports }: NormalRule,
  peers: PeerRows,
  direction: Direction,
  of: number,
  protocol: Protocol,
  port: number,
  size: number,
): Bits | undefined | "no" {
  if (ports === undefined) return undefined;
  let mask: Bits | "no" = "no";
  for (const entry of ports) {
    if (entry.protocol !== protocol) continue;
    if (entry.kind === "range") {
      if (entry.from <= port && port <= entry.to) return undefined;
    } else if (direction === "ingress") {
      if (peers.numbersIn(entry.name, of).includes(port)) return undefined;
    } else {
      if (mask === "no") mask = noBits(size);
      addBits(mask, peers.declaring(entry.name, port));
    }
  }
  return mask;
}
