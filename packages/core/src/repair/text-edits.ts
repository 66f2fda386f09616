import type { Finding } from "../finding.ts";
import { lineIndex } from "../read-yaml/line-index.ts";
import { openText } from "./edit-yaml.ts";
import { readFile, remediesByFile, type TextFile } from "./remedies.ts";
import type { Splice } from "./source-text.ts";

/** A stretch of a file and what takes its place. Lines and columns count from 1; the end is the place behind the last character. */
export interface TextEdit {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  readonly text: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Characters of documents that are looked at for the remedies of one file: seconds at most. */
const MOST_WORK = 64 * 1024 * 1024;

/**
 * What the remedy of each finding changes in its text, each as if it were the only one: for editors and code scanning, which
 * show and apply remedies one by one. Edits of one finding are in order and do not touch each other. What `editYaml` refuses
 * is left out, and so is what is too much work.
 *
 * @param findings as they were found in these texts: their `at` names a file by its `name`
 * @example
 * const edits = await textEdits([{ name: "a.yaml", text }], report.findings);
 * edits.get(finding) // [{ file: "a.yaml", start: { line: 1, column: 13 }, end: { line: 1, column: 26 }, text: "batch/v1" }]
 */
export async function textEdits(
  files: readonly TextFile[],
  findings: readonly Finding[],
): Promise<ReadonlyMap<Finding, readonly TextEdit[]>> {
  const edits = new Map<Finding, readonly TextEdit[]>();
  const read = files.map(readFile);
  for (const [index, remedies] of remediesByFile(read, findings).entries()) {
    const { name, text } = files[index]!;
    if (remedies.length === 0) continue;
    const splicesOf = await openText(text, MOST_WORK);
    const placeAt = lineIndex(text, name);
    const position = (offset: number): Position => {
      const { line, column } = placeAt(offset);
      return { line, column };
    };
    for (const { finding, resource, patch } of remedies) {
      const splices = splicesOf({ resource, patch });
      if (splices === undefined || splices.length === 0) continue;
      edits.set(
        finding,
        joined(splices, text).map((splice) => ({
          file: name,
          start: position(splice.start),
          end: position(splice.end),
          text: splice.text,
        })),
      );
    }
  }
  return edits;
}

/** In order; those that touch become one, so that the order in which they are applied does not matter. */
function joined(splices: readonly Splice[], text: string): Splice[] {
  const sorted = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  const result: Splice[] = [];
  for (const splice of sorted) {
    const last = result.at(-1);
    if (last === undefined || splice.start > last.end) result.push(splice);
    else {
      const between = text.slice(last.end, splice.start);
      result[result.length - 1] = {
        start: last.start,
        end: splice.end,
        text: `${last.text}${between}${splice.text}`,
      };
    }
  }
  return result;
}
