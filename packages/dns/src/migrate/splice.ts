import { type BodyItem, type CorefileItem, type CorefileToken, tokensOf } from "../corefile/ast.ts";

/** A part of a text and what to put in its place; offsets in UTF-16 units. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Where the text that is put in comes from, when it is moved. */
  readonly movedFrom?: number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export function spanOf(node: CorefileItem | BodyItem): Span {
  const tokens = tokensOf(node);
  return { start: tokens[0]!.at.offset, end: endOf(tokens.at(-1)!) };
}

export function endOf({ at, raw }: CorefileToken): number {
  return at.offset + raw.length;
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset of the line's end, before its carriage return. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  const end = feed < 0 ? text.length : feed;
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}

export function lineFeed(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))![0];
}

/** Comments between the words of a list, those before the first word left out. */
export function commentsAmong(tokens: readonly CorefileToken[]): string[] {
  return tokens.slice(1).flatMap(({ before }) => commentsIn(before));
}

/** Comments in what stands between two words. */
export function commentsIn(before: string): string[] {
  return (before.match(/#[^\n]*/g) ?? []).map((comment) => comment.trimEnd());
}

/** A `#` right behind a closing quote starts a comment; behind any other word it would end at the next white space. */
export function apartFromComment(text: string, splice: Splice): Splice {
  const { start, end } = splice;
  const last = splice.text === "" ? text[start - 1] : splice.text.at(-1);
  return text[end] === "#" && text[end - 1] === '"' && /\S/.test(last ?? " ")
    ? { ...splice, text: `${splice.text} ` }
    : splice;
}

/** The new text. Splices do not overlap; those at one place keep their order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: part } of ordered(splices)) {
    parts.push(text.slice(at, start), part);
    at = end;
  }
  return parts.join("") + text.slice(at);
}

/** Leads an offset in the new text back to the old one; what was put in leads to where it was put, or moved from. */
export function leadBack(splices: readonly Splice[]): (offset: number) => number {
  const sorted = ordered(splices);
  const starts: number[] = []; // where each splice starts in the new text
  let shift = 0;
  for (const { start, end, text } of sorted) {
    starts.push(start + shift);
    shift += text.length - (end - start);
  }
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    const last = sorted[low - 1];
    if (!last) return offset;
    const into = offset - starts[low - 1]!;
    return into < last.text.length ? (last.movedFrom ?? last.start) : last.end + (into - last.text.length);
  };
}

/** The whole lines that a change takes away and puts in. */
export function changedLines(
  text: string,
  splices: readonly Splice[],
): { before: string[]; after: string[] } {
  const before: string[] = [];
  const after: string[] = [];
  for (const hunk of hunksOf(text, ordered(splices))) {
    const old = linesOf(text.slice(hunk.start, hunk.end));
    const fresh = linesOf(
      applySplices(
        text.slice(hunk.start, hunk.end),
        hunk.splices.map((s) => ({ ...s, start: s.start - hunk.start, end: s.end - hunk.start })),
      ),
    );
    let head = 0;
    while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
    let tail = 0;
    while (
      tail < old.length - head &&
      tail < fresh.length - head &&
      old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
    )
      tail++;
    before.push(...old.slice(head, old.length - tail));
    after.push(...fresh.slice(head, fresh.length - tail));
  }
  return { before, after };
}

function hunksOf(text: string, splices: readonly Splice[]): (Span & { splices: Splice[] })[] {
  const hunks: { start: number; end: number; splices: Splice[] }[] = [];
  for (const splice of splices) {
    const start = lineStart(text, splice.start);
    const whole = splice.end > splice.start && text[splice.end - 1] === "\n";
    const end = whole ? splice.end : Math.min(text.length, lineEnd(text, splice.end) + 1);
    const last = hunks.at(-1);
    if (last && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.splices.push(splice);
    } else hunks.push({ start, end, splices: [splice] });
  }
  return hunks;
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function ordered(splices: readonly Splice[]): Splice[] {
  return splices
    .map((splice, i) => ({ splice, i }))
    .sort((a, b) => a.splice.start - b.splice.start || a.i - b.i)
    .map(({ splice }) => splice);
}
