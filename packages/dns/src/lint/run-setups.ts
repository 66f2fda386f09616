import { type Finding, suggest } from "@ashlar/core";
import type { CorefileToken } from "../corefile/ast.ts";
import { namesEnvironment } from "../corefile/environment.ts";
import { pluginEntry } from "../plugins/table.ts";
import { type Dispenser, dispenser } from "./dispenser.ts";
import { transportOf, zonesOf } from "./go/addresses.ts";
import { lintFinding, relatedTo } from "./lint-finding.ts";
import { Refusal } from "./refusal.ts";
import type { SetupContext } from "./setups/arguments.ts";
import { SETUPS } from "./setups/index.ts";
import type { LintServer, LintSubject } from "./statements.ts";

/** Plugins that mean something more when they stand more than once in a server block. */
const REPEATABLE = new Set(
  "acl azure bind clouddns dnstap file forward log on rewrite route53 secondary sign template transfer".split(
    " ",
  ),
);

/** What the setup of each plugin of each block says, and plugins that there are not. */
export function runSetups(subject: LintSubject): Finding[] {
  const known = new Set(subject.order);
  return subject.servers.flatMap((server) => {
    const context = contextOf(server, subject.release);
    return [...server.block.plugins].flatMap(([name, tokens]) =>
      known.has(name) ? runSetup(name, tokens, context) : unknownPlugin(name, tokens[0]!, subject),
    );
  });
}

function contextOf({ block, addresses }: LintServer, release: string): SetupContext {
  const zones =
    addresses.length > 0 ? addresses.map(({ zone }) => zone) : block.keys.flatMap((key) => zonesOf(key.text));
  return { zones, transports: block.keys.map(({ text }) => transportOf(text).transport), release };
}

function runSetup(name: string, tokens: readonly CorefileToken[], context: SetupContext): Finding[] {
  const setup = SETUPS.get(name);
  if (!setup) return [];
  const c = dispenser(name, tokens);
  try {
    setup(c, context);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // What an environment that is not known puts here may be right.
    if (tokens.some(({ text }) => namesEnvironment(text))) return [];
    const { code, message, hint, token } = error;
    return [lintFinding(code, "error", `${name}: ${message}`, hint, token ?? tokens[0])];
  }
  return [...unreadWords(c), ...repeatedStatements(c)];
}

/** Words that the setup did not look at, and took all the same. */
function unreadWords(c: Dispenser): Finding[] {
  const token = c.tokens[c.furthest + 1];
  if (!token) return [];
  if (token.text === c.plugin)
    return [
      lintFinding(
        "dns/no-duplicate-plugin",
        "warning",
        `${c.plugin} stands twice in this server block, and CoreDNS looks at the first alone`,
        "keep one of the two",
        token,
        [relatedTo("the first", c.tokens[0]!)],
      ),
    ];
  return [
    lintFinding(
      "dns/no-swallowed-word",
      "warning",
      `${c.plugin} does not look at "${token.text}" and what follows it`,
      "take it away, or see what the plugin takes",
      token,
    ),
  ];
}

function repeatedStatements(c: Dispenser): Finding[] {
  const [first, ...later] = c.heads;
  return later.flatMap((head) => {
    if (head.text !== c.plugin)
      return lintFinding(
        "dns/no-swallowed-word",
        "warning",
        `"${head.text}" follows ${c.plugin} where nothing may follow: CoreDNS takes it for ${c.plugin} again`,
        "give it a line of its own outside of the block",
        head,
      );
    if (REPEATABLE.has(c.plugin)) return [];
    return lintFinding(
      "dns/no-duplicate-plugin",
      "warning",
      `${c.plugin} stands more than once in this server block; CoreDNS makes one of them, and later lines win`,
      "keep one of them, with the options of all",
      head,
      [relatedTo("the first", first!)],
    );
  });
}

function unknownPlugin(name: string, token: CorefileToken, { order, release }: LintSubject): Finding[] {
  if (namesEnvironment(name)) return [];
  const entry = pluginEntry(name);
  if (!entry)
    return [
      lintFinding(
        "dns/no-unknown-plugin",
        "error",
        `Unknown directive '${name}': CoreDNS ${release} has no such plugin and does not start`,
        suggest(name, order),
        token,
      ),
    ];
  if (entry.removed === undefined)
    return [
      lintFinding(
        "dns/no-unknown-plugin",
        "error",
        `the plugin "${name}" came with CoreDNS ${entry.since}; ${release} does not start with it`,
        "take it away, or use a later CoreDNS",
        token,
      ),
    ];
  return [
    lintFinding(
      "dns/no-removed-plugin",
      "error",
      `the plugin "${name}" left CoreDNS with ${entry.removed}; ${release} does not start with it`,
      entry.replacement ? `write "${entry.replacement}" instead` : "take it away; nothing replaces it",
      token,
    ),
  ];
}
