import type { CorefileToken } from "../../corefile/ast.ts";
import {
  currentToken,
  type Dispenser,
  nextArg,
  nextBlock,
  nextStatement,
  remainingArgs,
  word,
} from "../dispenser.ts";
import { isIp, parseCidr, splitHostPort, zonesOf } from "../go/addresses.ts";
import { atoi, parseDuration } from "../go/numbers.ts";
import { compileGoPattern } from "../go/regexp.ts";
import { checkOptionAge, refuse, refuseCount, refuseOption, refuseTwice } from "../refusal.ts";

/** What a setup knows of the server block and of CoreDNS. */
export interface SetupContext {
  /** The zones of the block, or the word of a key that is none. */
  readonly zones: readonly string[];
  /** The transports of the block's keys. */
  readonly transports: readonly string[];
  readonly release: string;
}

/**
 * Reads the words of one plugin as CoreDNS 1.15.0's setup of it does, and ends with a {@link Refusal} where that ends CoreDNS. Files,
 * certificates and the network are not looked at.
 */
export type Setup = (c: Dispenser, context: SetupContext) => void;

export type Handlers = Readonly<Record<string, () => void>>;

/** Runs the handler of each option of the block that opens on this line, if one does. */
export function options(
  c: Dispenser,
  { release }: SetupContext,
  handlers: Handlers,
  spelling: (name: string) => string = (name) => name,
): void {
  while (nextBlock(c)) {
    const name = spelling(word(c));
    checkOptionAge(c, name, release);
    if (Object.hasOwn(handlers, name)) handlers[name]!();
    else {
      refuseOption(c, Object.keys(handlers), release);
      remainingArgs(c);
    }
  }
}

/** Runs `read` for the plugin's one statement and refuses a second one. */
export function once(c: Dispenser, read: () => void): void {
  for (let first = true; nextStatement(c); first = false) {
    if (!first) refuseTwice(c);
    read();
  }
}

/** Runs `read` for each statement of the plugin. */
export function each(c: Dispenser, read: () => void): void {
  while (nextStatement(c)) read();
}

/** The rest of the line: between `min` and `max` words. */
export function args(
  c: Dispenser,
  usage: string,
  min: number,
  max = Number.POSITIVE_INFINITY,
): CorefileToken[] {
  const found = remainingArgs(c);
  if (found.length < min || found.length > max) refuseCount(c, usage);
  return found;
}

/** The one word that the rest of the line has to be. */
export function one(c: Dispenser, usage: string): CorefileToken {
  return args(c, usage, 1, 1)[0]!;
}

/** The next word of the line; what follows it is the next option. */
export function following(c: Dispenser, usage: string): CorefileToken {
  if (!nextArg(c)) refuseCount(c, usage);
  return currentToken(c)!;
}

export function integer(c: Dispenser, token: CorefileToken, min?: number, max?: number): number {
  const value = atoi(token.text);
  if (value === undefined)
    refuse(c, `"${token.text}" is not a whole number`, "write a number without a unit", token);
  const range = max === undefined ? `${min} or more` : `from ${min} to ${max}`;
  if ((min !== undefined && value < min) || (max !== undefined && value > max))
    refuse(c, `${token.text} is out of range: expected ${range}`, `write a number ${range}`, token);
  return value;
}

/** A duration in seconds. */
export function duration(c: Dispenser, token: CorefileToken, min?: number, max?: number): number {
  const value = parseDuration(token.text);
  if (value === undefined)
    refuse(
      c,
      `"${token.text}" is not a duration`,
      atoi(token.text) === undefined ? 'write a number with a unit: "5s", "1m30s"' : `write "${token.text}s"`,
      token,
    );
  if ((min !== undefined && value < min) || (max !== undefined && value > max))
    refuse(
      c,
      `the duration ${token.text} is out of range`,
      max === undefined ? `write at least ${min}s` : `write from ${min}s to ${max}s`,
      token,
    );
  return value;
}

/** A duration; a number alone is in seconds. */
export function durationOrSeconds(c: Dispenser, token: CorefileToken): number {
  const seconds = atoi(token.text);
  return seconds === undefined ? duration(c, token) : duration(c, { ...token, text: `${token.text}s` });
}

export function oneOf(c: Dispenser, token: CorefileToken, known: readonly string[]): string {
  if (!known.includes(token.text))
    refuse(c, `"${token.text}" is not one of ${known.join(", ")}`, `write ${known.join(" or ")}`, token);
  return token.text;
}

/** An address to listen on: `:8080`, `127.0.0.1:8080`, `[::1]:8080`. */
export function listenAddress(c: Dispenser, token: CorefileToken): void {
  if (splitHostPort(token.text)) return;
  refuse(
    c,
    `"${token.text}" is not an address with a port`,
    /^[0-9]+$/.test(token.text) ? `write ":${token.text}"` : 'write an address and a port: ":8080"',
    token,
  );
}

export function ip(c: Dispenser, token: CorefileToken): void {
  if (!isIp(token.text))
    refuse(c, `"${token.text}" is not an IP address`, "write an IPv4 or IPv6 address", token);
}

export function cidr(
  c: Dispenser,
  token: CorefileToken,
  text = token.text,
): NonNullable<ReturnType<typeof parseCidr>> {
  const block = parseCidr(text);
  if (!block) refuse(c, `"${token.text}" is not a block of addresses`, "write it as 10.0.0.0/8", token);
  return block;
}

export function pattern(c: Dispenser, token: CorefileToken): number {
  const compiled = compileGoPattern(token.text);
  const message = new TextEncoder().encode(token.text).length > 10_000 ? "longer than 10000 letters" : "";
  if (message || !compiled.ok)
    refuse(
      c,
      `"${token.text.slice(0, 60)}" is not a regular expression of Go: ${message || (compiled.ok ? "" : compiled.message)}`,
      "write an expression of RE2 (Go's regexp package): no look-around, no back references",
      token,
    );
  return compiled.ok ? compiled.groups : 0;
}

/** The zones of the arguments, or those of the server block when there are none; words that are no zone are left out silently. */
export function origins(found: readonly CorefileToken[], context: SetupContext): readonly string[] {
  return found.length === 0 ? context.zones : found.flatMap(({ text }) => zonesOf(text));
}
