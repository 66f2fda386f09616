import type { Finding } from "@ashlar/core";
import type { Corefile } from "./ast.ts";
import type { Environment } from "./environment.ts";
import { evaluate } from "./evaluate.ts";
import { importFiles } from "./import-targets.ts";
import { lexCorefile } from "./lex.ts";
import { problemFinding } from "./problem.ts";
import { structureOf } from "./structure.ts";
import { unclosedBlocks } from "./unclosed.ts";

export interface ParseCorefileOptions {
  /** The name of the file in places and messages, `Corefile` by default. Relative imports start at its folder. */
  readonly file?: string;
  /** Texts that imports may name, by path; a path that is not absolute is below the Corefile's folder. Absent: not known. */
  readonly files?: Readonly<Record<string, string>>;
  /** The environment of CoreDNS; a variable that is not in it is empty. Absent: not known. */
  readonly env?: Environment;
}

export interface ParsedCorefile {
  readonly value: Corefile;
  readonly findings: readonly Finding[];
}

/**
 * Reads a Corefile (CoreDNS 1.15.0; github.com/coredns/caddy v1.1.4). Never throws: there is always a tree, with every byte of the
 * text in it, and `findings` are empty exactly when CoreDNS's own parser takes the file without a doubt.
 *
 * Findings have the code `dns/valid-corefile`: an error for the mistake at which CoreDNS stops, in its words, and a warning for
 * a server block whose brace is never closed, which CoreDNS may take. Plugins and their options are not looked at, nor are the
 * keys: see {@link effectiveCorefile} and {@link lintCorefile}.
 *
 * Where `files` is not given, an import of a file brings nothing and is no mistake; where `env` is not given, `{$NAME}` stays.
 *
 * @example parseCorefile(".:53 {\n  whoami\n}\n").value.items[0] // { kind: "server", keys: [".:53"], … }
 * @example parseCorefile(". {\n  whoami }\n").findings[0].message // Unexpected '}' because no matching opening brace
 */
export function parseCorefile(text: string, options: ParseCorefileOptions = {}): ParsedCorefile {
  const { file = "Corefile", files, env } = options;
  const { tokens, end } = lexCorefile(text, file);
  const value: Corefile = { kind: "corefile", file, items: structureOf(tokens), end };
  const { problem } = evaluate(tokens, {
    file,
    problemOnly: true,
    ...(files && { files: importFiles(file, files) }),
    ...(env && { env }),
  });
  return { value, findings: problem ? [problemFinding(problem)] : unclosedBlocks(value) };
}
