import { formatPath, type PathSegment } from "../field-path.ts";
import { type AliasBudget, countValue } from "./alias-budget.ts";
import type { AliasNode, MappingNode, Node, ScalarNode } from "./node.ts";
import { depthError, MAX_DEPTH, type Problem, ReadError } from "./problem.ts";
import { resolveJsonScalar } from "./resolve-json-scalar.ts";
import { keyText, resolveScalar, type Scalar } from "./resolve-scalar.ts";
import { placeOfField, placeOfItem, type StringPlace } from "./string-places.ts";
import { yaml12Reading } from "./yaml12-reading.ts";

/** A JSON object under construction. */
type Fields = Record<string, unknown>;

interface Composer {
  readonly resolve: (node: ScalarNode) => Scalar | undefined;
  readonly mergeKeys: boolean;
  readonly budget: AliasBudget;
  /** Aliases being expanded, to find one inside its own anchor. */
  readonly open: Set<AliasNode>;
  readonly path: PathSegment[];
  readonly problems: Problem[];
  /** Where each key of a mapping stands first, worked out when a mapping has a duplicate. */
  readonly firstKeys: Map<MappingNode, ReadonlyMap<string, Node>>;
}

/** A document's value as plain JSON, without shared parts, and what is wrong with it. Throws what ends the reading. */
export interface Composed {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** How many values came from aliases. */
  readonly repeated: number;
}

/**
 * The JSON value of a tree, as sigs.k8s.io/yaml makes it: tags applied, aliases expanded, merge keys merged in the order
 * in which they are written, keys turned into text.
 *
 * @param allowance how many values aliases may repeat here, below the limits of kubectl's reader
 * @throws ReadError on aliases that explode or contain themselves, tags that do not fit, keys and numbers that JSON lacks
 */
export function compose(root: Node, format: "yaml" | "json", allowance: number): Composed {
  const composer: Composer = {
    resolve: format === "json" ? resolveJsonScalar : resolveScalar,
    mergeKeys: format === "yaml",
    // The document itself counts as a value.
    budget: { values: 1, repeated: 0, allowance },
    open: new Set(),
    path: [],
    problems: [],
    firstKeys: new Map(),
  };
  const value = composeNode(composer, root, "root");
  return { value, problems: composer.problems, repeated: composer.budget.repeated };
}

function composeNode(c: Composer, node: Node, place: StringPlace): unknown {
  countValue(c.budget, c.open.size > 0, node.at);
  if (c.path.length > MAX_DEPTH || c.open.size > MAX_DEPTH) throw depthError(node.at);
  switch (node.kind) {
    case "scalar":
      return scalarValue(c, node, place);
    case "sequence": {
      const itemPlace = placeOfItem(place);
      return node.items.map((item, index) => {
        c.path.push(index);
        const value = composeNode(c, item, itemPlace);
        c.path.pop();
        return value;
      });
    }
    case "mapping": {
      const fields: Fields = {};
      fillFields(c, node, fields, place, undefined);
      return fields;
    }
    case "alias":
      return inAlias(c, node, () => composeNode(c, node.target, place));
  }
}

function inAlias<T>(c: Composer, node: AliasNode, expand: () => T): T {
  if (c.open.has(node))
    throw new ReadError({
      code: "core/no-alias-bomb",
      offset: node.at,
      path: [...c.path],
      message: `expected a finite value, got *${node.name} inside the value that it names`,
      hint: "write the value out instead of the alias",
    });
  c.open.add(node);
  const value = expand();
  c.open.delete(node);
  return value;
}

/** Sets the fields of a mapping. `outer`: they are merged into the object of another mapping, where `outer` tells what came by merging. */
function fillFields(
  c: Composer,
  node: MappingNode,
  fields: Fields,
  place: StringPlace,
  outer: Set<string> | undefined,
): void {
  let merged = outer;
  for (const { key, value } of node.entries) {
    if (c.mergeKeys && isMerge(key)) {
      merged ??= new Set();
      merge(c, value, fields, place, merged);
      continue;
    }
    const name = composeKey(c, key);
    c.path.push(name);
    const taken = Object.hasOwn(fields, name);
    if (outer) {
      if (!taken) outer.add(name);
    } else if (taken && !merged?.delete(name)) reportDuplicate(c, node, key, name);
    setField(fields, name, composeNode(c, value, placeOfField(place, name, node)));
    c.path.pop();
  }
}

/** `__proto__` is a key like any other. */
function setField(fields: Fields, name: string, value: unknown): void {
  if (name === "__proto__")
    Object.defineProperty(fields, name, { value, writable: true, enumerable: true, configurable: true });
  else fields[name] = value;
}

export function isMerge(key: Node): boolean {
  return (
    key.kind === "scalar" && key.value === "<<" && (key.implicit || key.tag === "tag:yaml.org,2002:merge")
  );
}

/** Puts the fields of one mapping, or of several with the first as the strongest, over those that are there. */
function merge(c: Composer, source: Node, fields: Fields, place: StringPlace, merged: Set<string>): void {
  const parts = source.kind === "sequence" ? [...source.items].reverse() : [source];
  for (const part of parts) {
    const target = part.kind === "alias" ? part.target : part;
    if (target.kind !== "mapping")
      throw new ReadError({
        code: "core/valid-yaml",
        offset: part.at,
        path: [...c.path],
        message: `expected a mapping or a list of mappings after <<, got a ${target.kind === "sequence" ? "list" : "scalar"}`,
        hint: 'merge a mapping, or put the key in quotes ("<<") if it is no merge',
      });
    countValue(c.budget, c.open.size > 0, part.at);
    if (part.kind === "alias")
      inAlias(c, part, () => {
        countValue(c.budget, true, target.at);
        fillFields(c, target, fields, place, merged);
      });
    else fillFields(c, target, fields, place, merged);
  }
}

function composeKey(c: Composer, node: Node): string {
  countValue(c.budget, c.open.size > 0, node.at);
  if (node.kind === "alias") return inAlias(c, node, () => composeKey(c, node.target));
  if (node.kind !== "scalar")
    throw new ReadError({
      code: "core/valid-yaml",
      offset: node.at,
      path: [...c.path],
      message: `expected text as a key, got a ${node.kind === "sequence" ? "list" : "mapping"}`,
      hint: "keys of JSON are text: put the key in quotes, or add the missing quotes around a value with braces",
    });
  const text = keyText(resolved(c, node));
  if (text === undefined)
    throw new ReadError({
      code: "core/valid-yaml",
      offset: node.at,
      path: [...c.path],
      message: `expected text as a key, got ${node.value === "" ? "nothing" : node.value}`,
      hint: `put the key in quotes: "${node.value}"`,
    });
  return text;
}

/** The text of a key, for those that only look; `undefined` for keys that are refused. */
export function keyOf(node: Node): string | undefined {
  const target = node.kind === "alias" ? node.target : node;
  if (target.kind !== "scalar") return undefined;
  const scalar = resolveScalar(target);
  return scalar && keyText(scalar);
}

function resolved(c: Composer, node: ScalarNode): Scalar {
  const scalar = c.resolve(node);
  if (scalar) return scalar;
  const tag = node.tag.replace("tag:yaml.org,2002:", "!!");
  throw new ReadError({
    code: "core/valid-yaml",
    offset: node.at,
    path: [...c.path],
    message: `expected ${tag ? `a value that fits the tag ${tag}` : "a number that the API can hold"}, got ${JSON.stringify(node.value.slice(0, 40))}`,
    hint: tag ? "correct the value or remove the tag" : "put it in quotes if it is text",
  });
}

function scalarValue(c: Composer, node: ScalarNode, place: StringPlace): unknown {
  const scalar = resolved(c, node);
  if (scalar.type === "string") return scalar.value;
  const value =
    scalar.type === "null" ? null : scalar.type === "integer" ? Number(scalar.value) : scalar.value;
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new ReadError({
        code: "core/valid-yaml",
        offset: node.at,
        path: [...c.path],
        message: `expected a number that JSON can hold, got ${node.value}`,
        hint: `put it in quotes if it is text: "${node.value}"`,
      });
    if (scalar.type === "integer" && BigInt(value) !== scalar.value) reportInexact(c, node, value);
  }
  if (place === "text" && node.implicit && c.open.size === 0) reportAmbiguous(c, node, value);
  // JSON's -0 is 0 to the API, which reads it as an integer.
  return value === 0 ? 0 : value;
}

function reportDuplicate(c: Composer, parent: MappingNode, key: Node, name: string): void {
  // Inside an alias it was reported where the anchor stands.
  if (c.open.size > 0) return;
  const quoted = JSON.stringify(name.slice(0, 60));
  c.problems.push({
    code: "core/unique-key",
    severity: "error",
    offset: key.at,
    path: [...c.path],
    message: `expected each key once, got ${quoted} again: kubectl takes the last one and drops the others`,
    hint: `remove one of the two, or merge their values under one ${quoted}`,
    related: { message: `${quoted} is here first`, offset: firstKey(c, parent, name).at },
  });
}

function firstKey(c: Composer, parent: MappingNode, name: string): Node {
  let first = c.firstKeys.get(parent);
  if (first === undefined) {
    // Of equal keys the one set last stays, so they are set from the end.
    first = new Map([...parent.entries].reverse().map(({ key }) => [keyOf(key) ?? "", key]));
    c.firstKeys.set(parent, first);
  }
  return first.get(name) ?? parent;
}

function reportInexact(c: Composer, node: ScalarNode, value: number): void {
  c.problems.push({
    code: "core/exact-number",
    severity: "warning",
    offset: node.at,
    path: [...c.path],
    message: `expected an integer up to 2^53, got ${node.value}: it is kept as ${value}`,
    hint: "put it in quotes if the field takes text; readers with 64-bit floats cannot hold this number",
  });
}

function reportAmbiguous(c: Composer, node: ScalarNode, value: unknown): void {
  const other = yaml12Reading(node.value);
  if (Object.is(other, value)) return;
  c.problems.push({
    code: "core/no-ambiguous-scalar",
    severity: "warning",
    offset: node.at,
    path: [...c.path],
    message:
      `expected text at ${formatPath(c.path)}, got ${node.value}: kubectl (YAML 1.1) reads it as the ` +
      `${typeof value} ${String(value)}, a YAML 1.2 reader as the ${typeof other} ${JSON.stringify(other)}`,
    hint: `put it in quotes: "${node.value}"`,
  });
}
