import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { validateNetworkPolicy } from "./validate-network-policy.ts";

// Expected paths are what kube-apiserver 1.36.3 answered (conformance/suites/network-policy-validation.test.ts asks it again).

function policy(spec: unknown, metadata: unknown = { name: "tried" }, rest: object = {}): Resource {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec, ...rest } as Resource;
}

const paths = (resource: Resource) => [...new Set(validateNetworkPolicy(resource).map((f) => f.path))];

test("a finding has the server's field, what is wrong, what to write, and the object", () => {
  const wrong = policy(
    { podSelector: {}, ingress: [{ ports: [{ port: "443" }] }] },
    { name: "web", namespace: "prod" },
  );
  expect(validateNetworkPolicy(wrong)).toEqual([
    {
      code: "network-policy/valid-network-policy",
      severity: "error",
      path: "spec.ingress[0].ports[0].port",
      message:
        "\"443\" is not a port name: expected at most 15 of a-z, 0-9 and '-', with a letter, no \"--\", no '-' at an end",
      hint: "write 443 without quotes: a string is the name of a port",
      subject: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        namespace: "prod",
        name: "web",
      },
    },
  ]);
});

test("the place is that of the label, though the server names the whole mapping", () => {
  const asked: string[] = [];
  const wrong = policy({ podSelector: { matchLabels: { ok: "ok", team: "a b" } } });
  const [finding] = validateNetworkPolicy(wrong, (_, path) => {
    asked.push(path);
    return { file: "policy.yaml", line: 7, column: 3 };
  });
  expect(asked).toEqual(["spec.podSelector.matchLabels[team]"]);
  expect(finding).toMatchObject({
    path: "spec.podSelector.matchLabels",
    at: { file: "policy.yaml", line: 7, column: 3 },
  });
});

describe("accepted", () => {
  test.each<[string, unknown]>([
    ["no spec", undefined],
    ["null for a spec", null],
    ["nulls for fields", { podSelector: null, ingress: null, egress: null, policyTypes: null }],
    ["rules that say nothing", { podSelector: {}, ingress: [{}, null], egress: [{ to: [], ports: [] }] }],
    ["a port entry that is null", { podSelector: {}, ingress: [{ ports: [null] }] }],
    ["a null for a label is an empty value", { podSelector: { matchLabels: { app: null } } }],
    ["policyTypes twice the same", { podSelector: {}, policyTypes: ["Egress", "Egress"] }],
    ["a range of one port", { podSelector: {}, egress: [{ ports: [{ port: 80, endPort: 80 }] }] }],
    [
      "an uncompressed IPv6 block",
      { ingress: [{ from: [{ ipBlock: { cidr: "2001:DB8:0:0:0:0:0:0/32" } }] }] },
    ],
    ["a namespace selector alone", { ingress: [{ from: [{ namespaceSelector: {} }] }] }],
    ["each protocol", { ingress: [{ ports: ["TCP", "UDP", "SCTP"].map((protocol) => ({ protocol })) }] }],
    ["both selectors in a peer", { ingress: [{ from: [{ podSelector: {}, namespaceSelector: {} }] }] }],
  ])("%s", (_, spec) => {
    expect(validateNetworkPolicy(policy(spec))).toEqual([]);
  });

  test("what the server sets itself on create", () => {
    const metadata = { name: "a", uid: "1", generation: -1, managedFields: [{ operation: "Wrong" }] };
    expect(validateNetworkPolicy(policy({}, metadata))).toEqual([]);
  });

  test("no namespace: the client decides", () => {
    expect(validateNetworkPolicy(policy({}, { name: "a", namespace: "" }))).toEqual([]);
  });
});

describe("refused in spec", () => {
  const from = (peer: unknown) => ({ podSelector: {}, ingress: [{ from: [peer] }] });
  const to = (cidr: unknown, ...except: unknown[]) => ({ egress: [{ to: [{ ipBlock: { cidr, except } }] }] });
  const port = (entry: unknown) => ({ podSelector: {}, ingress: [{}, { ports: [{}, entry] }] });
  const expression = (e: unknown) => ({ podSelector: { matchExpressions: [e] } });
  const at = "spec.ingress[1].ports[1]";
  const block = "spec.egress[0].to[0].ipBlock";
  const first = "spec.podSelector.matchExpressions[0]";

  test.each<[unknown, string[]]>([
    [from({}), ["spec.ingress[0].from[0]"]],
    [from(null), ["spec.ingress[0].from[0]"]],
    [from({ podSelector: {}, ipBlock: { cidr: "10.0.0.0/8" } }), ["spec.ingress[0].from[0]"]],
    [from({ ipBlock: {} }), ["spec.ingress[0].from[0].ipBlock.cidr"]],
    [port({ port: 0 }), [`${at}.port`]],
    [port({ port: 65536 }), [`${at}.port`]],
    [port({ port: "" }), [`${at}.port`]],
    [port({ port: "a--b" }), [`${at}.port`]],
    [port({ protocol: "tcp" }), [`${at}.protocol`]],
    [port({ protocol: "" }), [`${at}.protocol`]],
    [port({ endPort: 90 }), [`${at}.endPort`]],
    [port({ port: "http", endPort: 90 }), [`${at}.endPort`]],
    [port({ port: 80, endPort: 79 }), [`${at}.endPort`]],
    [port({ port: 80, endPort: 65536 }), [`${at}.endPort`]],
    [port({ port: 0, endPort: 0 }), [`${at}.port`, `${at}.endPort`]],
    [{ policyTypes: ["ingress", ""] }, ["spec.policyTypes[0]", "spec.policyTypes[1]"]],
    [{ policyTypes: ["Ingress", "Egress", "Wrong"] }, ["spec.policyTypes"]],
    [expression({ key: "a", operator: "In" }), [`${first}.values`]],
    [expression({ key: "a", operator: "NotIn", values: [] }), [`${first}.values`]],
    [expression({ key: "a", operator: "Exists", values: ["b"] }), [`${first}.values`]],
    [expression({ key: "a", operator: "DoesNotExist", values: ["b"] }), [`${first}.values`]],
    [expression({ key: "a", operator: "in", values: ["b"] }), [`${first}.operator`]],
    [expression({ key: "a/b/c", operator: "Exists" }), [`${first}.key`]],
    [expression({ key: "a", operator: "In", values: ["ok", "a b"] }), [`${first}.values[1]`]],
    [expression({}), [`${first}.operator`, `${first}.key`]],
    [{ podSelector: { matchLabels: { "-": "v" } } }, ["spec.podSelector.matchLabels"]],
    [to("10.0.0.0"), [`${block}.cidr`]],
    [to("10.0.0.1/8"), [`${block}.cidr`]],
    [to("010.0.0.0/8"), [`${block}.cidr`]],
    [to("10.0.0.0/08"), [`${block}.cidr`]],
    [to("::ffff:10.0.0.0/104"), [`${block}.cidr`]],
    [to("10.0.0.0/8", "10.0.0.0/8"), [`${block}.except[0]`]],
    [to("10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/16"), [`${block}.except[1]`]],
    [to("10.0.0.0/8", "2001:db8::/32"), [`${block}.except[0]`]],
    [to("10.0.0.0/8", "10.1.0.1/16"), [`${block}.except[0]`]],
    [to("10.0.0.1/8", "11.0.0.0/16"), [`${block}.cidr`, `${block}.except[0]`]],
    // Lengths are compared as they are written: 104 is more than 16.
    [to("::ffff:10.0.0.0/104", "10.1.0.0/16"), [`${block}.cidr`, `${block}.except[0]`]],
    // Nothing can be said of exceptions from a block that is none.
    [to("bad", "worse"), [`${block}.cidr`]],
  ])("%j", (spec, expected) => {
    expect(paths(policy(spec))).toEqual(expected);
  });
});

describe("refused while decoding, and nothing else is said then", () => {
  test.each<[unknown, string[]]>([
    [{ podselector: {}, policyTypes: ["Wrong"] }, ["spec.podselector"]],
    [{ podSelector: { app: "web" } }, ["spec.podSelector.app"]],
    [{ ingress: [{}, { from: [{ ipblock: {} }] }] }, ["spec.ingress[1].from[0].ipblock"]],
    [{ ingress: [{ to: [] }], egress: [{ from: [] }] }, ["spec.ingress[0].to", "spec.egress[0].from"]],
    [{ podSelector: [], ingress: {} }, ["spec.podSelector", "spec.ingress"]],
    [{ podSelector: { matchLabels: { app: 1 } } }, ["spec.podSelector.matchLabels"]],
    [
      { ingress: [{ ports: [{ port: 80.5, endPort: "90" }] }] },
      ["spec.ingress[0].ports[0].port", "spec.ingress[0].ports[0].endPort"],
    ],
    [{ ingress: [{ ports: [{ port: 2 ** 31 }] }] }, ["spec.ingress[0].ports[0].port"]],
    [
      { ingress: [{ ports: [{ port: 80, endPort: 2 ** 31 }] }], policyTypes: ["Wrong"] },
      ["spec.ingress[0].ports[0].endPort"],
    ],
    [{ policyTypes: "Ingress" }, ["spec.policyTypes"]],
    ["none", ["spec"]],
  ])("%j", (spec, expected) => {
    expect(paths(policy(spec))).toEqual(expected);
  });

  test("a status, which the API has dropped", () => {
    expect(paths(policy({}, { name: "a" }, { status: {} }))).toEqual(["status"]);
  });
});

describe("refused in metadata", () => {
  const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "1" };

  test.each<[unknown, string[]]>([
    [{}, ["metadata.name"]],
    [null, ["metadata.name"]],
    [{ name: "Web" }, ["metadata.name"]],
    [{ name: "a".repeat(254) }, ["metadata.name"]],
    [{ generateName: "a_b-" }, ["metadata.generateName", "metadata.name"]],
    [{ generateName: "A-" }, ["metadata.name"]],
    [{ name: "a", generateName: "A_" }, ["metadata.generateName"]],
    [{ generateName: "a".repeat(300) }, ["metadata.generateName"]],
    [{ name: "a", namespace: "a.b" }, ["metadata.namespace"]],
    [{ name: "a", labels: { team: "a b", "-": "" } }, ["metadata.labels"]],
    [{ name: "a", annotations: { "a b": "" } }, ["metadata.annotations"]],
    [{ name: "a", annotations: { note: "ä".repeat(131071) } }, ["metadata.annotations"]],
    [{ name: "a", ownerReferences: [{ ...owner, uid: "" }] }, ["metadata.ownerReferences.uid"]],
    [
      { name: "a", ownerReferences: [{ ...owner, apiVersion: "apps/" }] },
      ["metadata.ownerReferences.apiVersion"],
    ],
    [
      { name: "a", ownerReferences: [{ ...owner, apiVersion: "v1", kind: "Event" }] },
      ["metadata.ownerReferences"],
    ],
    [
      {
        name: "a",
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, uid: "2", controller: true },
        ],
      },
      ["metadata.ownerReferences"],
    ],
    [{ name: "a", finalizers: ["cleanup"] }, ["metadata.finalizers[0]"]],
    [{ name: "a", finalizers: ["a b/c"] }, ["metadata.finalizers"]],
    [{ name: "a", finalizers: ["orphan", "foregroundDeletion"] }, ["metadata.finalizers"]],
    [{ name: "a", creationTimestamp: "yesterday" }, ["metadata.creationTimestamp"]],
    [{ name: "a", label: {} }, ["metadata.label"]],
  ])("%j", (metadata, expected) => {
    expect(paths(policy({}, metadata))).toEqual(expected);
  });

  test.each<[unknown]>([
    [{ generateName: "a-" }],
    [{ name: "a", annotations: { "Example.COM/Key": "any text, ä\n" } }],
    [{ name: "a", annotations: { note: "ä".repeat(131070) } }],
    [
      {
        name: "a",
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, controller: true },
        ],
      },
    ],
    [{ name: "a", finalizers: ["kubernetes", "example.com/cleanup"] }],
  ])("but not %#", (metadata) => {
    expect(paths(policy({}, metadata))).toEqual([]);
  });
});

test.each([
  ["2024-02-29T12:00:00Z", true],
  ["2026-02-29T12:00:00Z", false],
  ["2026-11-01T23:59:59.5+23:59", true],
  ["2026-11-01T2:00:00,5Z", true],
  ["2026-11-01T24:00:00Z", false],
  ["2026-11-01T12:00:60Z", false],
  ["2026-11-01T12:00:00+24:00", true],
  ["2026-11-01T12:00:00+25:00", false],
  ["2026-11-01T12:00:00+23:61", false],
  ["2026-11-01", false],
])("the time %s is read as Go reads it: %j", (creationTimestamp, good) => {
  expect(paths(policy({}, { name: "a", creationTimestamp }))).toEqual(
    good ? [] : ["metadata.creationTimestamp"],
  );
});

test("annotation keys are lowered as Go lowers them, which makes a Turkish İ an i", () => {
  expect(paths(policy({}, { name: "a", annotations: { İ: "" } }))).toEqual([]);
});

test("the largest whole number of 64 bits that JSON numbers of JavaScript can give", () => {
  expect(paths(policy({}, { name: "a", generation: 2 ** 63 - 1024 }))).toEqual([]);
  expect(paths(policy({}, { name: "a", generation: 2 ** 63 }))).toEqual(["metadata.generation"]);
});

describe("which objects", () => {
  test("a version that is not served any more", () => {
    const old = { ...policy({ nonsense: 1 }), apiVersion: "extensions/v1beta1" };
    expect(paths(old)).toEqual(["apiVersion"]);
  });

  test("policies of other projects and other kinds are not looked at", () => {
    expect(paths({ ...policy({ nonsense: 1 }), apiVersion: "crd.projectcalico.org/v1" })).toEqual([]);
    expect(paths({ ...policy({ nonsense: 1 }), kind: "Ingress" })).toEqual([]);
    expect(paths({ kind: "NetworkPolicy" } as Resource)).toEqual([]);
  });
});

describe("hostile input gives findings", () => {
  test("keys of the prototype", () => {
    const spec = JSON.parse('{"__proto__": {"podSelector": {}}, "constructor": 1, "toString": null}');
    expect(paths(policy(spec))).toEqual(["spec.__proto__", "spec.constructor", "spec.toString"]);
    const labels = JSON.parse('{"__proto__": "ok"}');
    expect(paths(policy({ podSelector: { matchLabels: labels } }))).toEqual(["spec.podSelector.matchLabels"]);
  });

  test("what is no JSON", () => {
    const ports = [{ port: Number.NaN }, { port: () => 80 }, { port: 80n }, { port: Symbol("x") }];
    expect(validateNetworkPolicy(policy({ ingress: [{ ports }] })).map((f) => f.path)).toEqual(
      ports.map((_, i) => `spec.ingress[0].ports[${i}].port`),
    );
  });

  test("cycles and deep nesting below unknown fields", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(paths(policy(cycle))).toEqual(["spec.self"]);
  });

  test("a million characters are cut in the message", () => {
    const [finding] = validateNetworkPolicy(policy({}, { name: "A".repeat(1_000_000) }));
    expect(finding!.message.length).toBeLessThan(400);
  });

  test("a hundred thousand wrong ports are found in linear time", () => {
    const ports = Array.from({ length: 100_000 }, () => ({ port: 0 }));
    expect(validateNetworkPolicy(policy({ ingress: [{ ports }] }))).toHaveLength(100_000);
  });
});
