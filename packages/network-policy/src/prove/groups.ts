import type { NormalPolicy } from "../policy/normal.ts";
import type { LabelFacts } from "../reach/truth.ts";
import type { Unit } from "../reach/unit.ts";
import type { Span } from "./domain.ts";
import type { ReachFacts, Target } from "./facts.ts";
import { type LabelValues, type NamespaceView, spansOf } from "./reach-formula.ts";

/** Pods, or namespaces, about which every question has the same answer; one of them stands for all. */
export interface Group {
  /** Equal for groups with equal answers, in every claim about one set of facts. */
  readonly key: string;
  /** The namespaces of the group; of one with `pods`, the one namespace that they are in. */
  readonly namespaces: ReadonlySet<string>;
  /** The pods, when they are those of a workload. Absent: every pod that could exist in the namespaces. */
  readonly pods?: readonly Unit[];
  /** The ports of the pods that a claim's ports mean; absent: the same. */
  readonly ports?: readonly Span[];
  /** Of the pods that could exist only those that have none of these values under these keys. */
  readonly lacking?: LabelValues;
}

/** Namespaces of a set of facts, looked at once. */
export interface NamespaceIndex {
  readonly view: (name: string) => NamespaceView;
  readonly groupKey: (name: string) => string;
  /** A short name for a key, as keys hold whole policies. */
  readonly shortKey: (key: string) => string;
  /** Whether some policy has an ipBlock, so that addresses matter at all; and whether one of IPv6. */
  readonly hasBlocks: boolean;
  readonly hasIpv6: boolean;
}

const NAME_LABEL = "kubernetes.io/metadata.name";

/** Indexes policies by namespace; names of groups are made when they are asked for. */
export function namespaceIndex(facts: ReachFacts): NamespaceIndex {
  const policies = byNamespace(facts.policies);
  const invalid = byNamespace(facts.invalid ?? []);
  const used = usedByPolicies(facts.policies);
  const views = new Map<string, NamespaceView>();
  const keys = new Map<string, string>();
  const shortKeys = new Map<string, string>();
  const shortKey = (key: string) => {
    const known = shortKeys.get(key) ?? `${shortKeys.size}`;
    shortKeys.set(key, known);
    return known;
  };
  const view = (name: string) => {
    const known = views.get(name);
    if (known !== undefined) return known;
    const own = policies.get(name) ?? [];
    const made: NamespaceView = {
      name,
      facts: namespaceFacts(facts.namespaces.get(name), name),
      ingress: own.filter((p) => p.ingress !== undefined),
      egress: own.filter((p) => p.egress !== undefined),
      invalid: invalid.get(name) ?? [],
    };
    views.set(name, made);
    return made;
  };
  const groupKey = (name: string) => {
    const known = keys.get(name);
    if (known !== undefined) return known;
    const { facts: own, ingress, egress, invalid: doubtful } = view(name);
    const key = JSON.stringify([
      own.complete,
      distinguished(own, used.namespaceLabels),
      [ingress, egress].map((list) => list.map(shape)),
      doubtful.map(({ podSelector, directions }) => [podSelector, directions]),
    ]);
    keys.set(name, shortKey(key));
    return shortKey(key);
  };
  return { view, groupKey, shortKey, hasBlocks: used.blocks.size > 0, hasIpv6: used.blocks.has(6) };
}

/** Namespaces with equal policies and with labels that no selector tells apart. */
export function groupNamespaces(names: readonly string[], index: NamespaceIndex): readonly Group[] {
  const groups = new Map<string, Set<string>>();
  for (const name of names) {
    const key = index.groupKey(name);
    const members = groups.get(key) ?? new Set();
    groups.set(key, members.add(name));
  }
  return [...groups].map(([key, namespaces]) => ({ key, namespaces }));
}

/** Pods of equal labels and ports in one namespace, and of equal addresses when some policy looks at addresses. */
export function groupPods(targets: readonly Target[], index: NamespaceIndex): readonly Group[] {
  const groups = new Map<string, { pods: Unit[]; target: Target }>();
  for (const target of targets) {
    const pod = target.unit;
    const { labels, complete, opaque } = pod.labels;
    const addresses = index.hasBlocks ? pod.addresses?.map((a) => `${a.family}/${a.first}`) : undefined;
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const ports = pod.ports.map((p) => [p.name, p.protocol, p.number]);
    const known = pod.addresses !== undefined;
    const key = JSON.stringify([
      ...[
        pod.namespace,
        pod.kind,
        sorted,
        complete,
        opaque,
        ports,
        known,
        pod.families,
        addresses,
        target.ports,
      ],
    ]);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, { pods: [pod], target });
    else members.pods.push(pod);
  }
  return [...groups].map(([key, { pods, target }]) => ({
    key: index.shortKey(key),
    namespaces: new Set([target.unit.namespace ?? ""]),
    pods,
    ...(target.ports && { ports: spansOf(target.ports) }),
  }));
}

/** A namespace without an object may have any labels; its name is a label always. */
function namespaceFacts(facts: LabelFacts | undefined, name: string): LabelFacts {
  return { labels: { ...facts?.labels, [NAME_LABEL]: name }, complete: facts?.complete ?? false };
}

interface Used {
  /** Keys of namespace selectors with the values that they name. */
  readonly namespaceLabels: LabelValues;
  /** Families of the ipBlocks. */
  readonly blocks: ReadonlySet<number>;
}

/** What the peers of policies tell apart. */
export function usedByPolicies(policies: readonly NormalPolicy[]): Used {
  const namespaceLabels = new Map<string, Set<string>>();
  const blocks = new Set<number>();
  for (const { ingress = [], egress = [] } of policies)
    for (const { peers = [] } of [...ingress, ...egress])
      for (const peer of peers) {
        if (peer.kind === "block") blocks.add(peer.cidr.family);
        else
          for (const { key, values } of peer.namespaces ?? []) {
            const named = namespaceLabels.get(key) ?? new Set();
            for (const value of values) named.add(value);
            namespaceLabels.set(key, named);
          }
      }
  return { namespaceLabels, blocks };
}

/** The labels that some selector looks at; values that none names are all alike. */
export function distinguished({ labels }: LabelFacts, used: Used["namespaceLabels"]): readonly unknown[] {
  const seen: (readonly [string, string | null])[] = [];
  for (const [key, value] of Object.entries(labels)) {
    const named = used.get(key);
    if (named !== undefined) seen.push([key, named.has(value) ? value : null]);
  }
  return seen.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What a policy says, without its name and place. */
export function shape({ podSelector, ingress, egress }: NormalPolicy): string {
  return JSON.stringify([podSelector, ingress ?? null, egress ?? null], (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

function byNamespace<T extends { readonly namespace: string }>(items: readonly T[]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const item of items) {
    const list = map.get(item.namespace);
    if (list === undefined) map.set(item.namespace, [item]);
    else list.push(item);
  }
  return map;
}
