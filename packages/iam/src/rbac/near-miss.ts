import { hitsOf, isPathRequest, placed } from "./can.ts";
import type { PlacedRef } from "./decision.ts";
import { firstAllowing, type Grant, type Holder } from "./grants.ts";
import type { AccessModel } from "./model.ts";
import type { AccessRule, AccessSubject } from "./objects.ts";
import { type AccessRequest, type Identity, identityOf } from "./request.ts";
import { splitResource } from "./resource-name.ts";
import { withoutStars } from "./rule-index.ts";
import { whoCan } from "./who-can.ts";

/** What keeps the nearest rule from allowing a request. */
export type Miss =
  | "verb"
  | "group"
  | "resource"
  | "subresource"
  | "name"
  | "path"
  | "namespace"
  | "subject"
  | "role-not-found";

/** The rule that comes nearest to allowing a denied request. */
export interface NearMiss {
  /** What differs; `subject`: somebody else is allowed. Two of them at most, the heavier first. */
  readonly misses: readonly Miss[];
  readonly binding: PlacedRef;
  readonly role: PlacedRef | { readonly kind: string; readonly name: string };
  /** Whom the binding names. */
  readonly subject: AccessSubject;
  /** Absent when the role is missing. */
  readonly ruleIndex?: number;
  readonly rule?: AccessRule;
}

/** How far off each difference is; a rule further off than `FAR` is no near miss. */
const WEIGHT: Readonly<Record<Miss, number>> = {
  name: 1,
  verb: 2,
  subresource: 2,
  path: 2,
  namespace: 2,
  group: 3,
  resource: 4,
  subject: 5,
  "role-not-found": 0,
};
const FAR = 4;

/** Rules that are looked at; a subject with more keeps what was found so far. */
const LOOKED_AT = 100_000;

interface Candidate {
  readonly grant: Grant;
  readonly rule: number;
  readonly misses: Miss[];
  readonly weight: number;
}

/**
 * The rule that comes nearest to allowing a denied request: of the subject itself, with another verb, name, namespace,
 * subresource, API group or resource; else the first other subject that a binding of the set allows; a binding of the
 * subject to a missing role comes before all.
 */
export function nearMiss(model: AccessModel, request: AccessRequest): NearMiss | undefined {
  const identity = identityOf(request);
  const holders = holdersOf(model, identity);
  const lost = missingIn(holders, request);
  if (lost !== undefined)
    return {
      misses: ["role-not-found"],
      binding: placed(model, lost.binding.resource, lost.binding, "roleRef"),
      role: lost.binding.role,
      subject: lost.subject,
    };
  const near = elsewhere(model, holders, request) ?? nearest(holders, request);
  if (near !== undefined) return described(model, near);
  return otherSubject(model, request);
}

/** The user and the groups of a request, as far as a binding names them. */
export function holdersOf({ users, groups }: AccessModel, { user, groups: names }: Identity): Holder[] {
  return [users.get(user), ...names.map((name) => groups.get(name))].filter(
    (holder): holder is Holder => holder !== undefined,
  );
}

function missingIn(holders: readonly Holder[], request: AccessRequest): Grant | undefined {
  const { namespace = "" } = request;
  for (const { cluster, namespaces } of holders) {
    const inside = isPathRequest(request) ? undefined : namespaces.get(namespace);
    const [lost] = [...cluster.missing, ...(inside?.missing ?? [])];
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** The same right in another namespace. */
function elsewhere(
  model: AccessModel,
  holders: readonly Holder[],
  request: AccessRequest,
): Candidate | undefined {
  if (isPathRequest(request)) return undefined;
  const hits = hitsOf(model, request);
  for (const { namespaces } of holders)
    for (const bucket of namespaces.values()) {
      const found = firstAllowing(bucket, hits, request.name ?? "");
      if (found) return { ...found, misses: ["namespace"], weight: WEIGHT.namespace };
    }
  return undefined;
}

/** The rule of the subject with the smallest difference, in the cluster and in the namespace of the request. */
function nearest(holders: readonly Holder[], request: AccessRequest): Candidate | undefined {
  let best: Candidate | undefined;
  let looked = 0;
  for (const { cluster, namespaces } of holders) {
    const inside = isPathRequest(request) ? undefined : namespaces.get(request.namespace ?? "");
    for (const grant of [...cluster.grants, ...(inside?.grants ?? [])])
      for (const [rule, text] of (grant.role?.rules ?? []).entries()) {
        if (++looked > LOOKED_AT) return best;
        const misses = isPathRequest(request) ? pathMisses(text, request) : resourceMisses(text, request);
        if (misses === undefined) continue;
        const weight = misses.reduce((sum, miss) => sum + WEIGHT[miss], 0);
        if (weight <= FAR && (best === undefined || weight < best.weight))
          best = { grant, rule, misses, weight };
      }
  }
  return best;
}

function resourceMisses(rule: AccessRule, request: AccessRequest): Miss[] {
  const { verb, group = "", resource = "", subresource = "", name = "" } = request;
  const misses: Miss[] = [];
  if (!has(rule.resources, subresource === "" ? resource : `${resource}/${subresource}`)) {
    const names = rule.resources.map(splitResource);
    const nested = subresource !== "" && rule.resources.includes(`*/${subresource}`);
    if (!nested) misses.push(names.some((one) => one.name === resource) ? "subresource" : "resource");
  }
  if (!has(rule.apiGroups, group)) misses.push("group");
  if (!has(rule.verbs, verb)) misses.push("verb");
  if (rule.resourceNames.length > 0 && !rule.resourceNames.includes(name)) misses.push("name");
  return misses;
}

/** `undefined`: the rule is about other paths altogether. */
function pathMisses(rule: AccessRule, { verb, path = "" }: AccessRequest): Miss[] | undefined {
  const urls = rule.nonResourceURLs;
  const matches = urls.some(
    (url) => url === path || (url.endsWith("*") && path.startsWith(withoutStars(url))),
  );
  const misses: Miss[] = matches ? [] : ["path"];
  const first = `/${path.split("/")[1] ?? ""}`;
  if (!matches && !urls.some((url) => url === first || url.startsWith(`${first}/`))) return undefined;
  if (!has(rule.verbs, verb)) misses.push("verb");
  return misses;
}

function has(words: readonly string[], word: string): boolean {
  return words.includes("*") || words.includes(word);
}

/** The first who is allowed by a binding of the set. */
function otherSubject(model: AccessModel, request: AccessRequest): NearMiss | undefined {
  const able = whoCan(model, request).find(({ evidence }) => evidence?.builtin === false);
  if (able?.evidence === undefined) return undefined;
  const { binding, role, subject, ruleIndex, rule } = able.evidence;
  return { misses: ["subject"], binding, role, subject, ruleIndex, rule };
}

function described(model: AccessModel, { grant, rule, misses }: Candidate): NearMiss {
  const { binding, role, subject } = grant;
  const place = `subjects[${binding.subjects.indexOf(subject)}]`;
  return {
    misses: misses.toSorted((a, b) => WEIGHT[b] - WEIGHT[a]),
    binding: placed(model, binding.resource, binding, place),
    role: placed(model, role!.resource, role!, role!.selectors ? "metadata.name" : `rules[${rule}]`),
    subject,
    ruleIndex: rule,
    rule: role!.rules[rule]!,
  };
}
