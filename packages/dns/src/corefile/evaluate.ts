import { type CorefileToken, snippetName, withoutComma } from "./ast.ts";
import { type Environment, expandEnvironment, namesEnvironment } from "./environment.ts";
import type { ImportFiles } from "./import-targets.ts";
import type { CorefileProblem } from "./problem.ts";
import * as problems from "./problems.ts";
import {
  advance,
  advanceOnLine,
  currentStartsLine,
  insertNext,
  stepBack,
  type TokenStream,
  tokenStream,
} from "./token-stream.ts";

/** A server block after snippets, imports and the environment. */
export interface ServerTokens {
  /** The keys, without the comma that lets another follow, and the words that they come from. */
  readonly keys: readonly ServerKey[];
  /**
   * The words of each plugin, in the order of the names' first appearance. Each occurrence begins with the name; a second one
   * in the block is joined to the first, as CoreDNS does.
   */
  readonly plugins: ReadonlyMap<string, readonly CorefileToken[]>;
}

export interface ServerKey {
  readonly text: string;
  readonly token: CorefileToken;
}

export interface Surroundings {
  readonly file: string;
  /** Absent: not known. An import of a file brings nothing then, and is no mistake. */
  readonly files?: ImportFiles;
  /** Absent: not known. Words keep their `{$NAME}` then. */
  readonly env?: Environment;
  /** The plugins that there are; absent: any name. */
  readonly plugins?: ReadonlySet<string>;
  /** What to write instead of an unknown plugin. */
  readonly suggestPlugin?: (name: string) => string;
  /** Look for the problem alone: the evaluation has no blocks then, which saves most of the memory. */
  readonly problemOnly?: boolean;
}

export interface Evaluation {
  /** The blocks up to the problem, if there is one. */
  readonly servers: readonly ServerTokens[];
  readonly problem?: CorefileProblem;
  /** Names in imports with a wildcard that nothing matches: CoreDNS warns. */
  readonly emptyImports: readonly CorefileToken[];
}

type Problem = CorefileProblem | undefined;

const MAX_SNIPPETS = 10_000;
const MAX_FILES = 100_000;
/** Words that imports may bring in all. CoreDNS has no such limit: it runs out of memory or patience. */
const MAX_IMPORTED = 5_000_000;

/**
 * Reads words as CoreDNS does (github.com/coredns/caddy v1.1.4, caddyfile/parse.go): the same blocks, and the same first
 * mistake. Takes time in proportion to the words that it reads, those of imports included.
 */
export function evaluate(tokens: readonly CorefileToken[], surroundings: Surroundings): Evaluation {
  const { file, files, env, plugins: known, problemOnly = false } = surroundings;
  const stream: TokenStream = tokenStream(tokens);
  const servers: ServerTokens[] = [];
  const emptyImports: CorefileToken[] = [];
  const snippets = new Map<string, readonly CorefileToken[]>();
  let [snippetCount, fileCount, imported] = [0, 0, 0];
  let keys: ServerKey[] = [];
  let plugins = new Map<string, CorefileToken[]>();

  const where = () => ({ file, token: stream.current });
  const text = () => stream.current?.text ?? "";

  let problem: Problem;
  while (!problem && advance(stream)) {
    keys = [];
    if (!problemOnly) plugins = new Map();
    problem = readServer();
    if (!problem && !problemOnly && keys.length > 0) servers.push({ keys, plugins });
  }
  return { servers, emptyImports, ...(problem && { problem }) };

  /** Whether a word depends on an environment that is not known. */
  function isUnknown(word: string): boolean {
    return !env && namesEnvironment(word);
  }

  function expanded(token: CorefileToken | undefined): string | CorefileProblem {
    const written = token?.text ?? "";
    if (!env || !namesEnvironment(written)) return written;
    return (
      expandEnvironment(written, env) ??
      problems.endless(
        `The environment of ${JSON.stringify(written)} leads back to itself: CoreDNS hangs here`,
        "give the variables values that do not name one another",
        token?.at,
      )
    );
  }

  function readServer(): Problem {
    const ended = readKeys();
    if (ended !== undefined) return ended === "end" ? undefined : ended;
    const name = keys.length === 1 ? snippetName([keys[0]!.text]) : undefined;
    if (name !== undefined) return readSnippet(name);
    return readBody();
  }

  /** Leaves the cursor on the word after the keys; "end" when there is none. */
  function readKeys(): Problem | "end" {
    let more = false;
    for (;;) {
      const key = expanded(stream.current);
      if (typeof key !== "string") return key;
      if (key === "import" && currentStartsLine(stream)) {
        const failed = readImport();
        if (failed) return failed;
        const before = stream.current;
        if (!advance(stream)) {
          stream.previous = before;
          stream.current = undefined;
        }
        continue;
      }
      if (key === "{") return more ? problems.braceAfterComma(where()) : undefined;
      if (key !== "") {
        more = key.endsWith(",");
        keys.push({ text: withoutComma(key), token: stream.current! });
      }
      const next = advance(stream);
      if (!next) return more ? problems.unexpectedEnd(where(), undefined) : "end";
      if (!more && currentStartsLine(stream)) return undefined;
    }
  }

  function readSnippet(name: string): Problem {
    if (snippets.has(name)) return problems.snippetTwice(where(), name);
    const open = stream.current;
    if (text() !== "{") return problems.noOpeningBrace(where());
    const words: CorefileToken[] = [];
    let depth = 1;
    while (advance(stream)) {
      if (text() === "}" && --depth === 0) break;
      if (text() === "{") depth++;
      words.push(stream.current!);
    }
    if (depth !== 0) return problems.noClosingBrace(where(), open);
    for (let i = 0; i + 1 < words.length; i++) {
      if (words[i]!.text !== "import") continue;
      const before = words[i - 1]?.at;
      const startsLine = before?.file !== words[i]!.at.file || before.line !== words[i]!.at.line;
      if (startsLine && expanded(words[i + 1]) === name) return problems.importCycle(where(), "snippet");
    }
    snippets.set(name, words);
    keys = [];
    return undefined;
  }

  function readBody(): Problem {
    const open = text() === "{" ? stream.current : undefined;
    if (!open) stepBack(stream);
    while (advance(stream)) {
      if (text() === "}") break;
      const failed = text() === "import" ? readImport() : readPlugin();
      if (failed) return failed;
    }
    return open && text() !== "}" ? problems.noClosingBrace(where(), open) : undefined;
  }

  function readPlugin(): Problem {
    const name = expanded(stream.current);
    if (typeof name !== "string") return name;
    if (known && !known.has(name) && !isUnknown(name))
      return problems.unknownPlugin(where(), name, surroundings.suggestPlugin?.(name) ?? "");
    const words = problemOnly ? undefined : wordsOf(name);
    words?.push(stream.current!);
    let depth = 0;
    let open: CorefileToken | undefined;
    while (advance(stream)) {
      const word = text();
      if (word === "{") {
        depth++;
        open = stream.current;
      } else if (depth === 0 && currentStartsLine(stream)) {
        stepBack(stream);
        break;
      } else if (word === "}") {
        if (depth === 0) return problems.strayBrace(where());
        depth--;
      } else if (word === "import" && currentStartsLine(stream)) {
        const failed = readImport();
        if (failed) return failed;
        continue;
      }
      const value = expanded(stream.current);
      if (typeof value !== "string") return value;
      if (value !== word) stream.current = { ...stream.current!, text: value };
      words?.push(stream.current!);
    }
    return depth > 0 ? problems.unexpectedEnd(where(), open) : undefined;
  }

  function wordsOf(plugin: string): CorefileToken[] {
    const words = plugins.get(plugin) ?? [];
    if (words.length === 0) plugins.set(plugin, words);
    return words;
  }

  /** Puts the words that `import` brings before the next one; the cursor is then on the word before `import`. */
  function readImport(): Problem {
    const before = stream.previous;
    if (!advanceOnLine(stream)) return problems.importWithoutArgument(where());
    const target = expanded(stream.current);
    if (typeof target !== "string") return target;
    const token = stream.current!;
    if (target === "") return problems.importOfNothing(where());
    if (advanceOnLine(stream)) return problems.importOfTwo(where());
    const snippet = snippets.get(target);
    if (snippet) {
      if (snippetCount++ >= MAX_SNIPPETS) return problems.importCycle(where(), "snippet");
      insertNext(stream, snippet);
      imported += snippet.length;
    } else {
      if (fileCount++ >= MAX_FILES) return problems.importCycle(where(), "file");
      const failed = importFile(target, token);
      if (failed) return failed;
    }
    if (imported > MAX_IMPORTED)
      return problems.endless(
        `The imports bring in more than ${MAX_IMPORTED} words`,
        "import the snippet or file fewer times",
        token.at,
      );
    stream.current = before;
    return undefined;
  }

  function importFile(pattern: string, token: CorefileToken): Problem {
    if (!files || isUnknown(pattern)) return undefined;
    const match = files.find(pattern, token.at.file);
    switch (match.kind) {
      case "unknown":
        return undefined;
      case "too-many-wildcards":
        return problems.tooManyWildcards(where(), match.pattern);
      case "bad-pattern":
        return problems.badPattern(where(), pattern);
      case "none":
        if (match.fatal) return problems.importNotFound(where(), pattern);
        emptyImports.push(token);
        return undefined;
      case "files": {
        const words: (readonly CorefileToken[])[] = [];
        for (const path of match.paths) {
          const found = files.words(path);
          if (!found) return problems.importOfFolder(where(), path);
          words.push(found);
          imported += found.length;
        }
        for (const list of words.toReversed()) insertNext(stream, list);
        return undefined;
      }
    }
  }
}
