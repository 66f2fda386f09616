import type * as Yaml from "yaml";
import { isRecord } from "../json.ts";
import { stringText } from "../write-yaml/scalar-text.ts";
import { writeYamlValue } from "../write-yaml/write-yaml.ts";
import { listGaps } from "./list-gaps.ts";
import { sameJson } from "./same-json.ts";
import { commentsIn, EditRefusal, padTo, requirePlain, type Source } from "./source-text.ts";

type Fields = Readonly<Record<string, unknown>>;
type FlowNode = Yaml.YAMLMap.Parsed | Yaml.YAMLSeq.Parsed;

/**
 * A collection in brackets, of YAML or JSON, with another value: members and items that stay keep their text, the others are
 * written in the same style, on lines of their own where the collection has its first one on a new line.
 *
 * @throws EditRefusal when there are comments between the brackets, or an anchor, alias or tag in what changes
 */
export function flowText(
  source: Source,
  node: Yaml.ParsedNode | null,
  before: unknown,
  after: unknown,
): string {
  const { yaml, text } = source;
  if (node !== null && sameJson(before, after)) return text.slice(node.range[0], node.range[1]);
  if (yaml.isCollection(node) && node.items.length > 0) {
    const collection = node as FlowNode;
    if (yaml.isMap(collection) && isRecord(before) && isRecord(after))
      return rebuilt(source, collection, memberTexts(source, collection, before, after), "{}");
    if (yaml.isSeq(collection) && Array.isArray(before) && Array.isArray(after))
      return rebuilt(source, collection, itemTexts(source, collection, before, after), "[]");
  }
  requirePlain(source, node);
  return valueText(source, after, node === null ? "" : padTo(source, node.range[0]));
}

/** The parts of a collection: what is written as it stands, and what is new. */
type Part = string | { readonly key?: string; readonly value: unknown };

function rebuilt(source: Source, node: FlowNode, parts: readonly Part[], empty: string): string {
  const { text } = source;
  const [start, end] = node.range;
  if (parts.length === 0) return empty;
  if (commentsIn(source, start, end).length > 0)
    throw new EditRefusal("comments stand between the brackets of what has to change: change it by hand");
  if (node.anchor || node.tag) requirePlain(source, node);
  const places = node.items.map((item) => placeOf(source, item as Yaml.ParsedNode | Pair));
  const [first] = places;
  const last = places.at(-1);
  if (!first || !last) return empty;
  const open = text.slice(start, first.start);
  const isTall = open.includes("\n");
  const pad = isTall ? padTo(source, first.start) : undefined;
  const between = places[1] ? text.slice(first.end, places[1].start) : undefined;
  const separator = between && /^\s*,\s*$/.test(between) ? between : pad === undefined ? ", " : `,\n${pad}`;
  const close = text.slice(last.end, end).replace(/^\s*,/, "");
  return (
    open + parts.map((part) => partText(source, part, pad)).join(separator.replace(/\r\n/g, "\n")) + close
  );
}

type Pair = Yaml.Pair<Yaml.ParsedNode, Yaml.ParsedNode | null>;

function placeOf(
  { yaml }: Source,
  item: Yaml.ParsedNode | Pair,
): { readonly start: number; readonly end: number } {
  if (!yaml.isPair(item)) return { start: item.range[0], end: item.range[1] };
  const { key, value } = item as Pair;
  return { start: key.range[0], end: Math.max(key.range[1], value?.range[1] ?? 0) };
}

function partText(source: Source, part: Part, pad: string | undefined): string {
  if (typeof part === "string") return part;
  const value = valueText(source, part.value, pad);
  return part.key === undefined ? value : `${keyText(source, part.key)}: ${value}`;
}

function memberTexts(source: Source, map: Yaml.YAMLMap.Parsed, before: Fields, after: Fields): Part[] {
  const added = Object.keys(after)
    .filter((key) => !Object.hasOwn(before, key))
    .map((key): Part => ({ key, value: after[key] }));
  const parts: Part[] = [];
  let keptBefore = 0;
  for (const item of map.items) {
    const { key, value } = item as Pair;
    const name = nameOf(source, key);
    if (!Object.hasOwn(before, name)) throw new EditRefusal(`the key ${name} cannot be followed in the text`);
    keptBefore++;
    if (!Object.hasOwn(after, name)) {
      requirePlain(source, value);
      parts.push(...added.splice(0));
    } else if (value === null || value.range[0] === value.range[1]) {
      parts.push(
        sameJson(before[name], after[name])
          ? sliceOf(source, item as Pair)
          : { key: name, value: after[name] },
      );
    } else
      parts.push(
        source.text.slice(key.range[0], value.range[0]) + flowText(source, value, before[name], after[name]),
      );
  }
  if (keptBefore !== Object.keys(before).length)
    throw new EditRefusal("members come from a merge (<<): write them out first");
  return [...parts, ...added];
}

function sliceOf(source: Source, pair: Pair): string {
  const { start, end } = placeOf(source, pair);
  return source.text.slice(start, end);
}

function itemTexts(
  source: Source,
  seq: Yaml.YAMLSeq.Parsed,
  before: readonly unknown[],
  after: readonly unknown[],
): Part[] {
  const items = seq.items as readonly (Yaml.ParsedNode | Pair)[];
  if (items.some((item) => source.yaml.isPair(item)))
    throw new EditRefusal("a list holds pairs without braces: write them as mappings first");
  const parts: Part[] = [];
  let next = 0;
  const keep = (end: number) => {
    for (; next < end; next++)
      parts.push(flowText(source, items[next] as Yaml.ParsedNode, before[next], before[next]));
  };
  for (const { from, to, start, end } of listGaps(before, after)) {
    keep(from);
    for (let index = start; index < end; index++) {
      const old = from + index - start;
      if (old >= to) parts.push({ value: after[index] });
      else parts.push(flowText(source, items[old] as Yaml.ParsedNode, before[old], after[index]));
    }
    for (let gone = from + end - start; gone < to; gone++)
      requirePlain(source, items[gone] as Yaml.ParsedNode);
    next = to;
  }
  keep(before.length);
  return parts;
}

/** The name that a key has in JSON. */
export function nameOf({ yaml }: Source, key: Yaml.ParsedNode): string {
  if (!yaml.isScalar(key)) throw new EditRefusal("a key is no text: write it in quotes first");
  return typeof key.value === "symbol" ? (key.source ?? "<<") : String(key.value);
}

function keyText({ format }: Source, key: string): string {
  return format === "json" ? JSON.stringify(key) : scalarText(key);
}

const SAFE_IN_BRACKETS = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;

/** A scalar as it may stand anywhere, in brackets too. */
function scalarText(value: unknown): string {
  if (typeof value !== "string") return writeYamlValue(value).trim();
  const written = stringText(value);
  if (written === undefined)
    throw new EditRefusal("a new text has half of a surrogate pair, which YAML cannot hold");
  return written.startsWith('"') || SAFE_IN_BRACKETS.test(written) ? written : JSON.stringify(value);
}

/** A value between brackets; `pad`: the indentation of its line, where the collection around it has a line for each part. */
export function valueText(source: Source, value: unknown, pad: string | undefined): string {
  const { format } = source;
  if (format === "json") {
    const unit = pad === undefined || !source.text.includes("\n") ? undefined : "  ";
    return JSON.stringify(value, null, unit).replace(/\n/g, `\n${pad ?? ""}`);
  }
  if (Array.isArray(value)) return `[${value.map((item) => valueText(source, item, undefined)).join(", ")}]`;
  if (!isRecord(value)) return scalarText(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${keyText(source, key)}: ${valueText(source, member, undefined)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
