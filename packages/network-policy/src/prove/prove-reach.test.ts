import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkModel } from "../reach/model.ts";
import type { Unit } from "../reach/unit.ts";
import { reach } from "../reach/verdict.ts";
import { formatReachClaim, type ReachClaim } from "./claim.ts";
import { platform, policy, prove as proveFrom } from "./claims.test-support.ts";
import { parseReachClaim } from "./parse-claim.ts";
import { proveReach, reachOutcomes } from "./prove-reach.ts";
import { world } from "./worlds.test-support.ts";

const namespace = (name: string, labels: Record<string, string> = {}): Resource => ({
  ...{ apiVersion: "v1", kind: "Namespace" },
  metadata: { name, labels },
});
const pod = (where: string, name: string, app: string, ip: string, more: object = {}): Resource => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: where, labels: { app } } },
  spec: { containers: [{ name: "c", ports: [{ name: "http", containerPort: 8000 }] }], ...more },
  status: { podIP: ip },
});
const deployment = (where: string, name: string, more: object = {}): Resource => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: where } },
  spec: {
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "c", ports: [{ name: "http", containerPort: 8000 }] }], ...more },
    },
  },
});
const service = (where: string, name: string, spec: object): Resource => ({
  ...{ apiVersion: "v1", kind: "Service", metadata: { name, namespace: where } },
  spec,
});

const resources = [
  ...[namespace("prod"), namespace("dev")],
  deployment("prod", "web"),
  deployment("prod", "agent", { hostNetwork: true }),
  deployment("dev", "web"),
  pod("prod", "single", "single", "10.0.0.9"),
  service("prod", "web", { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] }),
  service("prod", "front", { selector: { app: "web" }, ports: [{ port: 443, targetPort: 8000 }] }),
  service("prod", "db", { type: "ExternalName", externalName: "db.example.org" }),
  policy("prod", "web", {
    podSelector: { matchLabels: { app: "web" } },
    ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: "http" }] }],
  }),
];

function outcome(text: string, set: readonly Resource[] = resources): string {
  const claim = parseReachClaim(text, { environments: {}, by: "expect" });
  if (!claim.ok) throw new Error(claim.findings[0]!.message);
  const [proof] = proveReach(networkModel(set), [claim.value]);
  return proof!.findings.length === 0 ? proof!.outcome : `${proof!.outcome}: ${proof!.findings[0]!.message}`;
}

describe("claims about workloads", () => {
  test.each([
    ["dev/web -> prod/web:8000", "proved"],
    ["dev/web -> prod/web:80", "proved"],
    ["dev/web -> prod/web:81", "broken: "],
    ["dev/web -> prod/front:443", "proved"],
    ["dev/web -> prod/web : only 8000", "proved"],
    ["ns:dev -> prod/web : only 8000", "proved"],
    ["ns:prod -> dev/Deployment/web", "proved"],
    ["prod/front -> dev/web", "proved"],
    ["internet -/-> prod/web", "proved"],
    ["prod/web -> internet : 443", "proved"],
    ["dev/web -/-> prod/single", "broken: "],
    ["prod/single -/-> prod/single", "vacuous: "],
    ["prod/web -> prod/web:8000", "proved"],
    ["prod/web -/-> prod/web : 22", "proved"],
  ])("%s is %s", (text, expected) => {
    expect(outcome(text)).toMatch(new RegExp(`^${expected}`));
  });

  test.each([
    ["dev/web -> prod/agent", "unknown: ", "prod/agent: it has hostNetwork: true"],
    ["dev/web -> prod/wbe", "vacuous: ", 'did you mean "prod/web"?'],
    ["dev/web -> prod/front:80", "vacuous: ", "Service prod/front declares no port 80/TCP"],
    ["dev/web -> prod/db:5432", "vacuous: ", "is an ExternalName of db.example.org"],
  ])("%s says why it is not proved", (text, expected, why) => {
    const said = outcome(text);
    expect(said).toMatch(new RegExp(`^${expected}`));
    expect(said).toContain(why);
  });

  test("speaks of pods, not of the names that a template cannot give them", () => {
    const policies = [
      policy("prod", "p", { podSelector: { matchLabels: { "pod-template-hash": "abc" } }, ingress: [] }),
    ];
    const set = [
      namespace("prod"),
      namespace("dev"),
      deployment("prod", "web"),
      deployment("dev", "web"),
      ...policies,
    ];
    expect(outcome("dev/web -> prod/web:80", set)).toMatch(/^unknown: .*if the receiver is so labelled/);
  });

  test("speak of the family that two known pods can use, and of each that others might", () => {
    const both = (where: string, name: string, ...ips: string[]) => ({
      ...pod(where, name, name, ips[0]!),
      status: { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) },
    });
    const set = [
      ...[namespace("prod"), namespace("dev")],
      ...[both("dev", "w", "10.0.0.1", "fd00::1"), both("prod", "w", "10.0.0.2", "fd00::2")],
      policy("prod", "p", { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "::/0" } }] }] }),
    ];
    expect(outcome("dev/w -> prod/w", set)).toBe("proved");
    expect(outcome("dev/w -/-> prod/w", set)).toMatch(/^broken: .* over IPv6/);
    expect(outcome("ns:dev -> prod/w", set)).toMatch(/^broken: /);
  });

  test("a workload may be in a namespace of which nothing is known", () => {
    const unit: Unit = {
      ...{ kind: "workload", name: "far/web", namespace: "far", labels: { labels: {}, complete: true } },
      ...{ policed: true, host: false, families: [4], ports: [] },
    };
    expect(
      proveFrom("far/web -/-> env:prod", platform, { workload: () => ({ targets: [{ unit }] }) }).outcome,
    ).toBe("unknown");
  });

  test("take the addresses that pods get from podCidrs", () => {
    const set = [
      ...[namespace("prod"), namespace("dev")],
      policy("prod", "p", {
        podSelector: {},
        ingress: [{ from: [{ ipBlock: { cidr: "203.0.113.0/24" } }] }],
      }),
    ];
    const claim = formatReachClaim({
      ...{ by: "t", expect: "no-reach" },
      from: { kind: "namespaces", name: "ns:dev", namespaces: ["dev"] },
      to: { kind: "namespaces", name: "ns:prod", namespaces: ["prod"] },
    });
    const prove = (podCidrs?: string[]) =>
      proveReach(networkModel(set, podCidrs ? { podCidrs } : {}), [claim])[0]!.outcome;
    expect(prove()).toBe("unknown");
    expect(prove(["10.0.0.0/8"])).toBe("proved");
    expect(prove(["10.0.0.0/8", "203.0.113.128/25"])).toBe("broken");
  });
});

test("the witness of a claim has the addresses of its own pods", () => {
  const set = [
    namespace("prod"),
    namespace("dev"),
    pod("dev", "w", "w", "10.0.0.1"),
    ...["2", "3"].map((n) => pod("prod", `p${n}`, "p", `10.0.0.${n}`)),
  ];
  const claims = ["prod/p2", "prod/p3"].map((ref) =>
    formatReachClaim({
      ...{ by: "t", expect: "no-reach" },
      from: { kind: "workload", ref: "dev/w" },
      to: { kind: "workload", ref },
    }),
  );
  const witnesses = proveReach(networkModel(set), claims).map((p) => p.witness?.to);
  expect(witnesses).toMatchObject([
    { name: "prod/p2", address: "10.0.0.2" },
    { name: "prod/p3", address: "10.0.0.3" },
  ]);
});

describe("proofs about single pods", () => {
  test("agree with reach", () => {
    const ends = ["a/one", "a/many", "b/one"];
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(
        world,
        fc.constantFrom(...ends),
        fc.constantFrom(...ends),
        fc.constantFrom(80, 8000),
        (w, from, to, port) => {
          const set = [
            ...[...w.namespaces].flatMap(([name, { labels, complete }]) =>
              complete ? [namespace(name, { ...labels })] : [],
            ),
            ...[pod("a", "one", "x", "10.0.0.1"), deployment("a", "many"), pod("b", "one", "y", "192.0.2.1")],
            ...w.policies,
          ];
          const model = networkModel(set);
          const { outcome: verdict } = reach(model, { from, to, port });
          const claim = (expect: ReachClaim["expect"]) =>
            formatReachClaim({
              ...{ by: "t", expect, ports: [{ protocol: "TCP", from: port, to: port }] },
              ...{ from: { kind: "workload", ref: from }, to: { kind: "workload", ref: to } },
            });
          const [open, shut] = proveReach(model, [claim("reach"), claim("no-reach")]).map((p) => p.outcome);
          const both = `${open}/${shut}`;
          seen[verdict] = (seen[verdict] ?? 0) + 1;
          if (from === to && from !== "a/many") expect(both).toBe("vacuous/vacuous");
          else if (verdict === "allowed") expect(both).toBe("proved/broken");
          else if (verdict === "denied") expect(both).toBe("broken/proved");
          // What reach does not know one fact at a time, a proof may know by cases.
          else expect(["unknown/unknown", "proved/broken", "broken/proved"]).toContain(both);
        },
      ),
      { numRuns: 1500 },
    );
    for (const verdict of ["allowed", "denied", "unknown"])
      expect(seen[verdict], JSON.stringify(seen)).toBeGreaterThan(20);
  });
});

describe("speed", () => {
  test("10,000 claims about 100 environments take less than a second", () => {
    const names = Array.from({ length: 100 }, (_, i) => `e${i}`);
    const near = (i: number) => [i, (i + 1) % 100, (i + 99) % 100].map((n) => names[n]!);
    const set = names.flatMap((name, i) => [
      namespace(name, { env: name }),
      policy(name, "p", {
        podSelector: {},
        ingress: [{ from: near(i).map((n) => ({ namespaceSelector: { matchLabels: { env: n } } })) }],
      }),
    ]);
    const party = (name: string) =>
      ({ kind: "namespaces", name: `env:${name}`, namespaces: [name] }) as const;
    const claims = names.flatMap((to, i) =>
      names.map((from) =>
        formatReachClaim({
          by: "t",
          expect: near(i).includes(from) ? "reach" : "no-reach",
          from: party(from),
          to: party(to),
        }),
      ),
    );
    const model = networkModel(set);
    const start = performance.now();
    const proofs = proveReach(model, claims);
    const took = performance.now() - start;
    expect(reachOutcomes(model, claims)).toEqual(proofs.map((p) => p.outcome));
    expect(proofs.filter((p) => p.outcome === "proved")).toHaveLength(10_000);
    expect(took).toBeLessThan(1000);
  });
});
