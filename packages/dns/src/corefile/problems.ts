import type { CorefilePlace, CorefileToken } from "./ast.ts";
import type { CorefileProblem } from "./problem.ts";

/** Where CoreDNS says it is: at a word, or at the end of the file, which it calls line 0 when no word is left. */
export interface Where {
  readonly file: string;
  readonly token: CorefileToken | undefined;
}

function parsing({ file, token }: Where, message: string, hint: string): CorefileProblem {
  const at = token?.at;
  return {
    words: `${at?.file ?? file}:${at?.line ?? 0} - Error during parsing: ${message}`,
    message,
    hint,
    ...(at && { at }),
  };
}

function unexpected({ file, token }: Where, expected: "{" | "}", hint: string): CorefileProblem {
  const at = token?.at;
  const message = `Unexpected token '${token?.text ?? ""}', expecting '${expected}'`;
  return {
    words: `${at?.file ?? file}:${at?.line ?? 0} - Syntax error: ${message}`,
    message: `Syntax error: ${message}`,
    hint,
    ...(at && { at }),
  };
}

export const unexpectedEnd = (where: Where, open: CorefileToken | undefined): CorefileProblem =>
  parsing(
    where,
    "Unexpected EOF",
    open
      ? `close the brace of line ${open.at.line} with a "}" on a line of its own`
      : "write another zone after the comma, or take the comma away",
  );

export const braceAfterComma = (where: Where): CorefileProblem =>
  parsing(
    where,
    "Expected another address but had '{' - check for extra comma",
    'take the comma before "{" away',
  );

export const noOpeningBrace = (where: Where): CorefileProblem =>
  unexpected(where, "{", 'write the snippet as "(name) {", its lines, and "}" on a line of its own');

export const noClosingBrace = (where: Where, open: CorefileToken | undefined): CorefileProblem =>
  unexpected(
    where,
    "}",
    open
      ? `close the brace of line ${open.at.line} with a "}" on a line of its own`
      : 'write a "}" on a line of its own',
  );

export const strayBrace = (where: Where): CorefileProblem =>
  parsing(
    where,
    "Unexpected '}' because no matching opening brace",
    'write the "}" that ends a block on a line of its own; take it away when no block is open',
  );

export const unknownPlugin = (where: Where, name: string, hint: string): CorefileProblem =>
  parsing(where, `Unknown directive '${name}'`, hint);

export const snippetTwice = (where: Where, name: string): CorefileProblem =>
  parsing(
    where,
    `redeclaration of previously declared snippet ${name}`,
    "give one of the two snippets another name",
  );

export const importCycle = (where: Where, what: "snippet" | "file"): CorefileProblem =>
  parsing(
    where,
    `maximum ${what} import depth (10000) exceeded`,
    `take away the import by which the ${what} comes to itself again`,
  );

export const importWithoutArgument = (where: Where): CorefileProblem =>
  parsing(
    where,
    `Wrong argument count or unexpected line ending after '${where.token?.text ?? ""}'`,
    'write the snippet or file after "import", on the same line',
  );

export const importOfNothing = (where: Where): CorefileProblem =>
  parsing(
    where,
    "Import requires a non-empty filepath",
    "write the snippet or file to import; an environment variable that is not set is empty",
  );

export const importOfTwo = (where: Where): CorefileProblem =>
  parsing(
    where,
    "Import takes only one argument (glob pattern or file)",
    "write one import for each file, on a line of its own",
  );

export const importNotFound = (where: Where, name: string): CorefileProblem =>
  parsing(
    where,
    `File to import not found: ${name}`,
    `define the snippet "(${name}) { … }" before its first use, or give the path of a file that exists`,
  );

export const importOfFolder = (where: Where, path: string): CorefileProblem =>
  parsing(where, `Could not import ${path}: is a directory`, `import the files in it: ${path}/*.conf`);

export const tooManyWildcards = (where: Where, pattern: string): CorefileProblem =>
  parsing(
    where,
    `Glob pattern may only contain one wildcard (*), but has others: ${pattern}`,
    'use at most one "*" and one "?", and no brackets',
  );

export const badPattern = (where: Where, pattern: string): CorefileProblem =>
  parsing(
    where,
    `Failed to use import pattern ${pattern}: syntax error in pattern`,
    'write the name without "[" and without a backslash at its end',
  );

/** Where CoreDNS says nothing: it would run without end. */
export const endless = (message: string, hint: string, at: CorefilePlace | undefined): CorefileProblem => ({
  message,
  hint,
  ...(at && { at }),
});
