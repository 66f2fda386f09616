import type { Finding, Proof } from "@ashlar/core";
import type { CheckReport } from "../check.ts";
import { formatFinding, plural } from "./text.ts";
import { writeXml, type XmlElement } from "./xml.ts";

export interface JunitOptions {
  /** Codes of all rules that were held against the set: each is a test case, also when it finds nothing. */
  readonly rules: readonly string[];
}

interface TestCase {
  readonly element: XmlElement;
  readonly outcome: "passed" | "failure" | "error" | "skipped";
}

/**
 * A report as JUnit XML, in the dialect that Jenkins, GitLab and others read: a test case for each claim and for each rule.
 * A broken claim and a rule with findings are a `failure`, a claim that could not be decided an `error`; what is
 * suppressed or in the baseline is `skipped`. Equal reports give equal bytes: no times are written.
 */
export function junitReport(report: CheckReport, { rules }: JunitOptions): string {
  const ofClaims = new Set(report.proofs.flatMap((proof) => proof.findings));
  const aside = notCounted(report);
  const codes = [...report.findings, ...aside.keys()].filter((f) => !ofClaims.has(f)).map((f) => f.code);
  const counted = new Set(report.findings);
  const suites = [
    suite(
      "ashlar.claims",
      report.proofs.map((proof) => claimCase(proof, counted, aside)),
    ),
    suite(
      "ashlar.rules",
      [...new Set([...rules, ...codes])].map((code) =>
        ruleCase(
          code,
          report.findings.filter((f) => f.code === code && !ofClaims.has(f)),
          [...aside].filter(([f]) => f.code === code && !ofClaims.has(f)).map(([, reason]) => reason),
        ),
      ),
    ),
  ].filter(({ tests }) => tests > 0);
  const sum = (key: "tests" | "failures" | "errors") => suites.reduce((total, s) => total + s[key], 0);
  return writeXml({
    name: "testsuites",
    attributes: {
      name: "ashlar check",
      tests: sum("tests"),
      failures: sum("failures"),
      errors: sum("errors"),
    },
    children: suites.map((s) => s.element),
  });
}

function suite(name: string, cases: readonly TestCase[]) {
  const count = (outcome: TestCase["outcome"]) => cases.filter((c) => c.outcome === outcome).length;
  const [failures, errors] = [count("failure"), count("error")];
  const attributes = { name, tests: cases.length, failures, errors, skipped: count("skipped") };
  return {
    tests: cases.length,
    failures,
    errors,
    element: { name: "testsuite", attributes, children: cases.map((c) => c.element) },
  };
}

/** Why a finding is not counted. */
function notCounted({ suppressed = [], baseline }: CheckReport): ReadonlyMap<Finding, string> {
  return new Map([
    ...suppressed.map(({ finding, suppression }) => [finding, suppression.because] as const),
    ...(baseline?.known ?? []).map((finding) => [finding, "in the baseline"] as const),
  ]);
}

function claimCase(
  { claim, outcome, findings }: Proof,
  counted: ReadonlySet<Finding>,
  aside: ReadonlyMap<Finding, string>,
): TestCase {
  const attributes = { classname: `ashlar.claims.${claim.by}`, name: claim.text };
  if (outcome === "proved") return testCase(attributes, "passed");
  const open = findings.filter((f) => counted.has(f));
  const reasons = findings.map((f) => aside.get(f)).filter((reason) => reason !== undefined);
  if (open.length === 0 && reasons.length > 0) return testCase(attributes, "skipped", reasons.join("; "));
  return testCase(attributes, outcome === "broken" ? "failure" : "error", outcome, open);
}

function ruleCase(code: string, findings: readonly Finding[], reasons: readonly string[]): TestCase {
  const attributes = { classname: `ashlar.rules.${code.split("/")[0]}`, name: code };
  if (findings.length > 0) {
    const count = (severity: Finding["severity"]) => findings.filter((f) => f.severity === severity).length;
    const message = `${plural(count("error"), "error")}, ${plural(count("warning"), "warning")}`;
    return testCase(attributes, "failure", message, findings);
  }
  if (reasons.length > 0) return testCase(attributes, "skipped", [...new Set(reasons)].join("; "));
  return testCase(attributes, "passed");
}

function testCase(
  attributes: Readonly<Record<string, string>>,
  outcome: TestCase["outcome"],
  message = "",
  findings: readonly Finding[] = [],
): TestCase {
  if (outcome === "passed") return { outcome, element: { name: "testcase", attributes } };
  const type = findings.some((f) => f.severity === "error") ? "error" : "warning";
  const detail: XmlElement = {
    name: outcome,
    attributes: { message, ...(outcome !== "skipped" && { type }) },
    children:
      findings.length > 0 ? [findings.map((f) => formatFinding(f, { color: false })).join("\n\n")] : [],
  };
  return { outcome, element: { name: "testcase", attributes, children: [detail] } };
}
