import type { CorefileToken } from "../../corefile/ast.ts";
import { type Dispenser, nextBlock, remainingArgs } from "../dispenser.ts";
import { CLASSES, RCODES, TYPES } from "../go/dns-words.ts";
import { atoi, parseUint, parseUintAnyBase } from "../go/numbers.ts";
import { refuse } from "../refusal.ts";
import { each, pattern, type Setup } from "./arguments.ts";

const MATCHES = ["exact", "prefix", "suffix", "substring", "regex"];

export const rewrite: Setup = (c) =>
  each(c, () => {
    const words = remainingArgs(c);
    if (words.length < 2) while (nextBlock(c)) words.push(c.tokens[c.cursor]!);
    const mode = words[0]?.text.toLowerCase();
    const rule = mode === "continue" || mode === "stop" ? words.slice(1) : words;
    const [type, ...given] = rule;
    if (!type) refuse(c, "rewrite without a rule", "write rewrite name FROM TO");
    const read = RULES.get(type!.text.toLowerCase());
    if (!read)
      refuse(
        c,
        `"${type!.text}" is no kind of rewrite`,
        `write one of ${[...RULES.keys()].join(", ")}`,
        type,
      );
    read!(c, given, type!);
  });

type Rule = (c: Dispenser, given: readonly CorefileToken[], type: CorefileToken) => void;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["name", readName],
  ["class", knownWords(CLASSES, "a class")],
  ["type", knownWords(TYPES, "a record type")],
  ["edns0", readEdns0],
  ["ttl", (c, given, type) => readMatch(c, given, type, 1, (token) => isTtl(token.text), "a TTL")],
  ["cname", readCname],
  [
    "rcode",
    (c, given, type) => readMatch(c, given, type, 2, (token) => isRcode(token.text), "a response code"),
  ],
]);

function knownWords(known: ReadonlySet<string>, what: string): Rule {
  return (c, given, type) => {
    if (given.length !== 2) refuseRule(c, type, `expected 2 words after ${type.text}, got ${given.length}`);
    for (const token of given)
      if (!known.has(token.text.toUpperCase()))
        refuse(c, `"${token.text}" is not ${what}`, `write ${what}`, token);
  };
}

function refuseRule(c: Dispenser, type: CorefileToken, message: string): never {
  return refuse(c, message, `see the forms of rewrite ${type.text} in CoreDNS's rewrite plugin`, type);
}

/** `[MATCH] NAME VALUE…` with as many values as `values` says. */
function readMatch(
  c: Dispenser,
  given: readonly CorefileToken[],
  type: CorefileToken,
  values: number,
  fits: (token: CorefileToken) => boolean,
  what: string,
): void {
  const wrong = given.length < values + 1 || given.length > values + 2;
  if (wrong)
    refuseRule(
      c,
      type,
      `expected ${values + 1} or ${values + 2} words after ${type.text}, got ${given.length}`,
    );
  for (const token of given.slice(-values))
    if (!fits(token)) refuse(c, `"${token.text}" is not ${what}`, `write ${what}`, token);
  if (given.length === values + 2) readMatchType(c, given[0]!, given[1]!);
}

function readMatchType(c: Dispenser, token: CorefileToken, from: CorefileToken): string {
  const match = token.text.toLowerCase();
  if (!MATCHES.includes(match))
    refuse(c, `"${token.text}" is no way to match`, `write one of ${MATCHES.join(", ")}`, token);
  if (match === "regex") pattern(c, from);
  return match;
}

function isTtl(text: string): boolean {
  const parts = text.split("-");
  if (parts.length > 2 || (parts.length === 2 && text === "-")) return false;
  const [low, high] = parts.map((part) =>
    part === "" && parts.length === 2 ? undefined : parseUint(part, 32),
  );
  if (parts.length === 1) return low !== undefined;
  if ((parts[0] !== "" && low === undefined) || (parts[1] !== "" && high === undefined)) return false;
  return (low ?? 0n) <= (high ?? 2_147_483_647n);
}

function isRcode(text: string): boolean {
  const value = parseUint(text, 32);
  return (value !== undefined && value <= 23n) || RCODES.has(text.toUpperCase());
}

function readCname(c: Dispenser, given: readonly CorefileToken[], type: CorefileToken): void {
  if (given.length !== 2 && given.length !== 3)
    refuseRule(c, type, `expected 2 or 3 words after cname, got ${given.length}`);
  // CoreDNS puts the expression in lower case first.
  if (given.length === 3) readMatchType(c, given[0]!, { ...given[1]!, text: given[1]!.text.toLowerCase() });
}

function readName(c: Dispenser, given: readonly CorefileToken[], type: CorefileToken): void {
  if (given.length < 2) refuseRule(c, type, `expected at least 2 words after name, got ${given.length}`);
  const hasMatch = given.length >= 3;
  const match = hasMatch ? given[0]!.text.toLowerCase() : "exact";
  const [from, to] = hasMatch ? [given[1]!, given[2]!] : [given[0]!, given[1]!];
  let rest = given.slice(3);
  const withMetadata = rest[0]?.text === "metadata";
  if (withMetadata) {
    if (match !== "regex") refuse(c, "metadata is for rewrite name regex only", "take it away", rest[0]);
    rest = rest.slice(1);
  }
  if (rest.length > 0) readAnswers(c, rest);
  if (hasMatch && !MATCHES.includes(match))
    refuse(c, `"${given[0]!.text}" is no way to match`, `write one of ${MATCHES.join(", ")}`, given[0]);
  if (match === "exact") {
    // CoreDNS compiles the new name as an expression and counts the groups that the old one uses.
    const name = to.text.endsWith(".") ? to.text : `${to.text}.`;
    checkPlaceholders(c, { ...to, text: name.toLowerCase() }, from.text.toLowerCase(), to);
  }
  if (match !== "regex") return;
  if (withMetadata) checkMetadata(c, pattern(c, from), to);
  else checkPlaceholders(c, from, to.text, to);
}

/** `answer auto`, `answer name REGEX TO`, `answer value REGEX TO`, in any number. */
function readAnswers(c: Dispenser, given: readonly CorefileToken[]): void {
  const wrong = (token: CorefileToken | undefined, message: string): never =>
    refuse(c, message, "write answer name REGEX TO, answer value REGEX TO or answer auto", token);
  if (given.length < 2 || given[0]!.text !== "answer")
    wrong(given[0], `"${given[0]!.text}" is no answer rule`);
  let [auto, names] = [false, false];
  for (let at = 0; at < given.length; ) {
    if (given[at]!.text === "answer") at++;
    const kind = given[at++];
    if (kind?.text === "auto") auto = true;
    else if (kind?.text === "name" || kind?.text === "value") {
      const [from, to] = [given[at], given[at + 1]];
      if (!from || !to) wrong(kind, `answer ${kind.text} needs 2 words`);
      checkPlaceholders(c, from!, to!.text, to!);
      names ||= kind.text === "name";
      at += 2;
    } else wrong(kind, `"${kind?.text ?? ""}" is no kind of answer rule`);
  }
  if (auto && names) wrong(given[0], "answer auto and answer name cannot both stand");
}

/** `{1}` in the new text must not name more groups than the expression has. */
function checkPlaceholders(c: Dispenser, from: CorefileToken, to: string, at: CorefileToken): void {
  const groups = pattern(c, from);
  const used = Array.from({ length: 101 }, (_, i) => to.includes(`{${i}}`)).filter(Boolean).length;
  if (used > groups)
    refuse(
      c,
      `${used} groups are used and the expression has ${groups}`,
      "put brackets ( ) around what {1} is to take",
      at,
    );
}

function checkMetadata(c: Dispenser, groups: number, to: CorefileToken): void {
  const outside = to.text.replace(/\{([^}]*)\}/g, (_, label: string) => {
    const group = atoi(label);
    const slash = label.indexOf("/");
    const fits =
      group === undefined
        ? slash > 0 && slash < label.length - 1 && !label.includes("{")
        : group >= 0 && group <= groups;
    if (!fits)
      refuse(
        c,
        `{${label}} is neither a group of the expression nor a label`,
        "write {1} or {plugin/label}",
        to,
      );
    return "";
  });
  if (/[{}]/.test(outside))
    refuse(c, "a brace in the new name is not closed, or closes nothing", "write {1}", to);
}

function readEdns0(c: Dispenser, all: readonly CorefileToken[], type: CorefileToken): void {
  const [kind, action] = [all[0]?.text.toLowerCase(), all[1]?.text.toLowerCase()];
  if (all.length < 2) refuseRule(c, type, `expected at least 2 words after edns0, got ${all.length}`);
  if (!["append", "replace", "set", "unset"].includes(action!))
    refuse(c, `"${all[1]!.text}" is no action`, "write append, replace, set or unset", all[1]);
  const unset = action === "unset";
  const given = !unset && all.at(-1)!.text === "revert" ? all.slice(0, -1) : all;
  const counts = new Map([
    ["local", unset ? 3 : 4],
    ["nsid", 2],
    ["subnet", unset ? 2 : 4],
  ]);
  const count = counts.get(kind!);
  if (count === undefined)
    refuse(c, `"${all[0]!.text}" is no EDNS0 option`, "write local, nsid or subnet", all[0]);
  if (given.length !== count) refuseRule(c, type, `expected ${count} words after edns0, got ${given.length}`);
  if (kind === "local") {
    const [, , code, data] = given;
    if (parseUintAnyBase(code!.text, 16) === undefined)
      refuse(
        c,
        `"${code!.text}" is no code of an option`,
        "write a number up to 65535, 0xffee for example",
        code,
      );
    if (data) checkData(c, data);
  }
  if (kind === "subnet" && !unset)
    for (const [token, most] of [
      [given[2]!, 32n],
      [given[3]!, 128n],
    ] as const) {
      const bits = parseUintAnyBase(token.text, 16);
      if (bits === undefined || bits > most)
        refuse(
          c,
          `"${token.text}" is no number of bits up to ${most}`,
          `write a number up to ${most}`,
          token,
        );
    }
}

const VARIABLES = [
  "{qname}",
  "{qtype}",
  "{client_ip}",
  "{client_port}",
  "{protocol}",
  "{server_ip}",
  "{server_port}",
];

function checkData(c: Dispenser, token: CorefileToken): void {
  const { text } = token;
  if (text.startsWith("{") && text.endsWith("}")) {
    const label = text.slice(1, -1);
    const slash = label.indexOf("/");
    if (!VARIABLES.includes(text) && !(slash > 0 && slash < label.length - 1))
      refuse(c, `there is no variable ${text}`, `write one of ${VARIABLES.join(", ")}`, token);
  } else if (text.startsWith("0x") && !/^0x(?:[0-9a-fA-F]{2})*$/.test(text))
    refuse(c, `"${text}" is not hexadecimal`, "write an even number of hexadecimal digits after 0x", token);
}
