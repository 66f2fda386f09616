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

/** One empty list for all nodes without words of a kind. */
const NONE: readonly CorefileToken[] = [];

/**
 * Groups the words of one text into a tree. Takes any words, closes what is left open, and loses none.
 *
 * Every list of a node is cut to its size from one that is there, and every object is written at once: in a file of many blocks
 * most of the time goes into memory otherwise.
 */
export function structureOf(tokens: readonly CorefileToken[]): CorefileItem[] {
  let next = 0;
  const bodies: BodyItem[] = []; // of the open blocks, one after another
  const here = (): string | undefined => tokens[next]?.text;
  const atLineStart = (): boolean => startsLine(tokens[next - 1], tokens[next]!);

  const items: CorefileItem[] = [];
  while (next < tokens.length) items.push(readItem());
  return items;

  function readItem(): CorefileItem {
    if (here() === "import" && atLineStart()) return readImport();
    const keys = readKeys();
    const open = here() === "{" ? tokens[next++] : undefined;
    const name = nameOf(keys);
    // After words that a comma or the file's end leaves open nothing belongs to them.
    const bare = !open && (next >= tokens.length || keys.at(-1)?.text.endsWith(",") === true);
    const body = bare ? [] : readBody(0);
    const close = bare ? undefined : readClose();
    if (name === undefined && open && close) return { kind: "server", keys, open, body, close };
    const braced = { keys, ...(open && { open }), body, ...(close && { close }) };
    return name === undefined ? { kind: "server", ...braced } : { kind: "snippet", name, ...braced };
  }

  function readKeys(): readonly CorefileToken[] {
    const start = next;
    let more = false;
    while (next < tokens.length && here() !== "{") {
      if (next > start && atLineStart() && (!more || here() === "import")) break;
      const { text } = tokens[next++]!;
      if (text !== "") more = text.endsWith(",");
    }
    return wordsFrom(start);
  }

  function wordsFrom(start: number): readonly CorefileToken[] {
    return next === start ? NONE : tokens.slice(start, next);
  }

  /** Up to the closing brace, which stays. */
  function readBody(depth: number): readonly BodyItem[] {
    const start = bodies.length;
    while (next < tokens.length && here() !== "}")
      bodies.push(
        here() === "import" && (depth === 0 || atLineStart()) ? readImport() : readDirective(depth),
      );
    const body = bodies.slice(start);
    while (bodies.length > start) bodies.pop();
    return body;
  }

  function readClose(): CorefileToken | undefined {
    return next < tokens.length ? tokens[next++] : undefined;
  }

  function readImport(): Import {
    const word = tokens[next++]!;
    const start = next;
    while (next < tokens.length && !atLineStart() && here() !== "{" && here() !== "}") next++;
    return { kind: "import", word, args: wordsFrom(start) };
  }

  function readDirective(depth: number): Directive {
    const name = tokens[next++]!;
    if (name.text === "{") return { kind: "directive", name, args: NONE, rest: readRest(1) };
    const start = next;
    while (next < tokens.length && here() !== "{" && here() !== "}" && !atLineStart()) next++;
    const args = wordsFrom(start);
    if (here() !== "{" || depth >= MAX_DEPTH) return { kind: "directive", name, args, rest: readRest(0) };
    const block = readBlock(depth + 1);
    return { kind: "directive", name, args, block, rest: readRest(0) };
  }

  function readBlock(depth: number): DirectiveBlock {
    const open = tokens[next++]!;
    const body = readBody(depth);
    const close = readClose();
    return close ? { open, body, close } : { open, body };
  }

  /** What follows a block on its line, with every group of braces that opens there. */
  function readRest(opened: number): readonly CorefileToken[] {
    const start = next;
    let nesting = opened;
    while (next < tokens.length) {
      const text = here();
      if (text === "{") nesting++;
      else if (nesting === 0 && (text === "}" || atLineStart())) break;
      else if (text === "}") nesting--;
      next++;
    }
    return wordsFrom(start);
  }
}

function nameOf(keys: readonly CorefileToken[]): string | undefined {
  return keys[0]?.text.startsWith("(") || keys[0]?.text === "" ? snippetName(keyTexts(keys)) : undefined;
}
