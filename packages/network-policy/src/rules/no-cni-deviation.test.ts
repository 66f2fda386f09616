import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { noCniDeviation } from "./no-cni-deviation.ts";

const policy = (spec: unknown): Resource => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "p", namespace: "prod" },
  spec: { podSelector: {}, ...(spec as object) },
});

const found = (spec: unknown, cni: string, others: readonly Resource[] = []) =>
  noCniDeviation
    .check({ resources: [policy(spec), ...others], versions: { cni } })
    .map((f) => `${f.severity} ${/\[([a-z-]+)\]$/.exec(f.message)?.[1]} ${f.path}`);

const expressions = { matchExpressions: [{ key: "a", operator: "Exists" }] };
const ports = (...entries: object[]) => ({ ingress: [{ from: [{ podSelector: {} }], ports: entries }] });

// The rows of the facts: what each version of kube-router does otherwise than the API.
describe.each([
  [
    { podSelector: expressions },
    ["0.2.0", "0.4.0", "1.0.0-rc1"],
    ["1.0.0", "2.5"],
    "error match-expressions-ignored spec.podSelector.matchExpressions",
  ],
  [
    { ingress: [{ from: [{ namespaceSelector: expressions }] }] },
    ["0.2.0"],
    ["1.0.0"],
    "error match-expressions-ignored spec.ingress[0].from[0].namespaceSelector.matchExpressions",
  ],
  [
    { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }] }] },
    ["0.2.0", "0.2.0-beta.10"],
    ["0.2.1", "2.5"],
    "error except-ignored spec.ingress[0].from[0].ipBlock.except",
  ],
  [
    ports({ port: "http" }, { port: 80 }),
    ["0.2.5"],
    ["0.3.0", "2.5"],
    "error port-name-unsupported spec.ingress[0].ports[0]",
  ],
  [
    ports({ port: 80, endPort: 90 }),
    ["1.2.9"],
    ["1.3.0", "2.5"],
    "error end-port-ignored spec.ingress[0].ports[0]",
  ],
  [ports({ protocol: "UDP" }), ["0.2.0"], ["0.2.1", "2.5"], "error port-left-out spec.ingress[0].ports[0]"],
  [
    { policyTypes: ["Ingress", "Egress"] },
    ["0.2.0", "2.1.0", "2.5.0"],
    [],
    "error both-is-or spec.policyTypes",
  ],
  [{ egress: [{}] }, ["2.5.0"], [], "error both-is-or spec.policyTypes"],
  [
    { policyTypes: ["Egress"], egress: [{ ports: [{ port: "dns" }] }] },
    ["2.5.0"],
    [],
    "error egress-name-without-to spec.egress[0].ports[0]",
  ],
  [
    {
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: "dns" }] }],
    },
    ["2.5.0"],
    [],
    "warning egress-name-to-block spec.egress[0].ports[0]",
  ],
  [ports({ port: "http" }), ["2.5.0"], [], "warning unresolved-name-opens spec.ingress[0]"],
  [
    {
      ingress: [
        {
          from: [
            { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
            { ipBlock: { cidr: "10.1.2.0/24" } },
          ],
        },
      ],
    },
    ["2.5.0"],
    [],
    "error block-sets-mix spec.ingress[0]",
  ],
])("%j", (spec, wrongIn, rightIn, expected) => {
  test.each(wrongIn)("kube-router %s deviates", (version) => {
    expect(found(spec, `kube-router@${version}`)).toContain(expected);
  });
  test.each(rightIn)("kube-router %s is right", (version) => {
    expect(found(spec, `kube-router@${version}`)).not.toContain(expected);
  });
});

test("policies that keep to what every version reads give nothing, on any version", () => {
  const spec = {
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { env: "prod" } } }], ports: [{ port: 80 }] }],
  };
  for (const version of ["0.2.0-beta.10", "0.2.0", "1.0.0", "2.5"])
    expect(found(spec, `kube-router@${version}`)).toEqual([]);
  expect(found({ policyTypes: ["Ingress", "Egress"] }, "calico@3.32")).toEqual([]);
});

test("flannel enforces nothing", () => {
  expect(found({}, "flannel@0.26")).toEqual(["error enforces-nothing spec"]);
});

test("a port name that the set's pods declare is right; one that none declares is fail-open", () => {
  const pod = (name: string): Resource => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a", namespace: "prod" },
    spec: { containers: [{ name: "c", image: "i:1", ports: [{ name, containerPort: 8080 }] }] },
  });
  expect(found(ports({ port: "http" }), "kube-router@2.5", [pod("http")])).toEqual([]);
  expect(found(ports({ port: "http" }), "kube-router@2.5", [pod("htpp")])).toEqual([
    "error unresolved-name-opens spec.ingress[0]",
  ]);
  expect(found(ports({ port: "http", protocol: "UDP" }), "kube-router@2.5", [pod("http")])).toEqual([
    "error unresolved-name-opens spec.ingress[0]",
  ]);
});

test.each(["kube-router", "kube-router@x", "calicoo@3"])("%s is no plugin with a version", (cni) => {
  expect(noCniDeviation.check({ resources: [], versions: { cni } })).toMatchObject([
    { code: "network-policy/valid-cni" },
  ]);
});

test.each([
  ["nothing", undefined],
  ["a list", []],
  ["text", "x"],
  ["lists of null", { ingress: [null, { from: [null], ports: [null] }], egress: null, policyTypes: [null] }],
])("broken policies (%s as spec) never throw", (_, spec) => {
  const broken = { ...policy({}), spec } as Resource;
  expect(() =>
    noCniDeviation.check({ resources: [broken], versions: { cni: "kube-router@0.2.0" } }),
  ).not.toThrow();
});
