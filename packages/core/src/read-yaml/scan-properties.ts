import { isBlankOrEnd, isWord } from "./characters.ts";
import { syntaxError } from "./problem.ts";
import { codeAt, type Scanner, type Token, token } from "./scanner.ts";

const AFTER_ANCHOR = "?:,]}%@`";
const URI_SIGNS = ";/?:@&=+$,.!~*'()[]%";

/** `&name` or `*name`. */
export function scanAnchor(s: Scanner): Token {
  const start = s.pos;
  const type = codeAt(s) === 42 ? "alias" : "anchor";
  s.pos++;
  const from = s.pos;
  while (isWord(codeAt(s))) s.pos++;
  const name = s.text.slice(from, s.pos);
  if (name === "" || !(isBlankOrEnd(codeAt(s)) || AFTER_ANCHOR.includes(s.text[s.pos]!)))
    throw syntaxError(
      start,
      `expected the name of an ${type} (letters, digits, _ and -), got ${lineFrom(s, start)}`,
      `put the text in quotes if it is no ${type}`,
    );
  return token(type, start, s.pos, name);
}

/** `!`, `!suffix`, `!handle!suffix` or `!<uri>`: `value` is the handle, empty where the suffix is the whole tag. */
export function scanTag(s: Scanner): Token {
  const start = s.pos;
  let handle = "";
  let suffix: string;
  if (codeAt(s, 1) === 60 /* < */) {
    s.pos += 2;
    suffix = takeUri(s, start, "");
    if (codeAt(s) !== 62 /* > */) throw badTag(s, start);
    s.pos++;
  } else {
    s.pos++;
    while (isWord(codeAt(s))) s.pos++;
    if (codeAt(s) === 33 /* ! */) s.pos++;
    const head = s.text.slice(start, s.pos);
    if (head.length > 1 && head.endsWith("!")) {
      handle = head;
      suffix = takeUri(s, start, "");
    } else {
      suffix = takeUri(s, start, head);
      if (suffix === "") suffix = "!";
      else handle = "!";
    }
  }
  if (!isBlankOrEnd(codeAt(s))) throw badTag(s, start);
  return token("tag", start, s.pos, handle, suffix);
}

/** The rest of a tag. `head` is what was already read of it, with its `!`. */
function takeUri(s: Scanner, start: number, head: string): string {
  let uri = head.slice(1);
  let found = head !== "";
  for (;;) {
    const code = codeAt(s);
    if (code === 37 /* % */) uri += takeUriEscape(s, start);
    else if (isWord(code) || (code > 32 && URI_SIGNS.includes(s.text[s.pos]!))) {
      uri += s.text[s.pos];
      s.pos++;
    } else break;
    found = true;
  }
  if (!found) throw badTag(s, start);
  return uri;
}

/** `%41`, or several for one character that takes several bytes of UTF-8. */
function takeUriEscape(s: Scanner, start: number): string {
  const match = /(?:%[0-9a-fA-F]{2})+/y;
  match.lastIndex = s.pos;
  const escaped = match.exec(s.text)?.[0];
  if (escaped === undefined) throw badTag(s, start);
  try {
    const text = decodeURIComponent(escaped);
    s.pos += escaped.length;
    return text;
  } catch {
    throw badTag(s, start);
  }
}

function badTag(s: Scanner, start: number): Error {
  return syntaxError(
    start,
    `expected a tag like !!str, got ${lineFrom(s, start)}`,
    "remove the tag, or put the text in quotes",
  );
}

/** What stands in the line from `start` on, shortened. */
function lineFrom(s: Scanner, start: number): string {
  const line = /^[^\n\r\0]*/.exec(s.text.slice(start, start + 40))![0];
  return `"${line}"`;
}
