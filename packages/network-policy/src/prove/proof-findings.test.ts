import type { Locate } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { formatReachClaim } from "./claim.ts";
import { admit, env, factsOfPolicies, platform, policy, prove } from "./claims.test-support.ts";
import { proveClaims } from "./prove-claims.ts";

const ref = (namespace: string, name: string) => ({
  ...{ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
  ...{ namespace, name },
});
// Every place says which object and path it was asked for.
const locate: Locate = (resource, path) => ({
  file: `${(resource as { metadata: { name: string } }).metadata.name}.yaml ${path}`,
  line: 1,
  column: 1,
});

describe("a broken claim", () => {
  test("names the pods, the ports, the rule that admits them, and what to remove", () => {
    const resources = [
      policy("prod", "db", {
        podSelector: { matchLabels: { app: "db" } },
        ingress: [
          { from: [env("prod")] },
          {
            from: [env("prod"), { ...env("dev"), podSelector: { matchLabels: { tier: "batch" } } }],
            ports: [{ port: 5432 }],
          },
        ],
      }),
      policy("prod", "deny", { podSelector: {} }),
    ];
    const proof = prove("env:dev -/-> env:prod", resources, { locate });
    expect(proof.findings).toEqual([
      {
        code: "network-policy/broken-claim",
        severity: "error",
        message:
          'claim "env:dev -/-> env:prod" (expect) is broken: a pod in dev with label tier=batch reaches a pod in prod with label app=db on 5432/TCP; no policy in dev isolates it for egress; NetworkPolicy prod/db admits it by spec.ingress[1].from[1]',
        hint: "remove spec.ingress[1].from[1] of NetworkPolicy prod/db, or narrow it so that it admits less",
        path: "spec.ingress[1].from[1]",
        subject: ref("prod", "db"),
        at: { file: "db.yaml spec.ingress[1].from[1]", line: 1, column: 1 },
        related: [],
      },
    ]);
    expect(proof.witness).toEqual({
      from: {
        namespace: "dev",
        namespaceLabels: { env: "dev", "kubernetes.io/metadata.name": "dev" },
        labels: { tier: "batch" },
        address: "10.0.0.1",
        ports: [],
      },
      to: {
        namespace: "prod",
        namespaceLabels: { env: "prod", "kubernetes.io/metadata.name": "prod" },
        labels: { app: "db" },
        address: "10.0.0.2",
        ports: [],
      },
      protocol: "TCP",
      port: 5432,
    });
  });

  test("names the namespace that no policy isolates, and the policy to add", () => {
    const [finding] = prove("env:dev -/-> env:common : 22/TCP", platform).findings;
    expect(finding).toMatchObject({
      message: expect.stringContaining(
        "any pod in dev reaches any pod in default on 22/TCP; no policy in dev isolates it for egress; no policy in default isolates it for ingress",
      ),
      hint: "add a NetworkPolicy in default with policyTypes: [Ingress] that selects these pods and admits only what may pass",
      path: "",
      subject: { apiVersion: "v1", kind: "Namespace", name: "default" },
    });
  });

  test("names the policy that refuses, and the rule to add", () => {
    const [finding] = prove("env:dev -> env:prod", platform, { locate }).findings;
    expect(finding).toMatchObject({
      message: expect.stringContaining(
        "a pod in dev does not reach a pod in prod on every port; no policy in dev isolates it for egress; NetworkPolicy prod/firewall isolates it for ingress and has no rule that admits it",
      ),
      hint: "add a rule to spec.ingress of NetworkPolicy prod/firewall: from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: dev } } }]",
      path: "spec.ingress",
      subject: ref("prod", "firewall"),
      at: { file: "firewall.yaml spec.ingress", line: 1, column: 1 },
    });
  });

  test("points at the rule that admits the pods on other ports", () => {
    const resources = [
      policy("prod", "p", { podSelector: {}, ingress: [{ from: [env("dev")], ports: [{ port: 80 }] }] }),
    ];
    const [finding] = prove("env:dev -> env:prod : 443", resources).findings;
    expect(finding).toMatchObject({
      path: "spec.ingress[0]",
      hint: "add 443/TCP to spec.ingress[0].ports of NetworkPolicy prod/p",
    });
  });

  test("tells of the sender's policies when they refuse, with the receiver's beside", () => {
    const resources = [
      policy("dev", "out", { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [env("dev")] }] }),
      admit("prod", env("dev")),
    ];
    const [finding] = prove("env:dev -> env:prod", resources).findings;
    expect(finding).toMatchObject({
      hint: "add a rule to spec.egress of NetworkPolicy dev/out: to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: prod } } }]",
      path: "spec.egress",
      subject: ref("dev", "out"),
      related: [
        {
          message: "NetworkPolicy prod/firewall admits it by spec.ingress[0].from[0]",
          path: "spec.ingress[0].from[0]",
        },
      ],
    });
  });

  test("tells how to admit and to refuse addresses", () => {
    const closed = [policy("prod", "out", { podSelector: {}, policyTypes: ["Egress"] })];
    expect(prove("env:prod -> internet : 443", closed).findings[0]!.hint).toBe(
      "add a rule to spec.egress of NetworkPolicy prod/out: to: [{ ipBlock: { cidr: 0.0.0.0/0 } }]",
    );
    expect(prove("env:prod -> 192.0.2.7:443", closed).findings[0]!.hint).toContain("cidr: 192.0.2.7/32");
    expect(prove("env:prod -> 2001:db8::/32", closed).findings[0]!.hint).toContain("cidr: 2001:db8::/32");
    expect(prove("env:prod -/-> internet", platform).findings[0]!.hint).toContain("policyTypes: [Egress]");
  });

  test.each([
    [{ matchExpressions: [{ key: "app", operator: "Exists" }] }, "a pod in dev with a label app reaches"],
    [
      { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
      "a pod in dev without label app reaches",
    ],
    [
      { matchExpressions: [{ key: "app", operator: "NotIn", values: ["a", "b"] }] },
      "a pod in dev without label app=a or b reaches",
    ],
    [
      { matchExpressions: [{ key: "app", operator: "In", values: ["a", "b"] }] },
      "a pod in dev with label app=a reaches",
    ],
    [{}, "any pod in dev reaches"],
  ])("describes the pods that %j selects", (podSelector, text) => {
    const resources = [admit("prod", { ...env("dev"), podSelector })];
    expect(prove("env:dev -/-> env:prod", resources).findings[0]!.message).toContain(text);
  });

  test("says which named port lets a pod in, and over which family", () => {
    const named = [policy("prod", "p", { podSelector: {}, ingress: [{ ports: [{ port: "http" }] }] })];
    expect(prove("env:dev -/-> env:prod : 9999", named).findings[0]!.message).toContain(
      "a pod in prod that declares the port as TCP/http on 9999/TCP",
    );
    const six = [admit("prod", { ipBlock: { cidr: "::/0" } })];
    expect(prove("env:dev -/-> env:prod", six).findings[0]!.message).toContain("on every port over IPv6");
  });
});

test("a broken claim is placed at the Namespace that lacks a policy", () => {
  const resource = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } };
  const namespaces = new Map([
    ["default", { labels: {}, complete: true, resource }],
    ["dev", { labels: {}, complete: true }],
  ]);
  const proof = prove("ns:dev -/-> ns:default", [], { namespaces, locate });
  expect(proof.findings[0]!.at).toEqual({ file: "default.yaml ", line: 1, column: 1 });
});

describe("an unproved claim", () => {
  test("says what is supposed of a namespace, and how to make it known", () => {
    const [finding] = prove("ns:stray -/-> env:prod", platform).findings;
    expect(finding).toMatchObject({
      code: "network-policy/unproved-claim",
      message: expect.stringContaining(
        "any pod in stray reaches any pod in prod on every port if namespace stray is with label env=prod",
      ),
      hint: "add the Namespace object of stray with all of its labels to the set",
      path: "spec.ingress[0].from[0]",
      subject: ref("prod", "firewall"),
    });
  });

  test("asks for the addresses of pods", () => {
    const [finding] = prove("env:dev -/-> env:prod", [
      admit("prod", { ipBlock: { cidr: "10.0.0.0/8" } }),
    ]).findings;
    expect(finding).toMatchObject({
      message: expect.stringContaining(
        "a pod in dev with address 10.0.0.0/8 reaches any pod in prod on every port if the sender gets such an address",
      ),
      hint: "say which addresses pods get (podCidrs)",
    });
  });

  test("names the policy that cannot be read", () => {
    const torn = policy("prod", "torn", {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0" } }] }],
    });
    const [finding] = prove("env:dev -/-> env:prod", [torn], { locate }).findings;
    expect(finding).toMatchObject({
      message: expect.stringContaining("if NetworkPolicy prod/torn, which cannot be read, lets it"),
      hint: expect.stringContaining(
        "correct NetworkPolicy prod/torn, spec.ingress[0].from[0].ipBlock.cidr: expected a CIDR",
      ),
      subject: ref("prod", "torn"),
      at: { file: "torn.yaml spec.ingress[0].from[0].ipBlock.cidr", line: 1, column: 1 },
    });
  });

  test("is given up when the work exceeds the budget, never passed", () => {
    const claims = ["env:dev -/-> env:prod", "env:dev -> env:prod"].map((text) =>
      formatReachClaim({
        ...{ by: "t", expect: text.includes("-/->") ? "no-reach" : "reach" },
        from: { kind: "namespaces", name: "env:dev", namespaces: ["dev"] },
        to: { kind: "namespaces", name: "env:prod", namespaces: ["prod"] },
      }),
    );
    const selective = policy("prod", "p", {
      podSelector: { matchLabels: { app: "x" } },
      ingress: [{ from: [env("prod")] }],
    });
    for (const proof of proveClaims(factsOfPolicies([selective]), claims, { steps: 1 })) {
      expect(proof.outcome).toBe("unknown");
      expect(proof.findings[0]!.message).toContain("the policies of dev and prod distinguish too many cases");
    }
  });
});

test("the budget is one for all claims", () => {
  const selective = policy("prod", "p", {
    podSelector: { matchLabels: { app: "x" } },
    ingress: [{ from: [env("prod")] }],
  });
  const claim = (port: number) =>
    formatReachClaim({
      ...{ by: "t", expect: "no-reach", ports: [{ protocol: "TCP", from: port, to: port }] },
      from: { kind: "namespaces", name: "env:dev", namespaces: ["dev"] },
      to: { kind: "namespaces", name: "env:prod", namespaces: ["prod"] },
    });
  const outcomes = (steps: number, ...ports: number[]) =>
    proveClaims(factsOfPolicies([selective]), ports.map(claim), { steps }).map((p) => p.outcome);
  let steps = 1;
  while (outcomes(steps, 80)[0] === "unknown") steps++;
  expect(outcomes(steps, 80)).toEqual(["broken"]);
  expect(outcomes(steps, 80, 81)).toEqual(["broken", "unknown"]);
});

describe("a claim about nothing", () => {
  test.each([
    ["env:none -> env:prod", "env:none has no namespace", "give it a namespace"],
    ["env:gone -> env:prod", 'the set has no namespace "gone" (of env:gone)', "add its Namespace object"],
    ["ns:prdo -/-> env:dev", 'the set has no namespace "prdo"', 'did you mean "prod"?'],
    ["prod/web -/-> env:dev", 'the set has no pod or workload "prod/web"', "correct the name"],
  ])("%s is vacuous", (text, message, hint) => {
    const proof = prove(text, platform);
    expect(proof.outcome).toBe("vacuous");
    expect(proof.findings).toHaveLength(1);
    expect(proof.findings[0]).toMatchObject({ code: "network-policy/empty-claim", severity: "error" });
    expect(proof.findings[0]!.message).toContain(message);
    expect(proof.findings[0]!.hint).toContain(hint);
  });

  test("partly, is vacuous too unless it is broken", () => {
    const claim = (expect: "reach" | "no-reach") =>
      formatReachClaim({
        ...{ by: "t", expect },
        from: { kind: "namespaces", name: "env:dev", namespaces: ["dev", "dve"] },
        to: { kind: "namespaces", name: "env:prod", namespaces: ["prod"] },
      });
    const proofs = proveClaims(factsOfPolicies(platform), [claim("no-reach"), claim("reach")]);
    expect(proofs.map((p) => p.outcome)).toEqual(["vacuous", "broken"]);
    expect(proofs[0]!.findings[0]!.message).toContain('no namespace "dve" (of env:dev)');
  });

  test.each([
    ["no port", { ports: [] }, "it names no port"],
    ["addresses on both sides", { to: { kind: "block", cidr: "10.0.0.0/8" } }, "both sides are outside"],
    ["no address", { from: { kind: "block", cidr: "10.0.0" } }, '"10.0.0" is no address'],
  ] as const)("made by hand with %s", (_, parts, message) => {
    const claim = formatReachClaim({
      ...{ by: "t", expect: "reach", from: { kind: "block", cidr: "internet" } },
      ...{ to: { kind: "namespaces", name: "env:prod", namespaces: ["prod"] }, ...parts },
    });
    const [proof] = proveClaims(factsOfPolicies(platform), [claim]);
    expect(proof!.outcome).toBe("vacuous");
    expect(proof!.findings[0]!.message).toContain(message);
  });

  test("of a family that pods do not have", () => {
    const proof = prove("env:prod -> 2001:db8::/32", platform, { families: [4] });
    expect(proof.outcome).toBe("vacuous");
    expect(proof.findings[0]!.message).toContain("no address family in common");
  });
});
