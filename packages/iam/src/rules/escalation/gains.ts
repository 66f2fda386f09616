import type { Right } from "../objects/rights.ts";
import { type Step, stepsOf } from "./chain.ts";
import type { Edge, EscalationGraph } from "./graph.ts";
import type { Grant, Holder } from "./holders.ts";
import { type OwnRights, ownRights } from "./own-rights.ts";
import { rightName } from "./powers.ts";
import { holder as holderNode, type Node, namespaceOfAll } from "./ways.ts";

/** A right that a holder gets by becoming another, and does not have itself. */
export interface Gain {
  readonly steps: readonly Step[];
  /** `update secrets in every namespace`. */
  readonly what: string;
  /** The grant that it is by; absent for rights that the holder writes for itself. */
  readonly grant?: Grant;
}

/** How many edges and rules are looked at for all holders together, so that no set takes long; the rest is left alone. */
const MOST_STEPS = 1_000_000;
const EVERY_RIGHT: Right = { verb: "*", group: "*", resource: "*" };

/**
 * Finds the first gain of a holder that cannot reach everything. A gain is a right to change something or to read Secrets, in
 * the whole cluster or in a namespace that is not the holder's own.
 */
export function gainFinder(graph: EscalationGraph): (one: Holder) => Gain | undefined {
  const effort = { left: MOST_STEPS };
  const without = new Set<string>();
  return (one) => {
    const start = holderNode(one.key);
    const alike = one.grants
      .map(({ key }) => key)
      .sort()
      .join("\n");
    if (without.has(alike)) return undefined;
    const own = ownRights(one.grants);
    const held = new Set(one.grants.map(({ key }) => key));
    const cameBy = new Map<Node, Edge | undefined>([[start, undefined]]);
    const queue = [start];
    for (let i = 0; i < queue.length; i++) {
      const node = queue[i]!;
      const others = graph.holders.get(node)?.grants.filter((grant) => !held.has(grant.key)) ?? [];
      const found = writtenGain(node, own) ?? grantedGain(others, own, effort);
      if (found !== undefined) return { ...found, steps: stepsOf(graph, pathTo(node, cameBy)) };
      for (const edge of graph.edgesFrom(node)) {
        if (--effort.left < 0) return undefined;
        if (cameBy.has(edge.to)) continue;
        cameBy.set(edge.to, edge);
        queue.push(edge.to);
      }
    }
    without.add(alike);
    return undefined;
  };
}

function writtenGain(node: Node, own: OwnRights): Omit<Gain, "steps"> | undefined {
  const namespace = namespaceOfAll(node);
  if (namespace === undefined || own.holds(namespace, EVERY_RIGHT, [])) return undefined;
  return { what: `every right in ${placeName(namespace)}` };
}

function grantedGain(
  others: readonly Grant[],
  own: OwnRights,
  effort: { left: number },
): Omit<Gain, "steps"> | undefined {
  for (const grant of others) {
    const { scope, role } = grant;
    effort.left -= own.size;
    if (scope !== "" && own.owns(scope)) continue;
    for (const { verbs, apiGroups, resources, resourceNames } of role.rules)
      for (const group of apiGroups)
        for (const resource of resources)
          for (const verb of verbs) {
            effort.left -= own.size;
            if (effort.left < 0) return undefined;
            const right = { verb, group, resource };
            if (!matters(right) || own.holds(scope, right, resourceNames)) continue;
            const names = resourceNames.length === 0 ? "" : ` ${resourceNames[0]}`;
            return { what: `${rightName(right)}${names} in ${placeName(scope)}`, grant };
          }
  }
  return undefined;
}

/** Questions to the authorizer, Events and the Leases of leader election are in every controller's role and harm nobody. */
const HARMLESS_GROUPS: readonly string[] = ["authentication.k8s.io", "authorization.k8s.io", "events.k8s.io"];
const HARMLESS: readonly string[] = ["events", "leases"];

function matters({ verb, group, resource }: Right): boolean {
  if (HARMLESS_GROUPS.includes(group) || HARMLESS.includes(resource)) return false;
  if (verb !== "get" && verb !== "list" && verb !== "watch") return true;
  return (group === "" || group === "*") && (resource === "secrets" || resource === "*");
}

function pathTo(node: Node, cameBy: ReadonlyMap<Node, Edge | undefined>): Edge[] {
  const path: Edge[] = [];
  for (let edge = cameBy.get(node); edge !== undefined; edge = cameBy.get(edge.from)) path.push(edge);
  return path.reverse();
}

function placeName(scope: string): string {
  return scope === "" ? "every namespace" : scope;
}
