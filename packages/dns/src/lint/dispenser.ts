import type { CorefileToken } from "../corefile/ast.ts";
import { continuesLine } from "../corefile/lex.ts";

/**
 * The words of one plugin in one server block, handed out as CoreDNS hands them to the plugin's setup: by line and by block
 * (github.com/coredns/caddy v1.1.4, caddyfile/dispenser.go), with the same quirks.
 */
export interface Dispenser {
  readonly plugin: string;
  readonly tokens: readonly CorefileToken[];
  cursor: number;
  nesting: number;
  /** The last word that was handed out, ever. */
  furthest: number;
  /** Words at which {@link nextStatement} stopped. */
  readonly heads: CorefileToken[];
}

export function dispenser(plugin: string, tokens: readonly CorefileToken[]): Dispenser {
  return { plugin, tokens, cursor: -1, nesting: 0, furthest: -1, heads: [] };
}

/** The current word; empty before the first. */
export function word(c: Dispenser): string {
  return c.tokens[c.cursor]?.text ?? "";
}

export function currentToken(c: Dispenser): CorefileToken | undefined {
  return c.tokens[Math.max(0, c.cursor)];
}

function moveTo(c: Dispenser, cursor: number): void {
  c.cursor = cursor;
  if (cursor > c.furthest) c.furthest = cursor;
}

/** Goes to the next word, wherever it is. */
export function next(c: Dispenser): boolean {
  if (c.cursor >= c.tokens.length - 1) return false;
  moveTo(c, c.cursor + 1);
  return true;
}

/** As {@link next}; a setup calls it where it takes the word for the plugin's name again. */
export function nextStatement(c: Dispenser): boolean {
  if (!next(c)) return false;
  c.heads.push(c.tokens[c.cursor]!);
  return true;
}

/** Goes to the next word of the line. */
export function nextArg(c: Dispenser): boolean {
  if (c.cursor < 0) {
    moveTo(c, 0);
    return true;
  }
  const [here, there] = [c.tokens[c.cursor], c.tokens[c.cursor + 1]];
  if (!here || !there || !continuesLine(here, there)) return false;
  moveTo(c, c.cursor + 1);
  return true;
}

/** The rest of the line up to a brace that opens. */
export function remainingArgs(c: Dispenser): CorefileToken[] {
  const args: CorefileToken[] = [];
  while (nextArg(c)) {
    if (word(c) === "{") {
      c.cursor--;
      break;
    }
    args.push(c.tokens[c.cursor]!);
  }
  return args;
}

/** Goes to the next word of a block, which has to open on the line; `false` at its end. */
export function nextBlock(c: Dispenser): boolean {
  if (c.nesting > 0) {
    if (!next(c)) return false;
    if (word(c) === "{") c.cursor--;
    else if (word(c) === "}") {
      c.nesting--;
      return false;
    } else return true;
  }
  if (!nextArg(c)) return false;
  if (word(c) !== "{") {
    c.cursor--;
    return false;
  }
  if (!next(c) || word(c) === "}") return false;
  c.nesting++;
  return true;
}
