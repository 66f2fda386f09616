import { DIGIT, inRanges, POSIX, SPACE, sided, unicodeSet, WORD } from "./classes.ts";

/** A regular expression in the syntax of Go (RE2), as a tree. */
export type RegexNode =
  | { readonly kind: "empty" }
  | { readonly kind: "set"; readonly has: (letter: string) => boolean }
  | { readonly kind: "assert"; readonly at: "start" | "end" | "line-start" | "line-end" | "word" | "no-word" }
  | { readonly kind: "group"; readonly index: number; readonly body: RegexNode }
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly parts: readonly RegexNode[] }
  | {
      readonly kind: "repeat";
      readonly body: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    };

export interface ParsedRegex {
  readonly root: RegexNode;
  /** How many groups capture, the whole match left out. */
  readonly groups: number;
  /** The groups' names by number; "" for those without. */
  readonly names: readonly string[];
}

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const DEEPEST = 500;

/** Ends the reading of what is no expression. */
class NotRegex extends Error {}

/**
 * Reads an expression of Go's regexp package. `undefined`: Go refuses it, or it is beyond what is read here (`\C`, deeper
 * nesting than 500).
 */
export function parseRegex(pattern: string): ParsedRegex | undefined {
  try {
    return read([...pattern]);
  } catch (error) {
    if (error instanceof NotRegex) return undefined;
    throw error;
  }
}

function read(letters: readonly string[]): ParsedRegex {
  let at = 0;
  let flags: Flags = { i: false, m: false, s: false, U: false };
  const names: string[] = [""];
  const fail = (): never => {
    throw new NotRegex();
  };
  const take = (text: string) => {
    if (
      !letters.slice(at, at + text.length).every((letter, i) => letter === text[i]) ||
      at + text.length > letters.length
    )
      return false;
    at += text.length;
    return true;
  };

  const root = choice(0);
  if (at < letters.length) fail();
  return { root, groups: names.length - 1, names };

  function choice(depth: number): RegexNode {
    if (depth > DEEPEST) fail();
    const outer = flags;
    const parts = [sequence(depth)];
    while (take("|")) parts.push(sequence(depth));
    flags = outer;
    return parts.length === 1 ? parts[0]! : { kind: "choice", parts };
  }

  function sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (at < letters.length && letters[at] !== "|" && letters[at] !== ")") {
      if (take("\\Q")) while (at < letters.length && !take("\\E")) parts.push(literal(letters[at++]!));
      else {
        const part = atom(depth);
        if (part) parts.push(part);
      }
      // A repetition after a change of flags is one of what stands before that.
      const last = parts.pop();
      if (last) parts.push(repeated(last));
      else if (repetition()) fail();
    }
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
  }

  function repeated(body: RegexNode): RegexNode {
    const bounds = repetition();
    if (!bounds) return body;
    const lazy = take("?");
    const after = at;
    if (repetition()) fail();
    at = after;
    return { kind: "repeat", body, min: bounds[0], max: bounds[1], greedy: lazy === flags.U };
  }

  function repetition(): readonly [number, number] | undefined {
    if (take("*")) return [0, Number.POSITIVE_INFINITY];
    if (take("+")) return [1, Number.POSITIVE_INFINITY];
    if (take("?")) return [0, 1];
    const match = /^\{([0-9]{1,4})(,([0-9]{0,4}))?\}/.exec(letters.slice(at, at + 12).join(""));
    if (!match) return undefined;
    at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (min > 1000 || (max !== Number.POSITIVE_INFINITY && max > 1000) || max < min) fail();
    return [min, max];
  }

  /** `undefined`: a change of flags, which matches nothing. */
  function atom(depth: number): RegexNode | undefined {
    const letter = letters[at++]!;
    switch (letter) {
      case "(":
        return group(depth);
      case "[":
        return set(members());
      case ".":
        return flags.s ? { kind: "set", has: () => true } : { kind: "set", has: (one) => one !== "\n" };
      case "^":
        return { kind: "assert", at: flags.m ? "line-start" : "start" };
      case "$":
        return { kind: "assert", at: flags.m ? "line-end" : "end" };
      case "\\":
        return escaped();
      case "*":
      case "+":
      case "?":
        return fail();
      case "{":
        at--;
        if (repetition()) fail();
        at++;
        return literal(letter);
      default:
        return literal(letter);
    }
  }

  function group(depth: number): RegexNode | undefined {
    const named = /^\?P?<([A-Za-z0-9_]+)>/.exec(letters.slice(at, at + 200).join(""));
    if (named || letters[at] !== "?") {
      if (named) at += named[0].length;
      const index = names.push(named?.[1] ?? "") - 1;
      const body = choice(depth + 1);
      if (!take(")")) fail();
      return { kind: "group", index, body };
    }
    const change = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(letters.slice(at, at + 20).join("")) ?? fail();
    at += change[0].length;
    const changed = { ...flags };
    for (const flag of change[1] ?? "") changed[flag as keyof Flags] = true;
    for (const flag of change[2] ?? "") changed[flag as keyof Flags] = false;
    if (change[3] === ")") {
      flags = changed;
      return undefined;
    }
    const outer = flags;
    flags = changed;
    const body = choice(depth + 1);
    flags = outer;
    if (!take(")")) fail();
    return body;
  }

  function escaped(): RegexNode {
    const letter = letters[at++] ?? fail();
    switch (letter) {
      case "A":
        return { kind: "assert", at: "start" };
      case "z":
        return { kind: "assert", at: "end" };
      case "b":
        return { kind: "assert", at: "word" };
      case "B":
        return { kind: "assert", at: "no-word" };
      default: {
        const found = classOf(letter);
        if (found) return set(found);
        return literal(String.fromCodePoint(escapedCode(letter)));
      }
    }
  }

  function literal(letter: string): RegexNode {
    if (!flags.i) return { kind: "set", has: (one) => one === letter };
    const folded = letter.toLowerCase();
    return { kind: "set", has: (one) => one.toLowerCase() === folded };
  }

  function set(has: (letter: string) => boolean): RegexNode {
    return { kind: "set", has };
  }

  /** Both cases of the letters, where the flag says so; what is negated is negated after that. */
  function folded(has: (letter: string) => boolean): (letter: string) => boolean {
    if (!flags.i) return has;
    return (one) => has(one) || has(one.toLowerCase()) || has(one.toUpperCase());
  }

  /** `\d`, `\pL` and the like. */
  function classOf(letter: string): ((one: string) => boolean) | undefined {
    const ranges = { d: DIGIT, w: WORD, s: SPACE }[letter.toLowerCase()];
    if (ranges) return sided(letter === letter.toLowerCase(), folded(inRanges(ranges)));
    if (letter !== "p" && letter !== "P") return undefined;
    const named = /^(?:\{(\^?)(\w+)\}|(\w))/.exec(letters.slice(at, at + 40).join("")) ?? fail();
    at += named[0].length;
    const name = named[2] ?? named[3]!;
    const known = folded(unicodeSet(name) ?? fail());
    return sided((letter === "p") === (named[1] !== "^"), known);
  }

  function escapedCode(letter: string): number {
    if (letter in CONTROL) return CONTROL[letter]!;
    if (letter === "x") {
      const match =
        /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(letters.slice(at, at + 8).join("")) ?? fail();
      at += match[0].length;
      const code = Number.parseInt(match[1] ?? match[2]!, 16);
      return code > 0x10ffff ? fail() : code;
    }
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(letters.slice(at - 1, at + 2).join(""));
    if (octal) {
      at += octal[0].length - 1;
      return Number.parseInt(octal[0], 8);
    }
    return /^[!-/:-@[-`{-~]$/.test(letter) ? letter.charCodeAt(0) : fail();
  }

  function members(): (letter: string) => boolean {
    const isNegated = take("^");
    const parts: ((one: string) => boolean)[] = [];
    for (let first = true; first || letters[at] !== "]"; first = false) {
      if (at >= letters.length) fail();
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(letters.slice(at, at + 14).join(""));
      if (posix) {
        at += posix[0].length;
        const known = folded(inRanges(Object.hasOwn(POSIX, posix[2]!) ? POSIX[posix[2]!]! : fail()));
        parts.push(sided(posix[1] === "", known));
        continue;
      }
      const low = member();
      if (typeof low === "function") parts.push(low);
      else if (letters[at] === "-" && at + 1 < letters.length && letters[at + 1] !== "]") {
        at++;
        const high = member();
        if (typeof high === "function" || high < low) fail();
        else parts.push(folded(inRanges([[low, high]])));
      } else parts.push(folded(inRanges([[low, low]])));
    }
    at++;
    const has = (one: string) => parts.some((part) => part(one));
    return sided(!isNegated, has);
  }

  function member(): number | ((one: string) => boolean) {
    const letter = letters[at++] ?? fail();
    if (letter !== "\\") return letter.codePointAt(0)!;
    const word = letters[at++] ?? fail();
    return classOf(word) ?? escapedCode(word);
  }
}
