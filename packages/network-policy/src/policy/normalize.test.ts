import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizePolicy } from "./normalize.ts";

function policy(spec: unknown): Resource {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "p", namespace: "n" },
    spec,
  };
}

function refusal(spec: unknown): string {
  const result = normalizePolicy(policy(spec));
  return "invalid" in result ? `${result.invalid.path}: ${result.invalid.message}` : "valid";
}

describe("normalizePolicy", () => {
  it("makes everything explicit", () => {
    const resource = policy({
      podSelector: { matchLabels: { app: "web" }, matchExpressions: [{ key: "tier", operator: "Exists" }] },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { env: "prod" } } }, { podSelector: {} }],
          ports: [{ port: "http" }, {}],
        },
      ],
      egress: [
        {
          to: [{ ipBlock: { cidr: "10.0.0.0/30", except: ["10.0.0.1/32"] } }],
          ports: [{ port: 1, endPort: 2, protocol: "UDP" }],
        },
      ],
    });
    expect(normalizePolicy(resource)).toEqual({
      policy: {
        resource,
        ref: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", namespace: "n", name: "p" },
        namespace: "n",
        podSelector: [
          { key: "app", operator: "In", values: ["web"] },
          { key: "tier", operator: "Exists", values: [] },
        ],
        ingress: [
          {
            path: "spec.ingress[0]",
            peers: [
              {
                kind: "pods",
                path: "spec.ingress[0].from[0]",
                namespaces: [{ key: "env", operator: "In", values: ["prod"] }],
                pods: [],
              },
              { kind: "pods", path: "spec.ingress[0].from[1]", pods: [] },
            ],
            ports: [
              { kind: "name", path: "spec.ingress[0].ports[0]", protocol: "TCP", name: "http" },
              { kind: "range", path: "spec.ingress[0].ports[1]", protocol: "TCP", from: 1, to: 65535 },
            ],
          },
        ],
        egress: [
          {
            path: "spec.egress[0]",
            peers: [
              {
                kind: "block",
                path: "spec.egress[0].to[0]",
                cidr: { family: 4, first: 167772160n, last: 167772163n },
                except: [{ family: 4, first: 167772161n, last: 167772161n }],
              },
            ],
            ports: [{ kind: "range", path: "spec.egress[0].ports[0]", protocol: "UDP", from: 1, to: 2 }],
          },
        ],
      },
    });
  });

  it.each([
    [
      { podSelector: { matchLabels: { "not a key": "x" } } },
      'spec.podSelector.matchLabels: expected a label key, got "not a key"',
    ],
    [
      { podSelector: { matchLabels: { a: 1 } } },
      "spec.podSelector.matchLabels: expected a label value for a, got 1",
    ],
    [{ podSelector: [] }, "spec.podSelector: expected an object, got a list"],
    [
      { podSelector: { matchExpressions: [{ key: "a", operator: "Equals" }] } },
      'spec.podSelector.matchExpressions[0].operator: expected In, NotIn, Exists or DoesNotExist, got "Equals"',
    ],
    [
      { podSelector: { matchExpressions: [{ key: "a", operator: "In" }] } },
      "spec.podSelector.matchExpressions[0].values: expected values for In, got none",
    ],
    [
      { podSelector: { matchExpressions: [{ key: "a", operator: "Exists", values: ["x"] }] } },
      "spec.podSelector.matchExpressions[0].values: expected no values for Exists, got some",
    ],
    [
      { podSelector: { matchExpressions: [{ key: "a", operator: "NotIn", values: ["-"] }] } },
      'spec.podSelector.matchExpressions[0].values[0]: expected a label value, got "-"',
    ],
    [{ policyTypes: ["ingress"] }, 'spec.policyTypes[0]: expected "Ingress" or "Egress", got "ingress"'],
    [{ ingress: {} }, "spec.ingress: expected a list, got an object"],
    [{ ingress: ["all"] }, 'spec.ingress[0]: expected an object, got "all"'],
    [
      { ingress: [{ from: [{}] }] },
      "spec.ingress[0].from[0]: expected podSelector, namespaceSelector or ipBlock, got an empty peer",
    ],
    [
      { egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} }] }] },
      "spec.egress[0].to[0]: expected ipBlock or selectors, got both in one peer",
    ],
    [
      { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0" } }] }] },
      'spec.ingress[0].from[0].ipBlock.cidr: expected a CIDR such as 10.0.0.0/8 or 2001:db8::/32, got "10.0.0.0"',
    ],
    [
      { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["x"] } }] }] },
      'spec.ingress[0].from[0].ipBlock.except[0]: expected a CIDR such as 10.0.0.0/8 or 2001:db8::/32, got "x"',
    ],
    [
      { ingress: [{ ports: [{ port: "80" }] }] },
      'spec.ingress[0].ports[0].port: expected a port name or a number without quotes, got "80"',
    ],
    [
      { ingress: [{ ports: [{ port: 0 }] }] },
      "spec.ingress[0].ports[0].port: expected a port from 1 to 65535, got 0",
    ],
    [
      { ingress: [{ ports: [{ port: 80, endPort: 79 }] }] },
      "spec.ingress[0].ports[0].endPort: expected at least 80, the port, got 79",
    ],
    [
      { ingress: [{ ports: [{ port: "http", endPort: 90 }] }] },
      "spec.ingress[0].ports[0].endPort: expected a number in port beside it, got a name",
    ],
    [
      { ingress: [{ ports: [{ endPort: 90 }] }] },
      "spec.ingress[0].ports[0].endPort: expected a number in port beside it, got none",
    ],
    [
      { ingress: [{ ports: [{ protocol: "tcp" }] }] },
      'spec.ingress[0].ports[0].protocol: expected "TCP", "UDP" or "SCTP", got "tcp"',
    ],
  ])("refuses %j", (spec, expected) => {
    expect(refusal(spec)).toBe(expected);
  });

  it("tells what a policy that it cannot read might select", () => {
    const bad = normalizePolicy(
      policy({ podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Egress"], egress: [7] }),
    );
    expect(bad).toMatchObject({
      invalid: { namespace: "n", directions: ["egress"], podSelector: [{ key: "app" }] },
    });
    expect(normalizePolicy(policy({ podSelector: 7, policyTypes: "x" }))).toMatchObject({
      invalid: { directions: ["ingress", "egress"] },
    });
  });

  it("reads what the API server would refuse but has one meaning", () => {
    expect(
      refusal({ ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.1/8", except: ["192.0.2.0/24"] } }] }] }),
    ).toBe("valid");
    expect(refusal({ policyTypes: ["Ingress", "Ingress"], unknownField: 1 })).toBe("valid");
  });

  it("never throws, whatever the object is", () => {
    let deep: unknown = [];
    for (let i = 0; i < 50_000; i++) deep = [deep];
    const odd = [undefined, null, 7, "x", [], deep, { podSelector: deep }, { ingress: [{ from: deep }] }];
    for (const spec of odd) expect(() => normalizePolicy(policy(spec))).not.toThrow();
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (spec, metadata) => {
        const { kind: _, ...rest } = policy(spec);
        normalizePolicy({ ...rest, metadata } as unknown as Resource);
      }),
    );
  });
});
