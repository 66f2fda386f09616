import type { Entry, MappingNode, Node, ScalarNode, SequenceNode } from "./node.ts";
import { depthError, MAX_DEPTH, ReadError, syntaxError } from "./problem.ts";
import { newScanner, peekToken, takeToken } from "./scan-tokens.ts";
import type { Scanner, Token, TokenType } from "./scanner.ts";

const TAG_PREFIXES: Readonly<Record<string, string>> = { "!": "!", "!!": "tag:yaml.org,2002:" };

interface Parser {
  readonly scanner: Scanner;
  /** Offset of the scanner's text in its file. */
  readonly base: number;
  readonly anchors: Map<string, Node>;
}

export interface ParsedYaml {
  /** `undefined`: the text is empty or only comments. */
  readonly root: Node | undefined;
  /** Where text begins that this reader never looks at: a second document after `...`, or anything after the value. */
  readonly ignoredAt: number | undefined;
}

/**
 * The first YAML 1.1 document of a text, as kubectl's reader parses it (the grammar of libyaml's parser).
 *
 * @param base offset of the text in its file: all offsets that come out count from the begin of the file
 * @throws ReadError when the text is not YAML 1.1 or nests too deep
 */
export function parseYaml(text: string, base = 0): ParsedYaml {
  const parser: Parser = { scanner: newScanner(text), base, anchors: new Map() };
  try {
    return parseDocument(parser);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    throw new ReadError({ ...error.problem, offset: base + error.problem.offset });
  }
}

function parseDocument(parser: Parser): ParsedYaml {
  const { scanner } = parser;
  let next = peekToken(scanner);
  if (next.type === "stream-end") return { root: undefined, ignoredAt: undefined };
  let empty = false;
  if (next.type === "document-start") {
    takeToken(scanner);
    next = peekToken(scanner);
    empty = next.type === "document-start" || next.type === "document-end" || next.type === "stream-end";
  }
  const root = empty ? nothing(parser, next.at) : parseNode(parser, "block", 0);
  const ignoredAt = ignoredAfter(scanner);
  return { root, ignoredAt: ignoredAt === undefined ? undefined : parser.base + ignoredAt };
}

function ignoredAfter(scanner: Scanner): number | undefined {
  const ending = peekToken(scanner);
  if (ending.type === "stream-end") return undefined;
  if (ending.type !== "document-end") return ending.at;
  try {
    while (peekToken(scanner).type === "document-end") takeToken(scanner);
    const next = peekToken(scanner);
    return next.type === "stream-end" ? undefined : next.at;
  } catch (error) {
    if (error instanceof ReadError) return error.problem.offset;
    throw error;
  }
}

/** Where a node stands decides which tokens may begin it: `value`, below a block key, also takes a list that is not indented. */
type Context = "flow" | "block" | "value";

function parseNode(parser: Parser, context: Context, depth: number): Node {
  const { scanner } = parser;
  const first = peekToken(scanner);
  if (depth > MAX_DEPTH) throw depthError(first.at);
  if (first.type === "alias") return parseAlias(parser);
  let tag = "";
  let anchor: string | undefined;
  for (let i = 0; i < 2; i++) {
    const next = peekToken(scanner);
    if (next.type === "anchor" && anchor === undefined) anchor = takeToken(scanner).value;
    else if (next.type === "tag" && tag === "") tag = fullTag(takeToken(scanner));
    else break;
  }

  const at = parser.base + first.at;
  const next = peekToken(scanner);
  const anchored = <N extends Node>(node: N): N => {
    if (anchor !== undefined) parser.anchors.set(anchor, node);
    return node;
  };
  switch (next.type) {
    case "scalar":
      takeToken(scanner);
      return anchored({ kind: "scalar", at, value: next.value, implicit: isImplicit(tag, next.plain), tag });
    case "flow-sequence-start":
      return fillFlowSequence(parser, anchored({ kind: "sequence", at, items: [] }), depth);
    case "flow-mapping-start":
      return fillFlowMapping(parser, anchored({ kind: "mapping", at, entries: [] }), depth);
    case "block-entry":
      if (context === "value")
        return fillSequence(parser, anchored({ kind: "sequence", at, items: [] }), depth, VALUE_END);
      break;
    case "block-sequence-start":
      if (context !== "flow")
        return fillBlockSequence(parser, anchored({ kind: "sequence", at, items: [] }), depth);
      break;
    case "block-mapping-start":
      if (context !== "flow")
        return fillBlockMapping(parser, anchored({ kind: "mapping", at, entries: [] }), depth);
      break;
  }
  if (anchor !== undefined || tag !== "")
    return anchored({ kind: "scalar", at, value: "", implicit: isImplicit(tag, true), tag });
  throw unexpected(next, "a value");
}

function isImplicit(tag: string, plain: boolean): boolean {
  return tag === "!" || (tag === "" && plain);
}

function parseAlias({ scanner, anchors, base }: Parser): Node {
  const { at, value: name } = takeToken(scanner);
  const target = anchors.get(name);
  if (target === undefined)
    throw syntaxError(
      at,
      `expected an alias of an anchor above it, got *${name}, which nothing is named`,
      `name a value with &${name} first, or put the text in quotes`,
    );
  return { kind: "alias", at: base + at, name, target };
}

function fullTag({ at, value: handle, suffix }: Token): string {
  if (handle === "") return suffix;
  const prefix = TAG_PREFIXES[handle];
  if (prefix === undefined)
    throw syntaxError(
      at,
      `expected a tag that begins with ! or !!, got the undeclared handle ${handle}`,
      "remove the tag",
    );
  return prefix + suffix;
}

function nothing({ base }: Parser, at: number): ScalarNode {
  return { kind: "scalar", at: base + at, value: "", implicit: true, tag: "" };
}

const SEQUENCE_END: readonly TokenType[] = ["block-entry", "block-end"];
const VALUE_END: readonly TokenType[] = ["block-entry", "key", "value", "block-end"];
const MAPPING_END: readonly TokenType[] = ["key", "value", "block-end"];

function fillBlockSequence(parser: Parser, node: SequenceNode, depth: number): SequenceNode {
  takeToken(parser.scanner);
  fillSequence(parser, node, depth, SEQUENCE_END);
  const end = takeToken(parser.scanner);
  if (end.type !== "block-end") throw unexpected(end, 'a list item ("- ") or the end of the list');
  return node;
}

/** Items as long as `- ` follows; an item is empty when one of `ends` comes right after it. */
function fillSequence(
  parser: Parser,
  node: SequenceNode,
  depth: number,
  ends: readonly TokenType[],
): SequenceNode {
  while (peekToken(parser.scanner).type === "block-entry") {
    const { end } = takeToken(parser.scanner);
    const isEmpty = ends.includes(peekToken(parser.scanner).type);
    node.items.push(isEmpty ? nothing(parser, end) : parseNode(parser, "block", depth + 1));
  }
  return node;
}

function fillBlockMapping(parser: Parser, node: MappingNode, depth: number): MappingNode {
  const { scanner } = parser;
  takeToken(scanner);
  for (;;) {
    const next = takeToken(scanner);
    if (next.type === "block-end") return node;
    if (next.type !== "key") throw unexpected(next, "a key or the end of the mapping");
    const key = nodeUnless(parser, MAPPING_END, "value", depth, next.end);
    const colon = peekToken(scanner);
    if (colon.type === "value") {
      takeToken(scanner);
      node.entries.push({ key, value: nodeUnless(parser, MAPPING_END, "value", depth, colon.end) });
    } else node.entries.push({ key, value: nothing(parser, colon.at) });
  }
}

const FLOW_VALUE_END: readonly TokenType[] = ["flow-entry", "flow-sequence-end", "flow-mapping-end"];
const FLOW_KEY_END: readonly TokenType[] = ["value", ...FLOW_VALUE_END];

function fillFlowSequence(parser: Parser, node: SequenceNode, depth: number): SequenceNode {
  const { scanner } = parser;
  takeToken(scanner);
  while (flowGoesOn(parser, "flow-sequence-end", node.items.length)) {
    const next = peekToken(scanner);
    if (next.type === "key") {
      takeToken(scanner);
      // `[a: b]` is a list of one mapping with one key.
      node.items.push({
        kind: "mapping",
        at: parser.base + next.at,
        entries: [flowEntry(parser, depth + 1)],
      });
    } else node.items.push(parseNode(parser, "flow", depth + 1));
  }
  return node;
}

function fillFlowMapping(parser: Parser, node: MappingNode, depth: number): MappingNode {
  const { scanner } = parser;
  takeToken(scanner);
  while (flowGoesOn(parser, "flow-mapping-end", node.entries.length)) {
    if (peekToken(scanner).type === "key") {
      takeToken(scanner);
      node.entries.push(flowEntry(parser, depth));
    } else {
      const key = parseNode(parser, "flow", depth + 1);
      node.entries.push({ key, value: nothing(parser, peekToken(scanner).at) });
    }
  }
  return node;
}

/** Takes the comma before an element that is not the first, or the closing bracket. A comma may stand before the bracket. */
function flowGoesOn({ scanner }: Parser, closing: TokenType, count: number): boolean {
  let next = peekToken(scanner);
  if (next.type !== closing && count > 0) {
    if (next.type !== "flow-entry")
      throw unexpected(next, closing === "flow-mapping-end" ? '"," or "}"' : '"," or "]"');
    takeToken(scanner);
    next = peekToken(scanner);
  }
  if (next.type !== closing) return true;
  takeToken(scanner);
  return false;
}

/** A key whose token was taken, and its value if it has one. */
function flowEntry(parser: Parser, depth: number): Entry {
  const { scanner } = parser;
  const key = nodeUnless(parser, FLOW_KEY_END, "flow", depth, peekToken(scanner).at);
  const colon = peekToken(scanner);
  if (colon.type !== "value") return { key, value: nothing(parser, colon.at) };
  takeToken(scanner);
  return { key, value: nodeUnless(parser, FLOW_VALUE_END, "flow", depth, colon.end) };
}

function nodeUnless(
  parser: Parser,
  ends: readonly TokenType[],
  context: Context,
  depth: number,
  at: number,
): Node {
  return ends.includes(peekToken(parser.scanner).type)
    ? nothing(parser, at)
    : parseNode(parser, context, depth + 1);
}

const TOKEN_NAMES: Readonly<Record<TokenType, string>> = {
  "stream-end": "the end of the document",
  "document-start": '"---"',
  "document-end": '"..."',
  "block-sequence-start": "a list",
  "block-mapping-start": "a mapping",
  "block-end": "the end of the indented block",
  "flow-sequence-start": '"["',
  "flow-sequence-end": '"]"',
  "flow-mapping-start": '"{"',
  "flow-mapping-end": '"}"',
  "block-entry": 'a list item ("- ")',
  "flow-entry": '","',
  key: "a key",
  value: '":"',
  alias: "an alias",
  anchor: "an anchor",
  tag: "a tag",
  scalar: "text",
};

function unexpected(got: Token, expected: string): Error {
  return syntaxError(got.at, `expected ${expected}, got ${TOKEN_NAMES[got.type]}`, hintFor(got.type));
}

function hintFor(got: TokenType): string {
  if (got === "block-mapping-start" || got === "block-sequence-start" || got === "block-end" || got === "key")
    return "check the indentation: the lines of one mapping or list begin in the same column";
  if (got === "stream-end" || got === "document-end") return "close the bracket or finish the value";
  return "check brackets, commas and colons around this place, or put the text in quotes";
}
