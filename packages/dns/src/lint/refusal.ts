import { suggest } from "@ashlar/core";
import type { CorefileToken } from "../corefile/ast.ts";
import { compareReleases, DEFAULT_COREDNS, livesIn, pluginEntry } from "../plugins/table.ts";
import { currentToken, type Dispenser, word } from "./dispenser.ts";

export type RefusalCode =
  | "dns/valid-plugin"
  | "dns/no-duplicate-plugin"
  | "dns/no-removed-option"
  | "dns/no-forward-loop"
  | "dns/no-name-as-upstream";

/** Why a plugin's setup ends CoreDNS. Thrown inside of a setup and caught by whoever runs it. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly hint: string;
  readonly token: CorefileToken | undefined;

  constructor(code: RefusalCode, message: string, hint: string, token: CorefileToken | undefined) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.token = token;
  }
}

/** Ends the setup because of a word; the current one unless another is given. */
export function refuse(c: Dispenser, message: string, hint: string, token = currentToken(c)): never {
  throw new Refusal("dns/valid-plugin", message, hint, token);
}

/** Too many or too few words on a line. */
export function refuseCount(c: Dispenser, usage: string): never {
  const at = word(c);
  const message =
    at === "{"
      ? "a brace opens where an argument was expected"
      : `too many words, or too few, up to "${at}" on this line`;
  return refuse(c, message, `write ${usage}`);
}

/** The plugin stands twice in one server block. */
export function refuseTwice(c: Dispenser): never {
  const token = currentToken(c);
  throw new Refusal(
    "dns/no-duplicate-plugin",
    token?.text === c.plugin
      ? `"${c.plugin}" may stand only once in a server block`
      : `"${token?.text ?? ""}" follows the plugin where nothing may follow: CoreDNS takes it for "${c.plugin}" a second time`,
    token?.text === c.plugin
      ? "keep one of the two, with the options of both; look into imported files and overrides too"
      : "take the word away, or give it a line of its own",
    token,
  );
}

/** Plugins whose earlier setups take words that they do not know, as 1.7.0, 1.8.7 and 1.11.3 do when they are asked. */
const TAKES_LATER_OPTIONS = new Set(["dnstap", "loadbalance", "local", "trace"]);

/** Checks that a release has an option that CoreDNS 1.15.0 takes. */
export function checkOptionAge(c: Dispenser, name: string, release: string): void {
  if (release === DEFAULT_COREDNS || TAKES_LATER_OPTIONS.has(c.plugin)) return;
  const option = pluginEntry(c.plugin)?.options.find((one) => one.name === name);
  if (option && compareReleases(release, option.since) < 0)
    refuse(
      c,
      `the option "${name}" came with CoreDNS ${option.since}; ${release} does not start with it`,
      "take it away, or use a later CoreDNS",
    );
}

/**
 * Ends the setup because of an option that there is not. Returns when the release, an earlier one, still has it: what follows it is
 * not checked then.
 */
export function refuseOption(c: Dispenser, known: readonly string[], release: string): void {
  const name = word(c);
  const option = pluginEntry(c.plugin)?.options.find((one) => one.name === name);
  if (option && release !== DEFAULT_COREDNS && livesIn(option, release)) return;
  if (option?.removed !== undefined)
    throw new Refusal(
      "dns/no-removed-option",
      `the option "${name}" left the plugin "${c.plugin}" with CoreDNS ${option.removed}; ${release} does not start with it`,
      option.replacement ? `write "${option.replacement}" instead` : "take it away; nothing replaces it",
      currentToken(c),
    );
  refuse(
    c,
    `the plugin "${c.plugin}" has no option "${name}"`,
    known.length > 0 ? suggest(name, known) : "take the block away; the plugin has no options",
  );
}
