import {
  type AccessClaim,
  type ClaimScope,
  type ClaimSubject,
  formatAccessClaim,
  VERB_WORDS,
} from "../claims/claim.ts";
import { clusterScoped } from "../rules/objects/served.ts";
import type { Grants, RoleRule } from "./grants-intent.ts";
import { CLUSTER_VIEW, type RoleWords } from "./role-words.ts";

/** Who is promised something. `word`: as claims write it; absent: with its kind. */
export interface Claimant {
  readonly by: string;
  readonly subject: ClaimSubject;
  readonly word?: string;
}

type Verbs = string | readonly string[];

/** What the roles of every cluster promise, by a resource that stands for the rest. */
const PROMISES: ReadonlyMap<string, readonly (readonly [verbs: Verbs, resource: string])[]> = new Map([
  ["cluster-admin", [["*", "*"]]],
  [
    "admin",
    [
      ["write", "deployments"],
      ["read", "secrets"],
      ["write", "rolebindings"],
    ],
  ],
  [
    "edit",
    [
      ["write", "deployments"],
      ["read", "secrets"],
    ],
  ],
  ["view", [["read", "pods"]]],
]);
const READ_ONLY = new Set(["view", CLUSTER_VIEW]);
const REFUSALS: readonly (readonly [string, string])[] = [
  ["write", "deployments"],
  ["read", "secrets"],
];

/**
 * What grants promise: that each role works where it is granted, and where only reading roles are, that nothing can be written
 * and no Secret read. Roles of others promise nothing, since their rules are not known.
 */
export function grantClaims(claimant: Claimant, grants: Grants, words: RoleWords): AccessClaim[] {
  const everywhere: ClaimScope = { kind: "everywhere" };
  const readsCluster = grants.cluster.every((word) => READ_ONLY.has(word));
  return [
    ...grants.cluster.flatMap((word) => roleClaims(claimant, word, everywhere, words)),
    ...Object.entries(grants.namespaces).flatMap(([namespace, roles]) => {
      const scope: ClaimScope = { kind: "namespaces", name: namespace, namespaces: [namespace] };
      const reads =
        readsCluster && roles.length > 0 && roles.every((word) => isReadOnly(word, namespace, words));
      return [
        ...roles.flatMap((word) => roleClaims(claimant, word, scope, words)),
        ...(reads
          ? REFUSALS.map(([verbs, resource]) => claim(claimant, "cannot", verbs, { resource }, scope))
          : []),
      ];
    }),
  ];
}

function isReadOnly(word: string, namespace: string, words: RoleWords): boolean {
  return READ_ONLY.has(word) && words.find(word, namespace)?.kind === "ClusterRole";
}

function roleClaims(claimant: Claimant, word: string, scope: ClaimScope, words: RoleWords): AccessClaim[] {
  const namespace = scope.kind === "namespaces" ? scope.namespaces[0] : undefined;
  const role = words.find(word, namespace);
  if (role?.rules !== undefined) return role.rules.flatMap((rule) => ruleClaims(claimant, rule, scope));
  if (role?.kind !== "ClusterRole") return [];
  return (PROMISES.get(word) ?? []).map(([verbs, resource]) =>
    claim(claimant, "can", verbs, { resource }, scope),
  );
}

/** Of a rule with wildcards nothing is claimed: what it covers is not counted out. */
function ruleClaims(claimant: Claimant, rule: RoleRule, scope: ClaimScope): AccessClaim[] {
  const { verbs, apiGroups = [""], resources, resourceNames, nonResourceURLs } = rule;
  if (nonResourceURLs.length > 0) {
    const paths = nonResourceURLs.filter((path) => /^\/[^\s"*]*$/.test(path));
    return scope.kind === "everywhere"
      ? paths.map((path) => claim(claimant, "can", verbs, { path }, scope))
      : [];
  }
  if ([...verbs, ...apiGroups, ...resources].some((part) => part.includes("*"))) return [];
  const isOfCluster = clusterScoped([]);
  const named = verbs.filter((verb) => !["create", "list", "watch", "deletecollection"].includes(verb));
  return apiGroups.flatMap((group) =>
    resources.flatMap((written) => {
      const [resource = "", ...rest] = written.split("/");
      if (scope.kind === "namespaces" && isOfCluster(group, resource)) return [];
      const target = {
        resource,
        ...(group !== "" && { group }),
        ...(rest.length > 0 && { subresource: rest.join("/") }),
      };
      if (resourceNames.length === 0) return [claim(claimant, "can", verbs, target, scope)];
      return named.length === 0
        ? []
        : resourceNames.map((name) => claim(claimant, "can", named, { ...target, name }, scope));
    }),
  );
}

function claim(
  { by, subject, word }: Claimant,
  expect: "can" | "cannot",
  verbs: Verbs,
  target: AccessClaim["target"],
  scope: ClaimScope,
): AccessClaim {
  const spelt = typeof verbs === "string" ? (VERB_WORDS.get(verbs) ?? [verbs]) : verbs;
  const short = [...VERB_WORDS].find(([, all]) => "resource" in target && all.join() === spelt.join())?.[0];
  return formatAccessClaim(
    { by, expect, subject, verbs: spelt, target, scope },
    { ...(word !== undefined && { subject: word }), ...(short !== undefined && { verbs: short }) },
  );
}
