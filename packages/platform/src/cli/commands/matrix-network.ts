import {
  type MatrixCell,
  matrixCell,
  type NetworkModel,
  namespaceMatrix,
  parsePorts,
  reachMatrix,
} from "@ashlar/network-policy";
import { networkOf } from "../../check.ts";
import type { Arguments } from "../arguments.ts";
import { LIVE_OPTIONS } from "../cluster-options.ts";
import { type Command, FORMAT, NAMESPACE, PARAM } from "../command.ts";
import { formatGrid } from "../grid.ts";
import { loadInput } from "../input.ts";
import { type Io, UsageError } from "../io.ts";
import { printJson, reportUnread } from "../output.ts";
import { paint } from "../text.ts";

/** What is known of one ordered pair. */
type Outcome = "all" | "none" | "some" | "unknown";

interface Table {
  readonly names: readonly string[];
  readonly outcome: (from: number, to: number) => Outcome;
  /** The open ports of a pair of which only some are. */
  readonly ports?: (from: number, to: number) => MatrixCell["ports"];
}

const OUTCOMES = { allowed: "all", denied: "none", partial: "some", unknown: "unknown" } as const;
const SIGNS: Readonly<Record<Outcome, string>> = { all: "✓", none: "·", some: "~", unknown: "?" };
const COLORS = { all: "green", none: "dim", some: "yellow", unknown: "red" } as const;

export const matrixNetworkCommand: Command = {
  name: "matrix network",
  usage:
    "ashlar matrix network [PATH...] [--by namespace|workload] [--port PORT[/PROTOCOL]] [--format text|json]",
  summary: "print who reaches whom",
  details: `--by namespace (default) speaks of every pod that could exist in a namespace; --by workload of the pods and
workloads of the set. Without --port it speaks of every port of TCP, UDP and SCTP by namespace, of TCP by workload.

  ✓ everything   · nothing   ~ some (it depends on the pod or the port)   ? a fact is missing`,
  options: [
    {
      name: "by",
      value: "WHAT",
      choices: ["namespace", "workload"],
      help: "namespace (default) or workload",
    },
    { name: "port", value: "PORT", help: "one port: 80, 53/UDP" },
    NAMESPACE,
    FORMAT,
    PARAM,
    ...LIVE_OPTIONS,
  ],
  async run(args, io) {
    const loaded = await loadInput(args.positionals, args, io, { questions: ["network"] });
    if (reportUnread(loaded, io)) return 2;
    const model = networkOf(loaded.set);
    const table = args.get("by") === "workload" ? byWorkload(model, args) : byNamespace(model, args);
    if (table.names.length === 0)
      throw new UsageError(
        `${loaded.name} has no ${args.get("by") ?? "namespace"} to ask about`,
        "give the Namespaces or the workloads too",
      );
    if (args.get("format") === "json") printJson(io, toJson(table));
    else printText(table, io);
    return 0;
  },
};

function byNamespace(model: NetworkModel, args: Arguments): Table {
  const port = readPort(args);
  const matrix = namespaceMatrix(
    model,
    port ? { ports: [{ protocol: port.protocol, from: port.port, to: port.port }] } : {},
  );
  return { names: matrix.namespaces, outcome: (from, to) => matrix.cells[from]?.[to] ?? "unknown" };
}

function byWorkload(model: NetworkModel, args: Arguments): Table {
  const matrix = reachMatrix(model, readPort(args) ?? {});
  return {
    names: matrix.endpoints,
    outcome: (from, to) => OUTCOMES[matrixCell(matrix, from, to).outcome],
    ports: (from, to) => matrixCell(matrix, from, to).ports,
  };
}

function readPort(
  args: Arguments,
): { readonly port: number; readonly protocol: "TCP" | "UDP" | "SCTP" } | undefined {
  const text = args.get("port");
  if (text === undefined) return undefined;
  const [port, ...others] = parsePorts(text, () => undefined);
  if (!port || port.from !== port.to || others.length > 0)
    throw new UsageError(`--port "${text}" is no port`, "write 80, 53/UDP or 132/SCTP");
  return { port: port.from, protocol: port.protocol };
}

function toJson({ names, outcome, ports }: Table): unknown {
  return {
    endpoints: names,
    cells: names.flatMap((from, i) =>
      names.map((to, j) => {
        const result = outcome(i, j);
        return { from, to, outcome: result, ...(result === "some" && ports && { ports: ports(i, j) }) };
      }),
    ),
  };
}

function printText(table: Table, io: Io): void {
  const seen = new Set<Outcome>();
  const grid = formatGrid({
    names: table.names,
    cell: (row, column) => {
      const outcome = table.outcome(row, column);
      seen.add(outcome);
      return SIGNS[outcome];
    },
    paint: (text, kind) =>
      kind === "heading" ? paint(io, "dim", text) : paint(io, COLORS[outcomeOf(text)], text),
  });
  const legend = {
    all: "reaches",
    none: "refused",
    some: "some pods or ports",
    unknown: "a fact is missing",
  };
  const shown = (Object.keys(legend) as Outcome[])
    .filter((o) => seen.has(o))
    .map((o) => `${SIGNS[o]} ${legend[o]}`);
  io.out(`${grid}\n\n${shown.join("   ")}\n`);
}

function outcomeOf(sign: string): Outcome {
  return (Object.keys(SIGNS) as Outcome[]).find((o) => SIGNS[o] === sign) ?? "unknown";
}
