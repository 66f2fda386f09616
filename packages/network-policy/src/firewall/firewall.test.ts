import { join } from "node:path";
import { IntentError } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import type * as z from "@ashlar/core/zod";
import { describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { networkPolicyRules } from "../rules/index.ts";
import { firewall } from "./firewall.ts";
import type { firewallIntent } from "./intent.ts";

const CASES = join(import.meta.dirname, "cases");
type Input = z.input<ReturnType<typeof firewallIntent>>;

blockContract({ test }, { builder: firewall, cases: readCases<Input>(CASES), rules: networkPolicyRules });
goldenTests<Input>(CASES, firewall);

const environments = { common: { existing: ["default"] }, prod: ["prod"], dev: ["dev"] };

test("the reference platform gets exactly its two policies", () => {
  const { resources, patches } = firewall({
    environments: {
      common: { existing: ["default", "kube-system", "kube-public"] },
      prod: ["prod"],
      dev: ["dev"],
    },
    diagram: "prod <-> common <-> dev",
  });
  const policy = (namespace: string) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "namespace-ingress", namespace },
    spec: {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { env: namespace } } },
            { namespaceSelector: { matchLabels: { env: "common" } } },
          ],
        },
      ],
    },
  });
  expect(resources.filter((r) => r.kind === "NetworkPolicy")).toEqual([policy("prod"), policy("dev")]);
  expect(resources.filter((r) => r.kind === "Namespace").map((r) => r.metadata)).toEqual([
    { name: "prod", labels: { env: "prod" } },
    { name: "dev", labels: { env: "dev" } },
  ]);
  expect(patches.map((p) => p.merge.metadata)).toEqual(
    ["default", "kube-system", "kube-public"].map((name) => ({ name, labels: { env: "common" } })),
  );
});

test("claims every ordered pair of environments", () => {
  const { claims } = firewall({ environments, diagram: "prod <-> common <-> dev\ndev -> prod : 5432/TCP" });
  expect(claims.map((c) => c.text).sort()).toEqual(
    [
      "env:common -> env:common",
      "env:common -> env:dev",
      "env:common -> env:prod",
      "env:dev -> env:common",
      "env:dev -> env:dev",
      "env:dev -> env:prod : only 5432/TCP",
      "env:prod -/-> env:dev",
      "env:prod -> env:common",
      "env:prod -> env:prod",
    ].sort(),
  );
});

describe("bad intents are refused with path and remedy", () => {
  const mistakes: readonly (readonly [string, unknown, string, string])[] = [
    [
      "an unknown environment",
      { environments, diagram: "prd <-> common" },
      "diagram",
      'did you mean "prod"?',
    ],
    ["an arrow to nowhere", { environments, diagram: "prod ->" }, "diagram", 'write "a -> b"'],
    ["arrows only", { environments, diagram: "-> <-> -> <-" }, "diagram", 'write "a -> b"'],
    [
      "a port out of range",
      { environments, diagram: "prod -> dev : 70000/TCP" },
      "diagram",
      "ports go from 1 to 65535",
    ],
    ["a range upside down", { environments, diagram: "prod -> dev : 9-8/TCP" }, "diagram", "write 8-9/TCP"],
    ["an unknown protocol", { environments, diagram: "prod -> dev : 80/ICMP" }, "diagram", "write 5432/TCP"],
    [
      "ports without an arrow",
      { environments, diagram: "prod : 80" },
      "diagram",
      'write "a -> b : 5432/TCP"',
    ],
    [
      "a namespace twice",
      { environments: { a: ["x"], b: ["x"] }, diagram: "" },
      "environments.b[0]",
      "one environment",
    ],
    [
      "a namespace name",
      { environments: { a: ["X_"] }, diagram: "" },
      "environments.a[0]",
      "use a-z, 0-9 and -",
    ],
    [
      "a system namespace to create",
      { environments: { a: ["kube-system"] }, diagram: "" },
      "environments.a[0]",
      'existing("kube-system")',
    ],
    ["an empty environment", { environments: { a: [] }, diagram: "" }, "environments.a", "name at least one"],
    ["a label key", { environments, diagram: "", label: "a b" }, "label", "example.org/env"],
    ["a misspelt field", { environments, diagrm: "" }, "diagrm", 'did you mean "diagram"?'],
    [
      "a bad CIDR",
      { environments, diagram: "", peers: { prod: { from: [{ cidr: "10.0.0.1/8" }] } } },
      "peers.prod.from[0].cidr",
      "without host bits",
    ],
    [
      "an except outside",
      {
        environments,
        diagram: "",
        peers: { prod: { from: [{ cidr: "10.0.0.0/8", except: ["11.0.0.0/9"] }] } },
      },
      "peers.prod.from[0].except[0]",
      "smaller part",
    ],
    [
      "`to` that changes nothing",
      { environments, diagram: "", peers: { prod: { to: [{ cidr: "10.0.0.0/8" }] } } },
      "peers.prod.to",
      "egress.isolate",
    ],
    [
      "an unknown plugin",
      { environments, diagram: "", cni: "kube-ruoter@1" },
      "cni",
      'did you mean "kube-router"?',
    ],
    [
      "a plugin that enforces nothing",
      { environments, diagram: "", cni: "flannel@0.26" },
      "cni",
      "run a plugin that does",
    ],
    [
      "a range that old kube-router cannot say",
      { environments, diagram: "dev -> prod : 1000-2000/TCP", cni: "kube-router@1.2" },
      "diagram",
      "at most 64 ports",
    ],
    ["no object", "prod <-> dev", "", "see"],
  ];
  test.each(mistakes)("%s", (_, intent, path, hint) => {
    const result = firewall.safe(intent);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    const found = result.findings.find((f) => f.path === path);
    expect(found, JSON.stringify(result.findings)).toBeDefined();
    expect(found?.hint).toContain(hint);
    expect(found?.severity).toBe("error");
  });

  test("the builder throws all of them at once", () => {
    const build = () => firewall({ environments, diagram: "prd -> comon" as "prod" });
    expect(build).toThrow(IntentError);
    expect(build).toThrow(/unknown environment "prd"[\s\S]*unknown environment "comon"/);
  });

  test("10,000 environments are refused in time, not built", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`e${i}`, [`n${i}`]]));
    const start = performance.now();
    const result = firewall.safe({ environments: many, diagram: Object.keys(many).join(" <-> ") });
    expect(result.ok).toBe(false);
    if (!result.ok)
      expect(result.findings[0]).toMatchObject({
        path: "environments",
        message: expect.stringContaining("10000 environments"),
      });
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
