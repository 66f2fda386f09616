import { type Finding, type Place, readYaml, zodFindings } from "@ashlar/core";
import { type PlacedSuppression, suppression } from "./suppression.ts";

/** What a file of suppressions gives: the entries that are right, and a finding for each that is not. */
export interface ReadSuppressions {
  readonly suppressions: readonly PlacedSuppression[];
  readonly findings: readonly Finding[];
}

const CODE = "platform/valid-suppression";

/** What the list is put under, so that it is read as strictly as manifests are: as a field of an object. */
const FRAME = ["apiVersion: v1", "kind: Suppressions", "metadata: { name: suppressions }", "suppress:"];
const INDENT = "  ";

/**
 * The suppressions of a YAML or JSON text: a list of `{ code, subject?, path?, because, until? }`. Read as manifests are
 * read, with their findings (duplicate keys, tabs, aliases without bound, words that readers disagree on) and places.
 *
 * @param options.file how the file is called in places
 */
export function readSuppressions(text: string, options: { readonly file: string }): ReadSuppressions {
  const lines = withoutMarker(text).split(/\r\n|\r|\n/);
  const marker = lines.findIndex((line) => /^(---|\.\.\.)(\s|$)/.test(line));
  if (marker >= 0)
    return refused({ file: options.file, line: marker + 1, column: 1 }, "one list", "a second document");
  const framed = [...FRAME, ...lines.map((line) => (line === "" ? "" : `${INDENT}${line}`))].join("\n");
  const read = readYaml(framed, options);
  const findings = read.findings.map((finding) => ofList(finding));
  const object = read.resources[0];
  if (object === undefined) return { suppressions: [], findings };
  const place = (path: string) => unframed(read.locate(object, `suppress${path}`));
  const list = object.suppress ?? [];
  if (!Array.isArray(list)) {
    const problem = refused(place(""), "a list of suppressions", describe(list));
    return { suppressions: [], findings: [...findings, ...problem.findings] };
  }
  const suppressions: PlacedSuppression[] = [];
  list.forEach((item: unknown, i) => {
    const parsed = suppression().safeParse(item, { reportInput: true });
    const path = `[${i}]`;
    if (parsed.success) {
      const [at, untilAt] = [place(path), place(`${path}.until`)];
      suppressions.push({ entry: parsed.data, path, ...(at && { at }), ...(untilAt && { untilAt }) });
    }
    for (const finding of parsed.success ? [] : zodFindings(parsed.error, suppression(), CODE)) {
      const full = finding.path === "" ? path : `${path}.${finding.path}`;
      const where = place(full);
      findings.push({ ...finding, path: full, ...(where && { at: where }) });
    }
  });
  return { suppressions, findings };
}

/** Without a byte order mark, and without the `---` that many files begin with. */
function withoutMarker(text: string): string {
  return text
    .replace(/^\ufeff/, "")
    .replace(/^((?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*)---(?=[ \t\r\n]|$)/, "$1");
}

function refused(at: Place | undefined, expected: string, got: string): ReadSuppressions {
  const finding: Finding = {
    code: CODE,
    severity: "error",
    message: `expected ${expected}, got ${got}`,
    hint: 'write "- code: …" and below it because:, for each finding that stays',
    path: "",
    ...(at && { at }),
  };
  return { suppressions: [], findings: [finding] };
}

function describe(value: unknown): string {
  return typeof value === "object"
    ? "a mapping"
    : `the ${typeof value} ${JSON.stringify(value).slice(0, 60)}`;
}

/** A finding of the framed text, as one of the list. */
function ofList({ subject: _, at, related, path, ...finding }: Finding): Finding {
  const place = unframed(at);
  return {
    ...finding,
    path: path.replace(/^suppress/, ""),
    ...(place && { at: place }),
    ...(related && {
      related: related.map(({ at: other, ...rest }) => {
        const there = unframed(other);
        return { ...rest, ...(there && { at: there }) };
      }),
    }),
  };
}

function unframed(at: Place | undefined): Place | undefined {
  return (
    at && {
      file: at.file,
      line: Math.max(1, at.line - FRAME.length),
      column: Math.max(1, at.column - INDENT.length),
    }
  );
}
