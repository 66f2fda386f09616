import type { Place } from "@ashlar/core";

/** Where a token starts. Line and column count from 1, the column in UTF-16 units; `offset` in UTF-16 units from 0. */
export interface CorefilePlace extends Place {
  readonly offset: number;
}

/**
 * A word of a Corefile. The texts `before + raw` of all tokens, and the tree's `end`, put together are the file.
 *
 * `text` is what CoreDNS sees (quotes and their escapes undone, before the environment is put in), `raw` what was written, and
 * `before` the white space and comments since the token before it.
 */
export interface CorefileToken {
  readonly text: string;
  readonly raw: string;
  readonly before: string;
  readonly at: CorefilePlace;
}

/**
 * A Corefile as it was written: every byte of it is in the tree. Snippets and imports stay where they are (for what CoreDNS
 * makes of them see {@link effectiveCorefile}), and the environment is not put in.
 */
export interface Corefile {
  readonly kind: "corefile";
  readonly file: string;
  readonly items: readonly CorefileItem[];
  /** White space and comments after the last token. */
  readonly end: string;
}

export type CorefileItem = ServerBlock | Snippet | Import;

/** What stands between the braces of a server block, a snippet or a plugin's block. */
export type BodyItem = Directive | Import;

interface Braced {
  /** Absent: the directives run to the end of the file. */
  readonly open?: CorefileToken;
  readonly body: readonly BodyItem[];
  /** Absent: the file ends first. */
  readonly close?: CorefileToken;
}

/** `example.test:53, 10.0.0.0/8 { … }`. The keys are the words as written, with their commas. */
export interface ServerBlock extends Braced {
  readonly kind: "server";
  readonly keys: readonly CorefileToken[];
}

/** `(name) { … }`: what `import name` puts in. */
export interface Snippet extends Braced {
  readonly kind: "snippet";
  readonly name: string;
  readonly keys: readonly CorefileToken[];
}

/** `import FILE|SNIPPET`. More or fewer than one argument is a mistake. */
export interface Import {
  readonly kind: "import";
  readonly word: CorefileToken;
  readonly args: readonly CorefileToken[];
}

/** A plugin in a server block, or an option in a plugin's block. */
export interface Directive {
  readonly kind: "directive";
  readonly name: CorefileToken;
  readonly args: readonly CorefileToken[];
  readonly block?: DirectiveBlock;
  /** Words after the block's closing brace, which CoreDNS swallows, flat; braces in it are balanced. Nearly always empty. */
  readonly rest: readonly CorefileToken[];
}

export interface DirectiveBlock extends Braced {
  readonly open: CorefileToken;
}

export type CorefileNode = Corefile | CorefileItem | BodyItem;

/** All tokens of a tree or of a part of it, in the order of the text. */
export function tokensOf(node: CorefileNode): CorefileToken[] {
  const tokens: CorefileToken[] = [];
  addTokens(node, tokens);
  return tokens;
}

function addTokens(node: CorefileNode, into: CorefileToken[]): void {
  switch (node.kind) {
    case "corefile":
      for (const item of node.items) addTokens(item, into);
      return;
    case "import":
      into.push(node.word);
      for (const arg of node.args) into.push(arg);
      return;
    case "directive":
      into.push(node.name);
      for (const arg of node.args) into.push(arg);
      if (node.block) addBraced(node.block, into);
      for (const word of node.rest) into.push(word);
      return;
    default:
      for (const key of node.keys) into.push(key);
      addBraced(node, into);
  }
}

function addBraced({ open, body, close }: Braced, into: CorefileToken[]): void {
  if (open) into.push(open);
  for (const item of body) addTokens(item, into);
  if (close) into.push(close);
}

/** The keys of a server block as CoreDNS reads them: without the comma that lets the next one follow, empty words left out. */
export function keyTexts(keys: readonly CorefileToken[]): string[] {
  return keys.filter((key) => key.text !== "").map((key) => withoutComma(key.text));
}

/** `a,` means `a`, and that another key follows. */
export function withoutComma(key: string): string {
  return key.endsWith(",") ? key.slice(0, -1) : key;
}

/** The name in `(name)`, when the keys are those of a snippet. */
export function snippetName(keys: readonly string[]): string | undefined {
  const [key] = keys;
  return keys.length === 1 && key!.startsWith("(") && key!.endsWith(")") ? key!.slice(1, -1) : undefined;
}
