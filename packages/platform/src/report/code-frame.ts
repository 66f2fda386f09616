import type { Place } from "@ashlar/core";
import { cellsOf, printableLine } from "./characters.ts";

/** A text by its lines, counted from 1 as places count them: lines end at LF, CR LF or a lone CR. */
export interface SourceText {
  readonly lineCount: number;
  /** Empty beyond the last line. */
  readonly line: (number: number) => string;
}

export function sourceText(content: string): SourceText {
  const text = content.charCodeAt(0) === 0xfeff ? content.slice(1) : content;
  const starts = [0];
  const lineBreak = /\r\n|\r|\n/g;
  while (lineBreak.exec(text)) starts.push(lineBreak.lastIndex);
  const line = (number: number) =>
    text.slice(starts[number - 1] ?? text.length, starts[number] ?? text.length).replace(/[\r\n]+$/, "");
  const endsWithBreak = starts.length > 1 && starts.at(-1) === text.length;
  return { lineCount: starts.length - (endsWithBreak ? 1 : 0), line };
}

/** One row of a code frame, ready to print. */
export interface FrameRow {
  /** `  12 | `, `> 13 | ` or, before a caret, `     | ` */
  readonly gutter: string;
  readonly text: string;
  readonly role: "context" | "line" | "caret";
}

export interface FrameOptions {
  /** Lines shown before and after. Default: 2. */
  readonly context?: number;
  /** Cells for the source, beside the gutter. Default: 88. */
  readonly width?: number;
  /** Lines that must not be shown: their text is replaced by `…`. */
  readonly hidden?: (line: number) => boolean;
}

const CUT = "…";

/**
 * The lines around a place, with a caret under its column. Characters that drive a terminal are shown as escapes, wide
 * and combining ones are counted as the cells that they take, and long lines are cut around the caret on both sides.
 *
 * @param place line and column from 1; the column counts UTF-16 units
 */
export function codeFrame(
  source: SourceText,
  place: Pick<Place, "line" | "column">,
  options: FrameOptions = {},
): FrameRow[] {
  const { context = 2, width = 88, hidden = () => false } = options;
  if (place.line < 1 || place.line > source.lineCount + 1) return [];
  const target = source.line(place.line);
  const caret = Math.min(Math.max(place.column - 1, 0), target.length);
  const from = windowStart(target, caret, width);
  const first = Math.max(1, place.line - context);
  const last = Math.min(Math.max(source.lineCount, place.line), place.line + context);
  const digits = String(last).length;
  const rows: FrameRow[] = [];
  for (let number = first; number <= last; number++) {
    const isTarget = number === place.line;
    rows.push({
      gutter: `${isTarget ? ">" : " "} ${String(number).padStart(digits)} | `,
      text: hidden(number) ? CUT : cut(source.line(number), from, width),
      role: isTarget ? "line" : "context",
    });
    if (isTarget && !hidden(number))
      rows.push({
        gutter: `  ${" ".repeat(digits)} | `,
        text: `${" ".repeat(cells(target.slice(from, caret)) + (from > 0 ? 1 : 0))}^`,
        role: "caret",
      });
  }
  return rows;
}

/** Where the shown part of every line starts: at 0 when the caret is seen from there, else half a width before it. */
function windowStart(line: string, caret: number, width: number): number {
  if (caret <= width && cells(line.slice(0, caret)) < width - 8) return 0;
  let from = Math.max(0, caret - (width >> 1));
  while (from < caret && cells(line.slice(from, caret)) >= width - 8) from += 1 + ((caret - from) >> 2);
  const isLowSurrogate = (line.charCodeAt(from) & 0xfc00) === 0xdc00;
  return from < caret && isLowSurrogate ? from + 1 : from;
}

/** What fits of a line from an index on, marked where something is left out. */
function cut(line: string, from: number, width: number): string {
  let out = from > 0 && line.length > 0 ? CUT : "";
  let used = 0;
  // A character takes at least no cell, so the slice bounds what hostile combining marks can add.
  for (const character of line.slice(from, from + 4 * width)) {
    const shown = printableLine(character);
    const size = cells(character);
    if (used + size > width) return `${out}${CUT}`;
    out += shown;
    used += size;
  }
  return line.length > from + 4 * width ? `${out}${CUT}` : out;
}

/** Cells that a text takes once it is printable. */
function cells(text: string): number {
  let sum = 0;
  for (const character of text) for (const shown of printableLine(character)) sum += cellsOf(shown);
  return sum;
}
