import { expect, test } from "vitest";
import { cellsOf } from "./characters.ts";
import { codeFrame, type FrameOptions, sourceText } from "./code-frame.ts";

const frame = (text: string, line: number, column: number, options?: FrameOptions) =>
  codeFrame(sourceText(text), { line, column }, options).map((row) => `${row.gutter}${row.text}`);

const cells = (text: string) => [...text].reduce((sum, c) => sum + cellsOf(c), 0);
/** The character above the caret, by cells. */
function aboveCaret(rows: readonly string[]): string | undefined {
  const caret = rows.findIndex((row) => row.trimEnd().endsWith("^"));
  const at = cells(rows[caret]?.trimEnd() ?? "") - 1;
  let used = 0;
  for (const c of rows[caret - 1] ?? "") {
    if (used === at && cellsOf(c) > 0) return c;
    used += cellsOf(c);
  }
  return undefined;
}

test("two lines before and after, the caret under the column", () => {
  expect(frame("a: 1\nb: 2\nc:\n  d: x\ne: 5\nf: 6\n", 4, 6)).toEqual([
    "  2 | b: 2",
    "  3 | c:",
    "> 4 |   d: x",
    "    |      ^",
    "  5 | e: 5",
    "  6 | f: 6",
  ]);
});

test("at both ends of the text, with numbers of equal width, whatever ends the lines", () => {
  expect(frame("a\r\nb", 1, 1)).toEqual(["> 1 | a", "    | ^", "  2 | b"]);
  expect(frame("a\rb\r", 2, 9)).toEqual(["  1 | a", "> 2 | b", "    |  ^"]);
  expect(frame(`${"x\n".repeat(9)}y`, 9, 1).map((row) => row.slice(0, 6))).toEqual([
    "   7 |",
    "   8 |",
    ">  9 |",
    "     |",
    "  10 |",
  ]);
  expect(frame("", 1, 1)).toEqual(["> 1 | ", "    | ^"]);
  expect(frame("\ufeffab", 1, 2)).toEqual(["> 1 | ab", "    |  ^"]);
});

test("a place that is not in the text has no frame", () => {
  expect(frame("a", 9, 1)).toEqual([]);
  expect(frame("a", 0, 1)).toEqual([]);
});

test("wide, combining and escaped characters are counted as the cells that they take", () => {
  for (const before of [
    "日本: ",
    "e\u0301: ",
    "😀 ",
    "\u001b[31m",
    "a\tb",
    "\u202e",
    "\ud800",
    "👩\u200d🚀",
    "ａ",
  ]) {
    const rows = frame(`${before}X: 1`, 1, before.length + 1);
    expect(aboveCaret(rows), JSON.stringify(before)).toBe("X");
  }
});

test("nothing in a frame drives a terminal", () => {
  const controls = Array.from({ length: 32 }, (_, i) => String.fromCharCode(i)).join("");
  const rows = frame(`\u001b]0;x\u0007${controls}\u009b\u202e\u2028\ufeff\n`, 1, 1, { width: 500 });
  expect(rows.join("")).not.toMatch(/[\p{Cc}\u202e\u2028\ufeff]/u);
  expect(rows.join("")).toContain("\\u001b]0;x\\u0007");
});

test("long lines are cut on both sides of the caret, never through a character", () => {
  const text = `${"😀日a".repeat(20_000)}X${"b".repeat(100_000)}`;
  const rows = frame(text, 1, 4 * 20_000 + 1, { width: 40 });
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/^> 1 \| ….*X.*…$/u);
  expect(rows[0]).not.toMatch(/\\u/);
  expect(cells(rows[0] as string)).toBeLessThanOrEqual(6 + 40 + 2);
  expect(aboveCaret(rows)).toBe("X");
});

test("every column of every line of mixed widths is found again", () => {
  const line = "k: 日本語 \u0000 e\u0301 😀 value-and-more ".repeat(6);
  for (let column = 1; column <= line.length; column++) {
    const c = line[column - 1] as string;
    if (!/[a-z:-]/.test(c)) continue;
    expect(aboveCaret(frame(line, 1, column, { width: 30 })), `column ${column}`).toBe(c);
  }
});

test("combining marks without end stay short", () => {
  const rows = frame(`a${"\u0301".repeat(1_000_000)}`, 1, 1);
  expect(rows.join("").length).toBeLessThan(1_000);
});

test("hidden lines show nothing", () => {
  expect(frame("a\nsecret\nc", 1, 1, { hidden: (n) => n === 2 })).toEqual([
    "> 1 | a",
    "    | ^",
    "  2 | …",
    "  3 | c",
  ]);
});
