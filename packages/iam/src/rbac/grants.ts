import type { Decision } from "./decision.ts";
import { allowingRule, type Hits } from "./hits.ts";
import {
  type AccessBinding,
  type AccessRole,
  type AccessSubject,
  RBAC_GROUP,
  serviceAccountUser,
} from "./objects.ts";
import { quote } from "./quote.ts";
import type { RuleIndex } from "./rule-index.ts";

/** What one binding gives one of its subjects. */
export interface Grant {
  /** Grants are asked in this order: by binding, then by subject. */
  readonly order: number;
  readonly binding: AccessBinding;
  readonly subject: AccessSubject;
  /** The role that is bound; absent when the set holds none. */
  readonly role: AccessRole | undefined;
  /** Number of the role's rules in the index; -1: no role. */
  readonly ruleSet: number;
  /** Why there is no role, in the server's words; empty when there is one. */
  readonly missing: string;
  /** What was told of it already, by the index of the rule. */
  readonly decisions: (Decision | undefined)[];
}

/** The grants of one subject in one scope, the first per set of rules. */
export interface Bucket {
  readonly grants: Grant[];
  readonly bySet: Map<number, Grant>;
  /** Grants whose role is missing. */
  readonly missing: Grant[];
}

/** What a user or group holds. */
export interface Holder {
  readonly cluster: Bucket;
  readonly namespaces: ReadonlyMap<string, Bucket>;
}

/** The first grant of a bucket that allows, and the rule that does. */
export interface Allowed {
  readonly grant: Grant;
  readonly rule: number;
}

/** The grants of all bindings, in order. */
export function grantsOf(
  bindings: readonly AccessBinding[],
  roles: readonly AccessRole[],
  index: RuleIndex,
): Grant[] {
  const find = roleFinder(roles);
  const grants: Grant[] = [];
  for (const binding of bindings) {
    const role = find(binding.role.kind, binding.namespace, binding.role.name);
    const missing = role ? "" : missingRole(binding.role.kind, binding.role.name);
    const ruleSet = role ? index.numbers.get(role.rules)! : -1;
    for (const subject of binding.subjects)
      grants.push({ order: grants.length, binding, subject, role, ruleSet, missing, decisions: [] });
  }
  return grants;
}

/** Finds what a roleRef names; a Role is looked for in the binding's namespace. */
export function roleFinder(
  roles: readonly AccessRole[],
): (kind: string, namespace: string, name: string) => AccessRole | undefined {
  const clusterRoles = new Map<string, AccessRole>();
  const byNamespace = new Map<string, Map<string, AccessRole>>();
  for (const role of roles) {
    if (role.kind === "ClusterRole") clusterRoles.set(role.name, role);
    else {
      const names = byNamespace.get(role.namespace) ?? new Map<string, AccessRole>();
      byNamespace.set(role.namespace, names.set(role.name, role));
    }
  }
  return (kind, namespace, name) => {
    if (kind === "ClusterRole") return clusterRoles.get(name);
    return kind === "Role" ? byNamespace.get(namespace)?.get(name) : undefined;
  };
}

/** The error of the API server about a roleRef that names no role. */
export function missingRole(kind: string, name: string): string {
  if (kind !== "Role" && kind !== "ClusterRole") return `unsupported role reference kind: ${quote(kind)}`;
  return `${kind.toLowerCase()}.${RBAC_GROUP} ${quote(name)} not found`;
}

/** Sorts grants by whom they are for. Subjects that match nobody (another kind, no namespace) are left out. */
export function bucketsOf(grants: readonly Grant[]): {
  readonly users: ReadonlyMap<string, Holder>;
  readonly groups: ReadonlyMap<string, Holder>;
} {
  const users = new Map<string, OpenHolder>();
  const groups = new Map<string, OpenHolder>();
  for (const grant of grants) {
    const { kind, name, namespace } = grant.subject;
    if (kind === "User") put(users, name, grant);
    else if (kind === "Group") put(groups, name, grant);
    else if (kind === "ServiceAccount" && namespace !== "")
      put(users, serviceAccountUser(namespace, name), grant);
  }
  return { users, groups };
}

/** The first grant that allows, in the authorizer's order. */
export function firstAllowing(bucket: Bucket, hits: Hits, name: string): Allowed | undefined {
  const { grants, bySet } = bucket;
  const { sets } = hits;
  if (grants.length <= sets.length * WALK) {
    for (const grant of grants) {
      const rule = allowingRule(hits, grant.ruleSet, name);
      if (rule >= 0) return { grant, rule };
    }
    return undefined;
  }
  let first: Allowed | undefined;
  for (const ruleSet of sets) {
    const grant = bySet.get(ruleSet);
    if (grant === undefined || (first !== undefined && first.grant.order < grant.order)) continue;
    const rule = allowingRule(hits, ruleSet, name);
    if (rule >= 0) first = { grant, rule };
  }
  return first;
}

/** Looking up a set of rules in a bucket costs as much as walking over this many grants. */
const WALK = 8;

interface OpenHolder {
  readonly cluster: Bucket;
  readonly namespaces: Map<string, Bucket>;
}

function put(holders: Map<string, OpenHolder>, name: string, grant: Grant): void {
  let holder = holders.get(name);
  if (holder === undefined) {
    holder = { cluster: emptyBucket(), namespaces: new Map() };
    holders.set(name, holder);
  }
  const { namespace, kind } = grant.binding;
  let bucket = kind === "ClusterRoleBinding" ? holder.cluster : holder.namespaces.get(namespace);
  if (bucket === undefined) {
    bucket = emptyBucket();
    holder.namespaces.set(namespace, bucket);
  }
  if (grant.role === undefined) bucket.missing.push(grant);
  else if (!bucket.bySet.has(grant.ruleSet)) {
    bucket.bySet.set(grant.ruleSet, grant);
    bucket.grants.push(grant);
  }
}

function emptyBucket(): Bucket {
  return { grants: [], bySet: new Map(), missing: [] };
}
