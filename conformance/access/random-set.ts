import type { Resource } from "@ashlar/core";
import { type Random, randomFrom } from "../policies/random.ts";
import type { Ask } from "./rbac-authorizer.ts";
import * as words from "./words.ts";

const API_GROUP = "rbac.authorization.k8s.io";
const API_VERSION = `${API_GROUP}/v1`;

export interface RandomSetOptions {
  readonly seed: number;
  /** Begins every name, so that several sets may be on one server. */
  readonly prefix: string;
  readonly roles: number;
  readonly bindings: number;
  /** Only what the API server stores; otherwise also what a file may hold: wrong kinds, empty lists, mixed rules. */
  readonly storable: boolean;
}

/** Roles and bindings made at random from few words, so that they often meet; the same for the same options. */
export function randomSet(options: RandomSetOptions): readonly Resource[] {
  const random = randomFrom(options.seed);
  const roles = Array.from({ length: options.roles }, (_, i) => randomRole(random, options, i));
  return [
    ...roles,
    ...Array.from({ length: options.bindings }, (_, i) => randomBinding(random, options, i, roles)),
  ];
}

function randomRole(random: Random, options: RandomSetOptions, i: number): Resource {
  const isNamespaced = random.chance(0.4);
  const rules = Array.from({ length: 1 + random.below(3) }, () =>
    randomRule(random, options.storable, isNamespaced),
  );
  return {
    apiVersion: API_VERSION,
    kind: isNamespaced ? "Role" : "ClusterRole",
    metadata: {
      name: nameOf(random, options, "role", i),
      ...(isNamespaced && { namespace: random.pick(words.NAMESPACES) }),
    },
    rules,
  };
}

/** A rule of a role; a namespaced one has no URLs when it must be storable. */
export function randomRule(random: Random, storable: boolean, isNamespaced: boolean) {
  const verbs = some(random, words.VERBS, 4);
  const resourceRule = {
    verbs,
    apiGroups: some(random, words.API_GROUPS, 2),
    resources: some(random, words.RESOURCES, 3),
    ...(random.chance(0.25) && { resourceNames: some(random, words.NAMES, 2) }),
  };
  const urlRule = { verbs, nonResourceURLs: some(random, words.URLS, 3) };
  if (!storable && random.chance(0.15)) {
    const odd = [
      { ...resourceRule, verbs: [] },
      { ...resourceRule, apiGroups: [] },
      { ...resourceRule, resources: [] },
      { ...resourceRule, resourceNames: [] },
      { ...resourceRule, resourceNames: [""] },
      { ...resourceRule, ...urlRule },
      { verbs },
    ];
    return random.pick(odd);
  }
  const mayHoldUrls = !(storable && isNamespaced);
  return mayHoldUrls && random.chance(0.25) ? urlRule : resourceRule;
}

function randomBinding(
  random: Random,
  options: RandomSetOptions,
  i: number,
  roles: readonly Resource[],
): Resource {
  const { storable, prefix } = options;
  const inCluster = random.chance(0.35);
  const namespace = random.pick(words.NAMESPACES);
  const usable = roles.filter((role) =>
    role.kind === "ClusterRole" ? true : !inCluster && role.metadata.namespace === namespace,
  );
  const role = random.chance(0.12) || usable.length === 0 ? undefined : random.pick(usable);
  const missing = {
    apiGroup: API_GROUP,
    kind: inCluster && storable ? "ClusterRole" : random.pick(["Role", "ClusterRole"]),
    name: `${prefix}missing-${random.pick(["a", 'b"', "c"])}`,
  };
  const ref = role ? { apiGroup: API_GROUP, kind: role.kind, name: role.metadata.name } : missing;
  return {
    apiVersion: API_VERSION,
    kind: inCluster ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name: nameOf(random, options, "binding", i), ...(!inCluster && { namespace }) },
    roleRef: !storable && random.chance(0.03) ? { ...ref, kind: "Robot" } : ref,
    subjects: Array.from({ length: 1 + random.below(2) }, () => randomSubject(random, storable, inCluster)),
  };
}

function randomSubject(random: Random, storable: boolean, inCluster: boolean) {
  const kind = random.pick(["User", "User", "Group", "Group", "ServiceAccount"] as const);
  if (kind === "ServiceAccount") {
    const needsNamespace = storable && inCluster;
    return {
      kind,
      name: random.pick(storable ? words.ACCOUNTS : [...words.ACCOUNTS, "run:ner", ""]),
      ...((needsNamespace || random.chance(0.5)) && { namespace: random.pick(words.NAMESPACES) }),
    };
  }
  if (!storable && random.chance(0.05)) return { kind: "Robot", name: random.pick(words.USERS) };
  return { kind, apiGroup: API_GROUP, name: random.pick(kind === "User" ? words.USERS : words.GROUPS) };
}

/** Requests of one set: most begin at a grant and go astray in a few places, the others are of any words. */
export function randomRequests(seed: number, set: readonly Resource[], count: number): readonly Ask[] {
  const random = randomFrom(seed);
  const grants = set.filter(({ subjects }) => Array.isArray(subjects) && subjects.length > 0);
  return Array.from({ length: count }, () => {
    if (random.chance(0.2) || grants.length === 0)
      return random.chance(0.2) ? urlRequest(random) : resourceRequest(random);
    const granted = grantedRequest(random, set, random.pick(grants));
    const anything = granted.path === undefined ? resourceRequest(random) : urlRequest(random);
    const kept = Object.entries(granted).filter(() => random.chance(0.93));
    return { ...anything, ...Object.fromEntries(kept) };
  });
}

function urlRequest(random: Random): Ask {
  return { ...asker(random), verb: random.pick(words.ASKED_VERBS), path: random.pick(words.PATHS) };
}

function resourceRequest(random: Random): Ask {
  const [resource, subresource] = random.pick(words.ASKED_RESOURCES);
  return {
    ...asker(random),
    verb: random.pick(words.ASKED_VERBS),
    group: random.pick(words.ASKED_GROUPS),
    resource,
    subresource,
    name: random.pick(["", ...words.NAMES]),
    namespace: random.pick(["", ...words.NAMESPACES]),
  };
}

function asker(random: Random): Pick<Ask, "user" | "groups"> {
  return {
    user: random.pick(words.USERS),
    groups: random.chance(0.5) ? [] : some(random, words.GROUPS, 2),
  };
}

type Grant = Resource & {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
};

/** What one rule of a binding's role allows one of its subjects, as far as the words go. */
function grantedRequest(random: Random, set: readonly Resource[], binding: Resource): Partial<Ask> {
  const { roleRef, subjects, metadata } = binding as Grant;
  const role = set.find((r) => r.kind === roleRef.kind && r.metadata.name === roleRef.name);
  const rules = (role?.rules ?? []) as readonly Partial<Record<string, readonly string[]>>[];
  const rule = rules.length > 0 ? random.pick(rules) : {};
  const one = (list: readonly string[] | undefined, any: string) => {
    const word = list?.length ? random.pick(list) : any;
    return word === "*" ? any : word;
  };
  const subject = random.pick(subjects);
  const who = {
    ...(subject.kind === "User" && { user: subject.name }),
    ...(subject.kind === "Group" && { groups: [subject.name] }),
    ...(subject.kind === "ServiceAccount" && {
      user: `system:serviceaccount:${subject.namespace ?? metadata.namespace}:${subject.name}`,
    }),
  };
  if (rule.nonResourceURLs)
    return {
      ...who,
      verb: one(rule.verbs, "get"),
      path: one(rule.nonResourceURLs, "/").replaceAll("*", "x"),
    };
  const [resource = "pods", subresource = ""] = one(rule.resources, "pods").split("/");
  return {
    ...who,
    verb: one(rule.verbs, "get"),
    group: one(rule.apiGroups, "apps"),
    resource: resource === "*" ? "deployments" : resource,
    subresource,
    name: one(rule.resourceNames, "one"),
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
  };
}

/** Between one and `most` different words. */
function some<T>(random: Random, from: readonly T[], most: number): T[] {
  return [...new Set(Array.from({ length: 1 + random.below(most) }, () => random.pick(from)))];
}

/** RBAC names are any segment of a path: some are as hostile as that permits. */
function nameOf(random: Random, { prefix }: RandomSetOptions, what: string, i: number): string {
  const tail = random.chance(0.15) ? random.pick(words.HOSTILE_NAMES) : what;
  return `${prefix}${tail}-${i}`;
}
