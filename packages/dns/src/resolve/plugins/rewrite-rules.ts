import { fqdn } from "../names.ts";
import type { Question } from "../record.ts";
import { compileRegex, type Regex } from "../regex/regex.ts";

/** What a rule does to the reply. */
export type AnswerRule =
  | { readonly kind: "name" | "value"; readonly change: (name: string) => string }
  | { readonly kind: "ttl"; readonly min: number; readonly max: number }
  | { readonly kind: "rcode"; readonly from: string; readonly to: string };

export interface Rewritten extends Question {
  readonly answer: readonly AnswerRule[];
  /** Nobody can tell what the rule does, and why. */
  readonly unknown?: string;
}

export interface QuestionRule {
  /** No rule after it is looked at once it has done something. */
  readonly stops: boolean;
  /** `undefined`: the rule does not concern the question. */
  readonly apply: (question: Question) => Rewritten | undefined;
}

const RCODES: readonly string[] =
  "NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE".split(" ");

/** One line of the rewrite plugin (plugin/rewrite of CoreDNS 1.15.0): `name suffix .corp.test .svc.cluster.local answer auto`. */
export function readRewrite(words: readonly string[]): QuestionRule {
  const mode = words[0]?.toLowerCase();
  const rest = mode === "stop" || mode === "continue" ? words.slice(1) : words;
  const [kind = "", ...args] = rest;
  return { stops: mode !== "continue", apply: ruleOf(kind.toLowerCase(), args) };
}

function ruleOf(kind: string, args: readonly string[]): QuestionRule["apply"] {
  switch (kind) {
    case "name":
      return nameRule(args);
    case "type": {
      const [from, to] = args.map((word) => word.toUpperCase());
      return ({ name, type }) =>
        type === from && to !== undefined ? { name, type: to, answer: [] } : undefined;
    }
    case "ttl": {
      const [range = "", matches] = ending(args, 1);
      const [low = "", high] = range.split("-");
      const max = high === undefined ? Number(low) : high === "" ? 2_147_483_647 : Number(high);
      return whenMatched(matches, { kind: "ttl", min: Number(low), max });
    }
    case "rcode": {
      const [, matches] = ending(args, 2);
      const [from, to] = args.slice(-2).map(rcodeOf);
      return whenMatched(matches, { kind: "rcode", from: from ?? "", to: to ?? "" });
    }
    case "cname":
      return ({ type, name }) => ({ name, type, answer: [], unknown: "rewrite cname is not modelled" });
    default:
      // class and edns0 change nothing that an answer is made of.
      return () => undefined;
  }
}

/** The words after the name of a rule of `[exact|prefix|…] NAME VALUE…`, and what the name must match. */
function ending(args: readonly string[], values: number): readonly [string | undefined, Matches] {
  const names = args.slice(0, args.length - values);
  const [how, name] = names.length === 2 ? names : ["exact", names[0]];
  return [args.at(-1), matcher(how!.toLowerCase(), name ?? "")];
}

type Matches = (name: string) => boolean | undefined;

function matcher(how: string, word: string): Matches {
  const name = fqdn(word);
  switch (how) {
    case "prefix":
      return (text) => text.startsWith(name);
    case "suffix":
      return (text) => text.endsWith(name);
    case "substring":
      return (text) => text.includes(name);
    case "regex": {
      const regex = compileRegex(word);
      return (text) => (regex ? regex.find(text) !== undefined : undefined);
    }
    default:
      return (text) => text === name;
  }
}

function whenMatched(matches: Matches, rule: AnswerRule): QuestionRule["apply"] {
  return ({ name, type }) => {
    const matched = matches(name);
    if (matched === undefined) return { name, type, answer: [], unknown: TOO_LARGE };
    return matched ? { name, type, answer: [rule] } : undefined;
  };
}

const TOO_LARGE = "a regular expression of the rule cannot be read here";

function rcodeOf(word: string): string {
  return /^[0-9]+$/.test(word) ? (RCODES[Number(word)] ?? word) : word.toUpperCase();
}

function nameRule(args: readonly string[]): QuestionRule["apply"] {
  const [how, from, to, ...more] = args.length === 2 ? ["exact", ...args] : args;
  if (from === undefined || to === undefined) return () => undefined;
  const way = how!.toLowerCase();
  const isMetadata = way === "regex" && more[0] === "metadata";
  const { auto, rules, isReadable } = answerRules(isMetadata ? more.slice(1) : more);
  const rename =
    way === "regex" ? regexRename(from, fqdn(to), isMetadata) : plainRename(way, fqdn(from), fqdn(to));
  return ({ name, type }) => {
    const renamed = rename(name);
    if (renamed === undefined) return undefined;
    if (renamed === UNREADABLE || !isReadable)
      return {
        name,
        type,
        answer: [],
        unknown: isMetadata && isReadable ? "rewrite name metadata is not modelled" : TOO_LARGE,
      };
    return {
      name: renamed,
      type,
      answer: [...autoRules(way, auto, { name, renamed, from: fqdn(from), to: fqdn(to) }), ...rules],
    };
  };
}

const UNREADABLE = Symbol("a regular expression that cannot be read here");

type Rename = (name: string) => string | typeof UNREADABLE | undefined;

function plainRename(way: string, from: string, to: string): Rename {
  switch (way) {
    case "prefix":
      return (name) => (name.startsWith(from) ? to + name.slice(from.length) : undefined);
    case "suffix":
      return (name) => (name.endsWith(from) ? name.slice(0, name.length - from.length) + to : undefined);
    case "substring":
      return (name) => (name.includes(from) ? name.replaceAll(from, () => to) : undefined);
    default:
      return (name) => (name === from ? to : undefined);
  }
}

function regexRename(from: string, to: string, isMetadata: boolean): Rename {
  const regex = compileRegex(from);
  if (!regex || (isMetadata && /\{[^}]*[^0-9}]/.test(to))) return () => UNREADABLE;
  return (name) => {
    const groups = regex.find(name);
    return groups && filled(to, groups);
  };
}

/** `{1}` in a replacement becomes the group's text, one group after the other. */
function filled(replacement: string, groups: readonly string[]): string {
  return groups.reduce((text, group, i) => text.replaceAll(`{${i}}`, () => group), replacement);
}

/** Rules that turn the names in the reply back into those of the question. */
function autoRules(
  way: string,
  auto: boolean,
  {
    name,
    renamed,
    from,
    to,
  }: { readonly name: string; readonly renamed: string; readonly from: string; readonly to: string },
): AnswerRule[] {
  if (way === "suffix") {
    if (!auto) return [];
    return both((text) => (text.endsWith(to) ? text.slice(0, text.length - to.length) + from : text));
  }
  if (!auto && way !== "exact") return [];
  return both((text) => {
    if (text === renamed) return name;
    return text.endsWith(`.${renamed}`) ? text.slice(0, text.length - renamed.length) + name : text;
  });
}

function both(change: (name: string) => string): AnswerRule[] {
  return [
    { kind: "name", change },
    { kind: "value", change },
  ];
}

/** `answer auto`, `answer name FROM TO`, `answer value FROM TO`, any number of them. */
function answerRules(words: readonly string[]): {
  readonly auto: boolean;
  readonly rules: readonly AnswerRule[];
  readonly isReadable: boolean;
} {
  const rules: AnswerRule[] = [];
  let isReadable = true;
  let auto = false;
  for (let at = 0; at < words.length; ) {
    if (words[at] === "answer") at++;
    const kind = words[at++];
    if (kind === "auto") auto = true;
    else if (kind === "name" || kind === "value") {
      const regex = compileRegex(words[at] ?? "");
      if (!regex) isReadable = false;
      else rules.push({ kind, change: changeBy(regex, fqdn(words[at + 1] ?? "")) });
      at += 2;
    }
  }
  return { auto, rules, isReadable };
}

function changeBy(regex: Regex, to: string): (name: string) => string {
  return (name) => {
    const groups = regex.find(name);
    return groups ? filled(to, groups) : name;
  };
}
