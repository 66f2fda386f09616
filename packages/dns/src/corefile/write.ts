import type { Finding, Result } from "@ashlar/core";
import { keyTexts, snippetName } from "./ast.ts";
import { readKey } from "./keys.ts";
import { type WriteOptions, writeWord } from "./write-word.ts";

/** A plugin with its arguments and block, or an option in a plugin's block, as plain data. */
export interface DirectiveData {
  readonly name: string;
  readonly args?: readonly string[];
  /** Lines of the block; absent: no block, empty: `{` and `}` with nothing between. */
  readonly block?: readonly DirectiveData[];
  /** Written above, each line after a `#`. */
  readonly comment?: string;
}

/** A server block as plain data. */
export interface ServerData {
  /** Zones, with scheme and port where they are not the usual ones: `tls://example.test:5853`, `10.0.0.0/8`. */
  readonly keys: readonly string[];
  readonly directives: readonly DirectiveData[];
  /** Written above, each line after a `#`. */
  readonly comment?: string;
}

const INDENT = "    ";
/** Deeper blocks are refused: CoreDNS's plugins know three levels. */
const MAX_DEPTH = 16;

/** Lines without an indent of their own, and what could not be written. */
export interface Lines {
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * A Corefile from plain data, with an empty line between server blocks. Every value becomes exactly one word; what CoreDNS cannot
 * read back as that word is refused, with the reason and the path of the value, so no value opens a block or adds a plugin.
 *
 * @example
 * buildCorefile([{ keys: [".:53"], directives: [{ name: "forward", args: [".", "8.8.8.8"] }] }])
 * // { ok: true, value: ".:53 {\n    forward . 8.8.8.8\n}\n" }
 */
export function buildCorefile(servers: readonly ServerData[], options: WriteOptions = {}): Result<string> {
  const parts = servers.map((server, i) => serverLines(server, `[${i}]`, options));
  const findings = parts.flatMap((part) => part.findings);
  if (findings.length > 0) return { ok: false, findings };
  return { ok: true, value: parts.map(({ lines }) => `${lines.join("\n")}\n`).join("\n") };
}

/** The lines of a server block, its braces among them. */
export function serverLines(server: ServerData, path: string, options: WriteOptions): Lines {
  const findings: Finding[] = [];
  const keys = writeKeys(server.keys, `${path}.keys`, options, findings);
  const body = directiveLines(server.directives, `${path}.directives`, options, 0);
  return {
    lines: [...commentLines(server.comment), `${keys} {`, ...body.lines.map(indented), "}"],
    findings: [...findings, ...body.findings],
  };
}

/** Keys on one line. */
export function writeKeys(
  keys: readonly string[],
  path: string,
  options: WriteOptions,
  findings: Finding[],
): string {
  if (keys.length === 0) findings.push(refused(path, "", "a server block needs a zone"));
  return keys
    .map((key, i) => {
      const why = whyNoKey(key, options);
      if (why !== undefined) findings.push(refused(`${path}[${i}]`, key, why));
      return writeInto(findings, `${path}[${i}]`, key, options);
    })
    .join(" ");
}

function whyNoKey(key: string, { environment = false }: WriteOptions): string | undefined {
  if (key === "import") return "it would import a file";
  if (key.endsWith(",")) return "a comma at its end is not part of a zone";
  if (snippetName(keyTexts([{ text: key, raw: key, before: "", at: NOWHERE }])) !== undefined)
    return "in round brackets it would be a snippet";
  if (environment && key.includes("{")) return undefined;
  const read = readKey(key);
  return read.ok ? undefined : read.message;
}

const NOWHERE = { file: "", line: 1, column: 1, offset: 0 };

/** The lines of directives with their blocks, the outermost without an indent. */
export function directiveLines(
  directives: readonly DirectiveData[],
  path: string,
  options: WriteOptions,
  depth: number,
): Lines {
  const findings: Finding[] = [];
  const lines = directives.flatMap(({ name, args = [], block, comment }, i) => {
    const here = `${path}[${i}]`;
    if (name === "import") findings.push(refused(`${here}.name`, name, "it would import a file"));
    const words = [
      writeInto(findings, `${here}.name`, name, options),
      ...args.map((arg, j) => writeInto(findings, `${here}.args[${j}]`, arg, options)),
    ].join(" ");
    const above = commentLines(comment);
    if (!block) return [...above, words];
    if (depth >= MAX_DEPTH) {
      findings.push(refused(`${here}.block`, name, `blocks go at most ${MAX_DEPTH} deep`));
      return [];
    }
    const inner = directiveLines(block, `${here}.block`, options, depth + 1);
    findings.push(...inner.findings);
    return [...above, `${words} {`, ...inner.lines.map(indented), "}"];
  });
  return { lines, findings };
}

function writeInto(findings: Finding[], path: string, text: string, options: WriteOptions): string {
  const written = writeWord(text, options);
  if (written.ok) return written.raw;
  findings.push(refused(path, text, written.why));
  return "";
}

function refused(path: string, text: string, why: string): Finding {
  return {
    code: "dns/valid-corefile",
    severity: "error",
    message: `${JSON.stringify(text)} cannot be written into a Corefile: ${why}`,
    hint: "give a value without it",
    path,
  };
}

/** A comment ends at a line feed and nowhere else. */
function commentLines(comment: string | undefined): string[] {
  return comment === undefined ? [] : comment.split("\n").map((line) => `# ${line}`.trimEnd());
}

/** Lines of a quoted value are not indented: the white space would be part of it. */
function indented(line: string): string {
  return line === "" ? "" : INDENT + line;
}
