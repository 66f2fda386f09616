import {
  type BodyItem,
  type CorefileItem,
  type CorefileToken,
  type Directive,
  type DirectiveBlock,
  type Import,
  keyTexts,
  snippetName,
} from "./ast.ts";
import { startsLine } from "./lex.ts";

/** Blocks deeper than this are kept flat, as words, so that a hostile file cannot exhaust the stack. */
const MAX_DEPTH = 64;

/** Groups the words of one text into a tree. Takes any words, closes what is left open, and loses none. */
export function structureOf(tokens: readonly CorefileToken[]): CorefileItem[] {
  let next = 0;
  const here = (): string | undefined => tokens[next]?.text;
  const atLineStart = (): boolean => startsLine(tokens[next - 1], tokens[next]!);

  const items: CorefileItem[] = [];
  while (next < tokens.length) items.push(readItem());
  return items;

  function readItem(): CorefileItem {
    if (here() === "import" && atLineStart()) return readImport();
    const keys = readKeys();
    const open = here() === "{" ? tokens[next++] : undefined;
    const name = snippetName(keyTexts(keys));
    // After words that a comma or the file's end leaves open nothing belongs to them.
    const bare = !open && (next >= tokens.length || keys.at(-1)?.text.endsWith(",") === true);
    const braced = { ...(open && { open }), ...(bare ? { body: [] } : readBody(0)) };
    return name === undefined
      ? { kind: "server", keys, ...braced }
      : { kind: "snippet", name, keys, ...braced };
  }

  function readKeys(): CorefileToken[] {
    const keys: CorefileToken[] = [];
    let more = false;
    while (next < tokens.length && here() !== "{") {
      if (keys.length > 0 && atLineStart() && (!more || here() === "import")) break;
      const key = tokens[next++]!;
      keys.push(key);
      if (key.text !== "") more = key.text.endsWith(",");
    }
    return keys;
  }

  function readBody(depth: number): { readonly body: readonly BodyItem[]; readonly close?: CorefileToken } {
    const body: BodyItem[] = [];
    let close: CorefileToken | undefined;
    while (next < tokens.length) {
      if (here() === "}") {
        close = tokens[next++];
        break;
      }
      body.push(here() === "import" && (depth === 0 || atLineStart()) ? readImport() : readDirective(depth));
    }
    return close ? { body, close } : { body };
  }

  function readImport(): Import {
    const word = tokens[next++]!;
    const args: CorefileToken[] = [];
    while (next < tokens.length && !atLineStart() && here() !== "{" && here() !== "}")
      args.push(tokens[next++]!);
    return { kind: "import", word, args };
  }

  function readDirective(depth: number): Directive {
    const name = tokens[next++]!;
    const args: CorefileToken[] = [];
    let block: DirectiveBlock | undefined;
    if (name.text !== "{") {
      while (next < tokens.length && here() !== "{" && here() !== "}" && !atLineStart())
        args.push(tokens[next++]!);
      if (here() === "{" && depth < MAX_DEPTH) block = { open: tokens[next++]!, ...readBody(depth + 1) };
    }
    return {
      kind: "directive",
      name,
      args,
      ...(block && { block }),
      rest: readRest(name.text === "{" ? 1 : 0),
    };
  }

  /** What follows a block on its line, with every group of braces that opens there. */
  function readRest(opened: number): CorefileToken[] {
    const rest: CorefileToken[] = [];
    let nesting = opened;
    while (next < tokens.length) {
      const text = here();
      if (text === "{") nesting++;
      else if (nesting === 0 && (text === "}" || atLineStart())) break;
      else if (text === "}") nesting--;
      rest.push(tokens[next++]!);
    }
    return rest;
  }
}
