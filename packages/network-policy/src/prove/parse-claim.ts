import { type Finding, isDnsLabel, isDnsSubdomain, nearest, type Result, suggest } from "@ashlar/core";
import { parseIp, parseIpRange } from "../policy/ip.ts";
import { type PortRange, parsePorts } from "../policy/ports.ts";
import type { Party, ReachClaim } from "./claim.ts";

export interface ParseClaimOptions {
  /** Environment → its namespaces. */
  readonly environments: Readonly<Record<string, readonly string[]>>;
  /** Who promises: a block's name, or `expect`. */
  readonly by: string;
  /** Field path for findings, such as `expect[3]`. */
  readonly path?: string;
}

const CODE = "network-policy/valid-claim";
const ARROW = /<?-\/-?>|<-{1,3}>?|-{1,3}>|={1,3}>/g;
const MAX_LENGTH = 1000;
const GRAMMAR = 'write "env:dev -/-> env:prod" or "prod/web -> db/postgres : 5432/TCP"';

/** A part of the claim's text, with the column (from 1) at which it starts. */
interface Word {
  readonly text: string;
  readonly column: number;
}

type Report = (column: number, message: string, hint: string) => undefined;

/**
 * Reads a claim about reachability:
 * `party -> party` (reaches) or `party -/-> party` (never reaches), then optionally `: ports` or `: only ports`.
 *
 * A party is `env:NAME`, `ns:NAME`, `NAMESPACE/WORKLOAD` (or `NAMESPACE/KIND/WORKLOAD`), a CIDR, an address or `internet`.
 * Ports are `5432/TCP`, `53/UDP`, `8000-8100/TCP`, a protocol for all of its ports, or a number (TCP), separated by commas.
 * One port may also be glued to the receiver: `default/busybox:80`, `[2001:db8::1]:80`. Without ports the claim speaks of
 * every port of TCP, UDP and SCTP.
 *
 * Errors are findings with code `network-policy/valid-claim`; their messages count columns of the text from 1.
 *
 * @example parseReachClaim("env:dev -/-> env:prod", { environments: { dev: ["dev"], prod: ["prod"] }, by: "expect" })
 */
export function parseReachClaim(text: string, options: ParseClaimOptions): Result<ReachClaim> {
  const findings: Finding[] = [];
  const report: Report = (column, message, hint) => {
    const where = `claim "${shorten(text)}", column ${column}`;
    findings.push({
      code: CODE,
      severity: "error",
      message: `${where}: ${message}`,
      hint,
      path: options.path ?? "",
    });
  };
  const claim = readClaim(text, options, report);
  return claim === undefined || findings.length > 0 ? { ok: false, findings } : { ok: true, value: claim };
}

function readClaim(text: string, options: ParseClaimOptions, report: Report): ReachClaim | undefined {
  if (text.length > MAX_LENGTH)
    return report(
      1,
      `expected at most ${MAX_LENGTH} characters, found ${text.length}`,
      "write several claims",
    );
  const arrows = [...text.matchAll(ARROW)];
  const [arrow, second] = arrows;
  if (arrow === undefined) return report(1, "expected an arrow between two parties, found none", GRAMMAR);
  if (arrow[0] !== "->" && arrow[0] !== "-/->")
    return report(arrow.index + 1, `expected "->" or "-/->", found "${arrow[0]}"`, arrowHint(arrow[0]));
  if (second !== undefined)
    return report(
      second.index + 1,
      `expected one arrow, found a second "${second[0]}"`,
      "write one claim for each arrow",
    );
  const left = trimmed(text.slice(0, arrow.index), 1);
  const start = arrow.index + arrow[0].length;
  const right = splitReceiver(trimmed(text.slice(start), start + 1));
  const from = readParty(left, "sender", options, report);
  const to = readParty(right.party, "receiver", options, report);
  const { only, ports } = readPorts(right, report);
  if (from === undefined || to === undefined) return undefined;
  if (from.kind === "block" && to.kind === "block")
    return report(left.column, "expected a party inside the cluster, found addresses on both sides", GRAMMAR);
  if (only && arrow[0] === "-/->")
    return report(
      right.list!.column,
      'expected ports after "-/->", found "only"',
      'write "->" before "only"',
    );
  const expect = only ? "only" : arrow[0] === "->" ? "reach" : "no-reach";
  return { kind: "reach", text: text.trim(), by: options.by, expect, from, to, ...(ports && { ports }) };
}

interface Receiver {
  readonly party: Word;
  /** The port glued to the party. */
  readonly glued?: Word;
  /** What follows the colon that stands apart. */
  readonly list?: Word;
}

/** Cuts `party`, `party:80`, `party : ports` and `party: ports`. */
function splitReceiver({ text, column }: Word): Receiver {
  const apart = /\s*:(?=\s|$)|\s+:/.exec(text);
  const head = apart === null ? text : text.slice(0, apart.index);
  const after = apart === null ? 0 : apart.index + apart[0].length;
  const list = apart === null ? {} : { list: trimmed(text.slice(after), column + after) };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(head);
  if (bracketed !== null) {
    const [, address = "", port] = bracketed;
    const glued =
      port === undefined ? {} : { glued: { text: port, column: column + head.length - port.length } };
    return { party: { text: address, column: column + 1 }, ...glued, ...list };
  }
  // env:NAME and ns:NAME have a colon of their own; a bare IPv6 address has several and takes no port.
  const own = /^(?:env|ns):/.exec(head)?.[0].length ?? 0;
  const colon = head.indexOf(":", own);
  if (colon < 0 || (own === 0 && colon !== head.lastIndexOf(":")))
    return { party: { text: head, column }, ...list };
  return {
    party: { text: head.slice(0, colon), column },
    glued: { text: head.slice(colon + 1), column: column + colon + 1 },
    ...list,
  };
}

function readPorts(
  { glued, list }: Receiver,
  report: Report,
): { only: boolean; ports?: readonly PortRange[] } {
  if (glued !== undefined && list !== undefined)
    report(
      list.column,
      "expected ports in one place, found a glued port and a list",
      `write " : ${glued.text}, …"`,
    );
  const word = list ?? glued;
  if (word === undefined) return { only: false };
  const only = list !== undefined && /^only(?![^\s,])/.test(word.text);
  const ports = trimmed(only ? word.text.slice(4) : word.text, word.column + (only ? 4 : 0));
  const found = parsePorts(ports.text, (message, hint) => void report(ports.column, message, hint));
  return { only, ports: found };
}

function readParty(word: Word, role: string, options: ParseClaimOptions, report: Report): Party | undefined {
  const { text, column } = word;
  if (text === "") return report(column, `expected a ${role}, found nothing`, GRAMMAR);
  if (text === "internet") return { kind: "block", cidr: "internet" };
  if (text.startsWith("env:")) return readEnvironment(text, column, options, report);
  if (text.startsWith("ns:")) {
    const name = text.slice(3);
    if (isDnsLabel(name)) return { kind: "namespaces", name: text, namespaces: [name] };
    return report(
      column + 3,
      `expected a namespace name, found "${shorten(name)}"`,
      "use a-z, 0-9 and -, at most 63",
    );
  }
  const slash = text.indexOf("/");
  const host = slash < 0 ? text : text.slice(0, slash);
  if (/^[0-9.]+$/.test(host) || host.includes(":")) return readAddress(word, slash >= 0, report);
  if (slash > 0) return readWorkload(text, column, report);
  return report(
    column,
    `expected a ${role} such as env:dev, found "${shorten(text)}"`,
    partyHint(text, options),
  );
}

function readEnvironment(
  text: string,
  column: number,
  { environments }: ParseClaimOptions,
  report: Report,
): Party | undefined {
  const name = text.slice(4);
  if (Object.hasOwn(environments, name))
    return { kind: "namespaces", name: text, namespaces: environments[name] ?? [] };
  return report(
    column + 4,
    `unknown environment "${shorten(name)}"`,
    suggest(name, Object.keys(environments)),
  );
}

function readWorkload(text: string, column: number, report: Report): Party | undefined {
  const parts = text.split("/", 4);
  const [namespace = ""] = parts;
  const name = parts.at(-1) ?? "";
  const kindIsName =
    parts.length === 2 || (parts.length === 3 && /^[A-Za-z][A-Za-z0-9]{0,62}$/.test(parts[1]!));
  if (kindIsName && isDnsLabel(namespace) && isDnsSubdomain(name)) return { kind: "workload", ref: text };
  return report(
    column,
    `expected NAMESPACE/WORKLOAD or NAMESPACE/KIND/WORKLOAD, found "${shorten(text)}"`,
    "names have a-z, 0-9 and -; a kind is written as in the manifest, such as Deployment",
  );
}

function readAddress({ text, column }: Word, isBlock: boolean, report: Report): Party | undefined {
  if (isBlock ? parseIpRange(text, { strict: true }) : parseIp(text)) return { kind: "block", cidr: text };
  const meant = isBlock && parseIpRange(text) ? "host bits and leading zeros must be zero" : undefined;
  return report(
    column,
    `expected an address or a CIDR, found "${shorten(text)}"${meant ? `: ${meant}` : ""}`,
    "write 10.0.0.0/8, 10.0.0.7 or 2001:db8::/32; IPv6 with a port takes brackets: [2001:db8::1]:80",
  );
}

function arrowHint(arrow: string): string {
  if (arrow.startsWith("<")) return "write one claim for each direction";
  return `write "${arrow.includes("/") ? "-/->" : "->"}"`;
}

function partyHint(text: string, { environments }: ParseClaimOptions): string {
  const near = nearest(text, Object.keys(environments));
  if (near !== undefined) return `did you mean "env:${near}"?`;
  if (nearest(text, ["internet"]) !== undefined) return 'did you mean "internet"?';
  return "write env:NAME, ns:NAME, NAMESPACE/WORKLOAD, a CIDR or internet";
}

function trimmed(text: string, column: number): Word {
  const start = text.trimStart();
  return { text: start.trimEnd(), column: column + text.length - start.length };
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
