import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  complement,
  type Domain,
  intersect,
  isApart,
  isEmpty,
  isWithin,
  noneOf,
  numbers,
  oneOf,
} from "./domain.ts";

// A small universe in which sets can be listed; "?" stands for every word that no set names.
const WORDS = [undefined, "a", "b", "?"];
const NUMBERS = Array.from({ length: 12 }, (_, i) => BigInt(i));
const UNIVERSE = [
  { first: 0n, last: 3n },
  { first: 6n, last: 11n },
];

const words: fc.Arbitrary<Domain> = fc
  .tuple(fc.boolean(), fc.subarray([undefined, "a", "b"]))
  .map(([negated, members]) => (negated ? noneOf(...members) : oneOf(...members)));
const spans = fc.array(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 11n }), fc.bigInt({ min: 0n, max: 5n }))
    .map(([first, n]) => ({ first, last: first + n })),
  { maxLength: 4 },
);
const ranges: fc.Arbitrary<Domain> = spans.map((list) => numbers(list, UNIVERSE));
const pair = fc.oneof(fc.tuple(words, words), fc.tuple(ranges, ranges));

function members(domain: Domain): unknown[] {
  if (domain.kind === "words") return WORDS.filter((w) => domain.members.has(w) !== domain.negated);
  return NUMBERS.filter((n) => domain.ranges.some((r) => r.first <= n && n <= r.last));
}

function everything(domain: Domain): unknown[] {
  return domain.kind === "words" ? WORDS : [0n, 1n, 2n, 3n, 6n, 7n, 8n, 9n, 10n, 11n];
}

describe("domains", () => {
  test("are sets: what each operation says is what the listed members say", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [inA, inB] = [members(a), members(b)];
        const common = inA.filter((m) => inB.includes(m));
        expect(members(intersect(a, b))).toEqual(common);
        expect(members(complement(a))).toEqual(everything(a).filter((m) => !inA.includes(m)));
        expect(isEmpty(a)).toBe(inA.length === 0);
        expect(isWithin(a, b)).toBe(common.length === inA.length);
        expect(isApart(a, b)).toBe(common.length === 0);
      }),
      { numRuns: 2000 },
    );
  });

  test("keep ranges sorted, disjoint and apart", () => {
    const { ranges: joined } = numbers(
      [
        { first: 8n, last: 9n },
        { first: 1n, last: 2n },
        { first: 2n, last: 3n },
        { first: 10n, last: 99n },
      ],
      UNIVERSE,
    );
    expect(joined).toEqual([
      { first: 1n, last: 3n },
      { first: 8n, last: 11n },
    ]);
  });

  test("refuse to mix words and numbers in one variable", () => {
    expect(() => intersect(oneOf("a"), numbers([], UNIVERSE))).toThrow(TypeError);
  });
});
