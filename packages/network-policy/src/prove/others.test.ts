import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkModel } from "../reach/model.ts";
import { reach } from "../reach/verdict.ts";
import { policy } from "./claims.test-support.ts";
import { type OthersQuestion, othersReaching } from "./others.ts";

const NAMESPACES = ["a", "b", "c"];
const namespaces = NAMESPACES.map(
  (name): Resource => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { env: name } } }),
);
const deployment = (namespace: string, name: string, labels: Record<string, string>): Resource => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace } },
  spec: { template: { metadata: { labels }, spec: { containers: [{ name: "c" }] } } },
});
const service: Resource = {
  ...{ apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "a" } },
  spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
};
const base = [
  ...namespaces,
  service,
  deployment("a", "web", { app: "web" }),
  deployment("a", "login", { app: "login", tier: "edge" }),
];
const QUESTION: OthersQuestion = { service: "a/web", port: 80, meant: ["a/Deployment/login"] };

function others(more: readonly Resource[], question: Partial<OthersQuestion> = {}, podCidrs?: string[]) {
  const model = networkModel([...base, ...more], { ...(podCidrs && { podCidrs }) });
  return othersReaching(model, [{ ...QUESTION, ...question }])[0]!.map(
    ({ namespaces: where, pods, labels, admittedBy, port }) => {
      expect(port).toBe(8080);
      return { where: pods ?? where, labels, by: admittedBy?.path };
    },
  );
}

const closed = (...from: object[]) => policy("a", "p", { podSelector: {}, ingress: [{ from }] });
const LOGIN = { podSelector: { matchLabels: { app: "login" } } };

describe("who else reaches a Service", () => {
  test("every pod where nothing isolates it", () => {
    expect(others([])).toEqual([
      { where: ["a"], labels: {} },
      { where: ["b", "c"], labels: {} },
    ]);
  });
  test("nobody behind a policy for the proxy, from its own namespace or another", () => {
    expect(others([closed(LOGIN)])).toEqual([]);
    const near = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "a" } }, ...LOGIN };
    expect(others([closed(near)])).toEqual([]);
  });
  test("a pod that only looks like the proxy, in a namespace that has none", () => {
    expect(others([closed({ namespaceSelector: {}, ...LOGIN })])).toEqual([
      { where: ["b", "c"], labels: { app: "login" }, by: "spec.ingress[0].from[0]" },
    ]);
  });
  test("the Service's own pods are none", () => {
    expect(others([closed(LOGIN, { podSelector: { matchLabels: { app: "web" } } })])).toEqual([]);
  });
  test("a pod of the set that shares a label with the proxy, by its name", () => {
    const edge = { podSelector: { matchLabels: { tier: "edge" } } };
    expect(others([closed(edge)])).toEqual([]);
    expect(others([closed(edge), deployment("a", "spy", { app: "spy", tier: "edge" })])).toEqual([
      { where: ["a/spy"], labels: {}, by: "spec.ingress[0].from[0]" },
    ]);
  });
  test("addresses count when it is known that pods have them", () => {
    const block = { ipBlock: { cidr: "10.0.0.0/8" } };
    expect(others([closed(LOGIN, block)])).toEqual([]);
    expect(others([closed(LOGIN, block)], {}, ["172.16.0.0/16"])).toEqual([]);
    expect(others([closed(LOGIN, block)], {}, ["10.1.0.0/16"])).toHaveLength(2);
  });
  test("not one that may not send", () => {
    const mute = policy("b", "mute", { podSelector: {}, policyTypes: ["Egress"] });
    expect(others([mute]).map(({ where }) => where)).toEqual([["a"], ["c"]]);
  });
  test("nothing is said of what is not there or not known", () => {
    expect(others([], { service: "a/gone" })).toEqual([]);
    expect(others([], { port: 81 })).toEqual([]);
    expect(others([], { meant: ["a/Deployment/gone"] })).toEqual([]);
    const torn = policy("a", "torn", {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0" } }] }],
    });
    expect(others([torn])).toEqual([]);
  });
  test("of pods that somebody else makes only what surely admits", () => {
    const bare = (more: readonly Resource[]) =>
      othersReaching(
        networkModel([...namespaces, service, deployment("a", "login", { app: "login" }), ...more]),
        [{ ...QUESTION, assumePods: true }],
      )[0]!.map(({ namespaces: where, to }) => ({ where, to }));
    expect(bare([])).toEqual([]);
    expect(bare([closed({ namespaceSelector: { matchLabels: { env: "b" } } })])).toEqual([{ where: ["b"] }]);
    // Whether those pods have another label is not known.
    const more = { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] };
    const dev = { namespaceSelector: { matchLabels: { env: "b" } } };
    expect(
      bare([closed(LOGIN), policy("a", "more", { podSelector: more, ingress: [{ from: [dev] }] })]),
    ).toEqual([]);
  });
});

const VALUES = { app: ["login", "web", "x"], role: ["front", "x"] } as const;
const selector = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: fc.record({ app: fc.constantFrom(...VALUES.app) }) }),
  fc.record({ matchLabels: fc.record({ role: fc.constantFrom(...VALUES.role) }) }),
  fc.record({
    matchExpressions: fc.tuple(
      fc.record({
        key: fc.constantFrom("app", "role"),
        operator: fc.constantFrom("Exists", "DoesNotExist"),
      }),
    ),
  }),
  fc.record({
    matchExpressions: fc.tuple(
      fc.record({ key: fc.constant("app"), operator: fc.constant("NotIn"), values: fc.constant(["login"]) }),
    ),
  }),
);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: fc.constantFrom({}, { matchLabels: { env: "b" } }), podSelector: selector }),
);
const rule = fc.record({
  from: fc.array(peer, { minLength: 1, maxLength: 2 }),
  ports: fc.constantFrom([{ port: 8080 }], [{ port: 80 }], [{ port: 8000, endPort: 9000 }]),
});
const policies = fc
  .array(
    fc.record({
      namespace: fc.constantFrom("a", "a", "b"),
      podSelector: selector,
      rules: fc.array(rule, { maxLength: 2 }),
      egress: fc.boolean(),
    }),
    { maxLength: 4 },
  )
  .map((list) =>
    list.map(({ namespace, podSelector, rules, egress }, i) =>
      egress
        ? policy(namespace, `p${i}`, {
            podSelector,
            policyTypes: ["Egress"],
            egress: rules.map(({ from, ports }) => ({ to: from, ports })),
          })
        : policy(namespace, `p${i}`, { podSelector, policyTypes: ["Ingress"], ingress: rules }),
    ),
  );

/** Every pod that is told from the proxy and the upstream, asked one by one. */
function naive(set: readonly Resource[]): string[] {
  const strangers = NAMESPACES.flatMap((namespace) =>
    [undefined, ...VALUES.app, "y"].flatMap((app) =>
      [undefined, ...VALUES.role, "y"].map((role) => ({
        namespace,
        labels: { ...(app !== undefined && { app }), ...(role !== undefined && { role }) },
      })),
    ),
  ).filter(({ namespace, labels: { app } }) => namespace !== "a" || (app !== "login" && app !== "web"));
  const pods = strangers.map(
    ({ namespace, labels }, i): Resource => ({
      ...{ apiVersion: "v1", kind: "Pod", metadata: { name: `s${i}`, namespace, labels } },
      spec: { containers: [{ name: "c" }] },
    }),
  );
  const model = networkModel([...set, ...pods]);
  const found = strangers.filter(
    ({ namespace }, i) =>
      reach(model, { from: `${namespace}/s${i}`, to: { service: "a/web" }, port: 80 }).allowed === true,
  );
  return [...new Set(found.map(({ namespace }) => namespace))].sort();
}

test("agrees with asking every pod, one by one", () => {
  const seen = { open: 0, closed: 0 };
  fc.assert(
    fc.property(policies, (more) => {
      const set = [...base, ...more];
      const [found] = othersReaching(networkModel(set), [QUESTION]);
      const where = [...new Set(found!.flatMap(({ namespaces: names }) => names))].sort();
      seen[where.length > 0 ? "open" : "closed"]++;
      expect(where).toEqual(naive(set));
    }),
    { numRuns: 400 },
  );
  expect(Math.min(seen.open, seen.closed), JSON.stringify(seen)).toBeGreaterThan(40);
});
