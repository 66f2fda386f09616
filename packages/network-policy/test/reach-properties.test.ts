import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrixCell, matrixReaches, reachMatrix } from "../src/reach/matrix.ts";
import { networkModel } from "../src/reach/model.ts";
import { reach } from "../src/reach/verdict.ts";
import { type NaiveEnd, naiveAllows } from "./naive.ts";
import {
  outsideIps,
  probedPorts,
  protocols,
  type RandomCluster,
  randomCluster,
  resourcesOf,
} from "./random-cluster.ts";

const runs = { numRuns: 150 };

function ends(cluster: RandomCluster): { end: NaiveEnd; name: string | { ip: string } }[] {
  return [
    ...cluster.pods.map((pod) => ({ end: pod, name: `${pod.namespace}/${pod.name}` })),
    ...outsideIps.map((ip) => ({ end: { ip }, name: { ip } })),
  ];
}

const question = fc.record({
  protocol: fc.constantFrom(...protocols),
  port: fc.constantFrom(...probedPorts),
});

describe("reach against the naive evaluator", () => {
  it("agrees on every pair of pods and outside addresses", () => {
    fc.assert(
      fc.property(randomCluster, fc.array(question, { minLength: 1, maxLength: 4 }), (cluster, questions) => {
        const model = networkModel(resourcesOf(cluster));
        for (const { protocol, port } of questions)
          for (const from of ends(cluster))
            for (const to of ends(cluster)) {
              const expected = naiveAllows(cluster, from.end, to.end, protocol, port);
              const verdict = reach(model, { from: from.name, to: to.name, port, protocol });
              expect([from.name, to.name, protocol, port, verdict.outcome]).toEqual([
                from.name,
                to.name,
                protocol,
                port,
                expected ? "allowed" : "denied",
              ]);
            }
      }),
      runs,
    );
  });
});

describe("reachMatrix", () => {
  it("equals reach on every pair, for a port", () => {
    fc.assert(
      fc.property(randomCluster, question, (cluster, { protocol, port }) => {
        const model = networkModel(resourcesOf(cluster));
        const endpoints = ends(cluster).map((e) => e.name);
        const matrix = reachMatrix(model, { port, protocol, endpoints });
        for (const [i, from] of endpoints.entries())
          for (const [j, to] of endpoints.entries()) {
            const same = i === j;
            const { outcome } = reach(model, { from, to, port, protocol });
            if (same && typeof from !== "string") continue;
            expect([from, to, matrixCell(matrix, i, j).outcome]).toEqual([from, to, outcome]);
            expect(matrixReaches(matrix, i, j)).toBe(outcome === "allowed");
          }
      }),
      runs,
    );
  });

  it("without a port gives the very ports on which the naive evaluator lets through", () => {
    fc.assert(
      fc.property(randomCluster, fc.constantFrom(...protocols), (cluster, protocol) => {
        const model = networkModel(resourcesOf(cluster));
        const matrix = reachMatrix(model, { protocol });
        const indexOf = new Map(matrix.endpoints.map((name, i) => [name, i]));
        for (const from of cluster.pods)
          for (const to of cluster.pods) {
            const [a, b] = [`${from.namespace}/${from.name}`, `${to.namespace}/${to.name}`];
            const { ports: allowed } = matrixCell(matrix, indexOf.get(a)!, indexOf.get(b)!);
            const verdict = reach(model, { from: a, to: b, protocol });
            for (const port of probedPorts) {
              const expected = naiveAllows(cluster, from, to, protocol, port);
              const has = (ranges: readonly { from: number; to: number }[]) =>
                ranges.some((range) => range.from <= port && port <= range.to);
              expect([a, b, port, allowed === "all" || (allowed !== "none" && has(allowed))]).toEqual([
                a,
                b,
                port,
                expected,
              ]);
              expect([a, b, port, has(verdict.allowedPorts!)]).toEqual([a, b, port, expected]);
            }
          }
      }),
      runs,
    );
  });
});
