import type { PortRange } from "./unit.ts";

/** Whether a number is in one of the ranges, which are in order. */
export function inRanges(ranges: readonly PortRange[], port: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.to < port) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low]!.from <= port;
}

/** Ranges in order, those that touch or overlap made one. */
export function joinRanges(ranges: readonly PortRange[]): PortRange[] {
  const joined: PortRange[] = [];
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || last.to + 1 < from) joined.push({ from, to });
    else if (last.to < to) joined[joined.length - 1] = { from: last.from, to };
  }
  return joined;
}

/** Ranges cut at the ends of others, so that in each piece every other range holds all ports or none. */
export function cutRanges(asked: readonly PortRange[], others: Iterable<PortRange>): PortRange[] {
  const cuts = new Set<number>();
  for (const { from, to } of others) cuts.add(from).add(to + 1);
  const sorted = [...cuts].sort((a, b) => a - b);
  return asked.flatMap(({ from, to }) => {
    const starts = [from, ...sorted.filter((port) => port > from && port <= to)];
    return starts.map((start, i) => ({ from: start, to: (starts[i + 1] ?? to + 1) - 1 }));
  });
}

/** The ports that are in both; both are in order, without overlaps. */
export function commonRanges(a: readonly PortRange[], b: readonly PortRange[]): PortRange[] {
  const common: PortRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i]!.from, b[j]!.from);
    const to = Math.min(a[i]!.to, b[j]!.to);
    if (from <= to) common.push({ from, to });
    if (a[i]!.to === to) i++;
    else j++;
  }
  return common;
}
