import { expect, test } from "vitest";
import { printable } from "./characters.ts";
import { githubReport } from "./github.ts";
import { finding, fullReport, HOSTILE, reportOf } from "./report.test-support.ts";

/**
 * Reads a line as GitHub's runner does: a command when it begins with `::` (after white space), properties split at commas
 * and first `=`, the value behind the next `::`; then unescaped. `##[` anywhere would be a command of the old form.
 */
function parse(line: string) {
  const match = /^\s*::([^ :]+)(?: (.*?))?::(.*)$/s.exec(line);
  if (!match) return undefined;
  const unescaped = (text: string) =>
    text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
  const properties = Object.fromEntries(
    (match[2] ?? "").split(",").map((pair) => {
      const equals = pair.indexOf("=");
      const value = pair
        .slice(equals + 1)
        .replaceAll("%3A", ":")
        .replaceAll("%2C", ",");
      return [pair.slice(0, equals), unescaped(value)];
    }),
  );
  return { command: match[1], properties, message: unescaped(match[3] ?? "") };
}

test("one annotation for each finding, with its place, and a line that sums up", () => {
  const at = { file: "a,b:c%.yaml", line: 3, column: 5 };
  const subject = { apiVersion: "v1", kind: "ConfigMap", namespace: "prod", name: "a" };
  const text = githubReport(
    reportOf([finding({ at, subject, path: "data" }), finding({ severity: "warning" })]),
  );
  expect(text.endsWith("\n")).toBe(true);
  const [first, second, total] = text.trimEnd().split("\n");
  expect(first).toContain("file=a%2Cb%3Ac%25.yaml,line=3,col=5,title=core/unique-resource::expected one");
  expect(parse(first as string)).toEqual({
    command: "error",
    properties: { file: "a,b:c%.yaml", line: "3", col: "5", title: "core/unique-resource" },
    message: "expected one object, got two\nConfigMap prod/a data\nrename one",
  });
  expect(parse(second as string)).toMatchObject({
    command: "warning",
    properties: { title: "core/unique-resource" },
  });
  expect(total).toBe("3 objects, 1 error, 1 warning");
});

test("findings without a place are about the platform file", () => {
  const text = githubReport(reportOf([finding()]), { input: "platform.ts" });
  expect(parse(text.split("\n")[0] as string)?.properties).toEqual({
    file: "platform.ts",
    title: "core/unique-resource",
  });
});

test("hostile text makes no command, no property and no line of its own", () => {
  const report = fullReport();
  const lines = githubReport(report)
    .trimEnd()
    .split(/\r\n|\r|\n/);
  expect(lines).toHaveLength(report.findings.length + 1);
  const parsed = lines.slice(0, -1).map(parse);
  expect(parsed.map((p) => p?.command)).toEqual(report.findings.map((f) => f.severity));
  expect(parsed[0]?.properties).toEqual({
    file: printable(`dir/${HOSTILE}.yaml`),
    line: "3",
    col: "7",
    title: "core/unique-resource",
  });
  expect(parsed[0]?.message.startsWith(`${printable(HOSTILE)}\n`)).toBe(true);
  expect(parse(lines.at(-1) as string)).toBeUndefined();
});
