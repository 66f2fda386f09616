import type { PortRange } from "../policy/ports.ts";
import { resolveEndpoint } from "../reach/endpoints.ts";
import type { NetworkModel } from "../reach/model.ts";
import { routesTo, unitsBehind } from "../reach/routes.ts";
import type { Unit } from "../reach/unit.ts";
import type { ReachFacts, Workload } from "./facts.ts";

/** The facts of a network model. Workloads are found as `reach` finds them: also behind the ports of a Service. */
export function factsOf(model: NetworkModel): ReachFacts {
  const { policies, invalid, namespaces, families, podRanges, locate } = model;
  return {
    ...{ policies, invalid, namespaces },
    workload: (ref, ports) => workloadOf(model, ref, ports),
    // IPv4 alone is also what a model says that knows nothing of families.
    ...(families.includes(6) && { families }),
    ...(podRanges && { podRanges }),
    ...(locate && { locate }),
  };
}

function workloadOf(model: NetworkModel, ref: string, ports: readonly PortRange[] | undefined): Workload {
  const party = resolveEndpoint(model, ref);
  if (party.problem !== undefined) return { targets: [], problem: party.problem };
  if (ports === undefined) {
    const units = party.service === undefined ? party.units : unitsBehind(model, party.service);
    if (units.length === 0) return { targets: [], problem: `no pod of the set is behind ${party.name}` };
    return { targets: units.map((unit) => ({ unit })) };
  }
  const reached = new Map<Unit, PortRange[]>();
  let problem: string | undefined;
  for (const asked of ports) {
    const one = asked.from === asked.to;
    const { protocol } = asked;
    const { routes, problem: why } = routesTo(
      model,
      ref,
      party,
      one ? { protocol, port: asked.from } : { protocol },
    );
    // A Service need not declare every port of a range.
    if (one || routes.length === 0) problem ??= why;
    for (const { to, asked: found, servicePort } of routes) {
      if (servicePort !== undefined && (servicePort < asked.from || servicePort > asked.to)) continue;
      const range = one || servicePort !== undefined ? { protocol, ...found } : asked;
      reached.set(to, [...(reached.get(to) ?? []), range]);
    }
  }
  const targets = [...reached].map(([unit, own]) => ({ unit, ports: own }));
  const isRange = ports.some((p) => p.from !== p.to);
  if (problem === undefined || (isRange && targets.length > 0)) return { targets };
  return { targets, problem };
}
