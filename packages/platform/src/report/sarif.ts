import { type Finding, formatRef, type Place, type Related } from "@ashlar/core";
import type { TextEdit } from "@ashlar/core/repair";
import type { CheckReport } from "../check.ts";
import { baselineKey } from "./baseline.ts";
import { printable } from "./characters.ts";
import type { Suppression } from "./suppression.ts";

export interface SarifOptions {
  /** Ashlar's version. */
  readonly version: string;
  /** The file that findings without a place are about: the platform file. Default: none. */
  readonly input?: string;
  /** Codes of all rules that were held against the set. */
  readonly rules: readonly string[];
  /** What the remedies of findings change in their texts (core's `textEdits`). Default: none. */
  readonly edits?: ReadonlyMap<Finding, readonly TextEdit[]>;
}

/**
 * A report as SARIF 2.1.0 (OASIS), for code scanning. Suppressed findings are results with `suppressions`; with a baseline
 * every result says by `baselineState` whether it is new. A certain remedy is in `fixes` where `edits` has it as changes of the
 * text, else in `properties` as JSON patch; so is the field path.
 *
 * Files are relative to the folder in which the command ran: run it in the root of the repository.
 */
export function sarifReport(report: CheckReport, options: SarifOptions): string {
  const { findings, suppressed = [], baseline } = report;
  const all = [
    ...findings.map((finding) => ({ finding, state: "new" as const, suppression: undefined })),
    ...(baseline?.known ?? []).map((finding) => ({
      finding,
      state: "unchanged" as const,
      suppression: undefined,
    })),
    ...suppressed.map(({ finding, suppression }) => ({ finding, state: "new" as const, suppression })),
  ];
  const codes = [...new Set([...options.rules, ...all.map(({ finding }) => finding.code)])];
  const index = new Map(codes.map((code, i) => [code, i]));
  const results = all.map(({ finding, state, suppression }) => ({
    ...result(finding, index.get(finding.code) as number, options),
    ...(baseline && { baselineState: state }),
    ...(suppressed.length > 0 && { suppressions: suppression ? [suppressionOf(suppression)] : [] }),
  }));
  const rules = codes.map((code) => rule(code, options.rules.includes(code)));
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Ashlar", semanticVersion: options.version, rules } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [BASE]: { description: { text: "The folder in which ashlar ran." } } },
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const BASE = "%SRCROOT%";

function rule(code: string, hasPage: boolean) {
  const page = `docs/rules/${code.replace("/", "-")}.md`;
  const words = code.replace(/^[^/]*\//, "").replaceAll("-", " ");
  return {
    id: code,
    name: code,
    shortDescription: { text: words },
    help: hasPage
      ? { text: `What it finds, why, and what to write instead: ${page}`, markdown: `[${page}](${page})` }
      : { text: `The result says what to do. About ${words}, of ${code.split("/")[0]}.` },
  };
}

function result(finding: Finding, ruleIndex: number, { input, edits }: SarifOptions) {
  const { code, severity, message, hint, path, related = [], fix } = finding;
  const changes = edits?.get(finding) ?? [];
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: messageOf(`${message}\n${hint}`),
    locations: locations(finding, input),
    ...(related.length > 0 && { relatedLocations: related.map(relatedLocation) }),
    partialFingerprints: { "ashlarFinding/v1": baselineKey(finding) },
    ...(changes.length > 0 && { fixes: [fixOf(hint, changes)] }),
    properties: { hint, path, ...(fix && changes.length === 0 && { fix }) },
  };
}

/** Regions are those of the text as it is, whatever else of it is replaced (§3.57). */
function fixOf(hint: string, edits: readonly TextEdit[]) {
  const byFile = Map.groupBy(edits, ({ file }) => file);
  return {
    description: messageOf(hint),
    artifactChanges: [...byFile].map(([file, changes]) => ({
      artifactLocation: artifact(file),
      replacements: changes.map(({ start, end, text }) => ({
        deletedRegion: {
          startLine: start.line,
          startColumn: start.column,
          endLine: end.line,
          endColumn: end.column,
        },
        ...(text !== "" && { insertedContent: { text: text.toWellFormed() } }),
      })),
    })),
  };
}

function locations({ at, subject, path }: Finding, input: string | undefined) {
  if (!at && !subject && input === undefined) return [];
  const name = [subject && formatRef(subject), path].filter(Boolean).join(" ");
  return [
    {
      ...(at
        ? { physicalLocation: physicalLocation(at) }
        : input !== undefined && { physicalLocation: { artifactLocation: artifact(input) } }),
      ...(subject && {
        logicalLocations: [{ name: subject.name, fullyQualifiedName: name, kind: "object" }],
      }),
    },
  ];
}

function relatedLocation({ message, subject, path, at }: Related, i: number) {
  const name = [subject && formatRef(subject), path].filter(Boolean).join(" ");
  return {
    id: i + 1,
    message: messageOf(name === "" ? message : `${message}: ${name}`),
    ...(at && { physicalLocation: physicalLocation(at) }),
    ...(subject && {
      logicalLocations: [{ name: subject.name, fullyQualifiedName: name, kind: "object" }],
    }),
  };
}

function physicalLocation({ file, line, column }: Place) {
  return { artifactLocation: artifact(file), region: { startLine: line, startColumn: column } };
}

/** A path as URI reference (RFC 3986): relative ones to the folder of the run, absolute ones as `file:`. */
function artifact(file: string) {
  const slashes = file.replaceAll("\\", "/");
  const encoded = slashes
    .split("/")
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join("/");
  if (/^[A-Za-z]:\//.test(slashes)) return { uri: `file:///${encoded.replace("%3A", ":")}` };
  if (slashes.startsWith("/")) return { uri: `file://${encoded}` };
  return { uri: encoded, uriBaseId: BASE };
}

/** Braces are placeholders in SARIF unless doubled (§3.11.5), and `](` makes a link (§3.11.6). */
function messageOf(text: string): { readonly text: string } {
  return {
    text: printable(text).replace(/[{}]/g, "$&$&").replaceAll("](", "] ("),
  };
}

function suppressionOf({ because, until }: Suppression) {
  return {
    kind: "external",
    status: "accepted",
    justification: until === undefined ? because : `${because} (until ${until})`,
  };
}
