import type { CorefileToken } from "./ast.ts";
import { continuesLine, startsLine } from "./lex.ts";

/**
 * The words of a Corefile one after another, into which imports put theirs: a list with a cursor, and a stack of those that wait
 * for its end, so that an import costs what it brings and no more (CoreDNS copies the rest of the file for each).
 *
 * `current` is absent at the end; `previous` decides what starts a line.
 */
export interface TokenStream {
  current: CorefileToken | undefined;
  previous: CorefileToken | undefined;
  pending: CorefileToken | undefined;
  tokens: readonly CorefileToken[];
  next: number;
  readonly waiting: { readonly tokens: readonly CorefileToken[]; readonly next: number }[];
}

export function tokenStream(tokens: readonly CorefileToken[]): TokenStream {
  return { current: undefined, previous: undefined, pending: undefined, tokens, next: 0, waiting: [] };
}

/** The word after the current one, which stays where it is. */
export function peek(stream: TokenStream): CorefileToken | undefined {
  if (stream.pending) return stream.pending;
  while (stream.next >= stream.tokens.length) {
    const list = stream.waiting.pop();
    if (!list) return undefined;
    stream.tokens = list.tokens;
    stream.next = list.next;
  }
  return stream.tokens[stream.next];
}

/** Goes to the next word; `false` leaves the cursor on the last one. */
export function advance(stream: TokenStream): boolean {
  const token = peek(stream);
  if (!token) return false;
  if (stream.pending) stream.pending = undefined;
  else stream.next++;
  stream.previous = stream.current;
  stream.current = token;
  return true;
}

/** Goes to the next word if it is on the line of the current one. */
export function advanceOnLine(stream: TokenStream): boolean {
  const token = peek(stream);
  return token !== undefined && stream.current !== undefined && continuesLine(stream.current, token)
    ? advance(stream)
    : false;
}

/** One word back: the next {@link advance} comes to the current one again. */
export function stepBack(stream: TokenStream): void {
  stream.pending = stream.current;
  stream.current = stream.previous;
}

/** Puts words before the next one. */
export function insertNext(stream: TokenStream, tokens: readonly CorefileToken[]): void {
  if (tokens.length === 0) return;
  stream.waiting.push({ tokens: stream.tokens, next: stream.next });
  stream.tokens = tokens;
  stream.next = 0;
}

export function currentStartsLine({ current, previous }: TokenStream): boolean {
  return !previous || (current !== undefined && startsLine(previous, current));
}
