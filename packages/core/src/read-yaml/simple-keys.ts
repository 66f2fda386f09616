import { syntaxError } from "./problem.ts";
import { column, type Scanner, type SimpleKey } from "./scanner.ts";

const KEY_LENGTH = 1024;

/** The number that the next token will get. */
export function nextNumber(s: Scanner): number {
  return s.taken + s.tokens.length - s.head;
}

/** A key without `?` ends on its own line and within 1024 characters. */
export function stillPossible(s: Scanner, key: SimpleKey): boolean {
  if (!key.possible) return false;
  if (key.lineStart === s.lineStart && (s.pos - key.at <= KEY_LENGTH || codePoints(s, key.at) <= KEY_LENGTH))
    return true;
  if (key.required) throw missingColon(key);
  key.possible = false;
  return false;
}

function codePoints(s: Scanner, from: number): number {
  let count = 0;
  for (let at = from; at < s.pos; at++) if ((s.text.charCodeAt(at) & 0xfc00) !== 0xdc00) count++;
  return count;
}

/** A key may begin here. */
export function saveSimpleKey(s: Scanner): void {
  if (!s.simpleKeyAllowed) return;
  removeSimpleKey(s);
  const tokenNumber = nextNumber(s);
  const level = s.simpleKeys.length - 1;
  const required = s.flowLevel === 0 && s.indent === column(s);
  s.simpleKeys[level] = { at: s.pos, lineStart: s.lineStart, tokenNumber, required, possible: true };
  s.keyByToken.set(tokenNumber, level);
}

/** Whatever could have been a key is none. */
export function removeSimpleKey(s: Scanner): void {
  const key = s.simpleKeys.at(-1)!;
  if (!key.possible) return;
  if (key.required) throw missingColon(key);
  key.possible = false;
  s.keyByToken.delete(key.tokenNumber);
}

function missingColon(key: SimpleKey): Error {
  return syntaxError(
    key.at,
    'expected "key: value" on this line, got text without ": "',
    "add the colon and a space, or indent the line if it belongs to the value above",
  );
}
