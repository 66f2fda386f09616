import type { Right } from "./diff-rights.ts";
import { type AccessResource, formatAccessResource } from "./resource-name.ts";

/** Rights that read as one sentence: these verbs on these resources (with these names), or on these paths. */
export interface RightGroup {
  readonly verbs: readonly string[];
  readonly resources: readonly AccessResource[];
  readonly resourceNames: readonly string[];
  readonly paths: readonly string[];
  /** One of them. */
  readonly right: Right;
  /** Equal for groups of the same rights. */
  readonly key: string;
}

const VERB_ORDER = ["*", "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

const grouped = new WeakMap<readonly Right[], readonly RightGroup[]>();

/** Groups rights: names by verb and resource, then verbs by resource, then resources. Every right is in exactly one group. */
export function groupRights(rights: readonly Right[]): readonly RightGroup[] {
  let groups = grouped.get(rights);
  if (groups === undefined) {
    groups = [...groupResources(rights), ...groupPaths(rights)];
    grouped.set(rights, groups);
  }
  return groups;
}

/** Reading before writing, then by name. */
export function compareVerbs(a: string, b: string): number {
  const rank = (verb: string) => (VERB_ORDER.indexOf(verb) + VERB_ORDER.length + 1) % (VERB_ORDER.length + 1);
  return rank(a) - rank(b) || compare(a, b);
}

interface Open {
  readonly right: Right;
  readonly verbs: Set<string>;
  readonly names: readonly string[];
  readonly resources: AccessResource[];
}

function groupResources(rights: readonly Right[]): RightGroup[] {
  const names = new Map<string, { readonly right: Right; readonly names: Set<string> }>();
  for (const right of rights) {
    if (right.on === undefined) continue;
    const { group, resource, subresource } = right.on;
    const key = JSON.stringify([right.verb, group, resource, subresource, right.name === undefined]);
    const known = names.get(key) ?? { right, names: new Set() };
    if (right.name !== undefined) known.names.add(right.name);
    names.set(key, known);
  }
  const verbs = new Map<string, Open>();
  for (const { right, names: set } of names.values()) {
    const on = right.on!;
    const sorted = [...set].sort();
    const key = JSON.stringify([on.group, on.resource, on.subresource, sorted]);
    const known = verbs.get(key) ?? { right, verbs: new Set(), names: sorted, resources: [on] };
    known.verbs.add(right.verb);
    verbs.set(key, known);
  }
  const resources = new Map<string, Open>();
  for (const one of verbs.values()) {
    const key = JSON.stringify([[...one.verbs].sort(), one.names]);
    const known = resources.get(key);
    if (known === undefined) resources.set(key, one);
    else known.resources.push(...one.resources);
  }
  return [...resources.values()].map(({ right, verbs: set, names: list, resources: on }) =>
    closed({
      verbs: [...set].sort(compareVerbs),
      resources: on.toSorted((a, b) => compare(formatAccessResource(a), formatAccessResource(b))),
      resourceNames: list,
      paths: [],
      right,
    }),
  );
}

function groupPaths(rights: readonly Right[]): RightGroup[] {
  const verbs = new Map<string, { readonly right: Right; readonly verbs: Set<string> }>();
  for (const right of rights) {
    if (right.path === undefined) continue;
    const known = verbs.get(right.path) ?? { right, verbs: new Set() };
    known.verbs.add(right.verb);
    verbs.set(right.path, known);
  }
  const paths = new Map<
    string,
    { readonly right: Right; readonly verbs: string[]; readonly paths: string[] }
  >();
  for (const [path, { right, verbs: set }] of verbs) {
    const sorted = [...set].sort(compareVerbs);
    const key = JSON.stringify(sorted);
    const known = paths.get(key) ?? { right, verbs: sorted, paths: [] };
    known.paths.push(path);
    paths.set(key, known);
  }
  return [...paths.values()].map(({ right, verbs: list, paths: on }) =>
    closed({ verbs: list, resources: [], resourceNames: [], paths: on.sort(), right }),
  );
}

function closed(group: Omit<RightGroup, "key">): RightGroup {
  const { verbs, resources, resourceNames, paths } = group;
  const on = resources.map(({ group: apiGroup, resource, subresource }) => [apiGroup, resource, subresource]);
  return { ...group, key: JSON.stringify([verbs, on, resourceNames, paths]) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
