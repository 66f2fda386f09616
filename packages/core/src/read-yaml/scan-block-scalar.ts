import { isBlank, isBreak, isBreakOrEnd, isDigit, SPACE, TAB } from "./characters.ts";
import { syntaxError, tabError } from "./problem.ts";
import { codeAt, column, type Scanner, type Token, takeBreak, token } from "./scanner.ts";

/** A literal (`|`) or folded (`>`) scalar. */
export function scanBlockScalar(s: Scanner): Token {
  const start = s.pos;
  const literal = codeAt(s) === 124;
  s.pos++;
  const { chomping, increment } = takeHeader(s, start);
  let indent = increment === 0 ? 0 : Math.max(s.indent, 0) + increment;

  let value = "";
  let lastBreak = "";
  let breaks = takeIndentation(s, indent);
  if (indent === 0) indent = Math.max(breaks.widest, s.indent + 1, 1);
  let afterBlank = false;
  while (column(s) === indent && codeAt(s) !== 0) {
    const blank = isBlank(codeAt(s));
    // Folding joins two lines unless one of them begins with whitespace.
    if (literal || afterBlank || blank || lastBreak !== "\n") value += lastBreak;
    else if (breaks.text === "") value += " ";
    value += breaks.text;
    afterBlank = blank;
    const line = s.pos;
    while (!isBreakOrEnd(codeAt(s))) s.pos++;
    value += s.text.slice(line, s.pos);
    lastBreak = codeAt(s) === 0 ? "" : takeBreak(s);
    breaks = takeIndentation(s, indent);
  }
  if (chomping !== "-") value += lastBreak;
  if (chomping === "+") value += breaks.text;
  return token("scalar", start, s.pos, value);
}

/** What stands behind `|` or `>`: how trailing line breaks are kept, and the indentation when it is written down. */
function takeHeader(s: Scanner, start: number): { chomping: string; increment: number } {
  let chomping = "";
  let increment = 0;
  for (let i = 0; i < 2; i++) {
    const code = codeAt(s);
    if (chomping === "" && (code === 43 || code === 45)) chomping = s.text[s.pos]!;
    else if (increment === 0 && isDigit(code)) {
      increment = code - 48;
      if (increment === 0)
        throw syntaxError(
          s.pos,
          "expected an indentation from 1 to 9, got 0",
          "write the number of spaces, or leave it out",
        );
    } else break;
    s.pos++;
  }
  while (isBlank(codeAt(s))) s.pos++;
  if (codeAt(s) === 35 /* # */) while (!isBreakOrEnd(codeAt(s))) s.pos++;
  if (!isBreakOrEnd(codeAt(s)))
    throw syntaxError(
      s.pos,
      `expected the end of the line after ${s.text.slice(start, start + 1)}, got more text`,
      "begin the text on the next line, or put it in quotes",
    );
  if (codeAt(s) !== 0) takeBreak(s);
  return { chomping, increment };
}

/**
 * Steps over empty lines and the indentation of the next one. With `indent` 0, not known yet, all spaces are indentation
 * and `widest` is the widest line met: the reader takes it even when it was an empty one.
 */
function takeIndentation(s: Scanner, indent: number): { text: string; widest: number } {
  let text = "";
  let widest = 0;
  for (;;) {
    while ((indent === 0 || column(s) < indent) && codeAt(s) === SPACE) s.pos++;
    widest = Math.max(widest, column(s));
    if ((indent === 0 || column(s) < indent) && codeAt(s) === TAB) throw tabError(s.pos);
    if (!isBreak(codeAt(s))) return { text, widest };
    text += takeBreak(s);
  }
}
