import { sameJson } from "./same-json.ts";

/** Where two lists differ: the items `from` to `to` of the one stand where `start` to `end` of the other do; ends excluded. */
export interface ListGap {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** Longer middles are taken as one difference: finding what they share takes the product of their lengths. */
const LARGEST_TABLE = 250_000;

/** The differences between two lists, around the longest common subsequence of their items. */
export function listGaps(before: readonly unknown[], after: readonly unknown[]): ListGap[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && sameJson(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && sameJson(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const gaps: ListGap[] = [];
  let [from, start] = [head, head];
  const shared = sharedItems(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  );
  for (const [i, j] of [...shared, [before.length - tail - head, after.length - tail - head] as const]) {
    const [to, end] = [head + i, head + j];
    if (to > from || end > start) gaps.push({ from, to, start, end });
    [from, start] = [to + 1, end + 1];
  }
  return gaps;
}

/** Pairs of places of a longest common subsequence. */
function sharedItems(a: readonly unknown[], b: readonly unknown[]): (readonly [number, number])[] {
  if (a.length * b.length > LARGEST_TABLE) return [];
  const isSame = a.map((item) => b.map((other) => sameJson(item, other)));
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] = isSame[i]![j]
        ? lengths[i + 1]![j + 1]! + 1
        : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (isSame[i]![j]) pairs.push([i++, j++]);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}
