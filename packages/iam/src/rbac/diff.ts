import { type AccessVerdict, can } from "./can.ts";
import type { AccessEvidence } from "./decision.ts";
import { groupRights, type RightGroup } from "./diff-groups.ts";
import { holds, keyOf, type Right, rightsOf, widest } from "./diff-rights.ts";
import type { Bucket, Holder } from "./grants.ts";
import type { AccessModel } from "./model.ts";
import type { AccessRule, AccessSubject } from "./objects.ts";
import { type AccessIdentity, type AccessRequest, MASTERS } from "./request.ts";
import type { AccessResource } from "./resource-name.ts";
import { compareSubjects, subjectOfUser } from "./who-can.ts";

/**
 * What one user, group or ServiceAccount may do after a change and might not do before (`gains`), or the other way round
 * (`loses`): every verb on every resource (or path) of the change, in every namespace of it.
 */
export interface AccessChange {
  readonly change: "gains" | "loses";
  readonly subject: AccessSubject;
  /** `*`: every verb. */
  readonly verbs: readonly string[];
  /** `resource` or `group` `*`: every one. Empty when the change is about paths. */
  readonly resources: readonly AccessResource[];
  /** Only objects of these names; empty: of every name. */
  readonly resourceNames: readonly string[];
  /** URL paths; a star at the end: all that begin so. Empty when the change is about resources. */
  readonly paths: readonly string[];
  /** `all`: in every namespace and outside of them. */
  readonly namespaces: "all" | readonly string[];
  /** With `all`: namespaces in which nothing changes, since the same is granted there too. */
  readonly except: readonly string[];
  /** A request that the two models answer differently. */
  readonly example: AccessRequest;
  /** The binding and rule that allow the example, in the model that does: the later one for `gains`. */
  readonly evidence: AccessEvidence;
}

/**
 * Who gains and loses which rights between two sets. Exact: there is a change if and only if `can` answers some request
 * differently, and every such request is in one. A right with a star is listed as a whole when any part of it changed: who
 * could read Pods and becomes cluster-admin gains `*`.
 *
 * Changes are about what bindings give to each subject by its name; a user also has what their groups have. In order of
 * subjects, gains first.
 *
 * @example
 * accessDiff(accessModel(before), accessModel(after)).map(formatAccessChange);
 * // ["developer may now read secrets in prod"]
 */
export function accessDiff(before: AccessModel, after: AccessModel): AccessChange[] {
  const changes: AccessChange[] = [];
  const names = (key: "users" | "groups") =>
    [...new Set([...before[key].keys(), ...after[key].keys()])].filter(
      (name) => key === "users" || name !== MASTERS,
    );
  const compare = (
    subject: AccessSubject,
    identity: AccessIdentity,
    old: Holder | undefined,
    now: Holder | undefined,
  ) => {
    if (sameHolder(before, old, after, now)) return;
    for (const group of gained({ model: after, holder: now }, { model: before, holder: old }))
      changes.push(changeOf("gains", subject, identity, group, after, before));
    for (const group of gained({ model: before, holder: old }, { model: after, holder: now }))
      changes.push(changeOf("loses", subject, identity, group, before, after));
  };
  for (const name of names("groups")) {
    const subject = { kind: "Group", name, namespace: "" };
    compare(subject, { groups: [name] }, before.groups.get(name), after.groups.get(name));
  }
  for (const name of names("users"))
    compare(subjectOfUser(name), { user: name }, before.users.get(name), after.users.get(name));
  return changes.sort((a, b) => compareSubjects(a.subject, b.subject));
}

interface ScopedGroup {
  readonly group: RightGroup;
  readonly namespaces: AccessChange["namespaces"];
  readonly except: readonly string[];
}

/** One side of the comparison. */
interface Side {
  readonly model: AccessModel;
  readonly holder: Holder | undefined;
}

/** What `side` has and `other` lacks: rights of the cluster, then those of namespaces that the cluster does not give. */
function gained(side: Side, other: Side): ScopedGroup[] {
  const { holder } = side;
  if (holder === undefined) return [];
  const everywhere = new Map<string, { readonly except: string[]; readonly rights: Right[] }>();
  const elsewhere = [...(other.holder?.namespaces.keys() ?? [])].sort();
  for (const right of rightsIn(holder.cluster)) {
    if (holds(other.model, other.holder, "", right)) continue;
    const except = elsewhere.filter((namespace) => holds(other.model, other.holder, namespace, right));
    const key = JSON.stringify(except);
    const known = everywhere.get(key) ?? { except, rights: [] };
    known.rights.push(right);
    everywhere.set(key, known);
  }
  const groups: ScopedGroup[] = [...everywhere.values()].flatMap(({ except, rights }) =>
    groupRights(rights).map((group) => ({ group, namespaces: "all" as const, except })),
  );
  const inNamespaces = new Map<string, { readonly group: RightGroup; readonly namespaces: string[] }>();
  const cluster: Holder = { cluster: holder.cluster, namespaces: new Map() };
  for (const [namespace, bucket] of [...holder.namespaces].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rights = rightsIn(bucket);
    const lacking = rights.filter(
      (right) =>
        right.on !== undefined &&
        !holds(other.model, other.holder, namespace, right) &&
        !holds(side.model, cluster, "", right),
    );
    for (const group of groupRights(lacking.length === rights.length ? rights : lacking)) {
      const known = inNamespaces.get(group.key) ?? { group, namespaces: [] };
      known.namespaces.push(namespace);
      inNamespaces.set(group.key, known);
    }
  }
  for (const scoped of inNamespaces.values()) groups.push({ ...scoped, except: [] });
  return groups;
}

/** The widest rights of a bucket; the same list for buckets of one role. */
function rightsIn({ grants }: Bucket): readonly Right[] {
  const [only] = grants;
  if (only !== undefined && grants.length === 1) return rightsOfRules(only.role?.rules ?? []);
  const rights = new Map<string, Right>();
  for (const { role } of grants)
    for (const right of rightsOfRules(role?.rules ?? [])) rights.set(keyOf(right), right);
  return widest(rights);
}

const known = new WeakMap<readonly AccessRule[], readonly Right[]>();

function rightsOfRules(rules: readonly AccessRule[]): readonly Right[] {
  let rights = known.get(rules);
  if (rights === undefined) {
    rights = rightsOf(rules);
    known.set(rules, rights);
  }
  return rights;
}

/** Whether both holders have the same rules in the same scopes: then no request can tell them apart. */
function sameHolder(
  before: AccessModel,
  old: Holder | undefined,
  after: AccessModel,
  now: Holder | undefined,
): boolean {
  if (old === undefined || now === undefined || old.namespaces.size !== now.namespaces.size) return false;
  if (!sameBucket(before, old.cluster, after, now.cluster)) return false;
  for (const [namespace, bucket] of old.namespaces)
    if (!sameBucket(before, bucket, after, now.namespaces.get(namespace))) return false;
  return true;
}

function sameBucket(before: AccessModel, old: Bucket, after: AccessModel, now: Bucket | undefined): boolean {
  if (now === undefined || old.grants.length !== now.grants.length) return false;
  return old.grants.every(({ ruleSet }) => {
    const same = after.index.byKey.get(before.index.keys[ruleSet]!);
    return same !== undefined && now.bySet.has(same);
  });
}

function changeOf(
  change: AccessChange["change"],
  subject: AccessSubject,
  identity: AccessIdentity,
  { group, namespaces, except }: ScopedGroup,
  having: AccessModel,
  lacking: AccessModel,
): AccessChange {
  const { verbs, resources, resourceNames, paths, right } = group;
  const namespace = namespaces === "all" ? undefined : namespaces[0];
  const asked: AccessRequest = {
    ...identity,
    verb: right.verb,
    ...(right.on ?? { path: right.path ?? "" }),
    ...(right.name !== undefined && { name: right.name }),
    ...(namespace !== undefined && { namespace }),
  };
  // Every name is granted and some are held already: the example has a name that is not, even where "" is held.
  let example = asked;
  for (let n = 0; can(lacking, example).allowed; n++) example = { ...asked, name: `any-${n}` };
  const { evidence } = can(having, example) as Required<AccessVerdict>;
  return { change, subject, verbs, resources, resourceNames, paths, namespaces, except, example, evidence };
}
