import { type Finding, nearest, sortFindings } from "@ashlar/core";
import { type CheckReport, withFindings } from "../check.ts";
import { rules } from "../rules.ts";
import { isWithin, subjectText } from "./subject.ts";
import type { PlacedSuppression, SuppressedFinding, Suppression } from "./suppression.ts";

/**
 * Takes findings out of a report that somebody has accepted. One that is past its last day takes nothing out: its findings
 * are back, with a `platform/expired-suppression`. One that matches nothing is a `platform/unused-suppression`. Neither can
 * be suppressed itself.
 *
 * @param today the day on which this is asked, `YYYY-MM-DD`; a suppression still holds on its `until`
 * @example
 * applySuppressions(check(objectSet(platform)), platform.suppress.map((entry, i) => ({ entry, path: `suppress[${i}]` })), "2026-05-01")
 */
export function applySuppressions(
  report: CheckReport,
  suppressions: readonly PlacedSuppression[],
  today: string,
): CheckReport {
  const index = Map.groupBy(suppressions, ({ entry }) => keyOf(entry.code, entry.subject));
  const used = new Set<PlacedSuppression>();
  const open: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of report.findings) {
    const matching = candidates(index, finding).filter(({ entry }) => covers(entry, finding));
    for (const match of matching) used.add(match);
    const holds = matching.find(({ entry }) => !isExpired(entry, today));
    if (holds) suppressed.push({ finding, suppression: holds.entry });
    else open.push(finding);
  }
  const own = suppressions.flatMap((placed) =>
    !used.has(placed)
      ? [unused(placed, report.findings)]
      : isExpired(placed.entry, today)
        ? [expired(placed, today)]
        : [],
  );
  const next = withFindings(report, sortFindings([...open, ...own]));
  return suppressed.length > 0 ? { ...next, suppressed } : next;
}

function keyOf(code: string, subject: string | undefined): string {
  return JSON.stringify([code, subject]);
}

/** Those of the finding's code, for its object and for every object. */
function candidates(
  index: ReadonlyMap<string, readonly PlacedSuppression[]>,
  { code, subject }: Finding,
): readonly PlacedSuppression[] {
  const forAll = index.get(keyOf(code, undefined)) ?? [];
  const own = subject && index.get(keyOf(code, subjectText(subject)));
  return own ? [...forAll, ...own] : forAll;
}

function covers({ path }: Suppression, finding: Finding): boolean {
  return path === undefined || isWithin(finding.path, path);
}

/** Days as `YYYY-MM-DD` are in order as texts. */
function isExpired({ until }: Suppression, today: string): boolean {
  return until !== undefined && until < today;
}

function expired({ entry, path, untilAt }: PlacedSuppression, today: string): Finding {
  return {
    code: "platform/expired-suppression",
    severity: "warning",
    message: `the suppression of ${entry.code} held until ${entry.until}, and it is ${today}: ${entry.because}`,
    hint: "repair what it was for and remove it, or give a new day and say why",
    path: `${path}.until`,
    ...(untilAt && { at: untilAt }),
  };
}

function unused({ entry, path, at }: PlacedSuppression, findings: readonly Finding[]): Finding {
  const { code, subject, path: field } = entry;
  const about = [code, subject, field].filter((part) => part !== undefined).join(" ");
  return {
    code: "platform/unused-suppression",
    severity: "warning",
    message: `expected a finding that the suppression of ${about} is for, got none`,
    hint: unusedHint(entry, findings),
    path,
    ...(at && { at }),
  };
}

function unusedHint({ code }: Suppression, findings: readonly Finding[]): string {
  const others = findings.filter((f) => f.code === code);
  if (others.length > 0) {
    const shown = others.slice(0, 3).map((f) => [f.subject && subjectText(f.subject), f.path]);
    const list = shown.map((parts) => parts.filter(Boolean).join(" ") || "no object").join(", ");
    return `remove it, or name what findings of this code are about: ${list}${others.length > 3 ? ", …" : ""}`;
  }
  const known = new Set([...rules.map((rule) => rule.code), ...findings.map((f) => f.code)]);
  const near = known.has(code) ? undefined : nearest(code, known);
  return near === undefined ? "remove it: what it was for is gone" : `did you mean "${near}"? Else remove it`;
}
