import { writeXml, type XmlElement } from "../../report/xml.ts";
import type { VerifyAnswer, VerifyReport } from "./answer.ts";

/**
 * A report as JUnit XML, in the dialect of `ashlar check`: a test case for each claim in a suite for each kind; broken is a `failure`,
 * unknown an `error`, so that neither passes. Equal reports give equal bytes: no times are written.
 */
export function verifyJunit({ answers, summary }: VerifyReport): string {
  const kinds = [...new Set(answers.map(({ claim }) => claim.kind))];
  return writeXml({
    name: "testsuites",
    attributes: {
      name: "ashlar verify",
      tests: answers.length,
      failures: summary.broken,
      errors: summary.unknown,
    },
    children: kinds.map((kind) =>
      suite(
        `ashlar.verify.${kind}`,
        answers.filter(({ claim }) => claim.kind === kind),
      ),
    ),
  });
}

function suite(name: string, answers: readonly VerifyAnswer[]): XmlElement {
  const count = (outcome: VerifyAnswer["outcome"]) => answers.filter((one) => one.outcome === outcome).length;
  const attributes = {
    name,
    tests: answers.length,
    failures: count("broken"),
    errors: count("unknown"),
    skipped: 0,
  };
  return { name: "testsuite", attributes, children: answers.map((answer) => testCase(name, answer)) };
}

function testCase(
  suiteName: string,
  { claim, outcome, asked, because = "", evidence }: VerifyAnswer,
): XmlElement {
  const attributes = { classname: `${suiteName}.${claim.by}`, name: claim.text };
  if (outcome === "held") return { name: "testcase", attributes };
  const detail: XmlElement = {
    name: outcome === "broken" ? "failure" : "error",
    attributes: { message: because, type: outcome },
    children: [[`asked: ${asked}`, ...evidence].join("\n")],
  };
  return { name: "testcase", attributes, children: [detail] };
}
