import type { Bucket, Holder } from "./grants.ts";
import { allowingRule } from "./hits.ts";
import type { AccessModel } from "./model.ts";
import type { AccessSubject } from "./objects.ts";
import { type AccessIdentity, identityOf, MASTERS } from "./request.ts";
import { type AccessResource, formatAccessResource, parseAccessResource } from "./resource-name.ts";
import { compareSubjects, subjectOfUser } from "./who-can.ts";

export interface AccessMatrixOptions {
  /** Rows. Default: every subject that a binding of the set names (not those of built-in bindings). */
  readonly subjects?: readonly AccessIdentity[];
  /** `pods`, `pods/log`, `deployments.apps`. Default: common resources, and those that roles of the set name. */
  readonly resources?: readonly (string | AccessResource)[];
  /** Default: get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verbs?: readonly string[];
  /** Empty text: requests without namespace. Default: that, then every namespace of the set. */
  readonly namespaces?: readonly string[];
}

/**
 * Subject × namespace × resource × verb: what `can` answers for each, about objects of any name. Ask with `accessCell`.
 */
export interface AccessMatrix {
  readonly subjects: readonly MatrixSubject[];
  readonly namespaces: readonly string[];
  readonly resources: readonly AccessResource[];
  readonly verbs: readonly string[];
  /** Bit sets of `words` numbers, one for each subject and namespace; bit `resource × verbs + verb`. */
  readonly bits: Uint32Array;
  readonly words: number;
}

export interface MatrixSubject extends AccessIdentity {
  /** `group:developer`, `user:jane`, `serviceaccount:prod/ci`. */
  readonly label: string;
}

const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

const RESOURCES =
  "pods pods/log pods/exec services configmaps secrets serviceaccounts persistentvolumeclaims deployments.apps " +
  "statefulsets.apps daemonsets.apps jobs.batch cronjobs.batch ingresses.networking.k8s.io " +
  "networkpolicies.networking.k8s.io roles.rbac.authorization.k8s.io rolebindings.rbac.authorization.k8s.io namespaces " +
  "nodes persistentvolumes clusterroles.rbac.authorization.k8s.io clusterrolebindings.rbac.authorization.k8s.io";

/**
 * The rights of many at once: each role is turned into a bit set over resources and verbs, and a subject has the union of
 * its roles' sets. 200 subjects, 60 resources, 8 verbs and 100 namespaces take milliseconds.
 *
 * @example
 * const matrix = accessMatrix(model, { resources: ["pods", "deployments.apps"], namespaces: ["prod"] });
 * accessCell(matrix, 0, 1, 0, 0); // may the first subject get Deployments in prod?
 */
export function accessMatrix(model: AccessModel, options: AccessMatrixOptions = {}): AccessMatrix {
  const subjects = (options.subjects ?? namedSubjects(model)).map((one) => ({ label: labelOf(one), ...one }));
  const verbs = options.verbs ?? VERBS;
  const resources = (options.resources ?? namedResources(model)).map((one) =>
    typeof one === "string" ? parseAccessResource(one) : one,
  );
  const namespaces = options.namespaces ?? ["", ...model.namespaces];
  const words = Math.ceil((resources.length * verbs.length) / 32);
  const bits = new Uint32Array(subjects.length * namespaces.length * words);
  const rows = rowsOf(model, resources, verbs, words);
  const cluster = new Uint32Array(words);
  for (const [s, subject] of subjects.entries()) {
    const { user, groups } = identityOf(subject);
    const holders = [model.users.get(user), ...groups.map((group) => model.groups.get(group))].filter(
      (holder): holder is Holder => holder !== undefined,
    );
    cluster.fill(groups.includes(MASTERS) ? 0xffffffff : 0);
    for (const holder of holders) unite(cluster, 0, holder.cluster, rows);
    for (const [n, namespace] of namespaces.entries()) {
      const at = (s * namespaces.length + n) * words;
      bits.set(cluster, at);
      if (namespace === "") continue;
      for (const holder of holders) unite(bits, at, holder.namespaces.get(namespace), rows);
    }
  }
  return { subjects, namespaces, resources, verbs, bits, words };
}

/** One cell, by the places of its parts in the matrix's lists; a place outside them is not allowed. */
export function accessCell(
  { namespaces, resources, verbs, bits, words }: AccessMatrix,
  subject: number,
  resource: number,
  verb: number,
  namespace: number,
): boolean {
  if (!(verb in verbs && resource in resources && namespace in namespaces)) return false;
  const bit = resource * verbs.length + verb;
  const word = bits[(subject * namespaces.length + namespace) * words + (bit >>> 5)] ?? 0;
  return ((word >>> (bit & 31)) & 1) === 1;
}

/** For each set of rules that allows something, the bit set of what it allows. */
function rowsOf(
  { index }: AccessModel,
  resources: readonly AccessResource[],
  verbs: readonly string[],
  words: number,
): ReadonlyMap<number, Uint32Array> {
  const rows = new Map<number, Uint32Array>();
  let bit = 0;
  for (const { group, resource, subresource } of resources)
    for (const verb of verbs) {
      const hits = index.forResource(verb, group, resource, subresource);
      for (const ruleSet of hits.sets) {
        if (allowingRule(hits, ruleSet, "") < 0) continue;
        let row = rows.get(ruleSet);
        if (row === undefined) {
          row = new Uint32Array(words);
          rows.set(ruleSet, row);
        }
        row[bit >>> 5]! |= 1 << (bit & 31);
      }
      bit++;
    }
  return rows;
}

function unite(
  bits: Uint32Array,
  at: number,
  bucket: Bucket | undefined,
  rows: ReadonlyMap<number, Uint32Array>,
): void {
  for (const { ruleSet } of bucket?.grants ?? []) {
    const row = rows.get(ruleSet);
    if (row === undefined) continue;
    for (let word = 0; word < row.length; word++) bits[at + word]! |= row[word]!;
  }
}

function namedSubjects({ users, groups, bindings }: AccessModel): AccessIdentity[] {
  const own = new Set(bindings.filter(({ builtin }) => !builtin));
  const held = ({ cluster, namespaces }: Holder) =>
    [cluster, ...namespaces.values()].some((bucket) =>
      [...bucket.grants, ...bucket.missing].some(({ binding }) => own.has(binding)),
    );
  const subjects: AccessSubject[] = [];
  for (const [name, holder] of groups)
    if (held(holder)) subjects.push({ kind: "Group", name, namespace: "" });
  for (const [name, holder] of users) if (held(holder)) subjects.push(subjectOfUser(name));
  return subjects.sort(compareSubjects).map(({ kind, name, namespace }) => {
    if (kind === "Group") return { groups: [name] };
    return kind === "User" ? { user: name } : { serviceAccount: `${namespace}/${name}` };
  });
}

function namedResources({ roles }: AccessModel): string[] {
  const names = new Set(RESOURCES.split(" "));
  for (const { rules, builtin } of roles) {
    if (builtin) continue;
    for (const { apiGroups, resources } of rules)
      for (const group of apiGroups)
        for (const text of resources) {
          if (group === "*" || text.includes("*")) continue;
          const [resource = "", subresource = ""] = text.split("/");
          names.add(formatAccessResource({ group, resource, subresource }));
        }
  }
  return [...names];
}

function labelOf({ user, groups, serviceAccount }: AccessIdentity): string {
  const parts = (groups ?? []).map((group) => `group:${group}`);
  if (serviceAccount !== undefined) parts.unshift(`serviceaccount:${serviceAccount}`);
  if (user !== undefined) parts.unshift(`user:${user}`);
  return parts.join(" ");
}
