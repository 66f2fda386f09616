import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commonRanges, cutRanges, inRanges, joinRanges } from "./ranges.ts";

const range = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(8))
  .map(([from, more]) => ({ from, to: from + more }));
const some = fc.array(range, { maxLength: 6 });
const ports = Array.from({ length: 50 }, (_, i) => i);
const members = (ranges: readonly { from: number; to: number }[]) =>
  ports.filter((port) => ranges.some(({ from, to }) => from <= port && port <= to));

describe("ranges of ports", () => {
  it("join, meet and look up as sets do", () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const [joinedA, joinedB] = [joinRanges(a), joinRanges(b)];
        expect(members(joinedA)).toEqual(members(a));
        expect(ports.filter((port) => inRanges(joinedA, port))).toEqual(members(a));
        expect(members(commonRanges(joinedA, joinedB))).toEqual(
          members(a).filter((port) => members(b).includes(port)),
        );
        for (const [i, { to }] of joinedA.entries()) expect((joinedA[i + 1]?.from ?? 99) > to + 1).toBe(true);
      }),
    );
  });

  it("cut so that each piece is inside or outside of every other range", () => {
    fc.assert(
      fc.property(range, some, (asked, others) => {
        const pieces = cutRanges([asked], others);
        expect(members(pieces)).toEqual(members([asked]));
        for (const piece of pieces)
          for (const other of others) {
            const shared = members([piece]).filter((port) => members([other]).includes(port)).length;
            expect([0, members([piece]).length]).toContain(shared);
          }
      }),
    );
  });
});
