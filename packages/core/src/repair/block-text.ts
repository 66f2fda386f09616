import type * as Yaml from "yaml";
import { isRecord } from "../json.ts";
import { writeYamlValue } from "../write-yaml/write-yaml.ts";
import { flowText, nameOf, valueText } from "./flow-text.ts";
import { listGaps } from "./list-gaps.ts";
import { sameJson } from "./same-json.ts";
import {
  commentsIn,
  EditRefusal,
  indented,
  isFirstOnLine,
  lineEnd,
  lineStart,
  padTo,
  requirePlain,
  type Source,
  withComments,
} from "./source-text.ts";

type Fields = Readonly<Record<string, unknown>>;
type Node = Yaml.ParsedNode;

/**
 * Collects the splices that make of a value's text the text of another value.
 *
 * @returns whether that was possible inside the text of the value; else what holds the value has to write it anew
 * @throws EditRefusal where anchors, aliases, tags or merges are in the way
 */
export function editNode(source: Source, node: Node | null, before: unknown, after: unknown): boolean {
  if (sameJson(before, after)) return true;
  if (node === null) return false;
  const { yaml } = source;
  if (yaml.isAlias(node)) requirePlain(source, node);
  if (yaml.isCollection(node)) {
    const bothMaps = yaml.isMap(node) && isRecord(before) && isRecord(after);
    const bothLists = yaml.isSeq(node) && Array.isArray(before) && Array.isArray(after);
    if (!bothMaps && !bothLists) return false;
    if (node.flow) {
      if (node.items.length === 0 && source.format === "yaml") return false;
      const text = flowText(source, node, before, after);
      source.splices.push({ start: node.range[0], end: node.range[1], text });
      return true;
    }
    if (yaml.isMap(node) && bothMaps)
      return editMembers(source, node as Yaml.YAMLMap.Parsed, before as Fields, after as Fields);
    return editItems(
      source,
      node as Yaml.YAMLSeq.Parsed,
      before as readonly unknown[],
      after as readonly unknown[],
    );
  }
  return editScalar(source, node as Yaml.Scalar.Parsed, after);
}

function editScalar(source: Source, node: Yaml.Scalar.Parsed, after: unknown): boolean {
  const [start, end] = node.range;
  const isOneLine = start < end && !source.text.slice(start, end).includes("\n");
  if (!isOneLine || (typeof after === "object" && after !== null)) return false;
  const text =
    source.format === "json" ? valueText(source, after, undefined) : writeYamlValue(after).replace(/\n$/, "");
  if (text.includes("\n")) return false;
  requirePlain(source, node);
  source.splices.push({ start, end, text });
  return true;
}

/** A member of a mapping in the text. */
interface Member {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
  /** Behind its colon. */
  readonly colon: number;
  readonly end: number;
}

function membersOf(source: Source, map: Yaml.YAMLMap.Parsed): Member[] {
  return map.items.map((item) => {
    const { key, value, srcToken } = item as Yaml.Pair<Node, Node | null> & {
      srcToken?: Yaml.CST.CollectionItem;
    };
    const sign = srcToken?.sep?.find(({ type }) => type === "map-value-ind");
    if (!sign || srcToken?.start.some(({ type }) => type === "explicit-key-ind"))
      throw new EditRefusal(
        `the key ${nameOf(source, key)} is written with a question mark: write it as key: value first`,
      );
    const colon = sign.offset + 1;
    return {
      name: nameOf(source, key),
      key,
      value,
      colon,
      end: lineEnd(source, contentEnd(source, value, colon)),
    };
  });
}

/** Where the text of a value ends, comments and blank lines behind it left out. */
function contentEnd(source: Source, node: Node | null, whenEmpty: number): number {
  const { yaml } = source;
  if (node === null || node.range[0] === node.range[1]) return whenEmpty;
  if (!yaml.isCollection(node) || node.flow || node.items.length === 0) return node.range[1];
  if (yaml.isMap(node)) {
    const { key, value } = node.items.at(-1) as Yaml.Pair<Node, Node | null>;
    return contentEnd(source, value, source.text.indexOf(":", key.range[1]) + 1);
  }
  const seq = node as Yaml.YAMLSeq.Parsed;
  return contentEnd(source, seq.items.at(-1) as Node, (dashesOf(seq).at(-1) ?? node.range[0]) + 1);
}

function editMembers(source: Source, map: Yaml.YAMLMap.Parsed, before: Fields, after: Fields): boolean {
  const members = membersOf(source, map);
  const byName = new Map(members.map((member) => [member.name, member]));
  const memberAt = (name: string): Member => {
    const member = byName.get(name);
    if (member) return member;
    throw new EditRefusal(
      `the key ${name} comes from a merge (<<) or cannot be followed in the text: write it out first`,
    );
  };
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  const renamed = takeRenamed(before, after, removed, added);
  if (Object.keys(after).length === 0) return false;
  if (removed.length + added.length > 0 && byName.has("<<"))
    throw new EditRefusal("a mapping with a merge (<<) has to change: write its members out first");
  for (const [from, to] of renamed) {
    const member = memberAt(from);
    requirePlain(source, member.key);
    const text = writeYamlValue({ [to]: 0 }).replace(/: 0\n$/, "");
    source.splices.push({ start: member.key.range[0], end: member.key.range[1], text });
    editMember(source, member, before[from], after[to]);
  }
  for (const key of Object.keys(before))
    if (Object.hasOwn(after, key) && !sameJson(before[key], after[key]))
      editMember(source, memberAt(key), before[key], after[key]);
  const fresh = Object.fromEntries(added.map((key) => [key, after[key]]));
  if (removed.length > 0) replaceMembers(source, members, new Set(removed.map(memberAt)), fresh);
  else if (added.length > 0) insertMembers(source, members, fresh);
  return true;
}

/** Takes out of both lists what only got another key: the same value, or the one mapping among each. */
function takeRenamed(before: Fields, after: Fields, removed: string[], added: string[]): [string, string][] {
  const renamed: [string, string][] = [];
  const onlyOne = removed.length === 1 && added.length === 1;
  for (const from of [...removed]) {
    const to = added.find(
      (key) =>
        sameJson(before[from], after[key]) || (onlyOne && isRecord(before[from]) && isRecord(after[key])),
    );
    if (to === undefined) continue;
    renamed.push([from, to]);
    removed.splice(removed.indexOf(from), 1);
    added.splice(added.indexOf(to), 1);
  }
  return renamed;
}

function editMember(source: Source, member: Member, before: unknown, after: unknown): void {
  const { value, colon, end } = member;
  if (editNode(source, value, before, after)) return;
  requirePlain(source, value);
  const text = writeYamlValue({ k: after }).slice(2);
  const pad = padTo(source, member.key.range[0]);
  const [first = "", ...rest] = withComments(text, commentsIn(source, colon, end)).split("\n");
  source.splices.push({ start: colon, end, text: [first, indented(rest.join("\n"), pad)].join("\n") });
}

/** New members take the place of the first one that goes; comments of those that go stand above them. */
function replaceMembers(
  source: Source,
  members: readonly Member[],
  gone: ReadonlySet<Member>,
  fresh: Fields,
): void {
  let text = Object.keys(fresh).length > 0 ? writeYamlValue(fresh) : "";
  if (text !== "") {
    const comments = [...gone].flatMap((member) => commentsIn(source, member.key.range[0], member.end));
    text = comments.map((comment) => `${comment}\n`).join("") + text;
  }
  for (const [index, member] of members.entries()) {
    if (!gone.has(member)) continue;
    requirePlain(source, member.value);
    const start = member.key.range[0];
    const pad = padTo(source, start);
    if (isFirstOnLine(source, start))
      source.splices.push({ start: lineStart(source, start), end: member.end, text: indented(text, pad) });
    else if (text !== "")
      source.splices.push({ start, end: member.end, text: indented(text, pad).slice(pad.length) });
    else {
      // Behind a dash: the member below comes up to it, unless it goes as well or comments stand between.
      const next = members[index + 1];
      const joins = next && !gone.has(next) && source.text.slice(member.end, next.key.range[0]).trim() === "";
      const end = joins ? next.key.range[0] : member.end;
      source.splices.push({ start, end, text: joins ? "" : "\n" });
    }
    text = "";
  }
}

/** Puts new members behind the others; where those are in alphabetical order, as kubectl prints them, new ones keep it. */
function insertMembers(source: Source, members: readonly Member[], fresh: Fields): void {
  const names = members.map(({ name }) => name);
  const isSorted = names.length > 1 && names.every((name, index) => index === 0 || names[index - 1]! < name);
  const pad = padTo(source, members[0]!.key.range[0]);
  for (const [name, value] of Object.entries(fresh)) {
    const found = isSorted ? names.findIndex((other) => other > name) : -1;
    const text = indented(writeYamlValue({ [name]: value }), pad);
    if (found === 0) {
      const start = firstPlace(source, members[0]!.key.range[0]);
      const isOwnLine = isFirstOnLine(source, start);
      source.splices.push({ start, end: start, text: isOwnLine ? text : text.slice(pad.length) + pad });
    } else insertAfter(source, members.at(found < 0 ? -1 : found - 1)!.end, text);
  }
}

/** Where a member before the first one goes: above its comments, or right behind the dash that both stand behind. */
function firstPlace(source: Source, first: number): number {
  if (!isFirstOnLine(source, first)) return first;
  let place = lineStart(source, first);
  while (place > 0) {
    const above = lineStart(source, place - 1);
    if (!source.text.slice(above, place).trimStart().startsWith("#")) break;
    place = above;
  }
  return place;
}

function insertAfter(source: Source, end: number, text: string): void {
  const isOpen = end > 0 && source.text[end - 1] !== "\n";
  source.splices.push({ start: end, end, text: isOpen ? `\n${text}` : text });
}

function dashesOf(seq: Yaml.YAMLSeq.Parsed): number[] {
  const token = seq.srcToken as Yaml.CST.BlockSequence | undefined;
  return (token?.items ?? []).flatMap(({ start }) =>
    start.filter(({ type }) => type === "seq-item-ind").map(({ offset }) => offset),
  );
}

function editItems(
  source: Source,
  seq: Yaml.YAMLSeq.Parsed,
  before: readonly unknown[],
  after: readonly unknown[],
): boolean {
  const dashes = dashesOf(seq);
  const nodes = seq.items as readonly Node[];
  if (dashes.length !== before.length || nodes.length !== before.length)
    throw new EditRefusal("the items of a list cannot be followed in the text");
  if (after.length === 0) return false;
  const endOf = (index: number) => lineEnd(source, contentEnd(source, nodes[index]!, dashes[index]! + 1));
  for (const { from, to, start, end } of listGaps(before, after)) {
    for (let index = from; index < to; index++) {
      const target = start + index - from;
      if (target < end && editNode(source, nodes[index]!, before[index], after[target])) continue;
      requirePlain(source, nodes[index]!);
      const dash = dashes[index]!;
      const isOwnLine = isFirstOnLine(source, dash);
      if (target >= end && !isOwnLine) return false;
      const pad = padTo(source, dash);
      const comments = target < end ? commentsIn(source, dash, endOf(index)) : [];
      const text = target < end ? indented(withComments(writeYamlValue([after[target]]), comments), pad) : "";
      source.splices.push({
        start: isOwnLine ? lineStart(source, dash) : dash,
        end: endOf(index),
        text: isOwnLine ? text : text.slice(pad.length),
      });
    }
    const added = after.slice(start + to - from, end);
    if (added.length === 0) continue;
    const pad = padTo(source, dashes[0]!);
    const text = indented(writeYamlValue(added), pad);
    if (to > 0) insertAfter(source, endOf(to - 1), text);
    else source.splices.push({ start: dashes[0]!, end: dashes[0]!, text: text.slice(pad.length) + pad });
  }
  return true;
}
