import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { finding, fullReport, HOSTILE, reportOf } from "./report.test-support.ts";
import { sarifReport } from "./sarif.ts";

const require = createRequire(import.meta.url);
const schema = JSON.parse(
  readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"),
);
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const options = { version: "1.2.3", rules: ["core/unique-resource", "core/no-cycle"] };

function log(report = fullReport(), input?: string) {
  return logOf(sarifReport(report, { ...options, ...(input && { input }) }));
}

function logOf(text: string) {
  const value = JSON.parse(text);
  expect(validate(value), JSON.stringify(validate.errors, null, 2)).toBe(true);
  return value.runs[0];
}

test("the schema refuses what is no SARIF", () => {
  const value = JSON.parse(sarifReport(reportOf([finding()]), options));
  value.runs[0].results[0].level = "fatal";
  expect(validate(value)).toBe(false);
  expect(validate({ version: "2.1.0" })).toBe(false);
});

test("a full report and an empty one are valid SARIF 2.1.0", () => {
  expect(log().results).toHaveLength(6);
  expect(log(reportOf([])).results).toEqual([]);
});

test("results name their rule, its page and their place", () => {
  const at = { file: "k8s/a b#1.yaml", line: 3, column: 5 };
  const subject = { apiVersion: "v1", kind: "ConfigMap", namespace: "prod", name: "a" };
  const run = log(
    reportOf([finding({ at, subject, path: "data" }), finding({ code: "core/other", severity: "warning" })]),
  );
  const { rules } = run.tool.driver;
  expect(rules.map((r: { id: string }) => r.id)).toEqual([...options.rules, "core/other"]);
  expect(rules[0].help.text).toContain("docs/rules/core-unique-resource.md");
  for (const result of run.results) expect(rules[result.ruleIndex].id).toBe(result.ruleId);
  expect(run.results[0]).toMatchObject({
    level: "error",
    message: { text: "expected one object, got two\nrename one" },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "k8s/a%20b%231.yaml", uriBaseId: "%SRCROOT%" },
          region: { startLine: 3, startColumn: 5 },
        },
        logicalLocations: [{ fullyQualifiedName: "ConfigMap prod/a data" }],
      },
    ],
  });
  expect(run.results[1]).toMatchObject({ level: "warning", locations: [] });
  expect(run.originalUriBaseIds).toHaveProperty("%SRCROOT%");
  expect(run.results[0]).not.toHaveProperty("suppressions");
  expect(run.results[0]).not.toHaveProperty("baselineState");
});

test.each([
  ["/abs/a.yaml", { uri: "file:///abs/a.yaml" }],
  ["C:\\k8s\\a.yaml", { uri: "file:///C:/k8s/a.yaml" }],
  ["k8s\\a.yaml", { uri: "k8s/a.yaml", uriBaseId: "%SRCROOT%" }],
  ["<stdin>", { uri: "%3Cstdin%3E", uriBaseId: "%SRCROOT%" }],
  ["a:b.yaml", { uri: "a%3Ab.yaml", uriBaseId: "%SRCROOT%" }],
])("%s as a URI", (file, location) => {
  const run = log(reportOf([finding({ at: { file, line: 1, column: 1 } })]));
  expect(run.results[0].locations[0].physicalLocation.artifactLocation).toEqual(location);
});

test("a finding without a place is about the platform file", () => {
  const run = log(reportOf([finding()]), "platform.ts");
  expect(run.results[0].locations).toEqual([
    { physicalLocation: { artifactLocation: { uri: "platform.ts", uriBaseId: "%SRCROOT%" } } },
  ]);
});

test("suppressions, baseline states, remedies and related places", () => {
  const { results } = log();
  expect(results.map((r: { baselineState: string }) => r.baselineState)).toEqual([
    "new",
    "new",
    "new",
    "new",
    "unchanged",
    "new",
  ]);
  expect(results.map((r: { suppressions: unknown[] }) => r.suppressions.length)).toEqual([0, 0, 0, 0, 0, 1]);
  expect(results[5].suppressions[0]).toEqual({
    kind: "external",
    status: "accepted",
    justification: expect.stringContaining("(until 2099-12-31)"),
  });
  expect(results[3].properties.fix).toEqual([{ op: "replace", path: "/apiVersion", value: "apps/v1" }]);
  expect(results[3].relatedLocations.map((l: { id: number }) => l.id)).toEqual([1, 2]);
});

test("texts hold no placeholder, no link and no control character", () => {
  const { text } = log().results[0].message;
  expect(text).toContain("{{0}}");
  expect(text).not.toContain("](");
  expect(text).toContain("\\u001b[31m");
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  expect(log().results[0].message.text.isWellFormed()).toBe(true);
  expect(HOSTILE.isWellFormed()).toBe(false);
});

test("fingerprints do not change when lines move", () => {
  const prints = (line: number) =>
    log(reportOf([finding({ at: { file: "a.yaml", line, column: 1 } })])).results[0].partialFingerprints;
  expect(prints(3)).toEqual(prints(99));
});

test("a remedy as changes of its text, else as JSON patch", () => {
  const fix = [{ op: "replace" as const, path: "/kind", value: "Pod" }];
  const at = { file: "k8s/a b.yaml", line: 2, column: 1 };
  const [own, other] = [finding({ at, fix, hint: "write {Pod}" }), finding({ at, fix })];
  const edits = new Map([
    [
      own,
      [
        { file: at.file, start: { line: 2, column: 7 }, end: { line: 2, column: 10 }, text: "Pod \ud800" },
        { file: at.file, start: { line: 4, column: 1 }, end: { line: 5, column: 1 }, text: "" },
      ],
    ],
  ]);
  const { results } = logOf(sarifReport(reportOf([own, other]), { ...options, edits }));
  expect(results[0].fixes).toEqual([
    {
      description: { text: "write {{Pod}}" },
      artifactChanges: [
        {
          artifactLocation: { uri: "k8s/a%20b.yaml", uriBaseId: "%SRCROOT%" },
          replacements: [
            {
              deletedRegion: { startLine: 2, startColumn: 7, endLine: 2, endColumn: 10 },
              insertedContent: { text: "Pod \ufffd" },
            },
            { deletedRegion: { startLine: 4, startColumn: 1, endLine: 5, endColumn: 1 } },
          ],
        },
      ],
    },
  ]);
  expect(results[0].properties).not.toHaveProperty("fix");
  expect(results[1]).not.toHaveProperty("fixes");
  expect(results[1].properties.fix).toEqual(fix);
});
