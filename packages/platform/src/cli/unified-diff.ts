/** One line of a comparison: in both texts, in the old one only, in the new one only. */
interface Row {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

/** More differences than this are not looked for one by one: all between the first and the last counts as changed. */
const MOST_EDITS = 1000;
const CONTEXT = 3;

/**
 * What changed between two texts, as `diff -u` prints it and `patch` reads it; empty when they are the same.
 *
 * @param name the file's name, for both headers
 */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return "";
  const rows = compare(linesOf(before), linesOf(after));
  const hunks = hunksOf(rows);
  return `--- ${name}\n+++ ${name}\n${hunks.map((hunk) => hunkText(rows, hunk)).join("")}`;
}

/** Lines with their line breaks, so that a last line without one differs from one with. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compare(before: readonly string[], after: readonly string[]): Row[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (line: string): Row => ({ sign: " ", line });
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/**
 * The shortest way from one list of lines to another (Myers, "An O(ND) Difference Algorithm", 1986): `reach[k]` is how far
 * into `a` one gets on diagonal k with a number of edits.
 */
function middle(a: readonly string[], b: readonly string[]): Row[] {
  const trace: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  const most = Math.min(a.length + b.length, MOST_EDITS);
  for (let edits = 0; edits <= most; edits++) {
    trace.push(reach);
    reach = new Map(reach);
    for (let k = -edits; k <= edits; k += 2) {
      let x = comesDown(reach, k, edits) ? reach.get(k + 1)! : reach.get(k - 1)! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace);
    }
  }
  return [...a.map((line): Row => ({ sign: "-", line })), ...b.map((line): Row => ({ sign: "+", line }))];
}

function comesDown(reach: ReadonlyMap<number, number>, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && reach.get(k - 1)! < reach.get(k + 1)!);
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): Row[] {
  const rows: Row[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits]!;
    const k = x - y;
    const isDown = comesDown(reach, k, edits);
    const from = isDown ? k + 1 : k - 1;
    const fromX = edits === 0 ? 0 : reach.get(from)!;
    const fromY = edits === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      rows.push({ sign: " ", line: a[--x]! });
      y--;
    }
    if (edits === 0) break;
    rows.push(isDown ? { sign: "+", line: b[--y]! } : { sign: "-", line: a[--x]! });
  }
  return rows.reverse();
}

/** Stretches of rows to show: changes with lines around them, joined where those meet. */
function hunksOf(rows: readonly Row[]): { from: number; to: number }[] {
  const hunks: { from: number; to: number }[] = [];
  rows.forEach(({ sign }, index) => {
    if (sign === " ") return;
    const last = hunks.at(-1);
    const to = Math.min(rows.length, index + 1 + CONTEXT);
    if (last && index - CONTEXT <= last.to) last.to = to;
    else hunks.push({ from: Math.max(0, index - CONTEXT), to });
  });
  return hunks;
}

function hunkText(rows: readonly Row[], { from, to }: { from: number; to: number }): string {
  const shown = rows.slice(from, to);
  const range = (sign: "-" | "+") => {
    const count = shown.filter((row) => row.sign !== (sign === "-" ? "+" : "-")).length;
    const above = rows.slice(0, from).filter((row) => row.sign !== (sign === "-" ? "+" : "-")).length;
    // A range of nothing names the line above it.
    return `${sign}${count === 0 ? above : above + 1}${count === 1 ? "" : `,${count}`}`;
  };
  const text = shown.map(
    ({ sign, line }) => `${sign}${line}${line.endsWith("\n") ? "" : "\n\\ No newline at end of file\n"}`,
  );
  return `@@ ${range("-")} ${range("+")} @@\n${text.join("")}`;
}
