import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unifiedDiff } from "./unified-diff.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ashlar-diff-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}\n`);

test("a change with three lines around it, as diff -u prints it", () => {
  const before = lines(20);
  const after = before.with(9, "other\n");
  expect(unifiedDiff("f", before.join(""), after.join(""))).toBe(
    "--- f\n+++ f\n@@ -7,7 +7,7 @@\n line 6\n line 7\n line 8\n-line 9\n+other\n line 10\n line 11\n line 12\n",
  );
});

test("no difference, an empty side, no line break at the end", () => {
  expect(unifiedDiff("f", "a\n", "a\n")).toBe("");
  expect(unifiedDiff("f", "", "a\n")).toBe("--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n");
  expect(unifiedDiff("f", "a", "a\n")).toBe(
    "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
  );
});

/** What patch(1) makes of a text and a diff. */
function patched(before: string, diff: string): string {
  const file = join(folder, "f");
  writeFileSync(file, before);
  if (diff !== "") execFileSync("patch", ["--silent", "--no-backup-if-mismatch", file], { input: diff });
  return readFileSync(file, "utf8");
}

test("patch(1) makes the one text of the other", () => {
  const text = fc
    .tuple(fc.array(fc.constantFrom("a", "b", "c", "dd"), { maxLength: 12 }), fc.boolean())
    .map(([words, closed]) => words.join("\n") + (closed && words.length > 0 ? "\n" : ""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      // patch removes a file that becomes empty.
      fc.pre(after !== "");
      expect(patched(before, unifiedDiff("f", before, after))).toBe(after);
    }),
    { numRuns: 60 },
  );
});

test("long texts: few changes are found one by one, many at once, in bounded time", () => {
  const before = lines(50_000);
  const few = before.map((line, index) => (index % 10_000 === 77 ? "x\n" : line));
  expect(unifiedDiff("f", before.join(""), few.join("")).match(/^@@/gm)).toHaveLength(5);
  const many = before.map((line) => `${line.trimEnd()}!\n`);
  expect(unifiedDiff("f", before.join(""), many.join("")).match(/^-line/gm)).toHaveLength(50_000);
});
