import { type CorefileToken, type Directive, type ServerBlock, tokensOf } from "../../corefile/ast.ts";
import { readKey, zoneName } from "../../corefile/keys.ts";
import { compareReleases } from "../../plugins/table.ts";
import type { Body } from "../edits.ts";
import { withServer } from "../edits.ts";
import { indentAt, lineEnd, lineStart, type Splice, spanOf } from "../splice.ts";
import { directivesOf, type MigrationRule, optionsOf, type Placed, type Stage } from "../stage.ts";

/** Since here a server block may have several forwards; the first in the file whose zone holds the name is asked. */
const SEVERAL_FORWARDS = "1.10.0";

/** Plugins that a query for a stub domain may have gone through, and that make no difference to its answer. */
const INDIFFERENT =
  "kubernetes federation proxy forward grpc health ready prometheus reload loop errors cache loadbalance".split(
    " ",
  );

/** Plugins that may answer names of the stub domain before proxy was asked, or that belong to the listener. */
const IN_THE_WAY =
  "file auto secondary etcd hosts template route53 k8s_external erratic whoami reverse autopath dnssec bind tls view".split(
    " ",
  );

/**
 * A block could have a proxy for each stub domain, and the longest zone won. Each gets a server block of its own where that changes
 * nothing; elsewhere they stay together, longest zone first, in releases that allow it.
 */
export const stubZones: MigrationRule = {
  version: "1.5.0",
  run: (stage) => {
    const all = new Set(placedLines(stage).map(({ directive }) => directive.name.at.offset));
    for (const body of stage.tree.items) {
      if (body.kind === "import") continue;
      const lines = linesOf(stage, body);
      if (!lines.some(({ name }) => name.text === "proxy")) continue;
      if (body.kind === "server" && scattered(stage, body, lines, all)) {
        stage.refuse(
          body,
          "this block's proxies stand in snippets and in the block, so that their order cannot be kept",
          "write all proxy lines into the block, then migrate",
        );
        continue;
      }
      if (lines.length > 1) splitOrSort(stage, body, lines);
    }
  },
};

function linesOf(stage: Stage, body: Body): Directive[] {
  return placedLines({ tree: { ...stage.tree, items: [body] } }).map(({ directive }) => directive);
}

function placedLines(stage: Pick<Stage, "tree">): Placed[] {
  return directivesOf(stage, "forward", "proxy");
}

/** Whether imports bring further proxies or forwards into a server block. */
function scattered(
  stage: Stage,
  server: ServerBlock,
  own: readonly Directive[],
  all: ReadonlySet<number>,
): boolean {
  const plugins = stage.effective(server)?.plugins;
  const starts = new Set(own.map(({ name }) => name.at.offset));
  return ["proxy", "forward"].some((name) =>
    plugins
      ?.get(name)
      ?.some(
        ({ text, at }) =>
          text === name && (at.file !== stage.tree.file || (all.has(at.offset) && !starts.has(at.offset))),
      ),
  );
}

function splitOrSort(stage: Stage, body: Body, lines: readonly Directive[]): void {
  const stubs = lines.filter(({ args }) => args[0]?.text !== ".");
  const why = body.kind === "server" ? whyNotSplit(stage, body, lines, stubs) : "it is a snippet";
  if (why === undefined) {
    for (const stub of stubs) split(stage, body as ServerBlock, stub);
    return;
  }
  if (compareReleases(stage.to, SEVERAL_FORWARDS) < 0) {
    stage.refuse(
      body,
      `several proxies stand in one block, and ${why}; before CoreDNS 1.10.0 a block has one forward`,
      "write a server block for each zone, or migrate to 1.10.0 or later",
    );
    return;
  }
  const grpc = lines.find(speaksGrpc);
  if (grpc) {
    stage.refuse(
      grpc,
      `a proxy with protocol grpc stands beside others, and ${why}; the plugin grpc is asked after every forward`,
      "give its zone a server block of its own, then migrate",
    );
    return;
  }
  sort(stage, lines);
}

function speaksGrpc(line: Directive): boolean {
  return optionsOf(line, "protocol").at(-1)?.args[0]?.text === "grpc";
}

/** Why a stub domain cannot have a server block of its own; `undefined` when it can. */
function whyNotSplit(
  stage: Stage,
  server: ServerBlock,
  lines: readonly Directive[],
  stubs: readonly Directive[],
): string | undefined {
  const plugins = stage.effective(server)?.plugins;
  if (!plugins) return "the block has no zone";
  if (lines.some(({ name, args }) => name.text === "forward" && args[0]?.text === "."))
    return "the block's forward takes all names before a proxy is asked";
  if (lines.length - stubs.length > 1) return "two of them are for the same zone";
  const way = IN_THE_WAY.find((name) => plugins.has(name));
  if (way) return `the plugin ${way} stands in the same block`;
  const zones = stubs.map(({ args }) => zoneOf(args[0]));
  if (zones.includes(undefined)) return "a zone is not a plain name";
  if (new Set(zones).size < zones.length) return "two of them are for the same zone";
  const kubernetes = plugins.get("kubernetes");
  const cluster = kubernetes ? clusterZones(stage, server) : [];
  if (!cluster) return "the zones of kubernetes are not known";
  const clash = zones.find((zone) => cluster.some((other) => within(zone!, other) || within(other, zone!)));
  if (clash) return `the kubernetes plugin serves names of ${clash}`;
  const taken = new Set(
    stage.tree.items.flatMap((item) =>
      item.kind === "server"
        ? item.keys.flatMap(({ text }) => {
            const read = readKey(text.replace(/,$/, ""));
            return read.ok ? read.addresses.map(({ zone, port }) => `${zone}:${port}`) : [];
          })
        : [],
    ),
  );
  for (const { args } of stubs) {
    const keys = keysFor(server, args[0]!);
    if (keys.length === 0) return `its keys do not hold ${args[0]!.text}`;
    for (const key of keys) {
      const read = readKey(key);
      if (!read.ok || read.addresses.some(({ zone, port }) => taken.has(`${zone}:${port}`)))
        return `${key} has a server block already`;
    }
  }
  return undefined;
}

/** The zone of a proxy; `undefined` when it has a port, a scheme or a variable, has quotes, or stands for several. */
function zoneOf(token: CorefileToken | undefined): string | undefined {
  if (!token || token.raw !== token.text || !/^[\w./-]+$/.test(token.text)) return undefined;
  const read = readKey(token.text);
  return read.ok && read.addresses.length === 1 ? read.addresses[0]!.zone : undefined;
}

/** The kubernetes plugin's zones in this block; those of an import are not known. */
function clusterZones(stage: Stage, server: ServerBlock): string[] | undefined {
  const own = directivesOf({ tree: { ...stage.tree, items: [server] } }, "kubernetes");
  if (own.length !== 1) return undefined;
  const { args } = own[0]!.directive;
  const zones = args.length > 0 ? args : server.keys;
  const read = zones.map(({ text }) => readKey(text.replace(/,$/, "")));
  return read.every((one) => one.ok)
    ? read.flatMap((one) => (one.ok ? one.addresses.map(({ zone }) => zone) : []))
    : undefined;
}

function within(zone: string, other: string): boolean {
  return other === "." || zone === other || zone.endsWith(`.${other}`);
}

/** The keys of the new block: the stub domain on each port on which the old block would have seen it. */
function keysFor(server: ServerBlock, stub: CorefileToken): string[] {
  const zone = zoneOf(stub) ?? zoneName(stub.text);
  const ports = server.keys.flatMap(({ text }) => {
    const read = readKey(text.replace(/,$/, ""));
    if (!read.ok) return [];
    return read.addresses.flatMap((one) =>
      one.transport === "dns" && within(zone, one.zone) ? [one.port] : [],
    );
  });
  const others = server.keys.some(({ text }) => text.includes("://") && !text.startsWith("dns://"));
  if (others) return [];
  return [...new Set(ports)].map((port) => (port === "53" ? stub.text : `${stub.text}:${port}`));
}

function split(stage: Stage, server: ServerBlock, stub: Directive): void {
  const { text } = stage;
  const zone = stub.args[0]!;
  const keys = keysFor(server, zone).join(" ");
  const { start, end } = spanOf(stub);
  const [from, to] = [lineStart(text, start), lineEnd(text, end)];
  const alone = text.slice(from, start).trim() === "" && /^\s*(?:#|$)/.test(text.slice(end, to));
  const until = alone ? to : end;
  const moved = `${text.slice(start, zone.at.offset)}.${text.slice(zone.at.offset + zone.raw.length, until)}`;
  const next = text.indexOf("\n", to);
  const removal: Splice = alone
    ? { start: from, end: next < 0 ? text.length : next + 1, text: "" }
    : { start, end, text: "" };
  const skipped = [...(stage.effective(server)?.plugins.keys() ?? [])].filter(
    (name) => !INDIFFERENT.includes(name),
  );
  stage.change({
    plugin: stub.name.text,
    what: `${zone.text} gets a server block of its own, with loop, errors and cache`,
    why: "proxy asked the longest zone of a block; a block has one forward (several since 1.10.0, where the first that fits is asked)",
    ...(skipped.length > 0 && {
      lost: `Names of ${zone.text} no longer go through ${skipped.join(", ")} of the block`,
    }),
    node: stub,
    splices: [
      removal,
      {
        ...withServer(text, server, keys, [
          { line: reindented(moved, stub, indentAt(text, start)) },
          { line: "loop" },
          { line: "errors" },
          { line: "cache 30" },
        ]),
        movedFrom: start,
      },
    ],
  });
}

/** The lines of a directive at the indent of a new block; a quoted word of several lines stays as it is. */
function reindented(moved: string, directive: Directive, indent: string): string {
  if (indent === "" || tokensOf(directive).some(({ raw }) => raw.includes("\n"))) return moved;
  return moved.replaceAll(`\n${indent}`, "\n    ");
}

/** Longest zone first, as proxy chose; a forward that was there before stays before all. */
function sort(stage: Stage, lines: readonly Directive[]): void {
  const rank = ({ name, args }: Directive): number =>
    name.text === "forward" ? Number.NEGATIVE_INFINITY : -labels(args[0]?.text ?? ".");
  const sorted = lines
    .map((line, i) => ({ line, i }))
    .sort((a, b) => rank(a.line) - rank(b.line) || a.i - b.i);
  const moved = sorted.flatMap(({ line }, i) => (line === lines[i] ? [] : [{ line, place: lines[i]! }]));
  if (moved.length === 0) return;
  stage.change({
    plugin: "proxy",
    what: "the proxies are put in order, the longest zone first",
    why: "proxy asked the longest zone that holds the name; forward asks the first in the file",
    node: lines[0]!,
    splices: moved.map(({ line, place }) => {
      const { start, end } = spanOf(line);
      return { ...spanOf(place), text: stage.text.slice(start, end), movedFrom: start };
    }),
  });
}

function labels(zone: string): number {
  return zoneName(zone).split(".").filter(Boolean).length;
}
