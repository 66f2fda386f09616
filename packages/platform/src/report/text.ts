import { type Finding, formatRef, type Place, type Resource } from "@ashlar/core";
import type { CheckReport } from "../check.ts";
import { printable } from "./characters.ts";
import type { FrameRow } from "./code-frame.ts";

type Color = "red" | "green" | "yellow" | "dim" | "bold";

const CODES: Readonly<Record<Color, number>> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };

/** Whether a text may be coloured: on a terminal only. */
export interface Paint {
  readonly color: boolean;
}

/** Colours a text, on a terminal only. */
export function paint(io: Paint, color: Color, text: string): string {
  return io.color ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text;
}

export function formatPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A finding for people: what is wrong, where, the lines around it, and what to write instead. */
export function formatFinding(finding: Finding, io: Paint, frame: readonly FrameRow[] = []): string {
  const { severity, code, message, hint, path, subject, at, related = [] } = finding;
  const where = [at && formatPlace(at), subject && formatRef(subject), path || undefined].filter(
    (part) => part !== undefined,
  );
  return [
    `${paint(io, severity === "error" ? "red" : "yellow", severity)} ${printable(message)} ${paint(io, "dim", `[${printable(code)}]`)}`,
    ...(where.length > 0 ? [`  at ${printable(where.join("  "))}`] : []),
    ...frame.map((row) => formatRow(row, io)),
    ...related.map(
      (r) =>
        `  ${printable(r.message)}${r.subject ? `: ${printable(formatRef(r.subject))}` : ""}${r.at ? ` (${printable(formatPlace(r.at))})` : ""}`,
    ),
    `  → ${printable(hint)}`,
  ].join("\n");
}

function formatRow({ gutter, text, role }: FrameRow, io: Paint): string {
  const shown =
    role === "caret" ? paint(io, "red", text) : role === "context" ? paint(io, "dim", text) : text;
  return `${paint(io, "dim", gutter)}${shown}`.trimEnd();
}

export interface TextOptions extends Paint {
  readonly resources: readonly Resource[];
  /** The lines to show for a finding. Default: none. */
  readonly frame?: (finding: Finding) => readonly FrameRow[];
}

/** A report for people: findings in order, claims, what is suppressed or known, and one line that sums it up. */
export function textReport(report: CheckReport, options: TextOptions): string {
  const { findings, summary } = report;
  const lines = findings.map((f) => `${formatFinding(f, options, options.frame?.(f))}\n`);
  const claims = claimLines(report, options);
  if (claims.length > 0) lines.push(...claims, "");
  const aside = asideLines(report, options);
  if (aside.length > 0) lines.push(...aside, "");
  const kinds = new Set(options.resources.map(({ kind }) => kind)).size;
  const parts = [
    `${plural(summary.objects, "object")} of ${plural(kinds, "kind")}`,
    ...(report.proofs.length > 0
      ? [`${summary.claims.proved} of ${plural(report.proofs.length, "claim")} proved`]
      : []),
    plural(summary.errors, "error"),
    plural(summary.warnings, "warning"),
  ];
  lines.push(paint(options, findings.length > 0 ? "red" : "green", parts.join(", ")));
  return `${lines.join("\n")}\n`;
}

/** Claims that a user wrote stand each for themselves; those of blocks are summed up, unless they do not hold. */
function claimLines({ proofs }: CheckReport, io: Paint): string[] {
  const lines: string[] = [];
  const sums = new Map<string, number>();
  for (const { claim, outcome } of proofs) {
    if (outcome !== "proved") lines.push(`${paint(io, "red", "✗")} ${printable(claim.text)}  (${outcome})`);
    else if (BLOCKS.has(claim.by)) sums.set(claim.by, (sums.get(claim.by) ?? 0) + 1);
    else lines.push(`${paint(io, "green", "✓")} ${printable(claim.text)}`);
  }
  for (const [by, count] of sums)
    lines.push(`${paint(io, "green", "✓")} ${plural(count, "claim")} of ${BLOCKS.get(by)}`);
  return lines;
}

const BLOCKS: ReadonlyMap<string, string> = new Map([
  ["firewall", "the firewall: environments reach each other as drawn, and no further"],
  ["groups", "the groups: each may do what its roles are for"],
  ["service-account", "the service accounts: each may do what its roles are for"],
  ["cluster-dns", "the cluster's DNS: every zone is answered or forwarded as said"],
  ["apps", "the apps: every host serves what it is for, behind its login"],
  ["registries", "the registries: images are pulled where they are used"],
  ["external-names", "the external names: each leads to its target"],
]);

/** What is there but not counted, and what a baseline still holds though it is gone. */
function asideLines({ suppressed = [], baseline }: CheckReport, io: Paint): string[] {
  const lines = suppressed.map(({ finding, suppression }) =>
    paint(
      io,
      "dim",
      `suppressed ${printable(nameOf(finding))}: ${printable(suppression.because)}${suppression.until === undefined ? "" : ` (until ${suppression.until})`}`,
    ),
  );
  if (baseline && baseline.known.length > 0)
    lines.push(paint(io, "dim", `${plural(baseline.known.length, "finding")} in the baseline, not counted`));
  for (const { code, subject, file, path, count } of baseline?.fixed ?? [])
    lines.push(
      `${paint(io, "green", "fixed")} ${printable([code, subject ?? file, path].filter(Boolean).join(" "))}${count > 1 ? ` (${count} times)` : ""}`,
    );
  if (baseline && baseline.fixed.length > 0)
    lines.push("the baseline still holds what is fixed: write it again with --write-baseline");
  return lines;
}

function nameOf({ code, subject, path }: Finding): string {
  return [code, subject && formatRef(subject), path].filter(Boolean).join(" ");
}
