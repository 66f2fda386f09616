import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reachDiff } from "../src/reach/diff.ts";
import type { ReachChange } from "../src/reach/diff-groups.ts";
import { type MatrixCell, matrixCell, matrixReaches, reachMatrix } from "../src/reach/matrix.ts";
import { type NetworkModelOptions, networkModel } from "../src/reach/model.ts";
import { reach } from "../src/reach/verdict.ts";
import { naiveAllows } from "./naive.ts";
import { workload } from "./objects.ts";
import {
  probedPorts,
  protocols,
  type RandomCluster,
  randomCluster,
  resourcesOf,
  spaces,
} from "./random-cluster.ts";

const runs = { numRuns: 100 };
const question = fc.record({
  protocol: fc.constantFrom(...protocols),
  port: fc.constantFrom(...probedPorts),
});
const nameOf = (pod: { namespace: string; name: string }) => `${pod.namespace}/${pod.name}`;

/** Facts that are taken away from a cluster before it is asked about. */
const hidden = fc.record({
  namespaces: fc.subarray(spaces),
  partial: fc.subarray(spaces),
  addresses: fc.subarray([0, 1, 2, 3, 4]),
  policies: fc.subarray([0, 1, 2, 3, 4]),
});
type Hidden = typeof hidden extends fc.Arbitrary<infer T> ? T : never;

/** All pods in one family, so that a pod whose address is hidden is known to have one of it. */
function inOneFamily(cluster: RandomCluster): RandomCluster {
  return { ...cluster, pods: cluster.pods.map((pod, i) => ({ ...pod, ips: [`10.0.0.${i + 1}`] })) };
}

function withHidden(
  cluster: RandomCluster,
  hide: Hidden,
): { resources: Resource[]; options: NetworkModelOptions } {
  const resources = resourcesOf(cluster)
    .filter((r) => r.kind !== "Namespace" || !hide.namespaces.includes(r.metadata.name))
    .map((r): Resource => {
      const number = Number(r.metadata.name.slice(r.kind === "Pod" ? 3 : 1));
      if (r.kind === "Pod" && hide.addresses.includes(number)) return { ...r, status: { phase: "Pending" } };
      if (r.kind !== "NetworkPolicy" || !hide.policies.includes(number)) return r;
      return { ...r, spec: { ...(r.spec as object), ingress: [{ ports: [{ port: 0 }] }] } };
    })
    .map((r) =>
      r.kind === "Namespace" && hide.partial.includes(r.metadata.name)
        ? { ...r, metadata: { name: r.metadata.name } }
        : r,
    );
  return { resources, options: { partialNamespaces: hide.partial, ipFamilies: ["IPv4"] } };
}

/** Where each pod runs, if that is known, and whether on its node's network. */
const places = fc.array(
  fc.record({ nodeName: fc.constantFrom("n1", "n2", undefined), hostNetwork: fc.boolean() }),
  { minLength: 5, maxLength: 5 },
);

function placed(
  resource: Resource,
  all: readonly { nodeName: string | undefined; hostNetwork: boolean }[],
): Resource {
  const place = resource.kind === "Pod" ? all[Number(resource.metadata.name.slice(3))] : undefined;
  return place === undefined ? resource : { ...resource, spec: { ...(resource.spec as object), ...place } };
}

describe("missing facts", () => {
  it("what is said to be allowed or denied is so, whatever the facts are", () => {
    fc.assert(
      fc.property(
        randomCluster,
        hidden,
        question,
        fc.boolean(),
        (random, hide, { protocol, port }, applied) => {
          const cluster = inOneFamily(random);
          const { resources, options } = withHidden(cluster, hide);
          const model = networkModel(resources, options);
          // A policy that cannot be interpreted may be what it was meant to be, or not be there at all.
          const policies = cluster.policies.filter((_, i) => applied || !hide.policies.includes(i));
          for (const from of cluster.pods)
            for (const to of cluster.pods) {
              const { outcome } = reach(model, { from: nameOf(from), to: nameOf(to), port, protocol });
              if (outcome === "unknown") continue;
              const truth = naiveAllows({ ...cluster, policies }, from, to, protocol, port);
              expect([nameOf(from), nameOf(to), outcome]).toEqual([
                nameOf(from),
                nameOf(to),
                truth ? "allowed" : "denied",
              ]);
            }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("the matrix keeps what is unknown as reach does, on one port and on all", () => {
    fc.assert(
      fc.property(randomCluster, hidden, places, question, (random, hide, places, { protocol, port }) => {
        const { resources, options } = withHidden(inOneFamily(random), hide);
        const model = networkModel(
          resources.map((r) => placed(r, places)),
          options,
        );
        for (const asked of [{ protocol, port }, { protocol }, { protocol, port: "http" }]) {
          const matrix = reachMatrix(model, asked);
          for (const [i, from] of matrix.endpoints.entries())
            for (const [j, to] of matrix.endpoints.entries()) {
              const { outcome, allowedPorts } = reach(model, { from, to, ...asked });
              const cell = matrixCell(matrix, i, j);
              expect([from, to, asked, cell.outcome]).toEqual([from, to, asked, outcome]);
              expect(matrixReaches(matrix, i, j)).toBe(outcome === "allowed");
              if (cell.outcome === "partial")
                expect(cell.ports === "none" ? [] : cell.ports).toEqual(allowedPorts);
            }
        }
      }),
      runs,
    );
  });
});

describe("laws", () => {
  it("the order of objects does not matter", () => {
    const shuffled = randomCluster.chain((cluster) => {
      const resources = resourcesOf(cluster);
      return fc.record({
        resources: fc.constant(resources),
        other: fc.shuffledSubarray(resources, { minLength: resources.length }),
      });
    });
    fc.assert(
      fc.property(shuffled, question, ({ resources, other }, { protocol, port }) => {
        const [a, b] = [networkModel(resources), networkModel(other)];
        const matrix = reachMatrix(a, { protocol });
        expect(reachMatrix(b, { protocol }).endpoints).toEqual(matrix.endpoints);
        for (const from of matrix.endpoints)
          for (const to of matrix.endpoints)
            expect(reach(b, { from, to, port, protocol })).toEqual(reach(a, { from, to, port, protocol }));
        expect(reachDiff(a, b)).toEqual([]);
      }),
      runs,
    );
  });

  it("a policy added where pods are isolated already never closes anything", () => {
    fc.assert(
      fc.property(randomCluster, question, (cluster, { protocol, port }) => {
        const [added] = cluster.policies;
        if (added === undefined) return;
        const before = networkModel(resourcesOf({ ...cluster, policies: cluster.policies.slice(1) }));
        const after = networkModel(resourcesOf(cluster));
        for (const from of cluster.pods)
          for (const to of cluster.pods) {
            const query = { from: nameOf(from), to: nameOf(to), port, protocol };
            const [old, next] = [reach(before, query), reach(after, query)];
            const isolatedAlready =
              next.egress.isolated === old.egress.isolated && next.ingress.isolated === old.ingress.isolated;
            if (isolatedAlready && old.allowed) expect([query, next.outcome]).toEqual([query, "allowed"]);
          }
      }),
      runs,
    );
  });
});

function changeOf(
  changes: readonly ReachChange[],
  from: string,
  to: string,
  protocol: string,
  port: number,
): string[] {
  return changes
    .filter(
      (c) =>
        c.from.endpoints.includes(from) &&
        c.to.endpoints.includes(to) &&
        c.protocols.some((p) => p === protocol) &&
        (c.ports === "all" || c.ports.some((range) => range.from <= port && port <= range.to)),
    )
    .map((c) => c.change);
}

describe("reachDiff", () => {
  it("is empty between equal models", () => {
    fc.assert(
      fc.property(randomCluster, (cluster) => {
        expect(reachDiff(networkModel(resourcesOf(cluster)), networkModel(resourcesOf(cluster)))).toEqual([]);
      }),
      runs,
    );
  });

  it("says what changes for each pair of pods on each port, and nothing else", () => {
    const kinds: Record<string, string[]> = {
      "denied allowed": ["opens"],
      "allowed denied": ["closes"],
      "denied unknown": ["may open"],
      "unknown allowed": ["may open"],
      "allowed unknown": ["may close"],
      "unknown denied": ["may close"],
    };
    fc.assert(
      fc.property(randomCluster, randomCluster, hidden, (random, other, hide) => {
        const cluster = inOneFamily(random);
        const before = networkModel(resourcesOf(cluster), { ipFamilies: ["IPv4"] });
        const changed = withHidden({ ...cluster, policies: other.policies }, hide);
        const after = networkModel(changed.resources, changed.options);
        const changes = reachDiff(before, after);
        for (const protocol of protocols)
          for (const port of probedPorts)
            for (const from of cluster.pods)
              for (const to of cluster.pods) {
                if (from === to) continue;
                const query = { from: nameOf(from), to: nameOf(to), port, protocol };
                const outcomes = `${reach(before, query).outcome} ${reach(after, query).outcome}`;
                expect([query, changeOf(changes, query.from, query.to, protocol, port)]).toEqual([
                  query,
                  kinds[outcomes] ?? [],
                ]);
              }
      }),
      { numRuns: 40 },
    );
  });

  it("tells every change between pods that could exist, and no other", () => {
    const kinds = ["", "opens", "may open", "closes", "may close"];
    fc.assert(
      fc.property(randomCluster, randomCluster, hidden, (random, other, hide) => {
        const cluster = inOneFamily(random);
        const old = { resources: resourcesOf(cluster), options: { ipFamilies: ["IPv4" as const] } };
        const next = withHidden(
          { ...cluster, policies: other.policies, namespaces: other.namespaces },
          {
            ...hide,
            namespaces: [],
          },
        );
        const [before, after] = [old, next].map((set) => networkModel(set.resources, set.options));
        const told = reachDiff(before!, after!, { protocols: ["TCP"] });
        const [a, b] = [old, next].map((set) =>
          reachMatrix(networkModel([...set.resources, ...everyLabelled], set.options)),
        );
        const spaceOf = a!.endpoints.map((name) => name.split("/")[0]!);
        const alike = Map.groupBy(
          a!.endpoints.keys(),
          (i) => `${spaceOf[i]} ${a!.classOf[i]} ${b!.classOf[i]}`,
        );
        const few = [...alike.values()].flatMap((same) => same.slice(0, 2));
        const seen = new Set<string>();
        for (const i of few)
          for (const j of few) {
            if (i === j && a!.single[i] === 1) continue;
            const cells = [matrixCell(a!, i, j), matrixCell(b!, i, j)];
            if (JSON.stringify(cells[0]) === JSON.stringify(cells[1])) continue;
            for (const port of probedPorts) {
              const [was, is] = cells.map((cell) => answerOf(cell, port));
              const sure = was! + is! === 2;
              const kind = is === was ? 0 : (is! > was! ? 1 : 3) + (sure ? 0 : 1);
              if (kind > 0) seen.add(`${kinds[kind]} ${spaceOf[i]} ${spaceOf[j]} ${port}`);
            }
          }
        const lines = told.flatMap((c) =>
          c.from.namespaces.flatMap((from) =>
            c.to.namespaces.flatMap((to) =>
              probedPorts
                .filter((port) => c.ports === "all" || c.ports.some((r) => r.from <= port && port <= r.to))
                .map((port) => `${c.change} ${from} ${to} ${port}`),
            ),
          ),
        );
        expect([...new Set(lines)].sort()).toEqual([...seen].sort());
      }),
      { numRuns: 12 },
    );
  });
});

/** Workloads with all labels that the selectors of random clusters tell apart, in each namespace. */
const everyLabelled: Resource[] = spaces.flatMap((namespace) => {
  const ways = (key: string) => [{}, ...["", "x", "y", "z"].map((value) => ({ [key]: value }))];
  const all = ways("app").flatMap((a) =>
    ways("tier").flatMap((b) => ways("env").map((c) => ({ ...a, ...b, ...c }))),
  );
  return all.map((own, i) => workload("Deployment", `${namespace}/any${i}`, { labels: own }));
});

/** 0: denied, 1: unknown, 2: allowed. */
function answerOf({ ports, unknown }: MatrixCell, port: number): number {
  const within = (range: { from: number; to: number }) => range.from <= port && port <= range.to;
  if (ports === "all" || (ports !== "none" && ports.some(within))) return 2;
  return unknown.some(within) ? 1 : 0;
}
