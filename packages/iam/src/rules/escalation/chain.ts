import { type Inventory, type Related, type Resource, refKey, refOf } from "@ashlar/core";
import { type BoundSubject, subjectName } from "../objects/subjects.ts";
import type { Edge, EscalationGraph } from "./graph.ts";
import { EVERYTHING, type Node, type Way } from "./ways.ts";

/** One step of a chain: as whom, and what. */
export interface Step {
  readonly as: BoundSubject;
  readonly way: Way;
}

/** The shortest chain from a holder to every right of the cluster; empty when there is none. */
export function chainToEverything(graph: EscalationGraph, from: Node): Step[] {
  const edges: Edge[] = [];
  for (let node = from; node !== EVERYTHING; ) {
    const edge = graph.towardsEverything(node);
    if (edge === undefined) return [];
    edges.push(edge);
    node = edge.to;
  }
  return stepsOf(graph, edges);
}

/** What is done along edges, and as whom. */
export function stepsOf({ holders }: EscalationGraph, edges: readonly Edge[]): Step[] {
  return edges.flatMap(({ from, way }) => {
    const holder = holders.get(from);
    return way === undefined || holder === undefined ? [] : [{ as: holder.subject, way }];
  });
}

/** `create pods in ops, then as ServiceAccount ops/ci: bind cluster-admin to itself`. */
export function chainText(steps: readonly Step[]): string {
  return steps
    .map(({ as, way }, i) => (i === 0 ? way.does : `then as ${subjectName(as)}: ${way.does}`))
    .join(", ");
}

/** Each binding and each rule that a chain uses, once, in the chain's order. */
export function chainPlaces({ locate }: Inventory, steps: readonly Step[]): Related[] {
  const seen = new Set<string>();
  return steps.flatMap(({ way }, i) => {
    const place = (resource: Resource, path: string, message: string): Related[] => {
      const subject = refOf(resource);
      const key = `${i} ${refKey(subject)} ${path}`;
      if (seen.has(key)) return [];
      seen.add(key);
      const at = locate?.(resource, path);
      return [{ message: `step ${i + 1}, ${way.does}: ${message}`, subject, path, ...(at && { at }) }];
    };
    return way.by.flatMap(({ grant: { binding, role, subject }, rule }) => [
      ...place(binding.resource, `subjects[${subject.index}]`, `bound to ${subjectName(subject)}`),
      ...place(role.resource, `rules[${rule}]`, `rule of ${role.kind} ${role.name}`),
    ]);
  });
}
