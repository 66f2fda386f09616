import { apiGroup, type Resource } from "../../resource.ts";
import { fieldsOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";
import type { KnownNames } from "./near-names.ts";
import type { Target } from "./target.ts";

/** The objects of one kind in a set, by namespace and name. */
export interface ObjectIndex {
  readonly target: Target;
  /**
   * The object of that name. Where one side names no namespace, the other side's is taken for it: a manifest without one
   * goes wherever kubectl's context says.
   */
  readonly find: (namespace: string | undefined, name: string) => Resource | undefined;
  /** An object of that name in any namespace. */
  readonly findAnywhere: (name: string) => Resource | undefined;
  /** The names that are known in a namespace. */
  readonly names: (namespace: string | undefined) => KnownNames;
}

/** Indexes the objects of a kind, whatever the version of its API. Objects without a name are left out. */
export function objectIndex(resources: readonly Resource[], target: Target): ObjectIndex {
  const { kind, group, namespaced, formerGroup = group } = target;
  const byNamespace = new Map<string, Map<string, Resource>>();
  const anywhere = new Map<string, Resource>();
  for (const resource of resources) {
    if (resource.kind !== kind) continue;
    const ownGroup = apiGroup(textOf(resource.apiVersion));
    if (ownGroup !== group && ownGroup !== formerGroup) continue;
    const name = textOf(fieldsOf(resource.metadata).name);
    if (name === "") continue;
    const namespace = (namespaced && namespaceOf(resource)) || "";
    const names = byNamespace.get(namespace) ?? new Map<string, Resource>();
    byNamespace.set(namespace, names);
    if (!names.has(name)) names.set(name, resource);
    if (!anywhere.has(name)) anywhere.set(name, resource);
  }
  const unsaid = byNamespace.get("");
  const find = (namespace: string | undefined, name: string) =>
    namespaced && namespace !== undefined
      ? (byNamespace.get(namespace)?.get(name) ?? unsaid?.get(name))
      : anywhere.get(name);
  const names = (namespace: string | undefined): KnownNames => {
    if (!namespaced || namespace === undefined) return { count: anywhere.size, list: () => anywhere.keys() };
    const own = byNamespace.get(namespace);
    const count = (own?.size ?? 0) + (unsaid?.size ?? 0);
    return { count, list: () => [...(own?.keys() ?? []), ...(unsaid?.keys() ?? [])] };
  };
  return { target, find, findAnywhere: (name) => anywhere.get(name), names };
}
