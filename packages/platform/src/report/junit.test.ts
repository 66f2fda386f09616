import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { junitReport } from "./junit.ts";
import { finding, fullReport, proof, reportOf } from "./report.test-support.ts";
import { writeXml } from "./xml.ts";

const schema = {
  fileName: "junit.xsd",
  contents: readFileSync(join(import.meta.dirname, "../../test/fixtures/junit.xsd"), "utf8"),
};

async function problems(contents: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: "report.xml", contents }], schema: [schema] });
  return errors.map((e) => e.message);
}

const options = { rules: ["core/unique-resource", "core/no-cycle"] };

test("the schema refuses what is no JUnit", async () => {
  const text = junitReport(reportOf([finding()]), options);
  expect(await problems(text.replace("<failure", "<broken").replace("</failure", "</broken"))).not.toEqual(
    [],
  );
  expect(await problems(text.replace('tests="2"', 'tests="many"'))).not.toEqual([]);
  expect(await problems(text.replace("expected", "\u001b"))).not.toEqual([]);
});

test("a full report and an empty one are valid", async () => {
  expect(await problems(junitReport(fullReport(), options))).toEqual([]);
  expect(await problems(junitReport(reportOf([]), { rules: [] }))).toEqual([]);
});

test("a test case for each claim and each rule, counted", () => {
  const broken = finding({ code: "network-policy/broken-claim" });
  const text = junitReport(
    reportOf([broken, finding({ severity: "warning", message: "a < b" })], {
      proofs: [
        proof("proved", "env:a -> env:b", [], "firewall"),
        proof("broken", "env:b -> env:a", [broken]),
      ],
    }),
    options,
  );
  expect(text.split("\n").filter((line) => /<testsuites?|<testcase|<failure/.test(line))).toEqual([
    '<testsuites name="ashlar check" tests="4" failures="2" errors="0">',
    '  <testsuite name="ashlar.claims" tests="2" failures="1" errors="0" skipped="0">',
    '    <testcase classname="ashlar.claims.firewall" name="env:a -&gt; env:b"/>',
    '    <testcase classname="ashlar.claims.expect" name="env:b -&gt; env:a">',
    expect.stringContaining('<failure message="broken" type="error">'),
    '  <testsuite name="ashlar.rules" tests="2" failures="1" errors="0" skipped="0">',
    '    <testcase classname="ashlar.rules.core" name="core/unique-resource">',
    expect.stringContaining('<failure message="0 errors, 1 warning" type="warning">warning a &lt; b'),
    '    <testcase classname="ashlar.rules.core" name="core/no-cycle"/>',
  ]);
});

test("what is suppressed or known is skipped, unless something else is left", () => {
  const [one, two] = [finding({ message: "one" }), finding({ message: "two" })];
  const suppression = { code: one.code, because: "it is so" };
  const skipped = junitReport(reportOf([], { suppressed: [{ finding: one, suppression }] }), options);
  expect(skipped).toContain('<skipped message="it is so"/>');
  const known = { known: [one], fixed: [] };
  expect(junitReport(reportOf([], { baseline: known }), options)).toContain(
    '<skipped message="in the baseline"/>',
  );
  expect(junitReport(reportOf([two], { baseline: known }), options)).not.toContain("<skipped");
  const claim = reportOf([], { proofs: [proof("broken", "a", [one])], baseline: known });
  expect(junitReport(claim, { rules: [] })).toMatch(/tests="1" failures="0".*\n.*skipped="1"/);
});

test("a claim that could not be decided is an error", () => {
  const unknown = finding({ severity: "warning" });
  const text = junitReport(reportOf([unknown], { proofs: [proof("unknown", "a", [unknown])] }), {
    rules: [],
  });
  expect(text).toContain('<error message="unknown" type="warning">');
  expect(text).toContain('errors="1"');
});

test("whatever text is written is well-formed XML", async () => {
  const texts = fc.sample(fc.string({ unit: "binary", maxLength: 40 }), { numRuns: 300, seed: 7 });
  const all = [...texts, String.fromCharCode(...Array.from({ length: 0x10000 }, (_, i) => i))];
  const xml = writeXml({
    name: "testsuites",
    attributes: { name: "hostile" },
    children: [
      {
        name: "testsuite",
        attributes: { name: "x", tests: all.length, failures: 0, errors: 0 },
        children: all.map((text) => ({
          name: "testcase",
          attributes: { name: text, classname: text },
          children: [{ name: "system-out", children: [text] }],
        })),
      },
    ],
  });
  expect(await problems(xml)).toEqual([]);
});
