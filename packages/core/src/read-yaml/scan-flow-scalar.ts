import { isBlank, isBlankOrEnd, isBreak, TAB } from "./characters.ts";
import { syntaxError, tabError } from "./problem.ts";
import { atDocumentMarker, codeAt, column, type Scanner, type Token, takeBreak, token } from "./scanner.ts";

/** A scalar without quotes, possibly over several lines. */
export function scanPlain(s: Scanner): Token {
  const { text } = s;
  const start = s.pos;
  const minColumn = s.indent + 1;
  let value = "";
  let end = s.pos;
  let folded: Folding | undefined;
  let blanks = "";
  for (;;) {
    if (atDocumentMarker(s) || codeAt(s) === 35 /* # */) break;
    const run = s.pos;
    let code = codeAt(s);
    while (!isBlankOrEnd(code)) {
      if (code === 58 /* : */ && isBlankOrEnd(text.charCodeAt(s.pos + 1))) break;
      if (s.flowLevel > 0 && isFlowIndicator(code)) break;
      s.pos++;
      code = text.charCodeAt(s.pos);
    }
    if (s.pos > run) {
      value += (folded ? fold(folded) : blanks) + text.slice(run, s.pos);
      folded = undefined;
      blanks = "";
      end = s.pos;
    }
    if (!isBlank(code) && !isBreak(code)) break;
    for (; isBlank(code) || isBreak(code); code = codeAt(s)) {
      if (isBlank(code)) {
        if (folded && code === TAB && column(s) < minColumn) throw tabError(s.pos);
        if (!folded) blanks += text[s.pos];
        s.pos++;
      } else if (folded) folded.more += takeBreak(s);
      else folded = { first: takeBreak(s), more: "" };
    }
    if (s.flowLevel === 0 && column(s) < minColumn) break;
  }
  if (folded) s.simpleKeyAllowed = true;
  return token("scalar", start, end, value, "", true);
}

/** Where an unquoted scalar ends in flow context: `,` `?` `[` `]` `{` `}`. */
function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125;
}

interface Folding {
  /** The first line break: `""` when it was escaped. */
  readonly first: string;
  more: string;
}

/** One line break becomes a space, more of them lose the first; LS and PS are kept. */
function fold({ first, more }: Folding): string {
  return first === "\n" ? more || " " : first + more;
}

/** A single- or double-quoted scalar. Indentation inside it does not matter to this reader. */
export function scanQuoted(s: Scanner): Token {
  const { text } = s;
  const start = s.pos;
  const quote = codeAt(s);
  const escapes = quote === 34;
  s.pos++;
  let value = "";
  for (;;) {
    if (atDocumentMarker(s)) throw unclosed(start, "the end of the document");
    let folded: Folding | undefined;
    let run = s.pos;
    let code = codeAt(s);
    for (; !isBlankOrEnd(code); code = codeAt(s)) {
      if (code === quote) {
        if (escapes || codeAt(s, 1) !== quote) break;
        value += text.slice(run, s.pos + 1);
        s.pos += 2;
        run = s.pos;
      } else if (escapes && code === 92 /* \ */) {
        value += text.slice(run, s.pos);
        if (isBreak(codeAt(s, 1))) {
          s.pos++;
          takeBreak(s);
          folded = { first: "", more: "" };
          run = s.pos;
          break;
        }
        value += takeEscape(s);
        run = s.pos;
      } else s.pos++;
    }
    value += text.slice(run, s.pos);
    code = codeAt(s);
    if (code === 0) throw unclosed(start, "the end of the text");
    if (code === quote) {
      // An escaped line break right before the closing quote adds nothing.
      s.pos++;
      return token("scalar", start, s.pos, value);
    }
    let blanks = "";
    for (; isBlank(code) || isBreak(code); code = codeAt(s)) {
      if (isBlank(code)) {
        if (!folded) blanks += text[s.pos];
        s.pos++;
      } else if (folded) folded.more += takeBreak(s);
      else folded = { first: takeBreak(s), more: "" };
    }
    value += folded ? fold(folded) : blanks;
  }
}

function unclosed(start: number, got: string): Error {
  return syntaxError(start, `expected a closing quote, got ${got}`, "close the string that begins here");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The escape sequence at a backslash. */
function takeEscape(s: Scanner): string {
  const at = s.pos;
  const letter = s.text[at + 1]!;
  s.pos += 2;
  const simple = ESCAPES[letter];
  if (simple !== undefined) return simple;
  const length = CODE_LENGTHS[letter];
  if (length === undefined)
    throw syntaxError(
      at,
      `expected an escape sequence of YAML 1.1, got \\${letter}`,
      "write \\\\ for a backslash, or use single quotes",
    );
  const digits = s.text.slice(s.pos, s.pos + length);
  const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1;
  if (code < 0)
    throw syntaxError(
      at,
      `expected ${length} hexadecimal digits after \\${letter}, got "${digits.replace(/\0.*/s, "")}"`,
      "write the code of the character in full",
    );
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    throw syntaxError(
      at,
      `expected the code of a character, got \\${letter}${digits}`,
      "write characters above U+FFFF as \\U and eight digits, or as they are",
    );
  s.pos += length;
  return String.fromCodePoint(code);
}
