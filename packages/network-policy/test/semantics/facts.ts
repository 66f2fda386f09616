import { ok } from "node:assert/strict";
import { namespace, pod, policy, workload } from "../objects.ts";
import { ask, type Checks, expectAll, tcp } from "./api.ts";

const p80 = tcp(80);
const server = pod("a/server", { ips: ["10.0.0.1"], labels: { app: "server" } });
const client = pod("b/client", { ips: ["10.0.0.2"] });
const fromSpaces = (selector: unknown, more: unknown[] = []) =>
  policy("a/p", { podSelector: {}, ingress: [{ from: [{ namespaceSelector: selector }, ...more] }] });
const envIs = (operator: string, values?: string[]) => ({
  matchExpressions: [{ key: "env", operator, ...(values && { values }) }],
});
const broken = { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/99" } }] }] };

/** What missing or broken facts do: they leave an answer open, and never make it "allowed". */
export const factChecks: Checks = {
  "labels of a namespace that is not in the set are unknown, whatever the operator": (api) => {
    for (const selector of [
      envIs("In", ["prod"]),
      envIs("NotIn", ["prod"]),
      envIs("Exists"),
      envIs("DoesNotExist"),
    ])
      expectAll(api, [server, client, fromSpaces(selector)], [["b/client", "a/server", p80, "unknown"]]);
    expectAll(api, [server, client, fromSpaces({})], [["b/client", "a/server", p80, "allowed"]]);
  },
  "kubernetes.io/metadata.name is always known": (api) => {
    const named = (name: string) => fromSpaces({ matchLabels: { "kubernetes.io/metadata.name": name } });
    expectAll(api, [server, client, named("b")], [["b/client", "a/server", p80, "allowed"]]);
    expectAll(api, [server, client, named("c")], [["b/client", "a/server", p80, "denied"]]);
    const lie = namespace("b", { "kubernetes.io/metadata.name": "c" });
    expectAll(api, [server, client, lie, named("b")], [["b/client", "a/server", p80, "allowed"]]);
  },
  "of a partial namespace only the labels in the set are known": (api) => {
    const partial = namespace("b", { env: "dev" });
    const options = { partialNamespaces: ["b"] };
    expectAll(
      api,
      [server, client, partial, fromSpaces(envIs("In", ["dev"]))],
      [["b/client", "a/server", p80, "allowed"]],
      options,
    );
    const tier = { matchLabels: { tier: "x" } };
    expectAll(
      api,
      [server, client, partial, fromSpaces(tier)],
      [["b/client", "a/server", p80, "unknown"]],
      options,
    );
    expectAll(api, [server, client, partial, fromSpaces(tier)], [["b/client", "a/server", p80, "denied"]]);
  },
  "unknown or allowed is allowed, unknown and denied is denied": (api) => {
    const unknown = envIs("In", ["prod"]);
    expectAll(
      api,
      [server, client, fromSpaces(unknown, [{ namespaceSelector: {} }])],
      [["b/client", "a/server", p80, "allowed"]],
    );
    expectAll(
      api,
      [server, client, fromSpaces({ ...unknown, matchLabels: { "kubernetes.io/metadata.name": "c" } })],
      [["b/client", "a/server", p80, "denied"]],
    );
    expectAll(
      api,
      [server, client, fromSpaces(unknown), policy("b/out", { policyTypes: ["Egress"] })],
      [["b/client", "a/server", p80, "denied"]],
    );
  },
  "a policy that cannot be interpreted leaves what it may select unknown": (api) => {
    const bad = policy("a/bad", { podSelector: { matchLabels: { app: "server" } }, ...broken });
    const other = pod("a/other", { ips: ["10.0.0.3"] });
    expectAll(
      api,
      [server, other, client, bad],
      [
        ["b/client", "a/server", p80, "unknown"],
        ["b/client", "a/other", p80, "allowed"],
        ["a/server", "b/client", p80, "allowed"],
        ["a/other", "b/client", p80, "allowed"],
      ],
    );
    expectAll(
      api,
      [server, other, client, policy("a/bad", { podSelector: { matchLabels: "app" } })],
      [
        ["b/client", "a/other", p80, "unknown"],
        ["b/client", "a/server", p80, "unknown"],
      ],
    );
  },
  "a policy that cannot be interpreted does not undo what another admits": (api) => {
    const bad = policy("a/bad", { podSelector: {}, ...broken });
    expectAll(api, [server, client, bad, fromSpaces({})], [["b/client", "a/server", p80, "allowed"]]);
    expectAll(api, [server, client, bad, policy("a/deny", {})], [["b/client", "a/server", p80, "unknown"]]);
  },
  "policies of one name that differ are unknown, equal ones are one": (api) => {
    const open = policy("a/p", { ingress: [{}] });
    expectAll(api, [server, client, open, policy("a/p", {})], [["b/client", "a/server", p80, "unknown"]]);
    expectAll(
      api,
      [server, client, policy("a/p", {}), policy("a/p", { podSelector: {}, policyTypes: ["Ingress"] })],
      [["b/client", "a/server", p80, "denied"]],
    );
  },
  "namespaces of one name are known as far as they agree": (api) => {
    const twice = [namespace("b", { env: "dev", tier: "x" }), namespace("b", { env: "prod", tier: "x" })];
    expectAll(
      api,
      [server, client, ...twice, fromSpaces(envIs("In", ["dev"]))],
      [["b/client", "a/server", p80, "unknown"]],
    );
    expectAll(
      api,
      [server, client, ...twice, fromSpaces({ matchLabels: { tier: "x" } })],
      [["b/client", "a/server", p80, "allowed"]],
    );
  },
  "labels that controllers add are unknown on templates, not absent": (api) => {
    const select = (key: string, value: string) =>
      policy("a/p", { podSelector: { matchLabels: { [key]: value } } });
    const statefulset = workload("StatefulSet", "a/db", { labels: { app: "db" } });
    expectAll(
      api,
      [statefulset, client, select("statefulset.kubernetes.io/pod-name", "db-0")],
      [["b/client", "a/db", p80, "unknown"]],
    );
    expectAll(
      api,
      [workload("Job", "a/job"), client, select("job-name", "job")],
      [["b/client", "a/job", p80, "denied"]],
    );
    expectAll(
      api,
      [workload("Job", "a/job"), client, select("job-name", "other")],
      [["b/client", "a/job", p80, "allowed"]],
    );
    const exists = (operator: string) =>
      policy("a/p", { podSelector: { matchExpressions: [{ key: "pod-template-hash", operator }] } });
    expectAll(
      api,
      [workload("Deployment", "a/web"), client, exists("Exists")],
      [["b/client", "a/web", p80, "denied"]],
    );
    expectAll(
      api,
      [workload("Deployment", "a/web"), client, exists("DoesNotExist")],
      [["b/client", "a/web", p80, "allowed"]],
    );
  },
  "where a policy only may select a pod, its rules count when it does": (api) => {
    const perhaps = (ingress: unknown[]) =>
      policy("a/perhaps", {
        podSelector: { matchLabels: { "statefulset.kubernetes.io/pod-name": "db-0" } },
        policyTypes: ["Ingress"],
        ingress,
      });
    const db = workload("StatefulSet", "a/db");
    expectAll(api, [db, client, perhaps([{}])], [["b/client", "a/db", p80, "allowed"]]);
    expectAll(api, [db, client, perhaps([{}]), policy("a/deny", {})], [["b/client", "a/db", p80, "unknown"]]);
    expectAll(api, [db, client, perhaps([]), policy("a/deny", {})], [["b/client", "a/db", p80, "denied"]]);
    expectAll(
      api,
      [db, client, perhaps([]), policy("a/open", { ingress: [{}] })],
      [["b/client", "a/db", p80, "allowed"]],
    );
  },
  "a name that nobody has is unknown, with the nearest one": (api) => {
    const verdict = ask(api, [server, client], "b/cleint", "a/server", p80);
    ok(
      verdict.outcome === "unknown" && !verdict.allowed && /did you mean "b\/client"/.test(verdict.reason),
      verdict.reason,
    );
    expectAll(
      api,
      [server, client],
      [
        ["server", "a/server", p80, "unknown"],
        ["a//server", "a/server", p80, "unknown"],
      ],
    );
  },
  "pods that the API server would refuse are unknown, to themselves too": (api) => {
    const odd = [
      pod("b/labels", { labels: { app: 1 } as unknown as Record<string, string> }),
      pod("b/port", { ports: [{ containerPort: 70000 }] }),
      pod("b/ip", { ips: ["10.0.0.300"] }),
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace: "b", name: "empty" }, spec: {} },
    ];
    expectAll(
      api,
      [server, ...odd],
      ["labels", "port", "ip", "empty"].flatMap((name) => [
        [`b/${name}`, "a/server", p80, "unknown"] as const,
        ["a/server", `b/${name}`, p80, "unknown"] as const,
        [`b/${name}`, `b/${name}`, p80, "unknown"] as const,
      ]),
    );
  },
  "some pods allowed, others not: partial": (api) => {
    const replica = (name: string, labels: Record<string, string>) =>
      pod(`a/${name}`, {
        labels,
        metadata: { ownerReferences: [{ kind: "StatefulSet", name: "db", controller: true }] },
      });
    const closed = policy("a/p", { podSelector: { matchLabels: { canary: "yes" } } });
    const verdict = ask(
      api,
      [client, replica("db-0", {}), replica("db-1", { canary: "yes" }), closed],
      "b/client",
      "a/db",
      p80,
    );
    ok(verdict.outcome === "partial" && verdict.about?.to === "a/db-1", JSON.stringify(verdict));
  },
};
