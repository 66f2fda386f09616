import { parseAddress } from "../addresses.ts";
import { fqdn, joinNames } from "../names.ts";
import type { DnsRecord } from "../record.ts";

export interface ZoneText {
  readonly records: readonly DnsRecord[];
  /** Why the rest could not be read. */
  readonly problem?: string;
}

interface Line {
  readonly words: readonly string[];
  /** The line begins with a blank: it has the name of the one before. */
  readonly isContinued: boolean;
}

/** Which words of a record's data are names. */
const NAME_WORDS: Readonly<Record<string, readonly number[]>> = {
  CNAME: [0],
  DNAME: [0],
  NS: [0],
  PTR: [0],
  MX: [1],
  SRV: [3],
  SOA: [0, 1],
  SVCB: [1],
  HTTPS: [1],
};
const CLASSES = new Set(["IN", "CH", "HS", "ANY"]);
const TYPE = /^[A-Z][A-Z0-9-]*$/;

/**
 * Reads a zone file (RFC 1035 §5.1): $ORIGIN and $TTL, `@`, names left out, parentheses, comments, times with units. $INCLUDE and
 * $GENERATE are not read, and end the reading.
 *
 * @param origin what names without a dot at the end are below
 * @param ttl seconds for records that say none
 */
export function readZoneText(text: string, origin: string, ttl?: number): ZoneText {
  const records: DnsRecord[] = [];
  let [base, usual, byDirective] = [origin, ttl, false];
  let last = origin;
  for (const { words, isContinued } of linesOf(text)) {
    const [first = "", second = ""] = words;
    if (first === "$ORIGIN") {
      base = absolute(second, base);
      continue;
    }
    if (first === "$TTL") {
      [usual, byDirective] = [secondsOf(second), true];
      continue;
    }
    if (first.startsWith("$")) return { records, problem: `${first} is not modelled` };
    const rest = [...words];
    const name = isContinued ? last : absolute(rest.shift()!, base);
    last = name;
    let own: number | undefined;
    for (let i = 0; i < 2; i++) {
      const word = rest[0] ?? "";
      if (CLASSES.has(word.toUpperCase())) rest.shift();
      else if (own === undefined && secondsOf(word) !== undefined) own = secondsOf(rest.shift()!);
    }
    const type = (rest.shift() ?? "").toUpperCase();
    if (!TYPE.test(type)) return { records, problem: `"${words.join(" ")}" is no record` };
    if (own !== undefined && !byDirective) usual = own;
    const seconds = own ?? usual;
    const data = dataOf(type, rest, base);
    if (data === undefined) return { records, problem: `"${words.join(" ")}" is no record of type ${type}` };
    if (seconds === undefined && type !== "SOA")
      return { records, problem: `"${words.join(" ")}" has no time to live` };
    const minimum = Number(data.split(" ").at(-1));
    records.push({ name, type, ttl: seconds ?? minimum, data });
    if (type === "SOA") usual ??= minimum;
  }
  return { records };
}

function dataOf(type: string, words: readonly string[], base: string): string | undefined {
  if (words.length === 0) return undefined;
  if (type === "A" || type === "AAAA") {
    const address = parseAddress(words[0]!);
    return address?.type === type && words.length === 1 ? address.text : undefined;
  }
  if (type === "TXT" || type === "SPF")
    return words.map((word) => (word.startsWith('"') ? word : `"${word}"`)).join(" ");
  if (type === "SOA" && words.length !== 7) return undefined;
  const names = NAME_WORDS[type] ?? [];
  return words
    .map((word, i) => {
      if (names.includes(i)) return word.startsWith('"') ? word : absolute(word, base);
      return type === "SOA" ? String(secondsOf(word) ?? word) : word;
    })
    .join(" ");
}

function absolute(name: string, base: string): string {
  if (name === "@") return base;
  return name.endsWith(".") ? fqdn(name) : joinNames(name.toLowerCase(), base);
}

/** `3600`, `1h30m`; `undefined`: not a time. */
function secondsOf(word: string): number | undefined {
  if (!/^(?:[0-9]+[smhdw]?)+$/i.test(word) || word.length > 20) return undefined;
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  let sum = 0;
  for (const [, digits, unit] of word.matchAll(/([0-9]+)([smhdw]?)/gi))
    sum += Number(digits) * (units[unit!.toLowerCase()] ?? 1);
  return sum;
}

/** Lines of words, parentheses and comments taken away; quoted words keep their quotes. */
function* linesOf(text: string): Generator<Line> {
  let words: string[] = [];
  let [depth, isContinued, atStart] = [0, false, true];
  const token = /"(?:[^"\\]|\\[\s\S])*"|;[^\n]*|\n|[()]|[^\S\n]+|(?:[^\s();"\\]|\\[\s\S])+|["\\]/g;
  for (const [part] of text.matchAll(token)) {
    if (part === "\n") {
      if (depth > 0) continue;
      if (words.length > 0) yield { words, isContinued };
      [words, isContinued, atStart] = [[], false, true];
      continue;
    }
    if (part === "(") depth++;
    else if (part === ")") depth = Math.max(depth - 1, 0);
    else if (/^\s/.test(part)) isContinued ||= atStart;
    else if (!part.startsWith(";")) words.push(part);
    atStart = false;
  }
  if (words.length > 0) yield { words, isContinued };
}
