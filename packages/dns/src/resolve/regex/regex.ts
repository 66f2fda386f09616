import { parseRegex, type RegexNode } from "./parse.ts";

/** An expression that is ready to be matched. */
export interface Regex {
  readonly groups: number;
  /** The groups' names by number; "" for those without. */
  readonly names: readonly string[];
  /** The first match and its groups, "" for groups that took no part; `undefined`: none. */
  readonly find: (text: string) => readonly string[] | undefined;
}

type Step =
  | { readonly op: "letter"; readonly has: (letter: string) => boolean }
  | { readonly op: "assert"; readonly at: string }
  | { readonly op: "save"; readonly slot: number }
  | { readonly op: "split"; readonly first: number; readonly second: number }
  | { readonly op: "jump"; readonly to: number }
  | { readonly op: "match" };

const MOST_STEPS = 20_000;

/**
 * Compiles an expression as Go's regexp package reads it, and matches as it does: in time proportional to the text, whatever
 * the expression, and with the same choice among matches. `undefined`: Go refuses it, or it is too large.
 *
 * @example compileRegex("^([a-z]+)\\.cluster")?.find("web.cluster.local.") // ["web.cluster", "web"]
 */
export function compileRegex(pattern: string): Regex | undefined {
  if (pattern.length > 10_000) return undefined;
  const parsed = parseRegex(pattern);
  const steps = parsed && programOf(parsed.root);
  if (!steps) return undefined;
  const { groups, names } = parsed;
  return { groups, names, find: (text) => run(steps, groups, [...text]) };
}

function programOf(root: RegexNode): readonly Step[] | undefined {
  const steps: Step[] = [];
  const emit = (step: Step) => steps.push(step) - 1;
  let tooLarge = false;

  const add = (node: RegexNode): void => {
    if (steps.length > MOST_STEPS) tooLarge = true;
    if (tooLarge) return;
    switch (node.kind) {
      case "empty":
        return;
      case "set":
        emit({ op: "letter", has: node.has });
        return;
      case "assert":
        emit({ op: "assert", at: node.at });
        return;
      case "group":
        emit({ op: "save", slot: 2 * node.index });
        add(node.body);
        emit({ op: "save", slot: 2 * node.index + 1 });
        return;
      case "sequence":
        for (const part of node.parts) add(part);
        return;
      case "choice":
        addChoice(node.parts);
        return;
      case "repeat":
        addRepeat(node);
    }
  };
  const addChoice = (parts: readonly RegexNode[]): void => {
    const ends: number[] = [];
    for (const [i, part] of parts.entries()) {
      if (i === parts.length - 1) {
        add(part);
        break;
      }
      const split = emit({ op: "jump", to: 0 });
      add(part);
      ends.push(emit({ op: "jump", to: 0 }));
      steps[split] = { op: "split", first: split + 1, second: steps.length };
    }
    for (const end of ends) steps[end] = { op: "jump", to: steps.length };
  };
  const splitAt = (at: number, body: number, after: number, greedy: boolean) => {
    steps[at] = { op: "split", first: greedy ? body : after, second: greedy ? after : body };
  };
  /** `x+`; `x*` is `(x+)?`, so that an empty `x` has the same preference as in Go. */
  const addPlus = (body: RegexNode, greedy: boolean): void => {
    const start = steps.length;
    add(body);
    const split = emit({ op: "jump", to: 0 });
    splitAt(split, start, steps.length, greedy);
  };
  const addRepeat = ({ body, min, max, greedy }: Extract<RegexNode, { kind: "repeat" }>): void => {
    const isOpen = max === Number.POSITIVE_INFINITY;
    for (let i = 0; i < (isOpen ? min - 1 : min); i++) add(body);
    if (isOpen && min > 0) {
      addPlus(body, greedy);
      return;
    }
    // `x{0,3}` is `(x(x(x)?)?)?`.
    const splits: number[] = [];
    for (let i = min; i < (isOpen ? 1 : max) && !tooLarge; i++) {
      splits.push(emit({ op: "jump", to: 0 }));
      if (isOpen) addPlus(body, greedy);
      else add(body);
    }
    for (const split of splits) splitAt(split, split + 1, steps.length, greedy);
  };

  emit({ op: "save", slot: 0 });
  add(root);
  emit({ op: "save", slot: 1 });
  emit({ op: "match" });
  return tooLarge ? undefined : steps;
}

interface Thread {
  readonly step: number;
  readonly saved: readonly number[];
}

/** Runs all ways of matching side by side, the preferred ones first (a Pike machine). */
function run(steps: readonly Step[], groups: number, text: readonly string[]): string[] | undefined {
  let threads: Thread[] = [];
  let best: readonly number[] | undefined;
  const start = new Array<number>(2 * groups + 2).fill(-1);
  for (let at = 0; at <= text.length; at++) {
    const seen = new Uint8Array(steps.length);
    const here: Thread[] = [];
    for (const thread of threads) follow(steps, thread, at, text, seen, here);
    if (!best) follow(steps, { step: 0, saved: start }, at, text, seen, here);
    if (here.length === 0 && best) break;
    threads = [];
    for (const { step, saved } of here) {
      const one = steps[step]!;
      if (one.op === "match") {
        best = saved;
        break;
      }
      if (one.op === "letter" && at < text.length && one.has(text[at]!))
        threads.push({ step: step + 1, saved });
    }
  }
  if (!best) return undefined;
  const found = best;
  return Array.from({ length: groups + 1 }, (_, i) =>
    found[2 * i]! < 0 ? "" : text.slice(found[2 * i], found[2 * i + 1]).join(""),
  );
}

/** Adds the steps that read a letter or match and can be reached without reading one, in order of preference. */
function follow(
  steps: readonly Step[],
  from: Thread,
  at: number,
  text: readonly string[],
  seen: Uint8Array,
  into: Thread[],
): void {
  const pending: Thread[] = [from];
  for (let thread = pending.pop(); thread; thread = pending.pop()) {
    const { step, saved } = thread;
    if (seen[step]) continue;
    seen[step] = 1;
    const one = steps[step]!;
    switch (one.op) {
      case "jump":
        pending.push({ step: one.to, saved });
        break;
      case "split":
        pending.push({ step: one.second, saved }, { step: one.first, saved });
        break;
      case "save":
        pending.push({ step: step + 1, saved: saved.with(one.slot, at) });
        break;
      case "assert":
        if (holds(one.at, at, text)) pending.push({ step: step + 1, saved });
        break;
      default:
        into.push(thread);
    }
  }
}

function holds(what: string, at: number, text: readonly string[]): boolean {
  const isWord = (i: number) => text[i] !== undefined && /^[0-9A-Za-z_]$/.test(text[i]);
  switch (what) {
    case "start":
      return at === 0;
    case "end":
      return at === text.length;
    case "line-start":
      return at === 0 || text[at - 1] === "\n";
    case "line-end":
      return at === text.length || text[at] === "\n";
    default:
      return (isWord(at - 1) !== isWord(at)) === (what === "word");
  }
}
