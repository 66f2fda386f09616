import type { Direction, NormalPolicy, NormalRule, Protocol } from "../policy/normal.ts";
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
import { commonRanges, cutRanges, inRanges, joinRanges } from "./ranges.ts";
import { namedPorts, portsAdmit, rulePorts } from "./rule-ports.ts";
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
  const unit = side.classes.samples[subject.of]!;
  for (const rule of [...certain, ...possible].flatMap((policy) => policy.ingress!)) {
    const ports = rulePorts(rule, side.protocol);
    if (ports !== undefined && ports.names.size > 0)
      key += ` ${namedPorts(ports, unit, side.protocol)
        .sort((a, b) => a - b)
        .join()};`;
  }
  return key;
}

function piecesOf(side: OneSide, subject: Subject): MatrixPiece[] {
  const { masks, families, direction } = side;
  const { certain, possible, invalid } = subject;
  if (certain.length + possible.length + invalid.length === 0)
    return [{ ...allPorts, rows: masks.ofFamily.map((mask) => ({ yes: mask, maybe: mask })) }];
  const pieces: MatrixPiece[] = [];
  const spoken = [certain, ...possible.map((policy) => [policy])].map((some) =>
    spokenPorts(side, subject.of, some),
  );
  const cut = cutRanges(side.asked, spoken.flat());
  const rulesAt = spoken.map((ports) => sweep(ports));
  for (const { from, to } of cut) {
    const [sure, ...perhaps] = rulesAt.map((at) => at(from));
    const rows = families.map((family, f) => {
      let { yes, maybe } = rowAt(side, subject, sure!, perhaps, family, from);
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

/** A range of asked ports that a rule speaks of; on the sending side a name means what any receiver declares. */
interface SpokenPorts extends PortRange {
  readonly policy: NormalPolicy;
  readonly rule: NormalRule;
}

function spokenPorts(side: OneSide, of: number, policies: readonly NormalPolicy[]): SpokenPorts[] {
  const { asked, direction, protocol, classes, peers } = side;
  const spoken: SpokenPorts[] = [];
  for (const policy of policies)
    for (const rule of policy[direction]!) {
      const ports = rulePorts(rule, protocol);
      const ranges = ports === undefined ? [allPorts] : [...ports.ranges];
      if (ports !== undefined && ports.names.size > 0) {
        const named =
          direction === "ingress"
            ? namedPorts(ports, classes.samples[of]!, protocol)
            : [...peers.declared].flatMap(([name, by]) => (ports.names.has(name) ? [...by.keys()] : []));
        for (const port of named) ranges.push({ from: port, to: port });
      }
      for (const { from, to } of ports === undefined ? asked : commonRanges(joinRanges(ranges), asked))
        spoken.push({ policy, rule, from, to });
    }
  return spoken;
}

/** The rules that speak of a port, for ports that are asked for in ascending order. */
function sweep(spoken: readonly SpokenPorts[]): (port: number) => readonly SpokenPorts[] {
  const waiting = [...spoken].sort((a, b) => a.from - b.from);
  let next = 0;
  let open: SpokenPorts[] = [];
  return (port) => {
    open = open.filter(({ to }) => to >= port);
    while (next < waiting.length && waiting[next]!.from <= port) {
      const { [next]: ports } = waiting;
      if (ports!.to >= port) open.push(ports!);
      next++;
    }
    return open;
  };
}

function sameRows(a: readonly BitRow[], b: readonly BitRow[]): boolean {
  return a.every((row, f) => sameBits(row.yes, b[f]!.yes) && sameBits(row.maybe, b[f]!.maybe));
}

/** The classes that policies let through on one port: `decide` of evaluate.ts, for all classes at once. */
function rowAt(
  side: OneSide,
  { certain, possible, invalid, of }: Subject,
  sure: readonly SpokenPorts[],
  perhaps: readonly (readonly SpokenPorts[])[],
  family: Family,
  port: number,
): { yes: Bits; maybe: Bits } {
  const size = side.classes.samples.length;
  if (certain.length === 0) {
    const yes = invalid.length > 0 ? noBits(size) : allBits(size);
    for (const rules of perhaps) keepBits(yes, admittedBy(side, rules, of, family, port).yes);
    return { yes, maybe: allBits(size) };
  }
  const { yes, maybe } = admittedBy(side, sure, of, family, port);
  if (possible.length + invalid.length === 0) return { yes, maybe };
  const more = invalid.length > 0 ? allBits(size) : admittedBy(side, perhaps.flat(), of, family, port).maybe;
  addBits(more, maybe);
  return { yes, maybe: more };
}

/** The classes that any of the rules admits. The arrays are new, and one where nothing is unknown. */
function admittedBy(
  side: OneSide,
  rules: readonly SpokenPorts[],
  of: number,
  family: Family,
  port: number,
): { yes: Bits; maybe: Bits } {
  const size = side.classes.samples.length;
  const yes = noBits(size);
  let maybe: Bits | undefined;
  for (const { policy, rule } of rules) {
    const mask = portMask(side, rule, of, port);
    if (mask === "no") continue;
    const row = side.peers.ofRule(policy, rule, family);
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
function portMask(side: OneSide, rule: NormalRule, of: number, port: number): Bits | undefined | "no" {
  const { classes, direction, peers, protocol } = side;
  if (direction === "ingress")
    return portsAdmit(rule, classes.samples[of]!, protocol, port) ? undefined : "no";
  const ports = rulePorts(rule, protocol);
  if (ports === undefined || inRanges(ports.ranges, port)) return undefined;
  let mask: Bits | "no" = "no";
  if (ports.names.size > 0)
    for (const [name, byNumber] of peers.declared) {
      const declaring = ports.names.has(name) ? byNumber.get(port) : undefined;
      if (declaring === undefined) continue;
      if (mask === "no") mask = noBits(classes.samples.length);
      addBits(mask, declaring);
    }
  return mask;
}
