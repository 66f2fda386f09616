import type { Protocol } from "../policy/normal.ts";
import { hasBit } from "./bits.ts";
import { type Classes, classify } from "./classes.ts";
import { type Endpoint, resolveEndpoint } from "./endpoints.ts";
import type { NetworkModel } from "./model.ts";
import { joinRanges } from "./ranges.ts";
import { unitsBehind } from "./routes.ts";
import { readProtocol } from "./services.ts";
import { type MatrixPiece, type MatrixSide, matrixSides } from "./sides.ts";
import { MAYBE, NO, type Truth, YES } from "./truth.ts";
import { allPorts, type Family, numbersOf, type PortRange, type Unit } from "./unit.ts";
import { type Outcome, outcomeOf } from "./verdict.ts";
import { isPortNumber } from "./workloads.ts";

export interface ReachMatrixOptions {
  /** A number, a name (of a port of the receiving pod), or absent: exact over every port. */
  readonly port?: number | string;
  /** Default TCP. */
  readonly protocol?: Protocol;
  /** Who is asked about; default: every live pod, and every workload without one. Workloads and Services stand for their pods. */
  readonly endpoints?: readonly Endpoint[];
}

/**
 * Who reaches whom, all pairs. Plain data: endpoints fall into classes that no policy tells apart, and each class has,
 * for each side and piece of the port space, a bit set of the classes that get through. Ask with `matrixReaches` and
 * `matrixCell`, by positions in `endpoints`.
 */
export interface ReachMatrix {
  readonly endpoints: readonly string[];
  readonly protocol: Protocol;
  readonly port?: number | string;
  readonly classOf: Int32Array;
  readonly families: readonly Family[];
  readonly egress: MatrixSide;
  readonly ingress: MatrixSide;
  /** By class of the receiver: the ports that are asked for. Empty where it does not declare the asked name. */
  readonly asked: readonly (readonly PortRange[])[];
  /** By class: nothing can be said of it. */
  readonly broken: Uint8Array;
  /** By endpoint: 1 for a single pod or address, which always reaches itself; 0 for a workload's pods. */
  readonly single: Uint8Array;
  /** By endpoint: it sends from its node's address. */
  readonly host: Uint8Array;
  /** By endpoint: its node, as a number; -1 when not known. */
  readonly nodeOf: Int32Array;
}

/** One cell: what gets through of the ports that were asked for. */
export interface MatrixCell {
  readonly outcome: Outcome;
  /** Those that surely get through. */
  readonly ports: "all" | "none" | readonly PortRange[];
  /** Ports whose answer depends on facts that are missing. */
  readonly unknown: readonly PortRange[];
}

/**
 * The matrix of a model: pods and workloads × pods and workloads, exactly as `reach` answers for each pair.
 *
 * @example
 * const matrix = reachMatrix(model, { port: 80 });
 * matrix.endpoints.map((_, j) => matrixReaches(matrix, 0, j));
 */
export function reachMatrix(model: NetworkModel, options: ReachMatrixOptions = {}): ReachMatrix {
  const { port, protocol = "TCP" } = options;
  const units = options.endpoints === undefined ? model.units : unitsOf(model, options.endpoints);
  const classes = classify(model, units, protocol, { portName: typeof port === "string" ? port : undefined });
  return matrixOf(model, units, classes, protocol, port);
}

/** The matrix of units that are already in classes. */
export function matrixOf(
  model: NetworkModel,
  units: readonly Unit[],
  classes: Classes,
  protocol: Protocol,
  port: number | string | undefined,
): ReachMatrix {
  const families = ([4, 6] as const).filter((f) => classes.samples.some((s) => s.families.includes(f)));
  const asked = readProtocol(protocol) === undefined ? classes.samples.map(() => []) : askedOf(classes, port);
  const distinct = new Map(asked.flat().map((range) => [range.from, range]));
  const ranges = [...distinct.values()].sort((a, b) => a.from - b.from);
  const nodes = new Map<string, number>();
  for (const { node } of units) if (node !== undefined && !nodes.has(node)) nodes.set(node, nodes.size);
  return {
    endpoints: units.map((unit) => unit.name),
    protocol,
    ...(port !== undefined && { port }),
    classOf: classes.of,
    families,
    ...matrixSides({ model, classes, protocol, families, asked: ranges }),
    asked,
    broken: Uint8Array.from(classes.samples, (s) => (s.broken === undefined ? 0 : 1)),
    single: Uint8Array.from(units, (unit) => (unit.kind === "workload" ? 0 : 1)),
    host: Uint8Array.from(units, (unit) => (unit.host ? 1 : 0)),
    nodeOf: Int32Array.from(units, ({ node }) => (node === undefined ? -1 : nodes.get(node)!)),
  };
}

/** Whether endpoint `from` surely reaches endpoint `to` on every port that was asked for. */
export function matrixReaches(matrix: ReachMatrix, from: number, to: number): boolean {
  const { classOf, egress, ingress, families, asked } = matrix;
  const c = classOf[from]!;
  const d = classOf[to]!;
  if (asked[d]!.length === 0) return false;
  const special = exception(matrix, from, to, c, d);
  if (special !== undefined) return special === YES;
  const out = egress.pieces[egress.rowsOf[c]!]!;
  const into = ingress.pieces[ingress.rowsOf[d]!]!;
  if (out.length > 1 || into.length > 1) return matrixCell(matrix, from, to).outcome === "allowed";
  for (let f = 0; f < families.length; f++)
    if (hasBit(out[0]!.rows[f]!.yes, d) && hasBit(into[0]!.rows[f]!.yes, c)) return true;
  return false;
}

/** What gets through from endpoint `from` to endpoint `to`. */
export function matrixCell(matrix: ReachMatrix, from: number, to: number): MatrixCell {
  const [c, d] = [matrix.classOf[from]!, matrix.classOf[to]!];
  const asked = matrix.asked[d]!;
  const special = exception(matrix, from, to, c, d);
  if (special !== undefined) return cellOf(asked.map((range) => ({ ...range, answer: special })));
  const out = matrix.egress.pieces[matrix.egress.rowsOf[c]!]!;
  const into = matrix.ingress.pieces[matrix.ingress.rowsOf[d]!]!;
  const parts = asked.flatMap((range) =>
    overlaps(range, out, into).map(({ from: first, to: last, a, b }): Part => {
      const through = (set: "yes" | "maybe") =>
        matrix.families.some((_, f) => hasBit(a.rows[f]![set], d) && hasBit(b.rows[f]![set], c));
      return { from: first, to: last, answer: through("yes") ? YES : through("maybe") ? MAYBE : NO };
    }),
  );
  return cellOf(parts);
}

/** The parts of a range on which neither side changes, with the pieces of both. Pieces are in order and without gaps there. */
function overlaps(range: PortRange, out: readonly MatrixPiece[], into: readonly MatrixPiece[]) {
  const found: { from: number; to: number; a: MatrixPiece; b: MatrixPiece }[] = [];
  let [i, j] = [firstAt(out, range.from), firstAt(into, range.from)];
  for (let from = range.from; from <= range.to; ) {
    const [a, b] = [out[i]!, into[j]!];
    const to = Math.min(range.to, a.to, b.to);
    found.push({ from, to, a, b });
    if (a.to === to) i++;
    if (b.to === to) j++;
    from = to + 1;
  }
  return found;
}

function firstAt(pieces: readonly MatrixPiece[], port: number): number {
  return pieces.findIndex((piece) => piece.from <= port && port <= piece.to);
}

interface Part extends PortRange {
  readonly answer: Truth;
}

/** What is not decided by classes: broken objects, a pod and itself, a node and its pods. */
function exception(matrix: ReachMatrix, from: number, to: number, c: number, d: number): Truth | undefined {
  const { broken, single, host, nodeOf } = matrix;
  if (broken[c] === 1 || broken[d] === 1) return MAYBE;
  if (from === to && single[from] === 1) return YES;
  if (host[from] === 1 && nodeOf[from]! >= 0 && nodeOf[from] === nodeOf[to]) return shareFamily(matrix, c, d);
  return undefined;
}

/** Senders from a node pass every egress row of a family that the receiver has. */
function shareFamily(matrix: ReachMatrix, c: number, d: number): Truth {
  const has = (of: number, other: number) =>
    matrix.egress.pieces[matrix.egress.rowsOf[of]!]![0]!.rows.map((row) => hasBit(row.yes, other));
  const [receiver, sender] = [has(c, d), has(c, c)];
  return receiver.some((own, f) => own && sender[f]) ? YES : NO;
}

function cellOf(parts: readonly Part[]): MatrixCell {
  if (parts.length === 0) return { outcome: "unknown", ports: "none", unknown: [] };
  const outcome = outcomeOf(parts.map((part) => part.answer));
  const allowed = joinRanges(parts.filter((part) => part.answer === YES));
  const unknown = joinRanges(parts.filter((part) => part.answer === MAYBE));
  if (outcome === "allowed") return { outcome, ports: "all", unknown };
  return { outcome, ports: allowed.length === 0 ? "none" : allowed, unknown };
}

function unitsOf(model: NetworkModel, endpoints: readonly Endpoint[]): Unit[] {
  const units = endpoints.flatMap((endpoint): readonly Unit[] => {
    const party = resolveEndpoint(model, endpoint);
    if (party.problem !== undefined) return [{ ...nobody, name: party.name, broken: party.problem }];
    return party.service === undefined ? party.units : unitsBehind(model, party.service);
  });
  return [...new Set(units)];
}

/** An endpoint that nobody has: everything about it is unknown. */
const nobody: Unit = {
  kind: "outside",
  name: "",
  labels: { labels: {}, complete: true },
  policed: false,
  host: false,
  families: [4],
  ports: [],
};

function askedOf(classes: Classes, port: number | string | undefined): PortRange[][] {
  if (typeof port !== "string") {
    const range = port === undefined ? allPorts : { from: port, to: port };
    return classes.samples.map(() => (port === undefined || isPortNumber(port) ? [range] : []));
  }
  return classes.samples.map((sample) =>
    numbersOf(sample, port, classes.protocol).map((n) => ({ from: n, to: n })),
  );
}
