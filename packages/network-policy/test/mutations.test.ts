import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { mutations } from "./mutations/all.ts";
import type { MutationReport } from "./run-mutations.ts";

// The checks themselves pass on the real source: semantics.test.ts.
const script = fileURLToPath(new URL("run-mutations.ts", import.meta.url));
const flags = ["--conditions=@ashlar/source", "--disable-warning=ExperimentalWarning"];
const output = execFileSync(process.execPath, [...flags, script], { encoding: "utf8", timeout: 60_000 });
const reports = output
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as MutationReport);

describe("for every semantic rule, a check fails when the rule is broken", () => {
  it("tries each mutation", () => {
    expect(reports.map((report) => report.mutation)).toEqual(mutations);
    expect(mutations.length).toBeGreaterThanOrEqual(20);
  });

  for (const [i, { file, find, breaks }] of mutations.entries())
    it(`${breaks}: ${file}, ${find.trim().slice(0, 60)}`, () => {
      expect(reports[i]!.found, "the text to replace is in the file once").toBe(1);
      expect(reports[i]!.noticed, "the check noticed nothing").toBeDefined();
    });
});
