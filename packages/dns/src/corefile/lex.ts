import type { CorefileToken } from "./ast.ts";

/** The words of a text, and what follows the last one. */
export interface Lexed {
  readonly tokens: readonly CorefileToken[];
  readonly end: string;
}

const QUOTE = 0x22;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a Corefile into words as CoreDNS does (github.com/coredns/caddy v1.1.4, caddyfile/lexer.go). Never fails: an unclosed
 * quote takes the rest of the file.
 *
 * - White space is Go's unicode.IsSpace. Only a line feed counts lines. A carriage return outside quotes is left out and ends
 *   no word: `who\rami` is `whoami`.
 * - `"` quotes only as the first letter of a word, and the word ends at the next `"` without a backslash. `\"` is `"`; no other
 *   backslash means anything. Quotes may span lines.
 * - `#` starts a comment anywhere outside quotes. Inside a word that comment ends at the next white space, not at the line's end.
 */
export function lexCorefile(text: string, file: string): Lexed {
  const tokens: CorefileToken[] = [];
  const wellFormed = text.isWellFormed();
  const length = text.length;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let last = 0; // where the token before ended
  let line = 1;
  let lineStart = 0;
  let white = ""; // the last longer text between two words

  while (at < length) {
    const first = text.charCodeAt(at);
    if (isSpace(first)) {
      at++;
      if (first === LINE_FEED) {
        line++;
        lineStart = at;
      }
      continue;
    }
    if (first === HASH) {
      const feed = text.indexOf("\n", at);
      at = feed < 0 ? length : feed;
      continue;
    }

    const start = at;
    const startLine = line;
    const column = start - lineStart + 1;
    let value: string;
    let raw: string;
    if (first === QUOTE) {
      at = endOfQuoted(text, start);
      const closed = at <= length;
      if (!closed) at = length;
      raw = text.slice(start, at);
      value = quotedValue(raw.slice(1, closed ? -1 : undefined), closed);
      if (!closed && value === "") break; // the lexer has no word to give
      for (
        let feed = text.indexOf("\n", start);
        feed >= 0 && feed < at;
        feed = text.indexOf("\n", feed + 1)
      ) {
        line++;
        lineStart = feed + 1;
      }
    } else {
      at = endOfWord(text, start);
      raw = text.slice(start, at);
      value = plainValue(raw);
    }
    // Few different texts stand between words: one string for equal ones in a row saves memory. One letter is never a new string.
    const between = start - last;
    if (between > 1 && (between !== white.length || !text.startsWith(white, last)))
      white = text.slice(last, start);
    tokens.push({
      text: wellFormed ? value : value.toWellFormed(),
      raw,
      before: between > 1 ? white : text.slice(last, start),
      at: { file, line: startLine, column, offset: start },
    });
    last = at;
  }
  return { tokens, end: text.slice(last) };
}

/** The offset after the closing quote; greater than the length when nothing closes it. */
function endOfQuoted(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
  return text.length + 1;
}

function quotedValue(inner: string, closed: boolean): string {
  if (!inner.includes("\\")) return inner;
  const value = inner.replace(/\\(.)/gs, (pair, letter: string) => (letter === '"' ? '"' : pair));
  return !closed && endsInBackslash(inner) ? value.slice(0, -1) : value; // the file ends inside an escape, which is lost
}

/** Whether the text ends in a backslash that no backslash before it takes up. */
export function endsInBackslash(text: string): boolean {
  let count = 0;
  while (text.charCodeAt(text.length - 1 - count) === BACKSLASH) count++;
  return count % 2 === 1;
}

/** Words end at white space; carriage returns at their end belong to what follows. */
function endOfWord(text: string, start: number): number {
  let at = start + 1;
  let end = at;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    at++;
    if (code > 0x20 && code < 0x80) end = at;
    else if (code === CARRIAGE_RETURN) continue;
    else if (isSpace(code)) break;
    else end = at;
  }
  return end;
}

function plainValue(raw: string): string {
  const hash = raw.indexOf("#");
  const word = hash < 0 ? raw : raw.slice(0, hash);
  return word.includes("\r") ? word.replaceAll("\r", "") : word;
}

/** Go's unicode.IsSpace. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Whether a word is on a later line than the word before it, as CoreDNS sees lines: by file and line number. */
export function startsLine(before: CorefileToken | undefined, token: CorefileToken): boolean {
  if (!before || before.at.file !== token.at.file) return true;
  return before.at.line < token.at.line && endLine(before) < token.at.line;
}

/** Whether a word goes on with the line of the word before it. Words of a snippet keep the lines where they were written. */
export function continuesLine(before: CorefileToken, token: CorefileToken): boolean {
  return before.at.file === token.at.file && endLine(before) === token.at.line;
}

function endLine({ text, raw, at }: CorefileToken): number {
  let { line } = at;
  if (text === raw && raw.charCodeAt(0) !== QUOTE) return line; // only quotes and the environment bring line feeds
  for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", feed + 1)) line++;
  return line;
}
