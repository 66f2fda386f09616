import { hitsOf } from "./can.ts";
import type { Bucket, Holder } from "./grants.ts";
import { allowingRule } from "./hits.ts";
import type { AccessModel } from "./model.ts";
import type { AccessRule } from "./objects.ts";
import { type AccessResource, splitResource } from "./resource-name.ts";
import { withoutStars } from "./rule-index.ts";

/**
 * One right: one verb on one resource, or on one path. Words are those of rules: `*` is every verb, group or resource,
 * `*` + `/scale` the subresource of every resource, a path with a star at its end all that begins so.
 *
 * A right is asked for like a request whose words are literally these: only a rule that says `*` answers the verb `*`. So
 * one look-up tells whether a right is held as a whole, and because of what: either a rule holds all of it, or something that
 * no rule names is missing.
 */
export interface Right {
  readonly verb: string;
  readonly on?: AccessResource;
  readonly path?: string;
  /** One name of `resourceNames`; absent: every name. */
  readonly name?: string;
}

/** The rights in a list of rules, each once; those that another of the list holds as a whole are left out. */
export function rightsOf(rules: readonly AccessRule[]): Right[] {
  const rights = new Map<string, Right>();
  for (const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } of rules)
    for (const verb of verbs) {
      for (const group of apiGroups)
        for (const text of resources) {
          const { name: resource, subresource } = splitResource(text);
          const on = { group, resource, subresource };
          if (resourceNames.length === 0) add(rights, { verb, on });
          for (const name of resourceNames) add(rights, { verb, on, name });
        }
      for (const url of nonResourceURLs)
        add(rights, { verb, path: url.endsWith("*") ? `${withoutStars(url)}*` : url });
    }
  return widest(rights);
}

/** Leaves out what a wider right of the same list holds. */
export function widest(rights: ReadonlyMap<string, Right>): Right[] {
  const lengths = new Set<number>();
  for (const { path } of rights.values()) if (path?.endsWith("*")) lengths.add(path.length - 1);
  return [...rights.values()].filter((right) => {
    for (const wider of widerThan(right, lengths)) if (rights.has(keyOf(wider))) return false;
    return true;
  });
}

export function keyOf({ verb, on, path, name }: Right): string {
  const { group, resource, subresource } = on ?? {};
  return JSON.stringify([verb, group, resource, subresource, path, name]);
}

/** Whether a holder has the whole of a right: in the cluster, or in the namespace. */
export function holds(
  model: AccessModel,
  holder: Holder | undefined,
  namespace: string,
  { verb, on, path, name }: Right,
): boolean {
  if (holder === undefined) return false;
  const hits = hitsOf(model, on ? { verb, ...on } : { verb, path: path ?? "" });
  if (hits.sets.length === 0) return false;
  const inBucket = ({ grants }: Bucket) =>
    grants.some(({ ruleSet }) => allowingRule(hits, ruleSet, name) >= 0);
  if (inBucket(holder.cluster)) return true;
  const bucket = on && namespace !== "" ? holder.namespaces.get(namespace) : undefined;
  return bucket !== undefined && inBucket(bucket);
}

function add(rights: Map<string, Right>, right: Right): void {
  rights.set(keyOf(right), right);
}

function* widerThan(right: Right, lengths: ReadonlySet<number>): Generator<Right> {
  const verbs = right.verb === "*" ? ["*"] : [right.verb, "*"];
  const { on, path, name } = right;
  if (on === undefined) {
    for (const verb of verbs) {
      if (verb !== right.verb) yield { verb, path: path ?? "" };
      const text = path?.endsWith("*") ? path.slice(0, -1) : (path ?? "");
      for (const length of lengths)
        if (length <= text.length && !(verb === right.verb && `${text.slice(0, length)}*` === path))
          yield { verb, path: `${text.slice(0, length)}*` };
    }
    return;
  }
  const groups = on.group === "*" ? ["*"] : [on.group, "*"];
  const resources = [on];
  if (on.subresource !== "" && on.resource !== "*") resources.push({ ...on, resource: "*" });
  if (on.resource !== "*" || on.subresource !== "") resources.push({ ...on, resource: "*", subresource: "" });
  for (const verb of verbs)
    for (const group of groups)
      for (const resource of resources)
        for (const named of name === undefined ? [undefined] : [name, undefined]) {
          if (verb === right.verb && group === on.group && resource === on && named === name) continue;
          yield { verb, on: { ...resource, group }, ...(named !== undefined && { name: named }) };
        }
}
