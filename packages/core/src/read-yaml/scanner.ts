import { CR, END, LF } from "./characters.ts";

export type TokenType =
  | "stream-end"
  | "document-start"
  | "document-end"
  | "block-sequence-start"
  | "block-mapping-start"
  | "block-end"
  | "flow-sequence-start"
  | "flow-sequence-end"
  | "flow-mapping-start"
  | "flow-mapping-end"
  | "block-entry"
  | "flow-entry"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

/** A token of the YAML 1.1 grammar, with its place in the scanner's text. */
export interface Token {
  readonly type: TokenType;
  readonly at: number;
  readonly end: number;
  /** Text of a scalar, name of an anchor or alias, handle of a tag. */
  readonly value: string;
  /** What follows the handle of a tag. */
  readonly suffix: string;
  /** A scalar without quotes and not in block style: the only one that is resolved by its looks. */
  readonly plain: boolean;
}

/** A place where a key without `?` may have begun: known only when its `:` is found. */
export interface SimpleKey {
  readonly at: number;
  readonly lineStart: number;
  readonly tokenNumber: number;
  /** The line cannot be anything but a key: it stands at the indentation of its mapping. */
  readonly required: boolean;
  possible: boolean;
}

/**
 * State of the scanner: a text in, tokens out, as the YAML 1.1 scanner of kubectl's reader (libyaml's algorithm, in
 * Go's yaml.v2) delimits them. YAML 1.2 scanners differ in flow scalars, indentation of quoted and flow text, tabs,
 * line breaks and comments, so no 1.2 library can stand in for it.
 */
export interface Scanner {
  /** One document's text, ending with zeros. */
  readonly text: string;
  pos: number;
  /** Where the current line begins: `pos - lineStart` is the column. */
  lineStart: number;
  flowLevel: number;
  /** Column of the innermost block collection, -1 outside of all. */
  indent: number;
  readonly indents: number[];
  simpleKeyAllowed: boolean;
  /** One per flow level, the block level first. */
  readonly simpleKeys: SimpleKey[];
  /** Token number of a possible key → its index in `simpleKeys`. */
  readonly keyByToken: Map<number, number>;
  /** Tokens read ahead, `tokens[head]` the next. */
  readonly tokens: Token[];
  head: number;
  /** How many tokens were taken: the number of `tokens[head]`. */
  taken: number;
}

export function noSimpleKey(scanner: Pick<Scanner, "pos" | "lineStart">, tokenNumber: number): SimpleKey {
  return { at: scanner.pos, lineStart: scanner.lineStart, tokenNumber, required: false, possible: false };
}

export function column(scanner: Scanner): number {
  return scanner.pos - scanner.lineStart;
}

export function codeAt(scanner: Scanner, ahead = 0): number {
  return scanner.text.charCodeAt(scanner.pos + ahead);
}

/** Steps over one line break (CR LF is one) and gives what it stands for: LS and PS are kept, all others are LF. */
export function takeBreak(scanner: Scanner): string {
  const code = codeAt(scanner);
  scanner.pos += code === CR && codeAt(scanner, 1) === LF ? 2 : 1;
  scanner.lineStart = scanner.pos;
  return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : "\n";
}

/** `---` or `...` alone at the begin of a line. */
export function atDocumentMarker(scanner: Scanner): boolean {
  if (scanner.pos !== scanner.lineStart) return false;
  const code = codeAt(scanner);
  if (code !== 45 && code !== 46) return false;
  if (codeAt(scanner, 1) !== code || codeAt(scanner, 2) !== code) return false;
  const after = codeAt(scanner, 3);
  return after === END || after <= 32 || after === 0x85 || after === 0x2028 || after === 0x2029;
}

export function token(
  type: TokenType,
  at: number,
  end: number,
  value = "",
  suffix = "",
  plain = false,
): Token {
  return { type, at, end, value, suffix, plain };
}
