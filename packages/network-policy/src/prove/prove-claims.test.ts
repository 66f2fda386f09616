import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { parseIpRange } from "../policy/ip.ts";
import { formatReachClaim } from "./claim.ts";
import { admit, env, factsOfPolicies, platform, policy, prove } from "./claims.test-support.ts";
import type { ReachFacts } from "./facts.ts";
import { proveClaims, type ReachProof } from "./prove-claims.ts";

describe("the reference platform", () => {
  test.each([
    ["env:prod -> env:prod", "proved"],
    ["env:prod -> env:common", "proved"],
    ["env:common -> env:prod", "proved"],
    ["env:common -> env:dev", "proved"],
    ["env:dev -/-> env:prod", "proved"],
    ["env:prod -/-> env:dev", "proved"],
    ["ns:kubeapps -> env:common", "proved"],
    ["ns:kubeapps -/-> env:prod", "proved"],
    ["internet -/-> env:prod", "proved"],
    ["env:prod -> internet", "proved"],
    ["env:dev -> env:prod", "broken"],
    ["env:mixed -> env:prod", "broken"],
    ["env:mixed -/-> env:prod", "broken"],
    ["env:strays -/-> env:prod", "unknown"],
    ["env:common -/-> env:dev", "broken"],
    ["env:dev -/-> env:common : 22/TCP", "broken"],
    ["env:common -> env:prod : only 5432/TCP", "broken"],
  ])("%s is %s", (text, outcome) => {
    expect(prove(text, platform).outcome).toBe(outcome);
  });
});

describe("a pod that could exist", () => {
  const web = { matchLabels: { app: "web" } };
  const to = (spec: object) => [policy("prod", "p", spec)];
  test.each<[string, Resource[], string, ReachProof["outcome"]]>([
    ["is isolated by a policy for all pods", to({ podSelector: {} }), "env:dev -/-> env:prod", "proved"],
    [
      "may lack the labels that a policy selects",
      to({ podSelector: web }),
      "env:dev -/-> env:prod",
      "broken",
    ],
    [
      "is selected by one of two policies that leave no label out",
      [
        policy("prod", "a", { podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } }),
        policy("prod", "b", {
          podSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
        }),
      ],
      "env:dev -/-> env:prod",
      "proved",
    ],
    [
      "may have a value that no selector names",
      [
        policy("prod", "a", {
          podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["x", "y"] }] },
        }),
        policy("prod", "b", {
          podSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
        }),
      ],
      "env:dev -/-> env:prod",
      "broken",
    ],
    [
      "without the key meets NotIn",
      to({
        podSelector: {},
        ingress: [
          {
            from: [
              {
                ...env("dev"),
                podSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] },
              },
            ],
          },
        ],
      }),
      "env:dev -/-> env:prod",
      "broken",
    ],
    [
      "cannot be in a namespace that the selector leaves out",
      to({
        podSelector: {},
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchExpressions: [{ key: "env", operator: "NotIn", values: ["dev"] }] },
              },
            ],
          },
        ],
      }),
      "env:dev -/-> env:prod",
      "proved",
    ],
    [
      "of an unlabelled namespace meets NotIn",
      to({
        podSelector: {},
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchExpressions: [{ key: "env", operator: "NotIn", values: ["dev"] }] },
              },
            ],
          },
        ],
      }),
      "ns:kubeapps -/-> env:prod",
      "broken",
    ],
    [
      "of another namespace is not matched by a podSelector alone",
      to({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }),
      "env:dev -/-> env:prod",
      "proved",
    ],
    [
      "of the same namespace is matched by a podSelector alone",
      to({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }),
      "env:prod -> env:prod",
      "proved",
    ],
    [
      "has the name of its namespace as a label of it",
      to({
        podSelector: {},
        ingress: [
          { from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "dev" } } }] },
        ],
      }),
      "env:dev -> env:prod",
      "proved",
    ],
    [
      "needs egress too",
      [policy("dev", "mute", { podSelector: {}, policyTypes: ["Egress"] })],
      "env:dev -/-> env:prod",
      "proved",
    ],
    [
      "is not isolated for egress by an ingress policy",
      [policy("dev", "p", { podSelector: {}, policyTypes: ["Ingress"] })],
      "env:dev -> env:prod",
      "proved",
    ],
    [
      "may declare any port under a name",
      to({ podSelector: {}, ingress: [{ ports: [{ port: "http" }] }] }),
      "env:dev -/-> env:prod : 9999/TCP",
      "broken",
    ],
    [
      "declares names per protocol",
      to({ podSelector: {}, ingress: [{ ports: [{ port: "http", protocol: "UDP" }] }] }),
      "env:dev -/-> env:prod : TCP",
      "proved",
    ],
    [
      "need not declare a name",
      to({ podSelector: {}, ingress: [{ ports: [{ port: "http" }] }] }),
      "env:dev -> env:prod : 80/TCP",
      "broken",
    ],
    [
      "is reached on a range up to its end",
      to({ podSelector: {}, ingress: [{ ports: [{ port: 8000, endPort: 8100 }] }] }),
      "env:dev -> env:prod : only 8000-8100/TCP",
      "proved",
    ],
    [
      "is not reached beyond a range",
      to({ podSelector: {}, ingress: [{ ports: [{ port: 8000, endPort: 8100 }] }] }),
      "env:dev -> env:prod : 8000-8101/TCP",
      "broken",
    ],
    [
      "is reached on SCTP only where a rule says so",
      to({ podSelector: {}, ingress: [{ ports: [{ protocol: "TCP" }, { protocol: "UDP" }] }] }),
      "env:dev -> env:prod",
      "broken",
    ],
  ])("%s", (_, resources, text, outcome) => {
    expect(prove(text, resources).outcome).toBe(outcome);
  });
});

describe("missing facts", () => {
  const block = (cidr: string, ...except: string[]) => [admit("prod", { ipBlock: { cidr, except } })];
  const ranges = (...cidrs: string[]) => ({ podRanges: cidrs.map((c) => parseIpRange(c)!) });
  const broken = policy("prod", "torn", {
    podSelector: {},
    ingress: [{ from: [{ ipBlock: { cidr: "10.0.0" } }] }],
  });

  test.each<[string, string, Resource[], Partial<ReachFacts>, ReachProof["outcome"]]>([
    ["labels of a namespace decide", "ns:stray -/-> env:prod", platform, {}, "unknown"],
    ["labels of a namespace do not decide", "ns:stray -> env:common", platform, {}, "proved"],
    ["labels of a namespace do not decide", "env:dev -/-> ns:stray", platform, {}, "broken"],
    [
      "whatever label, one of two rules admits",
      "ns:stray -/-> env:prod",
      [
        admit(
          "prod",
          { namespaceSelector: { matchExpressions: [{ key: "env", operator: "Exists" }] } },
          { namespaceSelector: { matchExpressions: [{ key: "env", operator: "DoesNotExist" }] } },
        ),
      ],
      {},
      "broken",
    ],
    ["pods may have addresses of the block", "env:dev -/-> env:prod", block("10.0.0.0/8"), {}, "unknown"],
    [
      "pods have addresses of the block",
      "env:dev -/-> env:prod",
      block("10.0.0.0/8"),
      ranges("10.2.0.0/16"),
      "broken",
    ],
    [
      "pods have none of the block",
      "env:dev -/-> env:prod",
      block("203.0.113.0/24"),
      ranges("10.0.0.0/8"),
      "proved",
    ],
    [
      "pods have only excepted ones",
      "env:dev -/-> env:prod",
      block("0.0.0.0/0", "10.0.0.0/8"),
      ranges("10.0.0.0/8"),
      "proved",
    ],
    ["a block covers every address", "env:dev -/-> env:prod", block("0.0.0.0/0"), {}, "broken"],
    [
      "a block covers every address of one family",
      "env:dev -> env:prod",
      block("0.0.0.0/0"),
      { families: [4, 6] },
      "broken",
    ],
    ["a policy cannot be read", "env:dev -/-> env:prod", [broken], {}, "unknown"],
    ["a policy cannot be read", "env:dev -> env:prod", [broken], {}, "unknown"],
    [
      "an unreadable policy may open",
      "env:dev -> env:prod",
      [broken, admit("prod", env("prod"))],
      {},
      "unknown",
    ],
    [
      "an unreadable policy closes nothing that is open",
      "env:dev -> env:prod",
      [broken, admit("prod", env("dev"))],
      {},
      "proved",
    ],
    ["an unreadable policy is of another namespace", "env:prod -> env:dev", [broken], {}, "proved"],
  ])("%s: %s", (_, text, resources, more, outcome) => {
    const proof = prove(text, resources, more);
    expect(proof.outcome).toBe(outcome);
    expect(proof.findings.length > 0).toBe(outcome !== "proved");
  });

  test("a claim may say that addresses are outside of the cluster", () => {
    const claim = formatReachClaim({
      ...{ by: "firewall", expect: "no-reach", outside: ["203.0.113.0/24"] },
      from: { kind: "namespaces", name: "env:dev", namespaces: ["dev"] },
      to: { kind: "namespaces", name: "env:prod", namespaces: ["prod"] },
    });
    const facts = factsOfPolicies(block("203.0.113.0/24"));
    expect(proveClaims(facts, [claim])[0]!.outcome).toBe("proved");
    expect(proveClaims(facts, [{ ...claim, outside: ["203.0.113.0/25"] }])[0]!.outcome).toBe("unknown");
  });

  test("two pods of a claim never share an address", () => {
    const only = { ipBlock: { cidr: "10.0.0.1/32" } };
    const resources = [
      policy("dev", "out", { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [only] }] }),
      admit("prod", only),
    ];
    expect(prove("env:dev -/-> env:prod", resources, ranges("10.0.0.0/8")).outcome).toBe("proved");
  });
});
