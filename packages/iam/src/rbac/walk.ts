import { type Allowed, firstAllowing, type Grant, type Holder } from "./grants.ts";
import { allowingRule, type Hits } from "./hits.ts";

/**
 * What users and groups hold, side by side in one list of numbers: every check walks over it for its user and each of its
 * groups, so it should stay in the processor's cache. From the place of a holder on: how many grants it has in the cluster;
 * where its numbers end; for each of these grants the number of its rules and its order; then for each namespace with
 * RoleBindings its scope, how many grants, and those grants.
 */
export interface Packed {
  readonly numbers: Int32Array;
  /** Place of each; `MANY` for a holder of so many grants that its buckets are asked. */
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
  /** Namespaces that have RoleBindings, numbered. */
  readonly scopes: ReadonlyMap<string, number>;
}

/** Users or groups, as holders and as places in the packed list. */
export interface Holders {
  readonly byName: ReadonlyMap<string, Holder>;
  readonly places: ReadonlyMap<string, number>;
}

/** Where and by what name a request asks. */
export interface Target {
  readonly namespace: string;
  /** The namespace's number among the scopes of the model; -1: no RoleBinding is in it. */
  readonly scope: number;
  readonly name: string;
}

const MANY = -1;
/** More numbers are not walked over. */
const LONGEST = 400;

export function pack(users: ReadonlyMap<string, Holder>, groups: ReadonlyMap<string, Holder>): Packed {
  const numbers: number[] = [];
  const scopes = new Map<string, number>();
  const places = (holders: ReadonlyMap<string, Holder>) => {
    const found = new Map<string, number>();
    for (const [name, holder] of holders) {
      const own = numbersOf(holder, scopes);
      found.set(name, own.length > LONGEST ? MANY : numbers.length);
      if (own.length > LONGEST) continue;
      own[1]! += numbers.length;
      for (const number of own) numbers.push(number);
    }
    return found;
  };
  return { users: places(users), groups: places(groups), numbers: Int32Array.from(numbers), scopes };
}

/**
 * The better of `best` and the first grant of a user or group that allows: those of the cluster come before those of the
 * namespace.
 */
export function firstOf(
  { grants, packed }: { readonly grants: readonly Grant[]; readonly packed: Packed },
  { byName, places }: Holders,
  subject: string,
  hits: Hits,
  target: Target,
  best: Allowed | undefined,
): Allowed | undefined {
  const place = places.get(subject);
  if (place === undefined) return best;
  if (place === MANY) return firstOfMany(byName.get(subject)!, hits, target, best);
  const { numbers } = packed;
  const { codes } = hits;
  const { scope, name } = target;
  let at = place + 2;
  let end = at + 2 * numbers[place]!;
  for (; at < end; at += 2) {
    const ruleSet = numbers[at]!;
    if (codes[ruleSet] === 0) continue;
    const rule = allowingRule(hits, ruleSet, name);
    if (rule >= 0) return better(best, grants[numbers[at + 1]!]!, rule);
  }
  if (scope < 0) return best;
  for (const last = numbers[place + 1]!; at < last; at = end) {
    end = at + 2 + 2 * numbers[at + 1]!;
    if (numbers[at] !== scope) continue;
    for (at += 2; at < end; at += 2) {
      const ruleSet = numbers[at]!;
      if (codes[ruleSet] === 0) continue;
      const rule = allowingRule(hits, ruleSet, name);
      if (rule >= 0) return better(best, grants[numbers[at + 1]!]!, rule);
    }
    return best;
  }
  return best;
}

function numbersOf({ cluster, namespaces }: Holder, scopes: Map<string, number>): number[] {
  const numbers = [cluster.grants.length, 0];
  const add = (grants: readonly Grant[]) => {
    for (const { ruleSet, order } of grants) numbers.push(ruleSet, order);
  };
  add(cluster.grants);
  for (const [namespace, { grants }] of namespaces) {
    const scope = scopes.get(namespace) ?? scopes.size;
    scopes.set(namespace, scope);
    numbers.push(scope, grants.length);
    add(grants);
  }
  numbers[1] = numbers.length;
  return numbers;
}

function firstOfMany(
  holder: Holder,
  hits: Hits,
  { namespace, name }: Target,
  best: Allowed | undefined,
): Allowed | undefined {
  const bucket = namespace === "" ? undefined : holder.namespaces.get(namespace);
  const found = firstAllowing(holder.cluster, hits, name) ?? (bucket && firstAllowing(bucket, hits, name));
  return found === undefined ? best : better(best, found.grant, found.rule);
}

function better(best: Allowed | undefined, grant: Grant, rule: number): Allowed {
  return best !== undefined && best.grant.order < grant.order ? best : { grant, rule };
}
