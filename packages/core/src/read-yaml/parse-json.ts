import type { Entry, Node } from "./node.ts";
import { depthError, MAX_DEPTH, ReadError } from "./problem.ts";

interface Cursor {
  readonly text: string;
  readonly end: number;
  pos: number;
}

/**
 * One JSON value (RFC 8259), whitespace before it skipped, and where it ends; `undefined` at the end of the text. Nodes
 * are those of YAML: quoted text is not implicit, numbers and words are.
 *
 * @throws ReadError when it is not JSON or nests too deep
 */
export function parseJson(
  text: string,
  start: number,
  end = text.length,
): { root: Node; end: number } | undefined {
  const cursor: Cursor = { text, end, pos: start };
  if (skipSpace(cursor) === undefined) return undefined;
  const root = parseValue(cursor, 0);
  return { root, end: cursor.pos };
}

function parseValue(c: Cursor, depth: number): Node {
  const at = c.pos;
  if (depth > MAX_DEPTH) throw depthError(at);
  switch (c.text[c.pos]) {
    case "{": {
      const entries: Entry[] = [];
      inBrackets(c, "}", () => {
        if (c.text[c.pos] !== '"') throw unexpected(c, "a key in double quotes");
        const key = parseString(c);
        if (skipSpace(c) !== ":") throw unexpected(c, '":"');
        c.pos++;
        skipSpace(c);
        entries.push({ key, value: parseValue(c, depth + 1) });
      });
      return { kind: "mapping", at, entries };
    }
    case "[": {
      const items: Node[] = [];
      inBrackets(c, "]", () => items.push(parseValue(c, depth + 1)));
      return { kind: "sequence", at, items };
    }
    case '"':
      return parseString(c);
  }
  const word = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
  word.lastIndex = c.pos;
  const value = word.exec(c.text)?.[0];
  if (value === undefined || c.pos + value.length > c.end || isCutShort(value, c.text[c.pos + value.length]))
    throw unexpected(c, "a JSON value");
  c.pos += value.length;
  return { kind: "scalar", at, value, implicit: true, tag: "" };
}

/** Whether a number goes on with a fraction or exponent that is none: `3.` or `3e`. */
function isCutShort(value: string, next: string | undefined): boolean {
  if (next === ".") return !/[.eE]/.test(value);
  return (next === "e" || next === "E") && /^[-0-9.]+$/.test(value);
}

/** Elements between the bracket at the cursor and `close`, with commas between them. */
function inBrackets(c: Cursor, close: string, element: () => void): void {
  c.pos++;
  if (skipSpace(c) === close) {
    c.pos++;
    return;
  }
  for (;;) {
    element();
    const next = skipSpace(c);
    if (next !== "," && next !== close) throw unexpected(c, `"," or "${close}"`);
    c.pos++;
    if (next === close) return;
    skipSpace(c);
  }
}

function parseString(c: Cursor): Node {
  const at = c.pos;
  let escaped = false;
  for (let pos = at + 1; pos < c.end; pos++) {
    const code = c.text.charCodeAt(pos);
    if (code === 34 /* " */) {
      const value = escaped ? unescaped(c, c.text.slice(at, pos + 1)) : c.text.slice(at + 1, pos);
      c.pos = pos + 1;
      return { kind: "scalar", at, value, implicit: false, tag: "" };
    }
    if (code < 32) break;
    if (code === 92 /* \ */) {
      escaped = true;
      pos++;
    }
  }
  throw unexpected(c, "a string closed on its line");
}

function unescaped(c: Cursor, quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    throw unexpected(c, 'a string with the escapes of JSON (\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u)');
  }
}

/** The next character that is no whitespace. */
function skipSpace(c: Cursor): string | undefined {
  for (; c.pos < c.end; c.pos++) {
    const code = c.text.charCodeAt(c.pos);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return c.text[c.pos];
  }
  return undefined;
}

function unexpected(c: Cursor, expected: string): ReadError {
  const got =
    c.pos >= c.end ? "the end of the text" : JSON.stringify(String.fromCodePoint(c.text.codePointAt(c.pos)!));
  return new ReadError({
    code: "core/valid-yaml",
    offset: c.pos,
    message: `expected ${expected}, got ${got}`,
    hint: "write JSON: keys and text in double quotes, no comments, no comma behind the last element",
  });
}
