import type { CorefileToken } from "../corefile/ast.ts";
import type { EffectiveAddress, EffectiveCorefile } from "../corefile/effective.ts";
import type { ServerTokens } from "../corefile/evaluate.ts";
import { dispenser, nextBlock, nextStatement, remainingArgs } from "./dispenser.ts";

/** A plugin as it stands in a server block once: its line, and the lines of its block. */
export interface Statement {
  readonly name: CorefileToken;
  readonly args: readonly CorefileToken[];
  readonly options: readonly Option[];
}

export interface Option {
  readonly name: CorefileToken;
  readonly args: readonly CorefileToken[];
}

/** A server block as the checks of this folder look at it. */
export interface LintServer {
  readonly block: ServerTokens;
  /** What the keys stand for; empty when one of them is wrong. */
  readonly addresses: readonly EffectiveAddress[];
  /** The plugins of the block by name, each with its statements. */
  readonly plugins: ReadonlyMap<string, readonly Statement[]>;
}

/** What checks look at: the server blocks, and what CoreDNS this is. */
export interface LintSubject {
  readonly servers: readonly LintServer[];
  readonly release: string;
  /** The plugins of the release in the order in which they see a query. */
  readonly order: readonly string[];
}

export function lintServers({ blocks, servers }: EffectiveCorefile): LintServer[] {
  return blocks.map((block, i) => ({
    block,
    addresses: servers[i]?.addresses ?? [],
    plugins: new Map([...block.plugins].map(([name, tokens]) => [name, statementsOf(name, tokens)])),
  }));
}

function statementsOf(name: string, tokens: readonly CorefileToken[]): Statement[] {
  const c = dispenser(name, tokens);
  const statements: Statement[] = [];
  while (nextStatement(c)) {
    const head = c.tokens[c.cursor]!;
    const args = remainingArgs(c);
    const options: Option[] = [];
    while (nextBlock(c)) options.push({ name: c.tokens[c.cursor]!, args: remainingArgs(c) });
    statements.push({ name: head, args, options });
  }
  return statements;
}

/** The statements of a plugin in a block; none when it is not there. */
export function statements(server: LintServer, plugin: string): readonly Statement[] {
  return server.plugins.get(plugin) ?? [];
}

export function option({ options }: Statement, name: string): Option | undefined {
  return options.find((one) => one.name.text === name);
}
