import { type Finding, once, type Result, zodFindings } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { type CheckReport, withFindings } from "../check.ts";
import { subjectText } from "./subject.ts";
import { SUPPRESSION_CODES } from "./suppression.ts";

/** Findings of one kind that a tree had when its baseline was written. */
export interface BaselineEntry {
  readonly code: string;
  /** `prod/NetworkPolicy/closed`; absent when the finding is about no object. */
  readonly subject?: string | undefined;
  /** The file of a finding that is about no object. */
  readonly file?: string | undefined;
  readonly path: string;
  /** Without positions. */
  readonly message: string;
  /** How many such findings there were. */
  readonly count: number;
}

const baselineFile = once(() =>
  z.strictObject({
    version: z.literal(1).describe("The version of this format: 1."),
    findings: z
      .array(
        z.strictObject({
          code: z.string().min(1).describe("The finding's code."),
          subject: z.string().min(1).optional().describe("The object: prod/NetworkPolicy/closed."),
          file: z.string().min(1).optional().describe("The file of a finding about no object."),
          path: z.string().describe("The field's path; empty for the whole object."),
          message: z.string().describe("The finding's message, without positions."),
          count: z.int().min(1).describe("How many such findings there were: 1 or more."),
        }),
      )
      .describe("The findings that are known."),
  }),
);

/** What is about suppressions is told every time: a baseline would make an expired one hold for good. */
const NEVER_KNOWN: ReadonlySet<string> = new Set(SUPPRESSION_CODES);

/** The baseline of these findings: entries by code, object, file, field and message, in this order. */
export function baselineOf(findings: readonly Finding[]): BaselineEntry[] {
  const entries = new Map<string, BaselineEntry>();
  for (const finding of findings) {
    if (NEVER_KNOWN.has(finding.code)) continue;
    const key = baselineKey(finding);
    const count = (entries.get(key)?.count ?? 0) + 1;
    entries.set(key, { ...identity(finding), count });
  }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, entry]) => entry);
}

/** A baseline as text; equal findings give equal bytes, in whatever order they come. */
export function writeBaseline(entries: readonly BaselineEntry[]): string {
  return `${JSON.stringify({ version: 1, findings: entries }, null, 2)}\n`;
}

/** The entries of a baseline's text, or what is wrong with it. */
export function readBaseline(text: string): Result<readonly BaselineEntry[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const finding: Finding = {
      code: "platform/valid-baseline",
      severity: "error",
      message: `expected JSON, got ${error instanceof Error ? error.message : "something else"}`,
      hint: "write the baseline again with --write-baseline",
      path: "",
    };
    return { ok: false, findings: [finding] };
  }
  const parsed = baselineFile().safeParse(value, { reportInput: true });
  return parsed.success
    ? { ok: true, value: parsed.data.findings }
    : { ok: false, findings: zodFindings(parsed.error, baselineFile(), "platform/valid-baseline") };
}

/**
 * Takes findings out of a report that its baseline holds: as many of each kind as it holds, matched by code, object, field
 * and message, wherever in the file they stand now. What the baseline holds beyond them is `fixed`.
 */
export function applyBaseline(report: CheckReport, entries: readonly BaselineEntry[]): CheckReport {
  const left = new Map<string, number>();
  for (const entry of entries) left.set(entryKey(entry), (left.get(entryKey(entry)) ?? 0) + entry.count);
  const open: Finding[] = [];
  const known: Finding[] = [];
  for (const finding of report.findings) {
    const key = baselineKey(finding);
    const count = NEVER_KNOWN.has(finding.code) ? 0 : (left.get(key) ?? 0);
    left.set(key, Math.max(0, count - 1));
    (count > 0 ? known : open).push(finding);
  }
  const told = new Set<string>();
  const fixed = entries.flatMap((entry) => {
    const key = entryKey(entry);
    const count = left.get(key) ?? 0;
    if (count === 0 || told.has(key)) return [];
    told.add(key);
    return [{ ...entry, count }];
  });
  return { ...withFindings(report, open), baseline: { known, fixed } };
}

/** What makes two findings the same one, before and after an edit elsewhere in the file. */
export function baselineKey(finding: Finding): string {
  return entryKey(identity(finding));
}

function identity({ code, subject, at, path, message }: Finding): Omit<BaselineEntry, "count"> {
  return {
    code,
    ...(subject ? { subject: subjectText(subject) } : at && { file: at.file }),
    path,
    message: withoutPositions(message),
  };
}

function entryKey({ code, subject = "", file = "", path, message }: Omit<BaselineEntry, "count">): string {
  return JSON.stringify([code, subject, file, path, message]);
}

/** `policies.yaml:12:3` → `policies.yaml`, `line 12` → `line`. */
function withoutPositions(message: string): string {
  return message
    .replace(/(\.(?:ya?ml|json|[cm]?[jt]s)|<stdin>):\d+(?::\d+)?/g, "$1")
    .replace(/\b(lines?|columns?) \d+\b/g, "$1");
}
