import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namespace, pod, policy, service } from "../../test/objects.ts";
import { reachDiff } from "./diff.ts";
import { explainReach } from "./explain.ts";
import { matrixCell, reachMatrix } from "./matrix.ts";
import { networkModel } from "./model.ts";
import { type ReachQuery, reach } from "./verdict.ts";

const kinds = [
  "Namespace",
  "Pod",
  "NetworkPolicy",
  "Service",
  "Deployment",
  "CronJob",
  "EndpointSlice",
  "Endpoints",
  "Node",
  "List",
  "PodList",
];
const fields = ["items", "spec", "status", "metadata", "subsets", "endpoints", "ports"];
const value = fc.jsonValue({ maxDepth: 4 });
const odd = fc
  .tuple(
    fc.constantFrom(...kinds),
    fc.dictionary(fc.constantFrom(...fields), value),
    fc.option(fc.constantFrom("v1", "apps/v1", "batch/v1", "networking.k8s.io/v1"), { nil: undefined }),
  )
  .map(([kind, rest, apiVersion]) => ({ apiVersion, kind, ...rest }) as unknown as Resource);

const client = pod("a/client", { ips: ["10.0.0.1"] });
const server = pod("b/server", { ips: ["10.0.0.2"] });
const set = [namespace("a"), namespace("b"), client, server];
const seconds = (run: () => void) => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

describe("hostile input", () => {
  it("objects of any shape never throw", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(odd, value as fc.Arbitrary<Resource>), { maxLength: 8 }), (resources) => {
        const model = networkModel([...resources, client, server]);
        const matrix = reachMatrix(model);
        for (const [i, from] of matrix.endpoints.entries()) {
          matrixCell(matrix, i, 0);
          explainReach(reach(model, { from, to: "b/server", port: 80 }));
        }
        reachDiff(model, networkModel([client, server]));
      }),
      { numRuns: 200 },
    );
  });

  it("questions of any shape get an answer that is not allowed", () => {
    const model = networkModel(set);
    const odd = [
      undefined,
      null,
      7,
      "",
      "/",
      "a",
      "a/b/c/d",
      [],
      {},
      { ip: "x" },
      { ip: 7 },
      { service: "a/x" },
      { node: "n" },
      { ip: "10.0.0.0/8" },
    ];
    for (const end of odd) {
      const verdict = reach(model, { from: end as ReachQuery["from"], to: "b/server" });
      expect([end, verdict.outcome, verdict.allowed]).toEqual([end, "unknown", false]);
      expect(reach(model, { from: "a/client", to: end as ReachQuery["to"] }).outcome).toBe("unknown");
      expect(explainReach(verdict)).toContain("is unknown");
    }
    for (const port of [0, -1, 65536, 1.5, Number.NaN, "", {}, null])
      expect(reach(model, { from: "a/client", to: "b/server", port: port as number }).outcome).toBe(
        "unknown",
      );
    const matrix = reachMatrix(model, { endpoints: ["a/client", "a/nobody", { ip: "?" }] });
    expect([0, 1, 2].map((i) => matrixCell(matrix, i, i).outcome)).toEqual(["allowed", "unknown", "unknown"]);
    expect(matrixCell(matrix, 0, 1).outcome).toBe("unknown");
  });

  it("names like those of JavaScript's own objects are names", () => {
    const own = pod("a/client", {
      ips: ["10.0.0.1"],
      labels: JSON.parse('{"constructor":"x","__proto__":"y"}'),
    });
    const select = (key: string) =>
      policy("b/p", {
        ingress: [
          {
            from: [
              { namespaceSelector: {}, podSelector: { matchExpressions: [{ key, operator: "Exists" }] } },
            ],
          },
        ],
      });
    const outcome = (key: string) =>
      reach(networkModel([...set.slice(0, 2), own, server, select(key)]), {
        from: "a/client",
        to: "b/server",
        port: 80,
      }).outcome;
    expect(["constructor", "toString", "hasOwnProperty"].map(outcome)).toEqual([
      "allowed",
      "denied",
      "denied",
    ]);
    expect(reach(networkModel(set), { from: "a/constructor", to: "b/toString" }).outcome).toBe("unknown");
  });

  it("very long lists take seconds at most", () => {
    const many = <T>(make: (i: number) => T, count = 30_000) =>
      Array.from({ length: count }, (_, i) => make(i));
    const long = [
      policy("b/ports", { ingress: [{ ports: many((i) => ({ port: 2 * i + 1 })) }] }),
      policy("b/names", { ingress: [{ ports: many((i) => ({ port: `p${i}` })) }] }),
      policy("b/blocks", {
        ingress: [
          {
            from: many((i) => ({
              ipBlock: { cidr: `172.${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}/32` },
            })),
          },
        ],
      }),
      policy("b/peers", {
        ingress: [{ from: many((i) => ({ podSelector: { matchLabels: { app: `x${i}` } } })) }],
      }),
      pod("a/addresses", { ips: many((i) => `10.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`) }),
      pod("a/ports", { ips: ["10.0.0.3"], ports: many((i) => ({ name: `p${i}`, containerPort: 1 + i })) }),
      service("b/ports", { selector: {}, ports: many((i) => ({ port: 1 + i, targetPort: 80 })) }),
    ];
    let model = networkModel(set);
    expect(seconds(() => (model = networkModel([...set, ...long])))).toBeLessThan(5);
    expect(seconds(() => reach(model, { from: "a/client", to: "b/server" }))).toBeLessThan(5);
    expect(reach(model, { from: "a/client", to: "b/server", port: 3 }).outcome).toBe("allowed");
    expect(reach(model, { from: "a/client", to: "b/server", port: 2 }).outcome).toBe("denied");
    expect(seconds(() => reachMatrix(model))).toBeLessThan(10);
  });

  it("very deep objects are read", () => {
    let deep: unknown = {};
    for (let i = 0; i < 20_000; i++) deep = { kind: "List", items: [deep], spec: deep };
    expect(() => networkModel([deep as Resource])).not.toThrow();
  });
});
