import type * as Yaml from "yaml";

/** Thrown where an edit of a text is refused; `editYaml` makes its answer of it. Never leaves this folder. */
export class EditRefusal extends Error {
  override readonly name = "EditRefusal";
}

/** A stretch of text and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text of one document while edits of it are collected. Offsets count from its begin. */
export interface Source {
  readonly yaml: typeof Yaml;
  readonly text: string;
  readonly format: "yaml" | "json";
  readonly comments: readonly { readonly start: number; readonly end: number }[];
  readonly splices: Splice[];
}

export function sourceOf(yaml: typeof Yaml, text: string, format: "yaml" | "json"): Source {
  return { yaml, text, format, comments: format === "json" ? [] : commentsOf(yaml, text), splices: [] };
}

/** Signs that the lexer puts between the pieces of the text: document mode, end of a flow collection, scalar. */
const MARKS = new Set(["\u0002", "\u0018", "\u001f"]);

function commentsOf(yaml: typeof Yaml, text: string): Source["comments"] {
  const comments: { start: number; end: number }[] = [];
  let offset = 0;
  let isScalar = false;
  for (const lexeme of new yaml.Lexer().lex(text)) {
    if (MARKS.has(lexeme)) {
      isScalar = lexeme === "\u001f";
      continue;
    }
    if (!isScalar && lexeme.startsWith("#")) comments.push({ start: offset, end: offset + lexeme.length });
    offset += lexeme.length;
    isScalar = false;
  }
  return comments;
}

/** How lines end in a text. */
export function newlineOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** The text with all splices applied. @throws EditRefusal when two of them overlap */
export function spliced({ text, splices }: Pick<Source, "text" | "splices">): string {
  const newline = newlineOf(text);
  let result = "";
  let at = 0;
  for (const splice of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (splice.start < at) throw new EditRefusal("two changes meet in the same place of the text");
    result += text.slice(at, splice.start) + splice.text.replace(/\n/g, newline);
    at = splice.end;
  }
  return result + text.slice(at);
}

export function lineStart({ text }: Source, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line ends on which the character before `offset` stands, its line break included. */
export function lineEnd({ text }: Source, offset: number): number {
  if (text[offset - 1] === "\n") return offset;
  const lineFeed = text.indexOf("\n", offset);
  return lineFeed < 0 ? text.length : lineFeed + 1;
}

/** Spaces up to the column of an offset. */
export function padTo(source: Source, offset: number): string {
  return " ".repeat(offset - lineStart(source, offset));
}

export function isFirstOnLine(source: Source, offset: number): boolean {
  return source.text.slice(lineStart(source, offset), offset).trim() === "";
}

export function commentsIn(source: Source, start: number, end: number): string[] {
  return source.comments
    .filter((comment) => comment.start >= start && comment.end <= end)
    .map((comment) => source.text.slice(comment.start, comment.end).trimEnd());
}

/** Lines moved to the right; empty ones stay empty. */
export function indented(text: string, pad: string): string {
  return text.replace(/^(?=.)/gm, pad);
}

/** A text with comments behind its first line. */
export function withComments(text: string, comments: readonly string[]): string {
  if (comments.length === 0) return text;
  const end = text.indexOf("\n", text.startsWith("\n") ? 0 : 1);
  return `${text.slice(0, end)} ${comments.join(" ")}${text.slice(end)}`;
}

/** @throws EditRefusal when a part that would be rewritten or removed has an anchor, an alias or a tag */
export function requirePlain({ yaml }: Source, node: Yaml.ParsedNode | null): void {
  if (node === null) return;
  yaml.visit(node, {
    Alias: (_key, alias) => {
      throw new EditRefusal(
        `the alias *${alias.source} stands in what has to change: write its value out first`,
      );
    },
    Node: (_key, part) => {
      if ("anchor" in part && part.anchor)
        throw new EditRefusal(
          `the anchor &${part.anchor} stands in what has to change: write its value out first`,
        );
      if (part.tag)
        throw new EditRefusal(`the tag ${part.tag} stands in what has to change: remove it first`);
    },
  });
}
