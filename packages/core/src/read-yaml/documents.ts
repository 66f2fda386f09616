import { checkCharacters, checkEncoding } from "./characters.ts";
import type { Node } from "./node.ts";
import { parseJson } from "./parse-json.ts";
import { parseYaml } from "./parse-yaml.ts";
import { ReadError, syntaxError } from "./problem.ts";

/** A stretch of a file that holds one document. */
export interface DocumentSource {
  readonly format: "yaml" | "json";
  readonly start: number;
  readonly end: number;
}

/** A document and its tree, or why there is none. Offsets of nodes and errors count from the begin of the file. */
export interface ReadDocument {
  readonly source: DocumentSource;
  /** `undefined`: nothing but comments, or an error. */
  readonly root?: Node | undefined;
  readonly error?: ReadError;
  /** Text of the document that kubectl's reader never looks at. */
  readonly ignoredAt?: number | undefined;
}

// Whitespace of Go's unicode.IsSpace, which kubectl skips before it looks for "{".
const SPACE = "\\t\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const OUTER_SPACE = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const JSON_START = new RegExp(`^[${SPACE}\\n]*\\{`);

/**
 * The documents of a file, cut as kubectl does (apimachinery's YAMLOrJSONDecoder): a text that begins with `{` is read as
 * JSON values one after another and, from where that fails within the first two, as YAML; YAML is cut at each line that
 * begins with `---`. Where kubectl gives up, at a separator followed by text, the rest is still read, so that all
 * findings show.
 */
export function* readDocuments(text: string): Generator<ReadDocument> {
  let pos = 0;
  let jsonError: ReadError | undefined;
  if (JSON_START.test(text)) {
    for (let count = 0; ; count++) {
      const source = { format: "json", start: pos, end: text.length } as const;
      const document = readDocument(text, source);
      if (document.error) {
        const next = yamlAfterJson(text, pos);
        if (count > 1 || next === undefined) return yield document;
        pos = next;
        jsonError = document.error;
        break;
      }
      if (document.source.end === pos) return;
      yield document;
      pos = document.source.end;
    }
  }
  yield* readYamlDocuments(text, pos, jsonError);
}

/** `jsonError` is what was wrong with the first document as JSON: that counts when it looks like JSON. */
function* readYamlDocuments(
  text: string,
  from: number,
  jsonError: ReadError | undefined,
): Generator<ReadDocument> {
  let preferred = /^\s*\{\s*["}]/.test(text.slice(from, from + 200)) ? jsonError : undefined;
  for (const { source, error } of cutYaml(text, from)) {
    const document = error ? { source, error } : readDocument(text, source);
    yield document.error && preferred ? { source, error: preferred } : document;
    preferred = undefined;
  }
}

/** Cuts at lines that begin with `---`. A separator with text behind it spoils the document that it opens. */
function* cutYaml(
  text: string,
  from: number,
): Generator<{ source: DocumentSource; error: ReadError | undefined }> {
  let start = from;
  let error: ReadError | undefined;
  for (let at = from; at < text.length; ) {
    const lineFeed = text.indexOf("\n", at);
    const lineEnd = lineFeed < 0 ? text.length : lineFeed;
    const next = Math.min(lineEnd + 1, text.length);
    if (text.startsWith("---", at)) {
      const isFull = start < at || error;
      if (isFull) yield { source: { format: "yaml", start, end: at }, error };
      error = separatorError(text, at + 3, lineEnd);
      // A separator with nothing before it belongs to the document that it opens.
      if (isFull || error) start = next;
    }
    at = next;
  }
  if (start < text.length || error) yield { source: { format: "yaml", start, end: text.length }, error };
}

function separatorError(text: string, from: number, lineEnd: number): ReadError | undefined {
  const rest = text.slice(from, lineEnd).replace(OUTER_SPACE, "");
  if (rest === "" || rest.startsWith("#")) return undefined;
  return syntaxError(
    from,
    `expected the end of the line after ---, got ${JSON.stringify(rest.slice(0, 40))}`,
    "begin the document on the next line: kubectl reads only a comment after ---",
  );
}

/**
 * Where kubectl begins to read YAML after it gave up on JSON at `pos`: behind whitespace and at most one line break.
 * It looks at four bytes at a time, so where fewer are left it does not try (`undefined`).
 */
function yamlAfterJson(text: string, pos: number): number | undefined {
  const space = new RegExp(`[${SPACE}]*\\n?`, "y");
  space.lastIndex = pos;
  space.exec(text);
  const next = space.lastIndex;
  const lastLook = text[next - 1] === "\n" && next > pos ? next - 1 : next;
  return text.length - lastLook >= 4 || utf8Length(text.slice(lastLook)) >= 4 ? next : undefined;
}

function utf8Length(text: string): number {
  return [...text].reduce(
    (sum, c) => sum + (c <= "\x7f" ? 1 : c <= "\u07ff" ? 2 : c.length === 2 ? 4 : 3),
    0,
  );
}

/** Parses one document of a file; a JSON one ends where its value does. */
export function readDocument(text: string, source: DocumentSource): ReadDocument {
  const { start } = source;
  try {
    if (source.format === "json") {
      const parsed = parseJson(text, start, source.end);
      if (parsed === undefined) return { source: { ...source, end: start } };
      checkEncoding(text.slice(start, parsed.end), start);
      return { source: { ...source, end: parsed.end }, root: parsed.root };
    }
    const document = text.slice(start, source.end);
    checkCharacters(document, start);
    // kubectl ends the last line of a file when the file does not.
    const { root, ignoredAt } = parseYaml(document.endsWith("\n") ? document : `${document}\n`, start);
    return { source, root, ignoredAt };
  } catch (error) {
    if (error instanceof ReadError) return { source, error };
    throw error;
  }
}
