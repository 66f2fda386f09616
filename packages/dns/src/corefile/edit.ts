import type { Finding, Result } from "@ashlar/core";
import {
  type BodyItem,
  type Corefile,
  type CorefileItem,
  type CorefileToken,
  type Directive,
  type ServerBlock,
  type Snippet,
  tokensOf,
} from "./ast.ts";
import { parseCorefile } from "./parse.ts";
import { printCorefile } from "./print.ts";
import {
  type DirectiveData,
  directiveLines,
  type Lines,
  type ServerData,
  serverLines,
  writeKeys,
} from "./write.ts";
import type { WriteOptions } from "./write-word.ts";

/**
 * One change of a Corefile. Nodes are those of the tree that is edited. Lines go above or below a node of the same body, or at its end.
 */
export type CorefileEdit =
  | { readonly kind: "remove"; readonly node: CorefileItem | BodyItem }
  | { readonly kind: "replace"; readonly node: BodyItem; readonly with: readonly DirectiveData[] }
  | { readonly kind: "set-arguments"; readonly directive: Directive; readonly args: readonly string[] }
  | { readonly kind: "rename"; readonly directive: Directive; readonly name: string }
  | { readonly kind: "set-keys"; readonly server: ServerBlock; readonly keys: readonly string[] }
  | ({
      readonly kind: "add";
      /** Its block is made when a directive has none. */
      readonly to: ServerBlock | Snippet | Directive;
      readonly directives: readonly DirectiveData[];
    } & ({ readonly before?: BodyItem } | { readonly after?: BodyItem }))
  | { readonly kind: "add-servers"; readonly servers: readonly ServerData[]; readonly before?: CorefileItem };

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The Corefile with changes made; every byte that no change touches stays, comments too. A comment behind a removed directive on its
 * line goes with it; one above stays.
 *
 * @returns the new tree, or findings for values that cannot be written and for changes of the same words
 * @example
 * const { value: tree } = parseCorefile(". {\n  proxy . 8.8.8.8 # ours\n}\n");
 * const [server] = tree.items; // a server block
 * editCorefile(tree, [{ kind: "rename", directive: server.body[0], name: "forward" }])
 * // { ok: true, value: … }, which prints as ". {\n  forward . 8.8.8.8 # ours\n}\n"
 */
export function editCorefile(
  tree: Corefile,
  edits: readonly CorefileEdit[],
  options: WriteOptions = {},
): Result<Corefile> {
  const text = printCorefile(tree);
  const findings: Finding[] = [];
  const splices = edits.map((edit, i) => spliceOf(edit, text, `[${i}]`, options, findings));
  const ordered = splices
    .map((splice, i) => ({ ...splice, i }))
    .sort((a, b) => a.start - b.start || a.i - b.i);
  ordered.forEach((splice, i) => {
    const before = ordered[i - 1];
    if (before && splice.start < before.end)
      findings.push({
        code: "dns/valid-corefile",
        severity: "error",
        message: `changes ${before.i} and ${splice.i} touch the same words`,
        hint: "make one change of the two, or make them one after the other",
        path: `[${splice.i}]`,
      });
  });
  if (findings.length > 0) return { ok: false, findings };
  let at = 0;
  let result = "";
  for (const { start, end, text: part } of ordered) {
    result += text.slice(at, start) + part;
    at = end;
  }
  return { ok: true, value: parseCorefile(result + text.slice(at), { file: tree.file }).value };
}

function spliceOf(
  edit: CorefileEdit,
  text: string,
  path: string,
  options: WriteOptions,
  findings: Finding[],
): Splice {
  const feed = text.includes("\r\n") ? "\r\n" : "\n";
  const written = ({ lines, findings: wrong }: Lines, indent: string): string => {
    findings.push(...wrong);
    return lines.map((line) => indent + line).join(feed);
  };
  switch (edit.kind) {
    case "remove":
      return removal(edit.node, text);
    case "replace": {
      if (edit.with.length === 0) return removal(edit.node, text);
      const { start, end } = span(edit.node);
      const lines = directiveLines(edit.with, `${path}.with`, options, 0);
      return { start, end, text: written(lines, indentAt(text, start)).trimStart() };
    }
    case "set-arguments": {
      const { name, args } = edit.directive;
      const lines = directiveLines([{ name: "x", args: edit.args }], path, options, 0);
      return { start: endOf(name), end: endOf(args.at(-1) ?? name), text: written(lines, "").slice(1) };
    }
    case "rename": {
      const lines = directiveLines([{ name: edit.name }], path, options, 0);
      return { ...tokenSpan(edit.directive.name), text: written(lines, "") };
    }
    case "set-keys": {
      const { keys, open } = edit.server;
      const start = keys[0]?.at.offset ?? open?.at.offset ?? text.length;
      const gap = keys.length === 0 ? " " : "";
      return {
        start,
        end: keys.length > 0 ? endOf(keys.at(-1)!) : start,
        text: writeKeys(edit.keys, `${path}.keys`, options, findings) + gap,
      };
    }
    case "add":
      return addition(edit, text, feed, (indent) =>
        written(directiveLines(edit.directives, `${path}.directives`, options, 0), indent),
      );
    case "add-servers": {
      const parts = edit.servers.map((server, i) =>
        written(serverLines(server, `${path}.servers[${i}]`, options), ""),
      );
      const body = parts.join(feed + feed);
      if (edit.before) {
        const start = lineStart(text, span(edit.before).start);
        return { start, end: start, text: body + feed + feed };
      }
      const gap = text === "" ? "" : text.endsWith("\n") ? feed : feed + feed;
      return { start: text.length, end: text.length, text: gap + body + feed };
    }
  }
}

function addition(
  { to, ...where }: Extract<CorefileEdit, { kind: "add" }>,
  text: string,
  feed: string,
  lines: (indent: string) => string,
): Splice {
  const insert = (at: number, part: string): Splice => ({ start: at, end: at, text: part });
  const sibling = "before" in where ? where.before : "after" in where ? where.after : undefined;
  if (sibling) {
    const { start, end } = span(sibling);
    const indent = indentAt(text, start);
    if ("before" in where) return insert(start, lines(indent).trimStart() + feed + indent);
    return insert(endOfLine(text, end), feed + lines(indent));
  }
  const braced = to.kind === "directive" ? to.block : to;
  const outer = indentAt(text, span(to).start);
  const [firstSibling] = braced?.body ?? [];
  const inner = firstSibling ? indentAt(text, span(firstSibling).start) : `${outer}    `;
  if (!braced)
    return insert(
      endOf((to as Directive).args.at(-1) ?? (to as Directive).name),
      ` {${feed}${lines(inner)}${feed}${outer}}`,
    );
  const { close } = braced;
  if (!close) return insert(endOfLine(text, span(to).end), feed + lines(inner));
  const start = lineStart(text, close.at.offset);
  return text.slice(start, close.at.offset).trim() === ""
    ? insert(start, lines(inner) + feed)
    : insert(close.at.offset, feed + lines(inner) + feed + outer);
}

/** The node, and its whole lines when nothing else is on them. */
function removal(node: CorefileItem | BodyItem, text: string): Splice {
  const { start, end } = span(node);
  const from = lineStart(text, start);
  const to = endOfLine(text, end);
  const alone = text.slice(from, start).trim() === "" && /^\s*(?:#|$)/.test(text.slice(end, to));
  if (!alone) return { start, end, text: "" };
  return { start: from, end: to < text.length ? text.indexOf("\n", to) + 1 : to, text: "" };
}

function span(node: CorefileItem | BodyItem): { start: number; end: number } {
  const tokens = tokensOf(node);
  return { start: tokens[0]!.at.offset, end: endOf(tokens.at(-1)!) };
}

function tokenSpan(token: CorefileToken): { start: number; end: number } {
  return { start: token.at.offset, end: endOf(token) };
}

function endOf({ at, raw }: CorefileToken): number {
  return at.offset + raw.length;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset of the line's end, before its carriage return. */
function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  const end = feed < 0 ? text.length : feed;
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))![0];
}
