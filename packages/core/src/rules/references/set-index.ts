import type { Inventory } from "../../inventory.ts";
import { type Resource, refKey, refOf } from "../../resource.ts";
import { type ObjectIndex, objectIndex } from "./object-index.ts";
import { type PodIndex, podIndex } from "./pod-index.ts";
import { makesPods, type PodTemplate, podTemplateOf } from "./pod-templates.ts";
import type { Reference } from "./reference.ts";
import { referencesOf } from "./references.ts";
import type { Target } from "./target.ts";

/** What several rules ask of one set; each answer is worked out when it is first asked for. */
export interface SetIndex {
  readonly ofKind: (kind: string) => readonly Resource[];
  /** Of each object that makes pods. Partial ones are among them, as far as they tell their pods. */
  readonly templates: () => readonly PodTemplate[];
  readonly pods: () => PodIndex;
  readonly objectsOf: (target: Target) => ObjectIndex;
  /** What names an object of that kind, in the order of the set. */
  readonly referencesTo: (target: Target) => readonly Reference[];
  /** Whether somebody else owns the rest of an object: what it does not say is unknown. */
  readonly isPartial: (resource: Resource) => boolean;
}

const indexes = new WeakMap<Inventory, SetIndex>();

/** The index of a set, the same one for every rule that is given this inventory. */
export function setIndex(inventory: Inventory): SetIndex {
  const known = indexes.get(inventory);
  if (known) return known;
  const index = newIndex(inventory);
  indexes.set(inventory, index);
  return index;
}

function newIndex({ resources, partial = [] }: Inventory): SetIndex {
  const byKind = once(() => grouped(resources, ({ kind }) => kind));
  const ofKind = (kind: string) => byKind().get(kind) ?? NONE;
  const partialKeys = new Set(partial.map(refKey));
  const isPartial = (resource: Resource) => partialKeys.size > 0 && partialKeys.has(refKey(refOf(resource)));
  const templates = once(() => resources.map(podTemplateOf).filter((found) => found !== undefined));
  const byTarget = once(() => grouped(resources.flatMap(referencesOf), ({ target }) => target));
  const objects = new Map<Target, ObjectIndex>();
  return {
    ofKind,
    templates,
    pods: once(() =>
      podIndex(templates(), partial.length === 0 ? [] : resources.filter(isPartial).filter(makesPods)),
    ),
    objectsOf: (target) => {
      const index = objects.get(target) ?? objectIndex(ofKind(target.kind), target);
      objects.set(target, index);
      return index;
    },
    referencesTo: (target) => byTarget().get(target) ?? NONE,
    isPartial,
  };
}

const NONE: readonly never[] = [];

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
