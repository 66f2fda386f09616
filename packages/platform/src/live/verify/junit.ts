import { writeXml, type XmlElement } from "../../report/xml.ts";
import type { VerifyAnswer, VerifyReport } from "./answer.ts";

/**
 * A report as JUnit XML, in the dialect of `ashlar check`: a test case for each claim in a suite for each kind; broken is a `failure`,
 * unknown an `error`, so that neither passes. Equal reports give equal bytes: no times are written.
 *
 * @param acceptUnknown texts of claims that may be unknown: they are `skipped`
 */
export function verifyJunit(
  { answers, summary }: VerifyReport,
  { acceptUnknown = [] }: { readonly acceptUnknown?: readonly string[] } = {},
): string {
  const results = answers.map((answer): Result => ({ answer, element: elementOf(answer, acceptUnknown) }));
  const kinds = [...new Set(answers.map(({ claim }) => claim.kind))];
  return writeXml({
    name: "testsuites",
    attributes: {
      name: "ashlar verify",
      tests: answers.length,
      failures: summary.broken,
      errors: countOf(results, "error"),
    },
    children: kinds.map((kind) =>
      suite(
        `ashlar.verify.${kind}`,
        results.filter(({ answer }) => answer.claim.kind === kind),
      ),
    ),
  });
}

/** An answer and what stands in its test case. */
interface Result {
  readonly answer: VerifyAnswer;
  readonly element: "failure" | "error" | "skipped" | undefined;
}

function elementOf({ claim, outcome }: VerifyAnswer, accepted: readonly string[]): Result["element"] {
  if (outcome === "held") return undefined;
  if (outcome === "broken") return "failure";
  return accepted.includes(claim.text) ? "skipped" : "error";
}

function countOf(results: readonly Result[], element: Result["element"]): number {
  return results.filter((one) => one.element === element).length;
}

function suite(name: string, results: readonly Result[]): XmlElement {
  const attributes = {
    name,
    tests: results.length,
    failures: countOf(results, "failure"),
    errors: countOf(results, "error"),
    skipped: countOf(results, "skipped"),
  };
  return { name: "testsuite", attributes, children: results.map((result) => testCase(name, result)) };
}

function testCase(suiteName: string, { answer, element }: Result): XmlElement {
  const { claim, outcome, asked, because = "", evidence } = answer;
  const attributes = { classname: `${suiteName}.${claim.by}`, name: claim.text };
  if (element === undefined) return { name: "testcase", attributes };
  const text = [`asked: ${asked}`, ...evidence].join("\n");
  const detail: XmlElement = {
    name: element,
    attributes: { message: because, ...(element !== "skipped" && { type: outcome }) },
    children: [text],
  };
  return { name: "testcase", attributes, children: [detail] };
}
