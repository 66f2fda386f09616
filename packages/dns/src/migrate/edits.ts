import type {
  BodyItem,
  CorefileItem,
  CorefileToken,
  Directive,
  ServerBlock,
  Snippet,
} from "../corefile/ast.ts";
import { tokensOf } from "../corefile/ast.ts";
import {
  commentsAmong,
  endOf,
  indentAt,
  lineEnd,
  lineFeed,
  lineStart,
  type Splice,
  spanOf,
} from "./splice.ts";

/** What holds directives: a server block or a snippet. */
export type Body = ServerBlock | Snippet;

/** A line to put in, and the lines of its block; words as they are to be written. */
export interface NewLine {
  readonly line: string;
  readonly block?: readonly string[];
}

/** Takes a directive or an option away with its line. Its comments stay, each on a line of its own. */
export function withoutNode(text: string, node: CorefileItem | BodyItem): Splice {
  const { start, end } = spanOf(node);
  const feed = lineFeed(text);
  const [from, to] = [lineStart(text, start), lineEnd(text, end)];
  const behind = text.slice(end, to).trim();
  const comments = commentsAmong(tokensOf(node));
  const alone = text.slice(from, start).trim() === "" && (behind === "" || behind.startsWith("#"));
  if (!alone) return { start, end, text: comments.map((comment) => comment + feed).join("") };
  const indent = indentAt(text, start);
  const kept = behind === "" ? comments : [...comments, behind];
  const next = text.indexOf("\n", to);
  return {
    start: from,
    end: next < 0 ? text.length : next + 1,
    text: kept.map((comment) => indent + comment + feed).join(""),
  };
}

/** Takes options of one directive away, with the braces when nothing is left between them. */
export function withoutOptions(
  text: string,
  { name, args, block }: Directive,
  gone: readonly BodyItem[],
): Splice[] {
  const { open, body, close } = block!;
  const comments = close ? commentsAmong([open, ...body.flatMap(tokensOf), close]) : [];
  if (!close || gone.length < body.length || comments.length > 0)
    return gone.map((option) => withoutNode(text, option));
  return [{ start: endOf(args.at(-1) ?? name), end: endOf(close), text: "" }];
}

/** Other words for a word. */
export function inPlaceOf(token: CorefileToken, text: string): Splice {
  return { start: token.at.offset, end: endOf(token), text };
}

/** A word without the white space before it; a comment before it stays. */
export function withoutWord(token: CorefileToken): Splice {
  const blanks = /[ \t]*$/.exec(token.before)![0].length;
  const start = token.before.includes("#") ? token.at.offset : token.at.offset - blanks;
  return { start, end: endOf(token), text: "" };
}

/** An option at the end of a directive's block, which is made when there is none. */
export function withOption(text: string, directive: Directive, option: string): Splice {
  const { name, args, block } = directive;
  const outer = indentAt(text, name.at.offset);
  const inner = outer + unit(outer);
  const feed = lineFeed(text);
  if (block) return atEndOf(text, block, inner, [{ line: option }], outer);
  const at = endOf(args.at(-1) ?? name);
  return { start: at, end: at, text: ` {${feed}${inner}${option}${feed}${outer}}` };
}

/** Lines at the end of a server block or snippet. */
export function atBodyEnd(text: string, body: Body, lines: readonly NewLine[]): Splice {
  const outer = indentAt(text, spanOf(body).start);
  return atEndOf(text, body, outer + (body.open ? unit(outer) : ""), lines, outer);
}

/** Lines below the one on which a directive ends. */
export function below(text: string, node: BodyItem, lines: readonly NewLine[]): Splice {
  const { start, end } = spanOf(node);
  const at = lineEnd(text, end);
  const feed = lineFeed(text);
  return { start: at, end: at, text: feed + written(lines, indentAt(text, start), feed) };
}

/** A server block behind another one, or before it when that one has no closing brace. */
export function withServer(text: string, near: ServerBlock, keys: string, lines: readonly NewLine[]): Splice {
  const feed = lineFeed(text);
  const block = `${keys} {${feed}${written(lines, "    ", feed)}${feed}}`;
  if (!near.close) {
    const { start } = spanOf(near);
    return { start, end: start, text: block + feed + feed };
  }
  const end = endOf(near.close);
  const behind = text.slice(end, lineEnd(text, end)).trim();
  const at = behind === "" || behind.startsWith("#") ? lineEnd(text, end) : end;
  return { start: at, end: at, text: feed + feed + block + (at === end && behind !== "" ? feed : "") };
}

function atEndOf(
  text: string,
  { open, body, close }: Pick<Body, "open" | "body" | "close">,
  inner: string,
  lines: readonly NewLine[],
  outer: string,
): Splice {
  const last = body.at(-1);
  if (last) return below(text, last, lines);
  const feed = lineFeed(text);
  if (close) {
    const start = lineStart(text, close.at.offset);
    return text.slice(start, close.at.offset).trim() === ""
      ? { start, end: start, text: written(lines, inner, feed) + feed }
      : {
          start: close.at.offset,
          end: close.at.offset,
          text: feed + written(lines, inner, feed) + feed + outer,
        };
  }
  const at = open ? lineEnd(text, endOf(open)) : text.length;
  return { start: at, end: at, text: feed + written(lines, inner, feed) };
}

function written(lines: readonly NewLine[], indent: string, feed: string): string {
  return lines
    .flatMap(({ line, block }) =>
      block
        ? [`${indent}${line} {`, ...block.map((option) => indent + unit(indent) + option), `${indent}}`]
        : [indent + line],
    )
    .join(feed);
}

function unit(indent: string): string {
  return indent.includes("\t") ? "\t" : "    ";
}
