import { isLabelKey, isLabelValue } from "@ashlar/core";

const SYMBOLS: ReadonlySet<string> = new Set(["=", "==", "!=", "!", "(", ")", ",", "<", ">"]);

/**
 * Whether the API server can read a label selector in the text form of a URL (apimachinery/pkg/labels, Parse):
 * `app=web,tier in (a,b),!old`.
 */
export function isLabelSelector(text: string): boolean {
  const tokens = text.match(/[!=]=|[=!(),<>]|[^ \t\r\n=!(),<>]+/g) ?? [];
  let at = 0;
  if (tokens.length === 0) return true;
  for (;;) {
    const after = requirement(tokens, at);
    if (after === undefined) return false;
    if (after === tokens.length) return true;
    if (tokens[after] !== ",") return false;
    at = after + 1;
  }
}

/** The place after the requirement that begins at `at`; `undefined`: there is none. */
function requirement(tokens: readonly string[], at: number): number | undefined {
  const negated = tokens[at] === "!";
  const start = negated ? at + 1 : at;
  const key = tokens[start];
  if (!isWord(key) || !isLabelKey(key)) return undefined;
  const operator = tokens[start + 1];
  const operand = start + 2;
  if (negated || operator === undefined || operator === ",") return start + 1;
  if (operator === "in" || operator === "notin") return values(tokens, operand);
  if (operator === "!" || operator === "(" || operator === ")" || isWord(operator)) return undefined;
  const value = tokens[operand];
  const numeric = operator === "<" || operator === ">";
  if (value === undefined || value === ",") return numeric ? undefined : operand;
  const valid = isWord(value) && isLabelValue(value) && (!numeric || isInt64(value));
  return valid ? operand + 1 : undefined;
}

/** The place after `(a,b)`; empty words are values too. */
function values(tokens: readonly string[], at: number): number | undefined {
  if (tokens[at] !== "(") return undefined;
  for (let next = at + 1, word = false; ; next++) {
    const token = tokens[next];
    if (token === ")") return next + 1;
    if (token === ",") word = false;
    else if (!isWord(token) || word || !isLabelValue(token)) return undefined;
    else word = true;
  }
}

/** A decimal number of 64 bits, as Go's strconv.ParseInt reads it. */
export function isInt64(text: string): boolean {
  if (!/^[+-]?\d+$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ""));
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

function isWord(token: string | undefined): token is string {
  return token !== undefined && !SYMBOLS.has(token);
}
