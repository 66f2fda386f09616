import type { Requirement } from "@ashlar/core";
import type { BlockPeer, Protocol } from "../policy/normal.ts";
import { namespaceFacts } from "./endpoints.ts";
import { blockMatches } from "./evaluate.ts";
import type { NetworkModel } from "./model.ts";
import { NO, selects } from "./truth.ts";
import type { Family, Unit } from "./unit.ts";
import { blockKey, readVocabulary, selectorKey } from "./vocabulary.ts";

/** Answers (`Truth`) by class. */
export type ByClass = Uint8Array;

/**
 * Units that no selector, block or port name of the policies can tell apart are one class: label sets are projected onto
 * the keys that selectors name, namespaces onto the selectors, addresses onto the cuts of all blocks. Each selector is
 * then asked once per distinct set of labels.
 */
export interface Classes {
  /** Class of each unit. */
  readonly of: Int32Array;
  /** One unit of each class. */
  readonly samples: readonly Unit[];
  /** Whether a selector matches the labels of the units. */
  readonly byLabels: (requirements: readonly Requirement[]) => ByClass;
  /** Whether a selector matches the labels of their namespaces; NO for what is in none. */
  readonly byNamespace: (requirements: readonly Requirement[]) => ByClass;
  /** Whether a block holds their addresses of a family. */
  readonly byBlock: (peer: BlockPeer, family: Family) => ByClass;
  readonly protocol: Protocol;
  /** The names of ports that policies or the question use and any unit declares. */
  readonly portNames: ReadonlySet<string>;
}

/**
 * Groups units into classes for questions about one protocol; `portName` is one that the question itself uses, `finer` a
 * partition that the classes must not be coarser than. Classes are numbered in the order in which units come, so that
 * equal partitions have equal numbers.
 */
export function classify(
  model: NetworkModel,
  units: readonly Unit[],
  protocol: Protocol,
  { portName, finer }: { readonly portName?: string | undefined; readonly finer?: Int32Array } = {},
): Classes {
  const vocabulary = readVocabulary(model.policies, model.invalid, protocol, portName);
  const labelSetOf = labelSets(vocabulary.podKeys);
  const spaceOf = namespaceClasses(model, vocabulary.namespaceSelectors);
  const addressesOf = addressClasses(vocabulary.blocks);
  const withHosts = units.some((unit) => unit.host);
  const names = usedNames(units, vocabulary.portNames);
  const classes = new Map<string, number>();
  const of = new Int32Array(units.length);
  const samples: Unit[] = [];
  const labelSet: number[] = [];
  const space: number[] = [];
  const addresses: number[] = [];
  for (const [i, unit] of units.entries()) {
    const [l, n, a] = [labelSetOf(unit), spaceOf(unit), addressesOf(unit)];
    const key = `${finer?.[i] ?? ""} ${n} ${l} ${a} ${flagsOf(unit, withHosts)} ${namesOf(unit, names, protocol)}`;
    const found = classes.get(key) ?? samples.length;
    of[i] = found;
    if (found < samples.length) continue;
    classes.set(key, found);
    samples.push(unit);
    labelSet.push(l);
    space.push(n);
    addresses.push(a);
  }
  return {
    of,
    samples,
    byLabels: answers(selectorKey, samples, labelSet, (wanted, unit) => selects(wanted, unit.labels)),
    byNamespace: answers(selectorKey, samples, space, (wanted, { namespace }) =>
      namespace === undefined ? NO : selects(wanted, namespaceFacts(model, namespace)),
    ),
    byBlock: byFamily((family) =>
      answers(blockKey, samples, addresses, (peer, unit) => blockMatches(peer, unit, family)),
    ),
    protocol,
    portNames: names,
  };
}

/**
 * Answers by class of questions that equal `parts` of classes answer alike; each question is asked once per part, and
 * its answers are kept.
 */
function answers<Q extends object>(
  keyOf: (question: Q) => string,
  samples: readonly Unit[],
  parts: readonly number[],
  ask: (question: Q, sample: Unit) => number,
): (question: Q) => ByClass {
  const kept = new Map<string, ByClass>();
  return (question) => {
    const key = keyOf(question);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const byPart: number[] = [];
    const answer = new Uint8Array(samples.length);
    for (let c = 0; c < answer.length; c++) {
      const part = parts[c]!;
      byPart[part] ??= ask(question, samples[c]!);
      answer[c] = byPart[part];
    }
    kept.set(key, answer);
    return answer;
  };
}

function byFamily(make: (family: Family) => (peer: BlockPeer) => ByClass): Classes["byBlock"] {
  const [of4, of6] = [make(4), make(6)];
  return (peer, family) => (family === 4 ? of4 : of6)(peer);
}

/** Numbers distinct texts in the order in which they come. */
function interner(): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    known.set(text, known.size);
    return known.size - 1;
  };
}

/** Numbers label sets that no selector tells apart. */
function labelSets(keys: ReadonlySet<string>): (unit: Unit) => number {
  const sets = interner();
  const values = interner();
  return ({ labels: { labels, opaque } }) => {
    const parts: string[] = [];
    for (const key in labels) if (keys.has(key)) parts.push(`${key} ${values(labels[key]!)}`);
    for (const key of opaque ?? []) if (keys.has(key)) parts.push(`${key} ?`);
    return sets(parts.length > 1 ? parts.sort().join(";") : (parts[0] ?? ""));
  };
}

/** Numbers namespaces that no selector tells apart; one that has policies stands alone, since they speak of its own pods. */
function namespaceClasses(
  model: NetworkModel,
  selectors: readonly (readonly Requirement[])[],
): (unit: Unit) => number {
  const spaces = interner();
  const known = new Map<string | undefined, number>();
  return ({ namespace }) => {
    const found = known.get(namespace);
    if (found !== undefined) return found;
    const facts = namespace === undefined ? undefined : namespaceFacts(model, namespace);
    const own = namespace !== undefined && model.policiesIn.has(namespace) ? namespace : "";
    const space = spaces(
      `${own}/${facts === undefined ? "-" : selectors.map((s) => selects(s, facts)).join("")}`,
    );
    known.set(namespace, space);
    return space;
  };
}

/** Numbers lists of addresses that no block tells apart. */
function addressClasses(blocks: readonly BlockPeer[]): (unit: Unit) => number {
  const lists = interner();
  const cuts = { 4: cutsOf(blocks, 4), 6: cutsOf(blocks, 6) };
  return ({ families, addresses, within }) => {
    if (blocks.length === 0) return lists(families.join());
    if (addresses === undefined) return lists(`${families.join()}?${within === undefined ? "" : "p"}`);
    return lists(
      addresses
        .map((ip) => `${ip.family}@${intervalOf(cuts[ip.family], ip.first)}`)
        .sort()
        .join(),
    );
  };
}

/** Where a block begins or has ended, in order. */
function cutsOf(blocks: readonly BlockPeer[], family: Family): bigint[] {
  const ranges = blocks.flatMap((b) => [b.cidr, ...b.except]).filter((r) => r.family === family);
  const cuts = new Set(ranges.flatMap((r) => [r.first, r.last + 1n]));
  return [...cuts].sort((a, b) => (a < b ? -1 : 1));
}

/** How many cuts lie at or below an address. */
function intervalOf(cuts: readonly bigint[], address: bigint): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What else tells units apart: use of a node's network, being broken, and a node that is not known. */
function flagsOf(unit: Unit, withHosts: boolean): string {
  const node = withHosts && unit.node === undefined ? "?" : "";
  return `${unit.host ? "h" : ""}${unit.broken === undefined ? "" : "b"}${node}`;
}

function usedNames(units: readonly Unit[], asked: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  if (asked.size === 0) return names;
  for (const { ports } of units)
    for (const { name } of ports) if (name !== undefined && asked.has(name)) names.add(name);
  return names;
}

/** The numbers that a unit declares under some names, as one text. */
function namesOf(unit: Unit, names: ReadonlySet<string>, protocol: Protocol): string {
  if (names.size === 0) return "";
  const declared = unit.ports.filter(
    (p) => p.protocol === protocol && p.name !== undefined && names.has(p.name),
  );
  return [...new Set(declared.map((p) => `${p.name}=${p.number}`))].sort().join(";");
}
