import type { Locate, Resource } from "@ashlar/core";
import { aggregate } from "./aggregate.ts";
import { BUILTIN_VERSION, builtinRbac } from "./builtin.ts";
import { bucketsOf, type Grant, grantsOf, type Holder } from "./grants.ts";
import { type AccessBinding, type AccessRole, readBinding, readRole } from "./objects.ts";
import { indexRules, type RuleIndex } from "./rule-index.ts";
import { type Packed, pack } from "./walk.ts";

export interface AccessModelOptions {
  /**
   * Version of Kubernetes that the set is for: `1.36`. Today there is one table of built-in roles (1.36.3), taken for every
   * version; `builtinVersion` of the model says which one it was.
   */
  readonly kubernetes?: string;
  /**
   * Whether the roles and bindings that Kubernetes makes by itself are there too, as far as the set does not hold an object
   * of the same kind and name. Default: true. False: only what the set holds, as in a whole dump of a cluster.
   */
  readonly builtins?: boolean;
  /** Where fields were written, for the evidence of verdicts. */
  readonly locate?: Locate;
  /** Namespace of Roles and RoleBindings that name none; default `default`, as kubectl takes it. */
  readonly defaultNamespace?: string;
}

/**
 * Who may do what by RBAC, ready for questions: `can`, `whoCan`, `accessMatrix`, `accessDiff`, `explainCan`. Built by
 * `accessModel`; the fields are facts read from the set, not a format to store.
 */
export interface AccessModel {
  /** In the order of the set, then the built-in ones. Aggregated ClusterRoles have the rules that they gather. */
  readonly roles: readonly AccessRole[];
  /** In the order in which the authorizer asks: ClusterRoleBindings, then RoleBindings; each as in the set, then built-in. */
  readonly bindings: readonly AccessBinding[];
  /** Every user, group and ServiceAccount that a binding names. A ServiceAccount is the user of its tokens. */
  readonly users: ReadonlyMap<string, Holder>;
  readonly groups: ReadonlyMap<string, Holder>;
  /** What `users` and `groups` hold, as checks read it. */
  readonly packed: Packed;
  /** What each binding gives each of its subjects; a grant's place in the list is its `order`. */
  readonly grants: readonly Grant[];
  /** Every binding names a role that is there. */
  readonly complete: boolean;
  readonly index: RuleIndex;
  /** Namespaces of the set: Namespace objects, and those of its RoleBindings. Sorted. */
  readonly namespaces: readonly string[];
  /** The version of the built-in objects; absent when there are none. */
  readonly builtinVersion?: string;
  readonly locate?: Locate;
}

/**
 * Reads the RBAC objects of any set: from files, `kubectl get -o yaml` dumps or a builder. Other kinds are passed over;
 * of two objects with one name the later counts, as when both are applied. Broken objects never throw: what has the wrong
 * type is read as if it were not there.
 *
 * The order of bindings decides which one a verdict names. The authorizer asks ClusterRoleBindings first, then the
 * RoleBindings of the namespace; among these a live API server has no stable order, the model takes that of the set.
 *
 * @example
 * const model = accessModel(resources);
 * can(model, { groups: ["developer"], verb: "delete", resource: "pods", namespace: "prod" }).allowed;
 */
export function accessModel(resources: readonly Resource[], options: AccessModelOptions = {}): AccessModel {
  const { builtins = true, locate, defaultNamespace = "default" } = options;
  const roles = new Map<string, AccessRole>();
  const bindings = new Map<string, AccessBinding>();
  const namespaces = new Set<string>();
  const read = (resource: Resource, builtin: boolean) => {
    const role = readRole(resource, defaultNamespace, builtin);
    if (role) add(roles, role);
    const binding = readBinding(resource, defaultNamespace, builtin);
    if (binding) add(bindings, binding);
    return binding;
  };
  for (const resource of opened(resources)) {
    const binding = read(resource, false);
    if (binding?.kind === "RoleBinding") namespaces.add(binding.namespace);
    const name: unknown = resource.metadata?.name;
    if (resource.kind === "Namespace" && typeof name === "string") namespaces.add(name);
  }
  if (builtins) for (const resource of builtinRbac()) read(resource, true);

  const list = [...roles.values()];
  const clusterRoles = aggregate(list.filter(({ kind }) => kind === "ClusterRole"));
  const allRoles = [...clusterRoles, ...list.filter(({ kind }) => kind === "Role")];
  const index = indexRules(allRoles.map(({ rules }) => rules));
  const sorted = inOrder([...bindings.values()]);
  const grants = grantsOf(sorted, allRoles, index);
  const { users, groups } = bucketsOf(grants);
  return {
    roles: allRoles,
    bindings: sorted,
    users,
    groups,
    packed: pack(users, groups),
    grants,
    complete: grants.every(({ role }) => role !== undefined),
    index,
    namespaces: [...namespaces].sort(),
    ...(builtins && { builtinVersion: BUILTIN_VERSION }),
    ...(locate && { locate }),
  };
}

type Named = AccessRole | AccessBinding;

/** A later object of the set replaces an earlier one of its name; a built-in one replaces nothing. */
function add<T extends Named>(known: Map<string, T>, object: T): void {
  const key = JSON.stringify([object.kind, object.namespace, object.name]);
  if (!object.builtin || !known.has(key)) known.set(key, object);
}

function inOrder(bindings: readonly AccessBinding[]): AccessBinding[] {
  const cluster = bindings.filter(({ kind }) => kind === "ClusterRoleBinding");
  return [...cluster, ...bindings.filter(({ kind }) => kind === "RoleBinding")];
}

/** The objects of the set; a list (`kind: List`, `RoleList`) gives its items. What is no object is left out. */
function opened(resources: readonly Resource[]): Resource[] {
  const flat: Resource[] = [];
  const pending: { readonly value: unknown; readonly kind: string }[] = resources
    .map((value) => ({ value, kind: "" }))
    .reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    const resource = next.value as Resource;
    const { items } = resource;
    const kind = typeof resource.kind === "string" ? resource.kind : next.kind;
    if (Array.isArray(items) && kind.endsWith("List")) {
      for (const value of items.toReversed()) pending.push({ value, kind: kind.replace(/List$/, "") });
    } else flat.push(resource);
  }
  return flat;
}
