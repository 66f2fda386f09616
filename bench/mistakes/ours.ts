import { type Claim, type Finding, mergeLocates, readYaml, sortFindings } from "@ashlar/core";
import { parseReachClaim } from "@ashlar/network-policy";
import { check } from "ashlar/check";
import type { Mistake } from "./mistake.ts";
import { CLAIMS, type EditedSet, ENVIRONMENTS, editedSet, type Files, VERSIONS } from "./right-set.ts";

const claims: readonly Claim[] = CLAIMS.map((text) => {
  const claim = parseReachClaim(text, { environments: ENVIRONMENTS, by: "planted mistakes" });
  if (!claim.ok) throw new Error(`${text}: ${claim.findings[0]?.message}`);
  return claim.value;
});

/** What `ashlar check` says of files, read as it reads them. */
export function findingsOf(files: Files): readonly Finding[] {
  const read = [...files].map(([file, text]) => readYaml(text, { file }));
  const report = check({
    resources: read.flatMap(({ resources }) => resources),
    locate: mergeLocates(...read.map(({ locate }) => locate)),
    whole: true,
    claims,
    versions: VERSIONS,
  });
  return sortFindings([...read.flatMap(({ findings }) => findings), ...report.findings]);
}

/** A mistake and what we say of the set that it is in. */
export interface Verdict {
  readonly mistake: Mistake;
  readonly findings: readonly Finding[];
  /** The finding that names object and path (or the line of text) and a remedy. */
  readonly found: Finding | undefined;
}

export function verdictOn(mistake: Mistake): Verdict {
  const set = editedSet(mistake);
  const findings = findingsOf(set.files);
  return { mistake, findings, found: findings.find((finding) => names(finding, mistake, set)) };
}

function names(finding: Finding, { expected, code }: Mistake, { file, line }: EditedSet): boolean {
  if (finding.hint.trim() === "" || (code !== undefined && finding.code !== code)) return false;
  if (expected.length === 0) return finding.at?.file === file && Math.abs(finding.at.line - line) <= 1;
  const { subject } = finding;
  if (subject === undefined) return false;
  const name = [...(subject.namespace === undefined ? [] : [subject.namespace]), subject.kind, subject.name];
  return expected.some((place) => place.subject === name.join("/") && isNear(finding.path, place.path));
}

/** The same path, or one that leads to or from it; the whole object is near to nothing but itself. */
function isNear(path: string, expected: string): boolean {
  const leadsTo = (from: string, to: string) => to.startsWith(from) && /^[.[]/.test(to.slice(from.length));
  return (
    path === expected ||
    (path !== "" && leadsTo(path, expected)) ||
    (expected !== "" && leadsTo(expected, path))
  );
}
