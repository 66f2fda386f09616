import { formatPath } from "../../field-path.ts";
import { type Finding, findingAbout, type Related } from "../../finding.ts";
import type { Inventory } from "../../inventory.ts";
import { formatRef, type Resource, refOf } from "../../resource.ts";
import { assumed } from "./assumed.ts";
import { nearNames } from "./near-names.ts";
import type { ObjectIndex } from "./object-index.ts";
import type { Reference } from "./reference.ts";
import { setIndex } from "./set-index.ts";
import type { Target } from "./target.ts";

/** One rule about one kind of target. */
export interface MissingObjectRule {
  readonly code: string;
  readonly targets: readonly Target[];
  /** What happens without it: `the pod does not start`. */
  readonly effect: (reference: Reference) => string;
  /** What every cluster has, or another object makes, though no manifest says so. */
  readonly isElsewhere?: (reference: Reference) => boolean;
  /** Names that every cluster has, for the did-you-mean. */
  readonly builtinNames?: (target: Target) => readonly string[];
  /** What is wrong with an object that is there whole: a key or port that it lacks. */
  readonly inspect?: (reference: Reference, object: Resource) => readonly Finding[];
}

/**
 * The references to objects that the set lacks: an error when the set is whole, a warning when it holds other objects
 * of that kind in that namespace (it plainly means to hold them), else nothing. One finding for each object and name.
 */
export function missingObjects(inventory: Inventory, rule: MissingObjectRule): Finding[] {
  const { locate, whole = false } = inventory;
  const { objectsOf, referencesTo, isPartial } = setIndex(inventory);
  const isAssumed = assumed(inventory.assume);
  const near = nearNames();
  const findings: Finding[] = [];
  for (const target of rule.targets) {
    const index = objectsOf(target);
    let reported = new Set<string>();
    let last: Resource | undefined;
    for (const reference of referencesTo(target)) {
      const { from: resource, namespace, name, optional } = reference;
      if (optional) continue;
      const object = index.find(namespace, name);
      if (object) {
        if (rule.inspect && !isPartial(object)) findings.push(...rule.inspect(reference, object));
        continue;
      }
      if (resource !== last) {
        last = resource;
        if (reported.size > 0) reported = new Set();
      }
      const key = `${namespace}/${name}`;
      if (reported.has(key) || rule.isElsewhere?.(reference) || isAssumed(target, namespace, name)) continue;
      const known = index.names(namespace);
      if (!whole && known.count === 0) continue;
      reported.add(key);
      const builtin = rule.builtinNames?.(target) ?? [];
      const all = { count: known.count + builtin.length, list: () => [...known.list(), ...builtin] };
      const nearName = near(name, all);
      findings.push({
        ...findingAbout(resource, locate, {
          code: rule.code,
          severity: whole ? "error" : "warning",
          message: `${formatRef(refOf(resource))}: ${reference.by} names ${nameOf(reference)}, which is not in the set: ${rule.effect(reference)}`,
          hint: remedy(reference, index, nearName),
          path: formatPath(reference.path),
        }),
        ...related(inventory, reference, index, nearName),
      });
    }
  }
  return findings;
}

/** `Secret prod/db`. */
export function nameOf({
  target,
  namespace,
  name,
}: Pick<Reference, "target" | "namespace" | "name">): string {
  return `${target.kind} ${target.namespaced && namespace !== undefined ? `${namespace}/` : ""}${name}`;
}

/** Points at another object of the set. */
export function relatedTo({ locate }: Inventory, object: Resource, message: string, path = ""): Related {
  const at = locate?.(object, path);
  return { message, subject: refOf(object), ...(path !== "" && { path }), ...(at && { at }) };
}

function remedy(
  { target, namespace, name }: Reference,
  index: ObjectIndex,
  near: string | undefined,
): string {
  const object = `${target.namespaced ? `${namespace ?? "NAMESPACE"}/` : ""}${target.kind}/${name}`;
  const elsewhere = `if it lives elsewhere, assume ${object}`;
  if (near !== undefined) return `did you mean "${near}"? Else, ${elsewhere}`;
  const other = index.findAnywhere(name);
  const otherNamespace = other && refOf(other).namespace;
  if (otherNamespace !== undefined)
    return `${target.kind} ${name} is in namespace ${otherNamespace}, not here; ${elsewhere}`;
  return `make the ${target.kind}, or write the name of one that is there; ${elsewhere}`;
}

function related(
  inventory: Inventory,
  { namespace, name }: Reference,
  index: ObjectIndex,
  near: string | undefined,
): { related?: readonly Related[] } {
  const object = near === undefined ? index.findAnywhere(name) : index.find(namespace, near);
  if (object === undefined) return {};
  const message = near === undefined ? "the one of that name elsewhere" : "the one with the nearest name";
  return { related: [relatedTo(inventory, object, message)] };
}
