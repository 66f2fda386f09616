/** Characters that a terminal or a log acts on or hides: controls, format characters, line separators, lone surrogates. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/**
 * Control and invisible characters of foreign text as escapes, so that input cannot drive the terminal. Line feeds stay,
 * and so do the joiners that scripts and emoji need.
 *
 * @example printable("a\u001b[31m") // "a\\u001b[31m"
 */
export function printable(text: string): string {
  return text.replace(INVISIBLE, (c) => (c === "\n" ? c : escapeOf(c)));
}

/** The same for one line of a source: line feeds too, and a tab as `\t`, since it has no width of its own. */
export function printableLine(text: string): string {
  return text.replace(INVISIBLE, (c) => (c === "\t" ? "\\t" : escapeOf(c)));
}

/** `\u001b`; `\u{e0001}` beyond four digits. */
export function escapeOf(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex}`;
}

const NO_WIDTH = /^[\p{Mn}\p{Me}\u200c\u200d]$/u;
const TWO_CELLS =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

/** How many cells of a terminal a character takes, by Unicode's East Asian Width (UAX 11) and combining marks. */
export function cellsOf(character: string): 0 | 1 | 2 {
  if (character >= " " && character <= "~") return 1;
  return NO_WIDTH.test(character) ? 0 : TWO_CELLS.test(character) ? 2 : 1;
}
