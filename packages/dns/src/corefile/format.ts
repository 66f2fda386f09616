import type { CorefileToken } from "./ast.ts";
import { lexCorefile, startsLine } from "./lex.ts";

const INDENT = "    ";

/**
 * The same Corefile in the usual layout: four spaces for each open brace, one space between words, at most one empty line in a row and
 * none next to a brace, one line feed at the end. Only white space changes: words, comments, and what stands on one line stay. A file
 * with a quote that is never closed is given back as it is, since everything after the quote is part of a word.
 */
export function formatCorefile(text: string): string {
  const { tokens, end } = lexCorefile(text, "Corefile");
  if (hasOpenQuote(tokens.at(-1), end)) return text;
  const bom = text.startsWith("\ufeff") ? "\ufeff" : "";
  if (bom === "" && tokens[0]?.raw.startsWith("\ufeff")) return text; // at the start of the file it would be a byte order mark
  const chunks: string[] = [];
  let breaks = 0; // line feeds to write before the next chunk
  let depth = 0;
  let previous: CorefileToken | undefined;

  const write = (chunk: string): void => {
    if (chunks.length > 0) chunks.push("\n".repeat(breaks));
    chunks.push(chunk);
    breaks = 0;
  };
  /** Comments and empty lines between two words. */
  const between = (white: string): void => {
    for (const [i, line] of white.split("\n").entries()) {
      if (i > 0) breaks = Math.min(breaks + 1, previous?.text === "{" ? 1 : 2);
      const hash = line.indexOf("#");
      if (hash < 0) continue;
      const comment = line.slice(hash).trimEnd();
      if (i === 0 && previous) write(` ${comment}`);
      else write(INDENT.repeat(depth) + comment);
    }
  };

  for (const token of tokens) {
    between(token === tokens[0] ? token.before.slice(bom.length) : token.before);
    const first = startsLine(previous, token);
    if (token.text === "}") {
      depth = Math.max(0, depth - 1);
      breaks = Math.min(breaks, 1);
    }
    write(first ? INDENT.repeat(depth) + token.raw : ` ${token.raw}`);
    if (token.text === "{") depth++;
    previous = token;
  }
  between(tokens.length === 0 ? end.slice(bom.length) : end);
  return bom + chunks.join("") + (chunks.length > 0 ? "\n" : "");
}

function hasOpenQuote(last: CorefileToken | undefined, end: string): boolean {
  if (end.replace(/#[^\n]*/g, "").includes('"')) return true;
  return last?.raw.startsWith('"') === true && lexCorefile(`${last.raw}\n`, "").tokens[0]?.raw !== last.raw;
}
