import { type Hits, hitsFrom, type Posting, sizeOf } from "./hits.ts";
import { type AccessRule, ruleKey } from "./objects.ts";

/**
 * The rules of all roles, indexed by what they say. Roles with equal rules share one number: a set of a thousand namespaces
 * that hold the same Role is asked once.
 */
export interface RuleIndex {
  readonly ruleSets: readonly (readonly AccessRule[])[];
  /** The number of a list of rules. */
  readonly numbers: ReadonlyMap<readonly AccessRule[], number>;
  /** The text of each list of rules, and its number: equal in two indexes where the rules are. */
  readonly keys: readonly string[];
  readonly byKey: ReadonlyMap<string, number>;
  readonly forResource: (verb: string, group: string, resource: string, subresource: string) => Hits;
  readonly forPath: (verb: string, path: string) => Hits;
}

type Postings = Map<string, Map<string, Map<string, Posting[]>>>;

/** Answers are kept up to this many numbers, then all are forgotten. */
const KEPT = 4_000_000;

/**
 * Indexes rules as the RBAC authorizer matches them (pkg/apis/rbac/v1/evaluation_helpers.go): `*` or the exact verb and API
 * group; `*`, the exact `resource` or `resource/subresource`, or `*` + `/subresource`; an exact path, or the beginning before
 * trailing stars.
 */
export function indexRules(lists: readonly (readonly AccessRule[])[]): RuleIndex {
  const unified = unify(lists);
  const { ruleSets } = unified;
  const resources: Postings = new Map();
  const paths = new Map<string, Map<string, Posting[]>>();
  const prefixes = new Map<string, Map<string, Posting[]>>();
  for (const [ruleSet, rules] of ruleSets.entries())
    for (const [
      rule,
      { verbs, apiGroups, resources: names, resourceNames, nonResourceURLs },
    ] of rules.entries()) {
      const posting = { ruleSet, rule, names: resourceNames.length > 0 ? new Set(resourceNames) : undefined };
      const urlPosting = { ruleSet, rule, names: undefined };
      for (const verb of new Set(verbs)) {
        for (const group of new Set(apiGroups))
          for (const name of new Set(names)) push(child(child(resources, verb), group), name, posting);
        for (const url of new Set(nonResourceURLs)) {
          if (url.endsWith("*")) push(child(prefixes, verb), withoutStars(url), urlPosting);
          else push(child(paths, verb), url, urlPosting);
        }
      }
    }
  const lengths = new Map<string, number[]>();
  for (const [verb, byPrefix] of prefixes)
    lengths.set(verb, [...new Set([...byPrefix.keys()].map((prefix) => prefix.length))]);

  const resourceHits = (verb: string, group: string, resource: string, subresource: string): Hits => {
    const combined = subresource === "" ? resource : `${resource}/${subresource}`;
    const words = new Set(["*", combined, ...(subresource === "" ? [] : [`*/${subresource}`])]);
    const lists: (readonly Posting[] | undefined)[] = [];
    for (const byGroup of both(resources, verb))
      for (const byName of both(byGroup, group)) for (const word of words) lists.push(byName.get(word));
    return hitsFrom(lists, ruleSets.length);
  };
  const pathHits = (verb: string, path: string): Hits => {
    const lists: (readonly Posting[] | undefined)[] = both(paths, verb).map((byPath) => byPath.get(path));
    for (const one of new Set(["*", verb]))
      for (const length of lengths.get(one) ?? [])
        if (length <= path.length) lists.push(prefixes.get(one)?.get(path.slice(0, length)));
    return hitsFrom(lists, ruleSets.length);
  };
  return { ...unified, forResource: keep4(resourceHits), forPath: keep2(pathHits) };
}

/** `/a**` → `/a`: all trailing stars go, as the authorizer trims them. */
export function withoutStars(url: string): string {
  let end = url.length;
  while (end > 0 && url[end - 1] === "*") end--;
  return url.slice(0, end);
}

function unify(lists: readonly (readonly AccessRule[])[]): Omit<RuleIndex, "forResource" | "forPath"> {
  const ruleSets: (readonly AccessRule[])[] = [];
  const numbers = new Map<readonly AccessRule[], number>();
  const byKey = new Map<string, number>();
  for (const rules of lists) {
    const key = rules.map(ruleKey).join();
    let number = byKey.get(key);
    if (number === undefined) {
      number = ruleSets.push(rules) - 1;
      byKey.set(key, number);
    }
    numbers.set(rules, number);
  }
  return { ruleSets, numbers, keys: [...byKey.keys()], byKey };
}

function both<T>(map: ReadonlyMap<string, T>, key: string): T[] {
  const found: T[] = [];
  const any = map.get("*");
  if (any !== undefined) found.push(any);
  const exact = key === "*" ? undefined : map.get(key);
  if (exact !== undefined) found.push(exact);
  return found;
}

function child<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}

function push(map: Map<string, Posting[]>, key: string, posting: Posting): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [posting]);
  else list.push(posting);
}

function keep2(find: (verb: string, path: string) => Hits): (verb: string, path: string) => Hits {
  const kept = new Map<string, Map<string, Hits>>();
  let size = 0;
  return (verb, path) => {
    const known = kept.get(verb)?.get(path);
    if (known !== undefined) return known;
    const hits = find(verb, path);
    size += sizeOf(hits);
    if (size > KEPT) {
      kept.clear();
      size = 0;
    }
    child(kept, verb).set(path, hits);
    return hits;
  };
}

/** A verb and resource is asked for in few groups and subresources: their answers are a short list. */
function keep4(find: RuleIndex["forResource"]): RuleIndex["forResource"] {
  const kept = new Map<string, Map<string, KeptHits[]>>();
  let size = 0;
  return (verb, group, resource, subresource) => {
    const known = kept.get(verb)?.get(resource);
    if (known !== undefined)
      for (let i = 0; i < known.length; i++) {
        const one = known[i]!;
        if (one.group === group && one.subresource === subresource) return one.hits;
      }
    const hits = find(verb, group, resource, subresource);
    size += sizeOf(hits);
    if (size > KEPT) {
      kept.clear();
      size = 0;
    }
    const byResource = child(kept, verb);
    const list = byResource.get(resource);
    if (list === undefined || list.length >= LONGEST)
      byResource.set(resource, [{ group, subresource, hits }]);
    else list.push({ group, subresource, hits });
    return hits;
  };
}

interface KeptHits {
  readonly group: string;
  readonly subresource: string;
  readonly hits: Hits;
}

const LONGEST = 32;
