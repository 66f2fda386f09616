import { expect, test } from "vitest";
import { readSuppressions } from "./read-suppressions.ts";

const read = (text: string) => readSuppressions(text, { file: "s.yaml" });

const ENTRY = { code: "core/unique-resource", because: "two charts bring it" };

test.each([
  ["block", "- code: core/unique-resource\n  because: two charts bring it\n"],
  [
    "document marker and comments",
    "# ours\n---\n- code: core/unique-resource # here\n  because: two charts bring it",
  ],
  ["flow", "[{ code: core/unique-resource, because: two charts bring it }]"],
  ["JSON over lines", '[\n{\n"code":"core/unique-resource",\n"because":"two charts bring it"\n}\n]\n'],
  ["Windows lines and a mark", "\ufeff- code: core/unique-resource\r\n  because: two charts bring it\r\n"],
  ["folded text", "- code: core/unique-resource\n  because: >-\n    two charts\n    bring it\n"],
])("%s", (_, text) => {
  const { suppressions, findings } = read(text);
  expect(findings).toEqual([]);
  expect(suppressions.map((s) => s.entry)).toEqual([ENTRY]);
});

test("places are those of the file", () => {
  const { suppressions } = read(
    "# ours\n- code: core/a\n  because: x\n- because: why\n  code: core/b\n  subject: prod/Secret/db\n  path: data\n  until: 2026-12-31\n",
  );
  expect(suppressions).toEqual([
    {
      entry: { code: "core/a", because: "x" },
      path: "[0]",
      at: { file: "s.yaml", line: 2, column: 3 },
      untilAt: expect.objectContaining({ line: 2 }),
    },
    {
      entry: { code: "core/b", because: "why", subject: "prod/Secret/db", path: "data", until: "2026-12-31" },
      path: "[1]",
      at: { file: "s.yaml", line: 4, column: 3 },
      untilAt: { file: "s.yaml", line: 8, column: 3 },
    },
  ]);
});

test("an empty file suppresses nothing", () => {
  for (const text of ["", "---\n", "# nothing yet\n", "[]"])
    expect(read(text)).toEqual({ suppressions: [], findings: [] });
});

test.each([
  ["no reason", "- code: core/a\n", "[0].because", 1],
  ["an empty reason", '- code: core/a\n  because: " "\n', "[0].because", 2],
  ["no code", "- because: x\n", "[0].code", 1],
  ["a code that is none", "- code: unique\n  because: x\n", "[0].code", 1],
  ["a day that is none", "- code: core/a\n  because: x\n  until: 2026-02-30\n", "[0].until", 3],
  ["a subject that is none", "- code: core/a\n  because: x\n  subject: Secret prod/db\n", "[0].subject", 3],
  ["an unknown field", "- code: core/a\n  because: x\n  untill: 2026-02-20\n", "[0].untill", 3],
  ["a text for an entry", "- core/a\n", "[0]", 1],
  ["null for an entry", "-\n", "[0]", 1],
])("%s is a finding at its place, and the other entries hold", (_, text, path, line) => {
  const { suppressions, findings } = read(`${text}- code: core/z\n  because: z\n`);
  expect(suppressions.map((s) => s.entry.code)).toEqual(["core/z"]);
  expect(findings).toMatchObject([
    { code: "platform/valid-suppression", severity: "error", path, at: { file: "s.yaml", line } },
  ]);
  expect(findings[0]?.hint).not.toBe("");
});

test.each([
  ["a mapping", "code: core/a\nbecause: x\n", "platform/valid-suppression"],
  ["a text", "core/a", "platform/valid-suppression"],
  [
    "two documents",
    "- code: core/a\n  because: x\n---\n- code: core/b\n  because: x\n",
    "platform/valid-suppression",
  ],
  ["a key twice", "- code: core/a\n  code: core/b\n  because: x\n", "core/unique-key"],
  ["a tab", "- code: core/a\n\tbecause: x\n", "core/no-tab"],
  ["a bracket that stays open", "[{ code: core/a", "core/valid-yaml"],
  [
    "an anchor bomb",
    `- &a [${"x,".repeat(50)}]\n${Array.from({ length: 9 }, (_, i) => `- &${"bcdefghij"[i]} [${`*${"abcdefghi"[i]},`.repeat(9)}]`).join("\n")}`,
    "core/no-alias-bomb",
  ],
])("%s suppresses nothing and is a finding of the file", (_, text, code) => {
  const { suppressions, findings } = read(text);
  expect(suppressions).toEqual([]);
  expect(findings.map((f) => f.code)).toContain(code);
  for (const { at, subject, path } of findings) {
    expect(at).toMatchObject({ file: "s.yaml" });
    expect(at?.line).toBeLessThanOrEqual(text.split("\n").length);
    expect(subject).toBeUndefined();
    expect(path).not.toContain("suppress");
  }
});
