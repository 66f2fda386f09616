import { ReadError } from "./problem.ts";

/** Character codes of the YAML 1.1 scanner. `0` ends the text: the scanner's text carries zeros behind its end. */
export const END = 0;
export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const NEL = 0x85;
export const BYTE_ORDER_MARK = 0xfeff;

/** Line breaks of YAML 1.1: LF, CR, NEL, LS, PS (YAML 1.2 has only the first two). */
export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === NEL || code === 0x2028 || code === 0x2029;
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

export function isBreakOrEnd(code: number): boolean {
  return code === END || isBreak(code);
}

export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === END || code === TAB || isBreak(code);
}

/** ASCII letters, digits, `_` and `-`: names of anchors and tag handles. */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45
  );
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

// What the YAML 1.1 reader lets through, apart from the half surrogates that `decodeUtf8` leaves for bytes it cannot read.
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const HALF_SURROGATE = /\p{Surrogate}/u;

/** Refuses a text with bytes that are not UTF-8, control characters or NUL. `base` is the offset of `text` in its file. */
export function checkCharacters(text: string, base: number): void {
  const match = FORBIDDEN.exec(text);
  if (match === null) return;
  const code = match[0].codePointAt(0)!;
  if (code >= 0xd800 && code <= 0xdfff) throw encodingError(code, base + match.index);
  throw new ReadError({
    code: "core/no-control-character",
    offset: base + match.index,
    message: `expected printable text, got the control character U+${hex(code, 4)}${code === 0 ? " (NUL)" : ""}`,
    hint: `remove it, or write it as an escape in a double-quoted string: "\\u${hex(code, 4)}"`,
  });
}

/** Refuses a text with bytes that are not UTF-8. */
export function checkEncoding(text: string, base: number): void {
  const match = HALF_SURROGATE.exec(text);
  if (match) throw encodingError(match[0].charCodeAt(0), base + match.index);
}

function encodingError(code: number, offset: number): ReadError {
  const isByte = code >= 0xdc80 && code <= 0xdcff;
  return new ReadError({
    code: "core/valid-utf8",
    offset,
    message: isByte
      ? `expected UTF-8, got the byte 0x${hex(code - 0xdc00, 2)}`
      : `expected Unicode text, got half of a surrogate pair (U+${hex(code, 4)})`,
    hint: "save the file as UTF-8; bytes that are no text belong into binaryData or a Secret, as base64",
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, "0");
}
