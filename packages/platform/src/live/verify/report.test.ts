import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { HOSTILE } from "../../report/report.test-support.ts";
import type { VerifyAnswer, VerifyReport } from "./answer.ts";
import { verifyJunit } from "./junit.ts";
import { verifyText } from "./text.ts";

const schema = {
  fileName: "junit.xsd",
  contents: readFileSync(join(import.meta.dirname, "../../../test/fixtures/junit.xsd"), "utf8"),
};

async function problems(contents: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: "report.xml", contents }], schema: [schema] });
  return errors.map((e) => e.message);
}

const claim = (text: string, kind = "reach", by = "expect") => ({ kind, text, by });
const report = (...answers: readonly VerifyAnswer[]): VerifyReport => {
  const count = (outcome: VerifyAnswer["outcome"]) => answers.filter((one) => one.outcome === outcome).length;
  return { answers, summary: { held: count("held"), broken: count("broken"), unknown: count("unknown") } };
};
const FULL = report(
  {
    claim: claim("env:a -> env:b", "reach", "firewall"),
    outcome: "held",
    asked: "2 connections",
    evidence: ["all"],
  },
  {
    claim: claim("env:b -/-> env:a"),
    outcome: "broken",
    asked: "1 connection",
    because: "it gets through",
    evidence: ["b → a"],
  },
  {
    claim: claim("x resolves", "resolves"),
    outcome: "unknown",
    asked: "nothing",
    because: "no pod",
    evidence: [],
  },
);

test("text: a line for each claim, evidence where it is not held, and a summary", () => {
  expect(verifyText(FULL, { color: false })).toBe(`✓ env:a -> env:b  (2 connections; all)
✗ env:b -/-> env:a: broken: it gets through
    asked: 1 connection
    b → a
? x resolves: unknown: no pod

1 of 3 claims held, 1 broken, 1 unknown
`);
  expect(verifyText(report(FULL.answers[0]!), { color: true })).toContain(
    "\u001b[32m1 of 1 claim held\u001b[0m",
  );
});

test("JUnit: a suite for each kind; broken fails, and unknown is an error", () => {
  expect(
    verifyJunit(FULL)
      .split("\n")
      .filter((line) => /<testsuites?|<testcase|<failure|<error/.test(line)),
  ).toEqual([
    '<testsuites name="ashlar verify" tests="3" failures="1" errors="1">',
    '  <testsuite name="ashlar.verify.reach" tests="2" failures="1" errors="0" skipped="0">',
    '    <testcase classname="ashlar.verify.reach.firewall" name="env:a -&gt; env:b"/>',
    '    <testcase classname="ashlar.verify.reach.expect" name="env:b -/-&gt; env:a">',
    '      <failure message="it gets through" type="broken">asked: 1 connection',
    '  <testsuite name="ashlar.verify.resolves" tests="1" failures="0" errors="1" skipped="0">',
    '    <testcase classname="ashlar.verify.resolves.expect" name="x resolves">',
    '      <error message="no pod" type="unknown">asked: nothing</error>',
  ]);
});

test("JUnit: a claim that may be unknown is skipped when it is, and fails when it is broken", () => {
  const acceptUnknown = ["x resolves", "env:b -/-> env:a"];
  expect(
    verifyJunit(FULL, { acceptUnknown })
      .split("\n")
      .filter((line) => /<testsuites?|<failure|<error|<skipped/.test(line)),
  ).toEqual([
    '<testsuites name="ashlar verify" tests="3" failures="1" errors="0">',
    '  <testsuite name="ashlar.verify.reach" tests="2" failures="1" errors="0" skipped="0">',
    '      <failure message="it gets through" type="broken">asked: 1 connection',
    '  <testsuite name="ashlar.verify.resolves" tests="1" failures="0" errors="0" skipped="1">',
    '      <skipped message="no pod">asked: nothing</skipped>',
  ]);
});

test("JUnit is valid, whatever text is in it; the schema refuses what is none", async () => {
  const hostile = report(
    ...(["held", "broken", "unknown"] as const).map((outcome) => ({
      ...{ claim: claim(HOSTILE, "reach", HOSTILE), outcome, asked: HOSTILE, evidence: [HOSTILE] },
      ...(outcome !== "held" && { because: HOSTILE }),
    })),
  );
  expect(await problems(verifyJunit(hostile))).toEqual([]);
  expect(await problems(verifyJunit(hostile, { acceptUnknown: [HOSTILE] }))).toEqual([]);
  expect(await problems(verifyJunit(FULL))).toEqual([]);
  expect(await problems(verifyJunit(report()))).toEqual([]);
  expect(
    await problems(verifyJunit(FULL).replaceAll("<error", "<problem").replaceAll("</error", "</problem")),
  ).not.toEqual([]);
});

test("text drives no terminal", () => {
  const text = verifyText(
    report({
      claim: claim(HOSTILE),
      outcome: "broken",
      asked: HOSTILE,
      because: HOSTILE,
      evidence: [HOSTILE],
    }),
    { color: false },
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u0085\u2028\u202e]/);
  expect(text.trim().split("\n")).toHaveLength(5);
});
