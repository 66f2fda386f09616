import type { Labels, Requirement } from "@ashlar/core";
import type { Direction, NormalPolicy, PodPeer } from "../policy/normal.ts";
import type { InvalidPolicy } from "../policy/normalize.ts";
import { namespaceFacts } from "./endpoints.ts";
import type { NetworkModel } from "./model.ts";
import { type LabelFacts, NO, selects } from "./truth.ts";
import { selectorKey } from "./vocabulary.ts";

/** The labels of a pod before and after. */
export type Carried = readonly [LabelFacts, LabelFacts];

/**
 * The labels by which selectors tell pods apart that could exist, by namespace, as far as the change from one model to the
 * other can depend on them: for each selector the fewest labels that meet it, or that keep a pod out of it; and those of
 * selectors that decide on one pod together: of a policy that selects it, of a peer that matches it, and of another policy
 * that selects it, where one of them is changed. What pods have that are `present` is left out. All namespaces together get
 * {@link MOST} at most, those of changed policies first.
 */
export function labelClasses(
  before: NetworkModel,
  after: NetworkModel,
  namespaces: readonly string[],
  present: ReadonlyMap<string, readonly Carried[]>,
): Map<string, Labels[]> {
  const models = [before, after] as const;
  const isNew = changedPolicies(before, after);
  const labelsOf = (model: NetworkModel, name: string) => labelsText(namespaceFacts(model, name));
  const relabelled = new Set(namespaces.filter((name) => labelsOf(before, name) !== labelsOf(after, name)));
  const policiesOf = (name: string) => models.flatMap(({ policiesIn }) => policiesIn.get(name)?.valid ?? []);
  const invalidOf = (name: string) => models.flatMap(({ policiesIn }) => policiesIn.get(name)?.invalid ?? []);
  const changed = namespaces.filter(
    (name) => relabelled.has(name) || [...policiesOf(name), ...invalidOf(name)].some(isNew),
  );
  if (changed.length === 0) return new Map();
  const peersIn = (some: readonly string[]) =>
    peersOf(
      some.flatMap(policiesOf),
      (policy, { namespaces: by }) => isNew(policy) || (by !== undefined && relabelled.size > 0),
    );
  const [ofAll, ofChanged, isChanged] = [peersIn(namespaces), peersIn(changed), new Set(changed)];
  const ranked = namespaces.map((name) => {
    const facts = models.map((model) => namespaceFacts(model, name));
    const matching = (isChanged.has(name) ? ofAll : ofChanged).filter(({ home, by }) =>
      by === undefined ? home === name : facts.some((own) => selects(by, own) !== NO),
    );
    const sides = (["egress", "ingress"] as const).map((direction) => ({
      own: [
        ...policiesOf(name).filter((policy) => policy[direction] !== undefined),
        ...invalidOf(name).filter(({ directions }) => directions.includes(direction)),
      ].map((policy) => ({ selector: policy.podSelector ?? [], changed: isNew(policy) })),
      peers: matching.filter((peer) => peer.direction !== direction),
    }));
    return [name, classesOf(sides, present.get(name) ?? [])] as const;
  });
  return fairly(ranked, Math.floor(MOST_COMPARED / changed.length));
}

/** How many classes of changed policies there are, where each namespace gets one at least. */
const MOST = 1_000;

/** How many others, for each of them is compared with all pods of the namespaces that change. */
const MOST_COMPARED = 3_000;

/** How many classes of one namespace come from several selectors. */
const MOST_TOGETHER = 100;

/** How many sets of labels are looked at for those. */
const MOST_TRIES = 2_000;

type Policy = NormalPolicy | InvalidPolicy;
type Selector = readonly Requirement[];

/** Whether a policy of one model is none of the other; names do not count. */
function changedPolicies(before: NetworkModel, after: NetworkModel): (policy: Policy) => boolean {
  const texts = new Map<Policy, string>();
  const count = new Map<string, number>();
  for (const [i, { policies, invalid }] of [before, after].entries())
    for (const policy of [...policies, ...invalid]) {
      const text = meaningOf(policy);
      texts.set(policy, text);
      count.set(text, (count.get(text) ?? 0) | (i + 1));
    }
  return (policy) => count.get(texts.get(policy)!) !== 3;
}

function meaningOf(policy: Policy): string {
  const says = "directions" in policy ? policy.directions : [policy.ingress, policy.egress];
  return JSON.stringify([policy.namespace, policy.podSelector, says], (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

function labelsText({ labels, complete }: LabelFacts): string {
  return JSON.stringify([complete, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

interface Asked {
  readonly selector: Selector;
  readonly changed: boolean;
}

interface Peer extends Asked {
  /** The namespace of its policy, where it speaks of its pods alone; else `by` selects namespaces. */
  readonly home?: string;
  readonly by: Selector | undefined;
  readonly direction: Direction;
}

/** The peers by labels of policies, each once. */
function peersOf(
  policies: readonly NormalPolicy[],
  isNew: (policy: NormalPolicy, peer: PodPeer) => boolean,
): Peer[] {
  const found = new Map<string, Peer>();
  for (const policy of policies)
    for (const direction of ["ingress", "egress"] as const)
      for (const peer of policy[direction]?.flatMap((rule) => rule.peers ?? []) ?? []) {
        if (peer.kind !== "pods" || peer.pods.length === 0) continue;
        const { namespaces: by, pods: selector } = peer;
        const where = by === undefined ? policy.namespace : `: ${selectorKey(by)}`;
        const key = `${direction} ${where} / ${selectorKey(selector)}`;
        const changed = isNew(policy, peer) || found.get(key)?.changed === true;
        const home = by === undefined && { home: policy.namespace };
        found.set(key, { selector, changed, by, direction, ...home });
      }
  return [...found.values()];
}

interface Side {
  /** The selectors of the policies of the namespace. */
  readonly own: readonly Asked[];
  /** Those of peers that may match its pods. */
  readonly peers: readonly Asked[];
}

/** Classes of one namespace: of changed policies, of others, and of several selectors together. */
type Ranked = readonly (readonly Labels[])[];

/** One set of labels for each way in which selectors answer, but for the answers to pods without labels and present ones. */
function classesOf(sides: readonly Side[], present: readonly Carried[]): Ranked {
  const asked = sides.flatMap(({ own, peers }) => [...own, ...peers]);
  const selectors = distinct(asked.map(({ selector }) => selector));
  if (selectors.length === 0) return [];
  const known = new Set([answersTo(selectors, bare({})), ...answersOf(selectors, present)]);
  const isNew = (labels: Labels) => {
    const size = known.size;
    return known.add(answersTo(selectors, bare(labels))).size > size;
  };
  const ofChanged = waysOf(asked.filter(({ changed }) => changed)).filter(isNew);
  const ofOthers = waysOf(asked).filter(isNew);
  const together: Labels[] = [];
  let tries = 0;
  for (const side of sides)
    for (const labels of joinedIn(side)) {
      if (together.length === MOST_TOGETHER || ++tries > MOST_TRIES) break;
      if (isNew(labels)) together.push(labels);
    }
  return [ofChanged, ofOthers, together];
}

/** Labels by which several selectors decide on one pod. */
function* joinedIn({ own, peers }: Side): Generator<Labels> {
  const [mine, theirs] = [waysOf(own), waysOf(peers)];
  const [changed, changedPeers] = [own, peers].map((all) => waysOf(all.filter((one) => one.changed)));
  yield* joined(mine, changedPeers!);
  yield* joined(changed!, theirs);
  yield* joined(changed!, mine);
  for (const both of joined(changed!, mine)) yield* joined([both], theirs);
  yield* joined(changedPeers!, theirs);
}

/** As many classes of each namespace as there is room for: of changed policies, and then of others. */
function fairly(ranked: readonly (readonly [string, Ranked])[], others: number): Map<string, Labels[]> {
  const found = new Map<string, Labels[]>();
  let room = others;
  for (const rank of [0, 1, 2]) {
    const some = ranked.filter(([, ranks]) => (ranks[rank]?.length ?? 0) > 0);
    const share = Math.floor((rank === 0 ? MOST : room) / some.length);
    for (const [name, ranks] of some) {
      const taken = ranks[rank]!.slice(0, rank === 0 ? Math.max(1, share) : share);
      if (taken.length > 0) found.set(name, [...(found.get(name) ?? []), ...taken]);
      if (rank > 0) room -= taken.length;
    }
  }
  return found;
}

function distinct(selectors: readonly Selector[]): Selector[] {
  const some = selectors.filter((selector) => selector.length > 0);
  return [...new Map(some.map((selector) => [selectorKey(selector), selector])).values()];
}

function answersTo(selectors: readonly Selector[], facts: LabelFacts): string {
  return selectors.map((selector) => selects(selector, facts)).join("");
}

/** How selectors answer to pods that they answer to alike before and after. */
function answersOf(selectors: readonly Selector[], present: readonly Carried[]): string[] {
  const keys = [...new Set(selectors.flatMap((selector) => selector.map(({ key }) => key)))];
  const textOf = ({ labels, complete, opaque = [] }: LabelFacts) =>
    keys.reduce((text, key) => `${text}${labels[key] ?? "-"} `, `${complete} ${opaque.join()} `);
  const once = new Map<string, Carried>();
  for (const carried of present) once.set(textOf(carried[0]) + textOf(carried[1]), carried);
  const answers = [...once.values()].map((carried) => carried.map((facts) => answersTo(selectors, facts)));
  return answers.flatMap(([old, next]) => (old === next ? [old!] : []));
}

function bare(labels: Labels): LabelFacts {
  return { labels, complete: true };
}

/** Stands for a value that no selector names: no label can have it. */
const ANY_VALUE = "*";

/** The fewest labels that meet selectors, for each choice of values, and those that requirements on absence turn away. */
function waysOf(asked: readonly Asked[]): Labels[] {
  return distinct(asked.map(({ selector }) => selector)).flatMap(waysTo);
}

function waysTo(selector: Selector): Labels[] {
  let ways: Labels[] = [{}];
  for (const { key, operator, values } of selector)
    if (operator === "In")
      ways = ways
        .flatMap((way) => values.flatMap((value): Labels[] => merge(way, { [key]: value })))
        .slice(0, MOST_TOGETHER);
  for (const { key, operator } of selector)
    if (operator === "Exists") ways = ways.map((way) => ({ [key]: ANY_VALUE, ...way }));
  const met = ways.filter((labels) => selects(selector, bare(labels)) !== NO);
  const turned = selector.flatMap(({ key, operator, values }): Labels[] => {
    if (operator === "DoesNotExist") return [{ [key]: ANY_VALUE }];
    return operator === "NotIn" ? values.map((value) => ({ [key]: value })) : [];
  });
  return [...met, ...turned].filter((labels) => Object.keys(labels).length > 0);
}

/** Labels of both lists together, where they do not contradict each other. */
function* joined(some: readonly Labels[], others: readonly Labels[]): Generator<Labels> {
  const byKeys = Map.groupBy(others, keysText);
  for (const labels of some)
    for (const [keys, alike] of byKeys)
      if (keys !== keysText(labels)) for (const other of alike) yield* merge(labels, other);
}

function keysText(labels: Labels): string {
  return Object.keys(labels).sort().join();
}

/** A named value stands for any value too. Nothing where values contradict each other. */
function merge(a: Labels, b: Labels): Labels[] {
  const both: Record<string, string> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const other = both[key];
    if (other === undefined || other === ANY_VALUE) both[key] = value;
    else if (value !== ANY_VALUE && value !== other) return [];
  }
  return [both];
}

/** Labels as `kubectl -l` takes them: `app=web,tier`. */
export function formatLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => (value === ANY_VALUE ? key : `${key}=${value}`))
    .sort()
    .join();
}
