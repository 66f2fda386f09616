import type { Finding, Place } from "@ashlar/core";
import { codeFrame, type FrameRow, type SourceText, sourceText } from "./code-frame.ts";

/** The text of a file as places name it; `undefined` when there is none to show. */
export type TextOf = (file: string) => string | undefined;

interface Source extends SourceText {
  readonly holdsSecret: boolean;
}

const HOLDS_SECRET = /\bSecret(List)?\b/;
const ABOUT_SECRETS = /\/no-secret/;

/** Longest line that is shown out of a file with a Secret in it: longer ones may hold many objects. */
const OWN_LINE = 120;

/** Lines that a value may continue on, at most. */
const CONTINUED = 1_000;

/**
 * The code frame of each finding. Values of Secrets are never shown: a finding about a Secret, or about a secret in plain
 * sight, has no frame; lines that such findings point at are left out of other frames; and out of a file that holds a
 * Secret only the finding's own line is shown.
 *
 * @param findings all findings, also those that are not printed: they tell which lines hold secrets
 */
export function codeFrames(
  findings: readonly Finding[],
  textOf: TextOf,
): (finding: Finding) => readonly FrameRow[] {
  const sources = new Map<string, Source | undefined>();
  const sourceOf = (file: string) => {
    if (!sources.has(file)) {
      const text = textOf(file);
      sources.set(
        file,
        text === undefined ? undefined : { ...sourceText(text), holdsSecret: HOLDS_SECRET.test(text) },
      );
    }
    return sources.get(file);
  };
  const hidden = hiddenLines(findings, sourceOf);
  return ({ code, subject, at }) => {
    if (at === undefined || ABOUT_SECRETS.test(code)) return [];
    if (subject?.kind === "Secret" || subject?.kind === "SecretList") return [];
    const source = sourceOf(at.file);
    if (source === undefined) return [];
    const isHidden = (line: number) => hidden.has(`${at.file}:${line}`);
    if (!source.holdsSecret) return codeFrame(source, at, { hidden: isHidden });
    const showsOwnLine = subject !== undefined && source.line(at.line).length <= OWN_LINE;
    return showsOwnLine ? codeFrame(source, at, { context: 0, hidden: isHidden }) : [];
  };
}

/** Lines with a secret in plain sight, and the deeper ones below each, which continue its value. */
function hiddenLines(
  findings: readonly Finding[],
  sourceOf: (file: string) => SourceText | undefined,
): ReadonlySet<string> {
  const lines = new Set<string>();
  for (const { file, line } of findings.filter((f) => ABOUT_SECRETS.test(f.code)).flatMap(placesOf)) {
    lines.add(`${file}:${line}`);
    const source = sourceOf(file);
    if (source === undefined) continue;
    const depth = indentation(source.line(line));
    const last = Math.min(source.lineCount, line + CONTINUED);
    for (let next = line + 1; next <= last; next++) {
      const text = source.line(next);
      if (text.trim() !== "" && indentation(text) <= depth) break;
      lines.add(`${file}:${next}`);
    }
  }
  return lines;
}

function placesOf({ at, related = [] }: Finding): Place[] {
  return [at, ...related.map((r) => r.at)].filter((place) => place !== undefined);
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
