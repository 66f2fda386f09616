import { sortFindings } from "@ashlar/core";
import { expect, test } from "vitest";
import { finding, reportOf } from "./report.test-support.ts";
import { applySuppressions } from "./suppress.ts";
import { isDay, type Suppression } from "./suppression.ts";

const TODAY = "2026-05-01";
const object = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace: "prod", name });
const first = finding({ subject: object("a"), path: "data.x", message: "1" });
const second = finding({ subject: object("b"), path: "data.xy", message: "2", severity: "warning" });
const other = finding({ code: "core/no-tab", message: "3" });
const report = reportOf(sortFindings([first, second, other]));

function apply(...entries: Partial<Suppression>[]) {
  const placed = entries.map((entry, i) => ({
    entry: { code: first.code, because: "it is so", ...entry },
    path: `suppress[${i}]`,
    at: { file: "s.yaml", line: i + 1, column: 1 },
    untilAt: { file: "s.yaml", line: i + 1, column: 9 },
  }));
  return applySuppressions(report, placed, TODAY);
}
const left = (result: { findings: readonly { message: string }[] }) => result.findings.map((f) => f.message);

test("by code, by object, by field or one around it", () => {
  expect(left(apply({}))).toEqual(["3"]);
  expect(left(apply({ subject: "prod/ConfigMap/a" }))).toEqual(["3", "2"]);
  expect(left(apply({ path: "data.xy" }))).toEqual(["3", "1"]);
  expect(left(apply({ path: "data" }))).toEqual(["3"]);
  expect(left(apply({ code: "core/no-tab" }))).toEqual(["1", "2"]);
});

test("what is taken out is counted no more, and kept with its reason", () => {
  const result = apply({ subject: "prod/ConfigMap/a" });
  expect(result.summary).toMatchObject({ errors: 1, warnings: 1 });
  expect(result.suppressed).toEqual([
    { finding: first, suppression: { code: first.code, subject: "prod/ConfigMap/a", because: "it is so" } },
  ]);
  expect(report.findings).toHaveLength(3);
  expect(applySuppressions(report, [], TODAY)).toEqual(report);
});

test("it holds on its last day, and not on the next", () => {
  expect(left(apply({ until: TODAY }))).toEqual(["3"]);
  const expired = apply({ until: "2026-04-30" });
  expect(expired.suppressed).toBeUndefined();
  expect(expired.findings.map((f) => f.code).sort()).toEqual(
    ["core/no-tab", first.code, first.code, "platform/expired-suppression"].sort(),
  );
  expect(expired.findings.find((f) => f.code === "platform/expired-suppression")).toMatchObject({
    severity: "warning",
    message: expect.stringContaining("held until 2026-04-30, and it is 2026-05-01: it is so"),
    path: "suppress[0].until",
    at: { column: 9 },
  });
  expect(expired.summary.warnings).toBe(2);
});

test("another one that still holds covers an expired one's findings; the expired one is told", () => {
  const result = apply({ until: "2026-04-30" }, {});
  expect(result.findings.map((f) => f.code)).toEqual(["platform/expired-suppression", "core/no-tab"]);
});

test("one that matches nothing is told, with what it may have meant", () => {
  const unused = (entry: Partial<Suppression>) =>
    apply(entry).findings.filter((f) => f.code === "platform/unused-suppression");
  expect(unused({ subject: "prod/ConfigMap/c" })).toMatchObject([
    {
      severity: "warning",
      message: expect.stringContaining("core/unique-resource prod/ConfigMap/c"),
      hint: expect.stringContaining("prod/ConfigMap/a data.x, prod/ConfigMap/b data.xy"),
      path: "suppress[0]",
      at: { line: 1, column: 1 },
    },
  ]);
  expect(unused({ code: "core/unique-resourc" })[0]?.hint).toContain('did you mean "core/unique-resource"?');
  expect(unused({ code: "network-policy/no-cni-deviation" })[0]?.hint).toContain("remove it");
  expect(unused({ code: "core/gone", until: "2020-01-01" })).toHaveLength(1);
  expect(unused({})).toEqual([]);
});

test("findings about suppressions cannot be suppressed", () => {
  const result = apply({ code: "platform/unused-suppression" }, { code: "core/gone" });
  expect(result.findings.filter((f) => f.code === "platform/unused-suppression")).toHaveLength(2);
});

test("thousands of suppressions of one code", () => {
  const many = Array.from({ length: 3_000 }, (_, i) => finding({ subject: object(`n${i}`) }));
  const placed = many.map((_, i) => ({
    entry: { code: first.code, subject: `prod/ConfigMap/n${i}`, because: "x" },
    path: `[${i}]`,
  }));
  const result = applySuppressions(reportOf(many), placed, TODAY);
  expect(result.findings).toEqual([]);
  expect(result.suppressed).toHaveLength(3_000);
});

test.each([
  ["2026-05-01", true],
  ["2024-02-29", true],
  ["2000-02-29", true],
  ["1900-02-29", false],
  ["2026-02-29", false],
  ["2026-13-01", false],
  ["2026-04-31", false],
  ["2026-00-10", false],
  ["2026-1-1", false],
  ["2026-05-01T00:00:00Z", false],
])("%s is a day: %s", (text, expected) => {
  expect(isDay(text)).toBe(expected);
});
