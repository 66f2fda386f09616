import { type PatternNode, parsePattern } from "./parse-pattern.ts";

/** Whether a text has a match of a pattern somewhere. */
export type Match = (text: string) => boolean;

/** A pattern that repeats repetitions can grow to any size; the server refuses such a definition. */
const MAX_STATES = 10_000;

/**
 * Matches texts with a pattern of a CustomResourceDefinition as the server does, in time linear in the text whatever the
 * pattern is (RE2; JavaScript's own can take forever). `undefined` for a pattern that is not read here: flags, classes by
 * name (`[[:alpha:]]`, `\pL`), `\b`, escapes by number.
 *
 * All states that the pattern may be in are followed at once (Thompson 1968).
 *
 * @example linearPattern("^[a-z]+$")?.("abc") // true
 */
export function linearPattern(source: string): Match | undefined {
  const node = parsePattern(source);
  if (node === undefined) return undefined;
  const states: State[] = [{ op: "match" }];
  const start = build(node, 0, states);
  return start === undefined ? undefined : (text) => run(states, start, text);
}

type State =
  | { readonly op: "match" }
  | { readonly op: "character"; readonly test: (code: number) => boolean; readonly next: number }
  | { readonly op: "start" | "end"; readonly next: number }
  | { readonly op: "split"; nexts: readonly number[] };

/** Adds the states of a node that goes on at `next`, gives the first of them; `undefined` when there are too many. */
function build(node: PatternNode, next: number, states: State[]): number | undefined {
  if (states.length > MAX_STATES) return undefined;
  const add = (state: State) => states.push(state) - 1;
  switch (node.op) {
    case "character":
      return add({ op: "character", test: node.test, next });
    case "start":
    case "end":
      return add({ op: node.op, next });
    case "sequence":
      return node.of.reduceRight<number | undefined>(
        (after, part) => (after === undefined ? undefined : build(part, after, states)),
        next,
      );
    case "either": {
      const nexts = node.of.map((part) => build(part, next, states));
      return nexts.every((one) => one !== undefined) ? add({ op: "split", nexts }) : undefined;
    }
    case "repeat": {
      let after: number | undefined = next;
      if (node.most === undefined) {
        const loop: State = { op: "split", nexts: [next] };
        after = add(loop);
        const body = build(node.of, after, states);
        if (body === undefined) return undefined;
        loop.nexts = [body, next];
      }
      for (let i = node.least; i < (node.most ?? 0) && after !== undefined; i++) {
        const body = build(node.of, after, states);
        after = body === undefined ? undefined : add({ op: "split", nexts: [body, next] });
      }
      for (let i = 0; i < node.least && after !== undefined; i++) after = build(node.of, after, states);
      return after;
    }
  }
}

function run(states: readonly State[], start: number, text: string): boolean {
  const characters = [...text];
  let current: number[] = [];
  for (let at = 0; ; at++) {
    const seen = new Set<number>();
    const reading: number[] = [];
    // A match may begin anywhere.
    const open = [...current, start];
    while (open.length > 0) {
      const index = open.pop()!;
      if (seen.has(index)) continue;
      seen.add(index);
      const state = states[index]!;
      if (state.op === "match") return true;
      if (state.op === "character") reading.push(index);
      else if (state.op === "split") open.push(...state.nexts);
      else if (state.op === "start" ? at === 0 : at === characters.length) open.push(state.next);
    }
    const code = characters[at]?.codePointAt(0);
    if (code === undefined) return false;
    current = reading.flatMap((index) => {
      const state = states[index]!;
      return state.op === "character" && state.test(code) ? [state.next] : [];
    });
  }
}
