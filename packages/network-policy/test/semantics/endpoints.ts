import { deepEqual } from "node:assert/strict";
import type { Resource } from "@ashlar/core";
import { namespace, ownedBy, pod, policy, workload } from "../objects.ts";
import { ask, type Checks, expectAll, tcp } from "./api.ts";

const p80 = tcp(80);
const spaces = [namespace("a"), namespace("b")];
const client = pod("b/client", { ips: ["10.0.0.2"], labels: { app: "client" } });
const closed = policy("a/closed", { podSelector: { matchLabels: { app: "x" } } });
const kinds = [
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "ReplicationController",
];
const node = (name: string, ...ips: string[]): Resource => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  status: { addresses: ips.map((address) => ({ type: "InternalIP", address })) },
});
const onNode = (path: string, nodeName: string, ip: string, spec: Record<string, unknown> = {}) =>
  pod(path, {
    ips: [ip],
    labels: { app: "x" },
    spec: { nodeName, ...spec },
    status: { hostIP: nodeName === "n1" ? "192.0.2.11" : "192.0.2.12" },
  });

/** Pods, workloads, nodes: who is meant, and whom policies speak of. */
export const endpointChecks: Checks = {
  "the template of every workload kind is a pod": (api) => {
    for (const kind of kinds)
      expectAll(
        api,
        [...spaces, client, workload(kind, "a/w", { labels: { app: "x" } }), closed],
        [
          ["b/client", "a/w", p80, "denied"],
          ["a/w", "b/client", p80, "allowed"],
          ["b/client", `a/${kind}/w`, p80, "denied"],
        ],
      );
  },
  "a pod always reaches itself": (api) =>
    expectAll(
      api,
      [
        ...spaces,
        pod("a/one", { labels: { app: "x" } }),
        policy("a/none", { policyTypes: ["Ingress", "Egress"] }),
      ],
      [
        ["a/one", "a/one", p80, "allowed"],
        ["a/one", "a/one", {}, "allowed"],
      ],
    ),
  "replicas of a workload are different pods": (api) => {
    const none = policy("a/none", { policyTypes: ["Ingress"] });
    expectAll(api, [...spaces, workload("Deployment", "a/w"), none], [["a/w", "a/w", p80, "denied"]]);
    const replica = (name: string) => pod(`a/${name}`, { metadata: ownedBy("StatefulSet", "w") });
    expectAll(
      api,
      [...spaces, replica("w-0"), replica("w-1"), none],
      [
        ["a/w", "a/w", p80, "denied"],
        ["a/w-0", "a/w-0", p80, "allowed"],
      ],
    );
    expectAll(api, [...spaces, replica("w-0"), none], [["a/w", "a/w", p80, "denied"]]);
  },
  "pods that a workload owns stand for it": (api) => {
    const own = (kind: string, name: string, labels: Record<string, string>) =>
      pod(`a/${name}`, { labels, metadata: ownedBy(kind, name.slice(0, -2)) });
    const template = workload("StatefulSet", "a/w", { labels: { app: "x" } });
    expectAll(
      api,
      [...spaces, client, template, own("StatefulSet", "w-0", { app: "y" }), closed],
      [["b/client", "a/w", p80, "allowed"]],
    );
    const replicaSet = workload("ReplicaSet", "a/w-5d", {
      labels: { app: "x" },
      metadata: ownedBy("Deployment", "w"),
    });
    const deployment = workload("Deployment", "a/w", { labels: { app: "x" } });
    const through = own("ReplicaSet", "w-5d-1", { app: "y", "pod-template-hash": "5d" });
    expectAll(
      api,
      [...spaces, client, deployment, replicaSet, through, closed],
      [["b/client", "a/w", p80, "allowed"]],
    );
    expectAll(api, [...spaces, client, deployment, through, closed], [["b/client", "a/w", p80, "allowed"]]);
    expectAll(api, [...spaces, client, through, closed], [["b/client", "a/w", p80, "allowed"]]);
    const job = own("Job", "w-123-x", { app: "y" });
    expectAll(
      api,
      [...spaces, client, workload("CronJob", "a/w", { labels: { app: "x" } }), job, closed],
      [["b/client", "a/w", p80, "allowed"]],
    );
  },
  "a workload that another one makes is not counted twice": (api) => {
    const replicaSet = workload("ReplicaSet", "a/w-5d", { metadata: ownedBy("Deployment", "w") });
    const model = api.networkModel([workload("Deployment", "a/w"), replicaSet]);
    deepEqual(api.reachMatrix(model).endpoints, ["a/w"]);
  },
  "finished pods are no endpoints": (api) => {
    const done = ["Succeeded", "Failed"].map((phase, i) =>
      pod(`a/done${i}`, { ips: [`10.0.0.${i + 5}`], status: { phase } }),
    );
    const model = api.networkModel([...spaces, client, ...done]);
    deepEqual(api.reachMatrix(model).endpoints, ["b/client"]);
    expectAll(
      api,
      [...spaces, client, ...done],
      [
        ["b/client", "a/done0", p80, "unknown"],
        ["b/client", "a/done1", p80, "unknown"],
      ],
    );
  },
  "several of one name are told apart by kind": (api) => {
    const two = [workload("Deployment", "a/w", { labels: { app: "x" } }), workload("StatefulSet", "a/w")];
    expectAll(
      api,
      [...spaces, client, ...two, closed],
      [
        ["b/client", "a/w", p80, "unknown"],
        ["b/client", "a/Deployment/w", p80, "denied"],
        ["b/client", "a/StatefulSet/w", p80, "allowed"],
      ],
    );
  },
  "hostNetwork pods are beyond policies, and only blocks match them": (api) => {
    const host = onNode("a/host", "n1", "192.0.2.11", { hostNetwork: true });
    const target = onNode("b/target", "n2", "10.0.0.9");
    const deny = policy("a/none", { policyTypes: ["Ingress", "Egress"] });
    const twin = onNode("a/twin", "n2", "10.0.0.3");
    expectAll(
      api,
      [...spaces, host, twin, client, deny],
      [
        ["b/client", "a/host", p80, "allowed"],
        ["b/client", "a/twin", p80, "denied"],
      ],
    );
    const from = (peer: unknown) => policy("b/p", { ingress: [{ from: [peer] }] });
    expectAll(
      api,
      [...spaces, host, client, deny],
      [
        ["b/client", "a/host", p80, "allowed"],
        ["a/host", "b/client", p80, "allowed"],
      ],
    );
    expectAll(
      api,
      [...spaces, host, target, from({ namespaceSelector: {} })],
      [["a/host", "b/target", p80, "denied"]],
    );
    expectAll(
      api,
      [...spaces, host, target, from({ ipBlock: { cidr: "192.0.2.11/32" } })],
      [["a/host", "b/target", p80, "allowed"]],
    );
    const asPods = { hostNetwork: "pod" } as const;
    expectAll(
      api,
      [...spaces, host, client, deny],
      [
        ["b/client", "a/host", p80, "denied"],
        ["a/host", "b/client", p80, "denied"],
      ],
      asPods,
    );
    expectAll(
      api,
      [...spaces, host, target, from({ namespaceSelector: {} })],
      [["a/host", "b/target", p80, "allowed"]],
      asPods,
    );
  },
  "a node always reaches the pods on it": (api) => {
    const deny = policy("a/none", {});
    const pods = [onNode("a/one", "n1", "10.0.0.1"), onNode("a/two", "n2", "10.0.0.2")];
    const host = onNode("b/host", "n1", "192.0.2.11", { hostNetwork: true });
    expectAll(
      api,
      [...spaces, ...pods, host, node("n1", "192.0.2.11"), deny],
      [
        ["b/host", "a/one", p80, "allowed"],
        ["b/host", "a/two", p80, "denied"],
        [{ node: "n1" }, "a/one", p80, "allowed"],
        [{ node: "n1" }, "a/two", p80, "denied"],
        [{ node: "n2" }, "a/two", p80, "allowed"],
        [{ ip: "192.0.2.12" }, "a/two", p80, "allowed"],
        [{ node: "n3" }, "a/two", p80, "unknown"],
        ["a/one", { node: "n1" }, p80, "allowed"],
      ],
    );
  },
  "whether a pod is on a node is unknown for templates": (api) => {
    const host = workload("DaemonSet", "b/host", { spec: { hostNetwork: true } });
    const deny = policy("a/none", { policyTypes: ["Ingress"] });
    expectAll(
      api,
      [...spaces, host, workload("Deployment", "a/w"), deny],
      [["b/host", "a/w", p80, "unknown"]],
    );
    expectAll(
      api,
      [...spaces, host, onNode("a/one", "n1", "10.0.0.1"), deny],
      [["b/host", "a/one", p80, "unknown"]],
    );
    expectAll(
      api,
      [
        ...spaces,
        onNode("b/host", "n1", "192.0.2.11", { hostNetwork: true }),
        workload("Deployment", "a/w"),
        deny,
      ],
      [["b/host", "a/w", p80, "unknown"]],
    );
    expectAll(
      api,
      [...spaces, host, workload("Deployment", "a/w"), policy("a/out", { policyTypes: ["Egress"] })],
      [["b/host", "a/w", p80, "allowed"]],
    );
  },
  "Lists are opened, and items of typed lists take their kind from it": (api) => {
    const { apiVersion: _, kind: __, ...bare } = pod("a/server", { labels: { app: "x" } });
    const list = { apiVersion: "v1", kind: "PodList", metadata: { name: "" }, items: [bare] };
    const nested = {
      apiVersion: "v1",
      kind: "List",
      metadata: { name: "" },
      items: [list, client, closed, null, 7],
    };
    expectAll(api, [nested], [["b/client", "a/server", p80, "denied"]]);
  },
  "objects without namespace are in the default one": (api) => {
    const bare = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "p" },
      spec: {},
    };
    const two = [client, pod("a/server"), { ...pod("a/bare"), metadata: { name: "bare" } }, bare];
    expectAll(api, two, [
      ["b/client", "default/bare", p80, "denied"],
      ["b/client", "a/server", p80, "allowed"],
    ]);
    expectAll(
      api,
      two,
      [
        ["b/client", "a/bare", p80, "denied"],
        ["b/client", "a/server", p80, "denied"],
      ],
      { defaultNamespace: "a" },
    );
  },
  "only NetworkPolicies of Kubernetes count": (api) => {
    const foreign = { ...policy("a/p", {}), apiVersion: "crd.projectcalico.org/v1" };
    const old = { ...policy("a/p", {}), apiVersion: "extensions/v1beta1" };
    expectAll(api, [...spaces, client, pod("a/server"), foreign], [["b/client", "a/server", p80, "allowed"]]);
    expectAll(api, [...spaces, client, pod("a/server"), old], [["b/client", "a/server", p80, "denied"]]);
  },
  "evidence names policy, rule and place": (api) => {
    const allow = policy("a/allow", {
      ingress: [{ from: [{ podSelector: {} }, { namespaceSelector: {} }], ports: [{ port: 80 }] }],
    });
    const locate = (_: object, path: string) => ({ file: "x.yaml", line: path.length, column: 1 });
    const admitted = ask(api, [...spaces, client, pod("a/server"), allow], "b/client", "a/server", p80, {
      locate,
    });
    const path = "spec.ingress[0].from[1]";
    const at = { file: "x.yaml", line: path.length, column: 1 };
    const ref = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", namespace: "a", name: "allow" };
    deepEqual(admitted.ingress.admittedBy, { policy: ref, path, port: "spec.ingress[0].ports[0]", at });
    const refused = ask(api, [...spaces, client, pod("a/server"), allow], "b/client", "a/server", tcp(81), {
      locate,
    });
    deepEqual(
      refused.ingress.misses.map((m) => [m.path, m.missed]),
      [["spec.ingress[0].ports", "port"]],
    );
    deepEqual([refused.ingress.isolated, refused.egress.isolated], [true, false]);
  },
};
