import type { Finding } from "@ashlar/core";
import { type Corefile, tokensOf } from "./ast.ts";
import { type Environment, namesEnvironment } from "./environment.ts";
import { evaluate, type ServerKey, type ServerTokens } from "./evaluate.ts";
import { importFiles } from "./import-targets.ts";
import { addressText, readKey, type ZoneAddress } from "./keys.ts";
import { type CorefileProblem, problemFinding } from "./problem.ts";

export interface EffectiveOptions {
  /** Texts that imports may name, by path; a path that is not absolute is below the Corefile's folder. Absent: not known. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * Of the absolute path, or pattern, of an import that finds nothing in `files`: whether something that is not known may be there. The
   * import brings nothing then, and is no mistake. Absent: `files` is all.
   */
  readonly unknownFile?: (path: string) => boolean;
  /** The environment of CoreDNS; a variable that is not in it is empty. Absent: not known; a key with a variable has no addresses then. */
  readonly env?: Environment;
  /** The plugins that this CoreDNS has; absent: any name is taken. */
  readonly plugins?: Iterable<string>;
  /** What to write instead of an unknown plugin. */
  readonly suggestPlugin?: (name: string) => string;
}

/** A server block as CoreDNS sees it. */
export interface EffectiveServer extends ServerTokens {
  /** What the keys stand for, in CoreDNS's order, each with the key that it comes from. */
  readonly addresses: readonly EffectiveAddress[];
}

export interface EffectiveAddress extends ZoneAddress {
  readonly key: ServerKey;
}

export interface EffectiveCorefile {
  readonly servers: readonly EffectiveServer[];
  /** The same blocks before their keys are read; those whose keys are wrong are here too. */
  readonly blocks: readonly ServerTokens[];
  /** The mistake at which CoreDNS stops before the first plugin is set up. `servers` has the blocks before it. */
  readonly problem?: CorefileProblem;
  /** The problem, imports with a wildcard that nothing matches, and ports that there are not: those CoreDNS refuses after all plugins. */
  readonly findings: readonly Finding[];
}

/**
 * The server blocks as CoreDNS sees them after snippets, imports and the environment: the words of each plugin with their places, and
 * the zones of the keys. CoreDNS stops at the first mistake, and so does this; its words are in `problem.words`.
 *
 * A file without a server block has none here; CoreDNS then serves `whoami` and `log` on port 53.
 *
 * @example
 * const { value } = parseCorefile("(base) {\n  errors\n}\n10.0.0.0/8 {\n  import base\n}\n");
 * effectiveCorefile(value).servers[0].addresses[0].zone // "10.in-addr.arpa."
 */
export function effectiveCorefile(tree: Corefile, options: EffectiveOptions = {}): EffectiveCorefile {
  const { files, unknownFile, env, plugins, suggestPlugin } = options;
  const { servers, problem, emptyImports } = evaluate(tokensOf(tree), {
    file: tree.file,
    ...(files && { files: importFiles(tree.file, files, unknownFile) }),
    ...(env && { env }),
    ...(plugins && { plugins: new Set(plugins) }),
    ...(suggestPlugin && { suggestPlugin }),
  });
  const read = readServers(servers, env !== undefined);
  const first = problem ?? read.problem;
  const warnings = emptyImports.map(({ text, at: { file, line, column } }) => ({
    code: "dns/valid-corefile",
    severity: "warning" as const,
    message: `nothing matches the import "${text}"; CoreDNS goes on without it`,
    hint: "correct the path, or take the import away",
    path: "",
    at: { file, line, column },
  }));
  return {
    servers: read.servers,
    blocks: servers,
    ...(first && { problem: first }),
    findings: [...(first ? [first] : read.servers.flatMap(wrongPorts)).map(problemFinding), ...warnings],
  };
}

/** Ports that no address has. */
function wrongPorts({ addresses }: EffectiveServer): CorefileProblem[] {
  const seen = new Set<ServerKey>();
  return addresses.flatMap(({ port, key }) => {
    if (port === "" || (Number(port) >= 0 && Number(port) <= 65535) || seen.has(key)) return [];
    seen.add(key);
    const words = `address ${port}: invalid port`;
    return {
      words,
      message: `the key "${key.text}" has no port that exists: ${words}`,
      hint: "write a port from 0 to 65535 after the last colon",
      at: key.token.at,
    };
  });
}

function readServers(
  servers: readonly ServerTokens[],
  environmentKnown: boolean,
): {
  servers: EffectiveServer[];
  problem?: CorefileProblem;
} {
  const done: EffectiveServer[] = [];
  for (const server of servers) {
    const addresses: EffectiveAddress[] = [];
    for (const key of server.keys) {
      if (!environmentKnown && namesEnvironment(key.text)) continue;
      const read = readKey(key.text);
      if (!read.ok)
        return {
          servers: done,
          problem: {
            words: `error inspecting server blocks: ${read.message}`,
            message: `the key "${key.text}" is not a zone: ${read.message}`,
            hint: 'write a domain name ("example.test", "."), or a block of addresses ("10.0.0.0/8"), with a port if it is not the usual one ("example.test:1053")',
            at: key.token.at,
          },
        };
      for (const address of read.addresses) addresses.push({ ...address, key });
    }
    done.push({ ...server, addresses });
  }
  return { servers: done };
}

/** A zone that two blocks serve, or one block twice. */
export interface ZoneClash {
  readonly address: EffectiveAddress;
  readonly earlier: EffectiveAddress;
}

/**
 * Addresses that an earlier block, or the same one, has already: CoreDNS ends with "cannot serve … - it is already defined". Blocks
 * with `bind` or `view` are left out, since these may make them differ.
 */
export function zoneClashes(servers: readonly EffectiveServer[]): ZoneClash[] {
  const seen = new Map<string, EffectiveAddress>();
  const clashes: ZoneClash[] = [];
  for (const { addresses, plugins } of servers) {
    if (plugins.has("bind") || plugins.has("view")) continue;
    for (const address of addresses) {
      const text = addressText(address);
      const earlier = seen.get(text);
      if (earlier) clashes.push({ address, earlier });
      else seen.set(text, address);
    }
  }
  return clashes;
}
