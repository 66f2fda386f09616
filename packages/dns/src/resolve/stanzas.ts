import type { CorefileToken } from "../corefile/ast.ts";

/** One occurrence of a plugin in a server block, in the words that its setup sees. */
export interface Stanza {
  readonly token: CorefileToken;
  readonly args: readonly string[];
  readonly options: readonly StanzaOption[];
}

export interface StanzaOption {
  readonly name: string;
  readonly args: readonly string[];
}

/**
 * Cuts the words of a plugin as the setup functions of CoreDNS do (github.com/coredns/caddy caddyfile/dispenser.go): arguments are
 * on the name's line, a block begins on it, and a line of the block is an option with its arguments.
 */
export function stanzasOf(tokens: readonly CorefileToken[]): Stanza[] {
  const stanzas: Stanza[] = [];
  let cursor = -1;

  const isOnLine = () => {
    const [here, next] = [tokens[cursor]!, tokens[cursor + 1]];
    if (next === undefined || here.at.file !== next.at.file) return false;
    return here.at.line + (here.text.split("\n").length - 1) === next.at.line;
  };
  const remainingArgs = () => {
    const args: string[] = [];
    while (isOnLine() && tokens[cursor + 1]!.text !== "{") args.push(tokens[++cursor]!.text);
    return args;
  };

  while (++cursor < tokens.length) {
    const token = tokens[cursor]!;
    const args = remainingArgs();
    const options: StanzaOption[] = [];
    if (isOnLine() && tokens[cursor + 1]!.text === "{") {
      cursor++;
      while (++cursor < tokens.length && tokens[cursor]!.text !== "}")
        options.push({ name: tokens[cursor]!.text, args: remainingArgs() });
    }
    stanzas.push({ token, args, options });
  }
  return stanzas;
}
