import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Domain, noneOf, numbers, oneOf } from "./domain.ts";
import { and, type Box, type Formula, isIn, not, or, satisfy, satisfyWhatever } from "./satisfy.ts";

type Value = string | bigint | undefined;
type Assignment = Readonly<Record<string, Value>>;

const UNIVERSE = [{ first: 0n, last: 3n }];
const VALUES: Readonly<Record<string, readonly Value[]>> = {
  app: [undefined, "x", "y", "?"],
  tier: [undefined, "x", "y", "?"],
  from: [0n, 1n, 2n, 3n],
  to: [0n, 1n, 2n, 3n],
};

const wordSet = fc
  .tuple(fc.boolean(), fc.subarray([undefined, "x", "y"]))
  .map(([negated, members]) => (negated ? noneOf(...members) : oneOf(...members)));
const numberSet = fc.subarray([0n, 1n, 2n, 3n]).map((list) =>
  numbers(
    list.map((n) => ({ first: n, last: n })),
    UNIVERSE,
  ),
);
const literal = fc.oneof(
  fc.tuple(fc.constantFrom("app", "tier"), wordSet).map(([v, s]) => isIn(v, s)),
  fc.tuple(fc.constantFrom("from", "to"), numberSet).map(([v, s]) => isIn(v, s)),
);
const formula = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    literal,
    fc.array(tie("formula"), { maxLength: 4 }).map(and),
    fc.array(tie("formula"), { maxLength: 4 }).map(or),
    tie("formula").map(not),
  ),
})).formula;

const START: Box = new Map<string, Domain>([
  ["from", numbers(UNIVERSE, UNIVERSE)],
  ["to", numbers(UNIVERSE, UNIVERSE)],
]);
const DISTINCT = ["from", "to"] as const;

function assignments(): Assignment[] {
  return Object.entries(VALUES).reduce<Assignment[]>(
    (list, [variable, values]) => list.flatMap((a) => values.map((value) => ({ ...a, [variable]: value }))),
    [{}],
  );
}

function contains(set: Domain, value: Value): boolean {
  if (set.kind === "words") return set.members.has(value as string | undefined) !== set.negated;
  return set.ranges.some((r) => r.first <= (value as bigint) && (value as bigint) <= r.last);
}

function holds(f: Formula, a: Assignment): boolean {
  if (typeof f === "boolean") return f;
  if (f.op === "in") return contains(f.set, a[f.variable]);
  return f.op === "and" ? f.parts.every((p) => holds(p, a)) : f.parts.some((p) => holds(p, a));
}

const ALL = assignments().filter((a) => a.from !== a.to);

describe("satisfy", () => {
  test("finds a box exactly when some assignment satisfies, and every assignment of it does", () => {
    let found = 0;
    fc.assert(
      fc.property(formula, (f) => {
        const result = satisfy(f, START, { steps: 100_000 }, DISTINCT);
        expect(result.outcome).toBe(ALL.some((a) => holds(f, a)) ? "every" : "none");
        if (result.outcome !== "every") return;
        found++;
        const inside = ALL.filter((a) => [...result.box].every(([v, set]) => contains(set, a[v])));
        expect(inside.length).toBeGreaterThan(0);
        for (const a of inside) expect(holds(f, a)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(500);
  });

  test("knows whether a formula can be satisfied whatever the given values are", () => {
    const answers = { yes: 0, no: 0, "gave-up": 0 };
    const chosen = ["tier", "to"];
    fc.assert(
      fc.property(formula, (f) => {
        const answer = satisfyWhatever(f, START, (v) => !chosen.includes(v), { steps: 100_000 }, DISTINCT);
        answers[answer]++;
        const cases = new Map<string, boolean>();
        for (const a of ALL) {
          const key = `${a.app} ${a.from}`;
          cases.set(key, cases.get(key) === true || holds(f, a));
        }
        expect(answer).toBe([...cases.values()].every((x) => x) ? "yes" : "no");
      }),
      { numRuns: 2000 },
    );
    expect(answers.yes).toBeGreaterThan(100);
    expect(answers.no).toBeGreaterThan(100);
  });

  test("gives up on what is too hard instead of searching on", () => {
    // Nine pigeons, eight holes: no solution, and no short proof of that by case distinction.
    const sits = (pigeon: number, hole: number) => isIn(`${pigeon} in ${hole}`, oneOf("yes"));
    const holes = [0, 1, 2, 3, 4, 5, 6, 7];
    const pigeons = [...holes, 8];
    const everyOneSits = pigeons.map((p) => or(holes.map((h) => sits(p, h))));
    const aloneThere = holes.flatMap((h) =>
      pigeons.flatMap((p) => pigeons.filter((q) => q < p).map((q) => not(and([sits(p, h), sits(q, h)])))),
    );
    const budget = { steps: 50_000 };
    expect(satisfy(and([...everyOneSits, ...aloneThere]), new Map(), budget)).toEqual({ outcome: "gave-up" });
    expect(budget.steps).toBeGreaterThan(-10_000);
  });
});
