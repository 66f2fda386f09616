// Text without quotes: begins with a letter, `_`, `/` or one or two dashes before a letter, and has only signs that mean
// nothing inside a plain scalar of YAML 1.1 and 1.2.
const PLAIN = /^(?:[A-Za-z_/]|--?[A-Za-z])(?:[A-Za-z0-9_./@%+=,()*;~$^&!?<>:-]| (?=[^ ]))*$/;
const PLAIN_KEY = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;
// Text that begins with a digit and yet is no number, date or time to any reader: it has a slash, or a letter that these lack.
const PLAIN_DIGITS = /^[0-9][A-Za-z0-9./-]*$/;
const NO_NUMBER = /[g-mp-swyG-MP-SWY/]/;
// Words that one reader or another takes for a boolean, null or number, in lower case.
const WORDS = new Set("y yes n no true false on off null nan inf infinity".split(" "));
const LONGEST_WORD = 8;
const LONGEST_PLAIN = 1000;

// Characters that YAML 1.1 does not let through, that it takes for line breaks, or that nobody sees.
const HIDDEN =
  /[\u007f-\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff]/g;
const ASCII = /^[ -~]*$/;
const HALF_SURROGATE = /\p{Surrogate}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
const NOT_LITERAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** Text of one line as YAML: plain where every reader takes it for this text, in double quotes else. `undefined`: not writable. */
export function stringText(value: string): string | undefined {
  return isPlain(value) ? value : quoted(value);
}

/** A key of a mapping as YAML; `undefined`: not writable. */
export function keyText(key: string): string | undefined {
  return key.length <= LONGEST_PLAIN && PLAIN_KEY.test(key) && !isWord(key) ? key : quoted(key);
}

function isPlain(value: string): boolean {
  if (value.length > LONGEST_PLAIN) return false;
  if (PLAIN.test(value)) return !isWord(value) && !value.includes(": ") && !value.endsWith(":");
  return PLAIN_DIGITS.test(value) && NO_NUMBER.test(value);
}

function isWord(value: string): boolean {
  return value.length <= LONGEST_WORD && WORDS.has(value.toLowerCase());
}

/** Double quotes with JSON's escapes, which YAML shares, and `\u` for what a reader would lose or a human not see. */
function quoted(value: string): string | undefined {
  const text = JSON.stringify(value);
  if (ASCII.test(text) && !text.includes("\\ud")) return text;
  return HALF_SURROGATE.test(value) ? undefined : text.replace(HIDDEN, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A finite number as YAML. With an exponent YAML 1.1 wants a dot too: `1.0e+21`. */
export function numberText(value: number): string {
  if (value === 0) return "0";
  const text = String(value);
  return text.includes("e") && !text.includes(".") ? text.replace("e", ".0e") : text;
}

export interface LiteralBlock {
  /** `|`: ends with one line break; `|-`: with none; `|+`: with several. */
  readonly header: string;
  readonly lines: readonly string[];
}

/**
 * Text of several lines as a literal block, when that gives it back exactly; `undefined` else: for text that begins with
 * whitespace, which would be taken for indentation, and for characters that need escapes.
 */
export function literalBlock(value: string): LiteralBlock | undefined {
  if (value.charCodeAt(0) <= 32 || !value.includes("\n") || NOT_LITERAL.test(value)) return undefined;
  const lines = value.split("\n");
  if (lines.at(-1) !== "") return { header: "|-", lines };
  lines.pop();
  return { header: lines.at(-1) === "" ? "|+" : "|", lines };
}
