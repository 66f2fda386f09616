import fc from "fast-check";
import { expect, test } from "vitest";
import { applyBaseline, baselineOf, readBaseline, writeBaseline } from "./baseline.ts";
import { finding, HOSTILE, reportOf } from "./report.test-support.ts";

const subject = { apiVersion: "v1", kind: "ConfigMap", namespace: "prod", name: "a" };
const at = (line: number, file = "a.yaml") => ({ file, line, column: 2 });

function compare(before: Parameters<typeof baselineOf>[0], now: Parameters<typeof baselineOf>[0]) {
  const read = readBaseline(writeBaseline(baselineOf(before)));
  if (!read.ok) throw new Error(JSON.stringify(read.findings));
  const result = applyBaseline(reportOf(now), read.value);
  return {
    open: result.findings,
    known: result.baseline?.known.length,
    fixed: result.baseline?.fixed.map((f) => [f.code, f.count]),
    errors: result.summary.errors,
  };
}

test("findings that moved are known, also when they tell lines in their message", () => {
  const before = [finding({ subject, at: at(3), message: "see b.yaml:12:3, on line 9" })];
  const now = [finding({ subject, at: at(30), message: "see b.yaml:99:1, on line 8" })];
  expect(compare(before, now)).toEqual({ open: [], known: 1, fixed: [], errors: 0 });
});

test("another code, object, field or message is new", () => {
  const known = finding({ subject, path: "data", message: "m" });
  for (const over of [
    { code: "core/no-tab" },
    { subject: { ...subject, name: "b" } },
    { subject: { ...subject, kind: "Secret" } },
    { path: "data.x" },
    { message: "n" },
  ])
    expect(compare([known], [{ ...known, ...over }])).toMatchObject({
      open: [{ ...known, ...over }],
      fixed: [[known.code, 1]],
      errors: 1,
    });
});

test("without an object, the file tells them apart", () => {
  expect(compare([finding({ at: at(1) })], [finding({ at: at(2, "b.yaml") })]).open).toHaveLength(1);
  expect(compare([finding({ at: at(1) })], [finding({ at: at(2) })]).open).toEqual([]);
});

test("as many as it holds are known, one more is new, fewer are fixed", () => {
  const of = (count: number) => Array.from({ length: count }, (_, i) => finding({ subject, at: at(i + 1) }));
  expect(compare(of(2), of(3))).toMatchObject({ open: [{ at: { line: 3 } }], known: 2, fixed: [] });
  expect(compare(of(3), of(1))).toMatchObject({ open: [], known: 1, fixed: [["core/unique-resource", 2]] });
});

test("what is about suppressions is never known", () => {
  const expired = finding({ code: "platform/expired-suppression" });
  expect(baselineOf([expired])).toEqual([]);
  expect(
    applyBaseline(reportOf([expired]), [{ code: expired.code, path: "", message: expired.message, count: 9 }])
      .findings,
  ).toEqual([expired]);
});

test("equal findings give equal bytes, in whatever order", () => {
  const all = ["b", "a", HOSTILE, "a"].map((message, i) => finding({ message, at: at(i + 1), subject }));
  const text = writeBaseline(baselineOf(all));
  expect(writeBaseline(baselineOf([...all].reverse()))).toBe(text);
  expect(text.endsWith("]\n}\n")).toBe(true);
  expect(
    JSON.parse(text).findings.map((f: { message: string; count: number }) => [f.message, f.count]),
  ).toEqual(
    [
      ["a", 2],
      ["b", 1],
      [HOSTILE, 1],
    ].sort(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
});

test("a set is known by its own baseline, whatever its texts are", () => {
  const text = fc.string({ unit: "binary", maxLength: 12 });
  const any = fc.record({ code: fc.constantFrom("core/a", "core/b"), message: text, path: text, name: text });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (list) => {
      const findings = list.map(({ name, ...over }) => finding({ ...over, subject: { ...subject, name } }));
      expect(compare(findings, findings)).toEqual({ open: [], known: findings.length, fixed: [], errors: 0 });
    }),
    { seed: 11, numRuns: 200 },
  );
});

test.each([
  ["{", ""],
  ["[]", ""],
  ['{"version":2,"findings":[]}', "version"],
  ['{"version":1}', "findings"],
  ['{"version":1,"findings":[{"code":"a/b","path":"","message":"","count":0}]}', "findings[0].count"],
  ['{"version":1,"findings":[{"code":"a/b","path":"","message":"","count":1,"line":3}]}', "findings[0].line"],
])("%s is no baseline", (text, path) => {
  const read = readBaseline(text);
  expect(read).toMatchObject({ ok: false, findings: [{ code: "platform/valid-baseline", path }] });
});
