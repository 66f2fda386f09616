import { BYTE_ORDER_MARK, isBlankOrEnd, isBreak, isBreakOrEnd, SPACE, TAB } from "./characters.ts";
import { syntaxError, tabError } from "./problem.ts";
import { scanBlockScalar } from "./scan-block-scalar.ts";
import { scanPlain, scanQuoted } from "./scan-flow-scalar.ts";
import { scanAnchor, scanTag } from "./scan-properties.ts";
import {
  atDocumentMarker,
  codeAt,
  column,
  noSimpleKey,
  type Scanner,
  type Token,
  type TokenType,
  takeBreak,
  token,
} from "./scanner.ts";
import { nextNumber, removeSimpleKey, saveSimpleKey, stillPossible } from "./simple-keys.ts";

/** A scanner over one document of a stream. A byte order mark at its begin is no part of it. */
export function newScanner(document: string): Scanner {
  const start = document.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  const place = { pos: start, lineStart: start };
  return {
    text: `${document}\0\0\0\0`,
    ...place,
    flowLevel: 0,
    indent: -1,
    indents: [],
    simpleKeyAllowed: true,
    simpleKeys: [noSimpleKey(place, 0)],
    keyByToken: new Map(),
    tokens: [],
    head: 0,
    taken: 0,
  };
}

/** The next token, which stays the next one until `takeToken`. */
export function peekToken(scanner: Scanner): Token {
  for (;;) {
    const next = scanner.tokens[scanner.head];
    if (next !== undefined) {
      // A token that may turn out to be a key must wait until its `:` is found or ruled out.
      const level = scanner.keyByToken.get(scanner.taken);
      if (level === undefined || !stillPossible(scanner, scanner.simpleKeys[level]!)) return next;
    }
    fetchToken(scanner);
  }
}

export function takeToken(scanner: Scanner): Token {
  const next = peekToken(scanner);
  scanner.head++;
  scanner.taken++;
  if (scanner.head === scanner.tokens.length) {
    scanner.tokens.length = 0;
    scanner.head = 0;
  }
  return next;
}

function fetchToken(s: Scanner): void {
  skipToToken(s);
  unrollIndent(s, column(s));
  const code = codeAt(s);
  if (column(s) === 0 && atDocumentMarker(s)) fetchMarker(s, code === 45 ? "document-start" : "document-end");
  else if (column(s) === 0 && code === 37 /* % */)
    throw syntaxError(
      s.pos,
      "expected a document, got a directive (a line that begins with %)",
      "remove it: kubectl cuts a file at every --- and cannot read directives",
    );
  else (FETCHERS.get(code) ?? fetchPlain)(s);
}

const FETCHERS: ReadonlyMap<number, (s: Scanner) => void> = new Map(
  Object.entries({
    "\0": fetchEnd,
    "[": (s: Scanner) => openFlow(s, "flow-sequence-start"),
    "{": (s: Scanner) => openFlow(s, "flow-mapping-start"),
    "]": (s: Scanner) => closeFlow(s, "flow-sequence-end"),
    "}": (s: Scanner) => closeFlow(s, "flow-mapping-end"),
    ",": fetchFlowEntry,
    "-": (s: Scanner) => (isBlankOrEnd(codeAt(s, 1)) ? fetchBlockEntry(s) : fetchPlain(s)),
    "?": (s: Scanner) => (s.flowLevel > 0 || isBlankOrEnd(codeAt(s, 1)) ? fetchKey(s) : fetchPlain(s)),
    ":": (s: Scanner) => (s.flowLevel > 0 || isBlankOrEnd(codeAt(s, 1)) ? fetchValue(s) : fetchPlain(s)),
    "*": (s: Scanner) => fetchScalar(s, scanAnchor),
    "&": (s: Scanner) => fetchScalar(s, scanAnchor),
    "!": (s: Scanner) => fetchScalar(s, scanTag),
    "'": (s: Scanner) => fetchScalar(s, scanQuoted),
    '"': (s: Scanner) => fetchScalar(s, scanQuoted),
    "|": fetchBlockScalar,
    ">": fetchBlockScalar,
    "%": refuseSign,
    "@": refuseSign,
    "`": refuseSign,
    "\t": (s: Scanner) => {
      throw tabError(s.pos);
    },
  }).map(([sign, fetch]) => [sign.charCodeAt(0), fetch]),
);

function fetchPlain(s: Scanner): void {
  fetchScalar(s, scanPlain);
}

function fetchBlockScalar(s: Scanner): void {
  if (s.flowLevel > 0) refuseSign(s);
  removeSimpleKey(s);
  s.simpleKeyAllowed = true;
  s.tokens.push(scanBlockScalar(s));
}

function refuseSign(s: Scanner): never {
  const sign = s.text[s.pos];
  throw syntaxError(
    s.pos,
    `expected a value, got ${sign}, which cannot begin one here`,
    `put the value in quotes: "${sign}…"`,
  );
}

/** Whitespace, comments and line breaks. A tab counts as whitespace only where no key may begin. */
function skipToToken(s: Scanner): void {
  for (;;) {
    let code = codeAt(s);
    while (code === SPACE || (code === TAB && (s.flowLevel > 0 || !s.simpleKeyAllowed))) {
      s.pos++;
      code = codeAt(s);
    }
    if (code === 35 /* # */)
      while (!isBreakOrEnd(code)) {
        s.pos++;
        code = codeAt(s);
      }
    if (!isBreak(code)) return;
    takeBreak(s);
    if (s.flowLevel === 0) s.simpleKeyAllowed = true;
  }
}

function fetchEnd(s: Scanner): void {
  // The end is a line of its own: no key that began before it can still find its colon.
  s.lineStart = s.pos;
  unrollIndent(s, -1);
  removeSimpleKey(s);
  s.simpleKeyAllowed = false;
  s.tokens.push(token("stream-end", s.pos, s.pos));
}

function fetchMarker(s: Scanner, type: TokenType): void {
  unrollIndent(s, -1);
  removeSimpleKey(s);
  s.simpleKeyAllowed = false;
  takeIndicator(s, type, 3);
}

function openFlow(s: Scanner, type: TokenType): void {
  saveSimpleKey(s);
  s.simpleKeys.push(noSimpleKey(s, nextNumber(s)));
  s.flowLevel++;
  s.simpleKeyAllowed = true;
  takeIndicator(s, type);
}

function closeFlow(s: Scanner, type: TokenType): void {
  removeSimpleKey(s);
  if (s.flowLevel > 0) {
    s.flowLevel--;
    s.keyByToken.delete(s.simpleKeys.pop()!.tokenNumber);
  }
  s.simpleKeyAllowed = false;
  takeIndicator(s, type);
}

function fetchFlowEntry(s: Scanner): void {
  removeSimpleKey(s);
  s.simpleKeyAllowed = true;
  takeIndicator(s, "flow-entry");
}

function fetchBlockEntry(s: Scanner): void {
  if (s.flowLevel === 0) {
    if (!s.simpleKeyAllowed)
      throw syntaxError(
        s.pos,
        'expected a value, got "- ": a list item cannot begin here',
        "begin the list on its own line, or quote the text",
      );
    rollIndent(s, column(s), undefined, "block-sequence-start", s.pos);
  }
  removeSimpleKey(s);
  s.simpleKeyAllowed = true;
  takeIndicator(s, "block-entry");
}

function fetchKey(s: Scanner): void {
  if (s.flowLevel === 0) {
    if (!s.simpleKeyAllowed)
      throw syntaxError(
        s.pos,
        'expected a value, got "? ": a key cannot begin here',
        "begin the mapping on its own line, or quote the text",
      );
    rollIndent(s, column(s), undefined, "block-mapping-start", s.pos);
  }
  removeSimpleKey(s);
  s.simpleKeyAllowed = s.flowLevel === 0;
  takeIndicator(s, "key");
}

function fetchValue(s: Scanner): void {
  const key = s.simpleKeys.at(-1)!;
  if (stillPossible(s, key)) {
    const at = key.tokenNumber - s.taken;
    insertToken(s, at, token("key", key.at, key.at));
    rollIndent(s, key.at - key.lineStart, at, "block-mapping-start", key.at);
    key.possible = false;
    s.keyByToken.delete(key.tokenNumber);
    s.simpleKeyAllowed = false;
  } else {
    if (s.flowLevel === 0) {
      if (!s.simpleKeyAllowed)
        throw syntaxError(
          s.pos,
          'expected the end of the value, got ": ": a second key cannot begin on this line',
          'put text that holds ": " in quotes, or begin the inner mapping on its own line',
        );
      rollIndent(s, column(s), undefined, "block-mapping-start", s.pos);
    }
    s.simpleKeyAllowed = s.flowLevel === 0;
  }
  takeIndicator(s, "value");
}

/** Scalars, anchors, aliases and tags: each may be (the begin of) a key, and no key begins right behind it. */
function fetchScalar(s: Scanner, scan: (s: Scanner) => Token): void {
  saveSimpleKey(s);
  s.simpleKeyAllowed = false;
  s.tokens.push(scan(s));
}

function takeIndicator(s: Scanner, type: TokenType, length = 1): void {
  s.tokens.push(token(type, s.pos, s.pos + length));
  s.pos += length;
}

/** Puts a token before the one `ahead` of the next; behind all others when that one was already taken. */
function insertToken(s: Scanner, ahead: number, inserted: Token): void {
  if (ahead < 0) s.tokens.push(inserted);
  else s.tokens.splice(s.head + ahead, 0, inserted);
}

/** Opens a block collection when the column is deeper than the current one. */
function rollIndent(s: Scanner, at: number, ahead: number | undefined, type: TokenType, pos: number): void {
  if (s.flowLevel > 0 || s.indent >= at) return;
  s.indents.push(s.indent);
  s.indent = at;
  insertToken(s, ahead ?? -1, token(type, pos, pos));
}

/** Closes the block collections that are deeper than the column. */
function unrollIndent(s: Scanner, at: number): void {
  if (s.flowLevel > 0) return;
  while (s.indent > at) {
    s.tokens.push(token("block-end", s.pos, s.pos));
    s.indent = s.indents.pop()!;
  }
}
