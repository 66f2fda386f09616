import { deepEqual, match } from "node:assert/strict";
import { namespace, ownedBy, pod, policy, service, workload } from "../objects.ts";
import { ask, type Checks, expectAll, tcp, udp } from "./api.ts";

const spaces = [namespace("a"), namespace("b")];
const client = pod("b/client", { ips: ["10.0.0.9"] });
const labels = { app: "web" };
const web = workload("Deployment", "a/web", { labels, ports: [{ name: "http", containerPort: 8000 }] });
const only = (port: unknown) => policy("a/p", { ingress: [{ ports: [{ port }] }] });
const toWeb = (port: unknown, more: object = {}) =>
  service("a/web", { selector: labels, ports: [port], ...more });

/** Services: policies see the pods behind them, at their ports. */
export const serviceChecks: Checks = {
  "a Service's port is translated to the pod's": (api) => {
    const at = (target: unknown) => [...spaces, client, web, toWeb({ port: 80, targetPort: target })];
    for (const target of [8000, "http"]) {
      expectAll(api, [...at(target), only(8000)], [["b/client", { service: "a/web" }, tcp(80), "allowed"]]);
      expectAll(api, [...at(target), only(80)], [["b/client", { service: "a/web" }, tcp(80), "denied"]]);
    }
    const verdict = ask(api, at(8000), "b/client", { service: "a/web" }, tcp(80));
    deepEqual(verdict.via?.ports, [{ port: 80, target: 8000 }]);
  },
  "a Service's port without target is the pod's": (api) =>
    expectAll(
      api,
      [...spaces, client, web, toWeb({ port: 80 }), only(80)],
      [["b/client", { service: "a/web" }, tcp(80), "allowed"]],
    ),
  "a Service's port may be asked for by name": (api) =>
    expectAll(
      api,
      [...spaces, client, web, toWeb({ name: "main", port: 80, targetPort: 8000 }), only(8000)],
      [
        ["b/client", { service: "a/web" }, tcp("main"), "allowed"],
        ["b/client", { service: "a/web" }, tcp("other"), "unknown"],
      ],
    ),
  "a name that pods and a Service share means the Service where the pods do not declare the port": (api) => {
    const objects = [...spaces, client, web, toWeb({ port: 80, targetPort: 8000 })];
    expectAll(
      api,
      [...objects, only(8000)],
      [
        ["b/client", "a/Deployment/web", tcp(80), "denied"],
        ["b/client", "a/web", tcp(8000), "allowed"],
      ],
    );
    const through = ask(api, [...objects, only(8000)], "b/client", "a/web", tcp(80));
    deepEqual([through.outcome, through.via?.service.name], ["allowed", "web"]);
    const direct = ask(api, [...objects, only(8000)], "b/client", "a/web", tcp(81));
    deepEqual([direct.outcome, direct.via], ["denied", undefined]);
    const same = toWeb({ port: 8000, targetPort: 9000 });
    deepEqual(ask(api, [...spaces, client, web, same], "b/client", "a/web", tcp(8000)).via, undefined);
  },
  "a name that only a Service has means the Service": (api) => {
    const entry = service("a/entry", { selector: labels, ports: [{ port: 80, targetPort: 8000 }] });
    expectAll(
      api,
      [...spaces, client, web, entry, only(8000)],
      [
        ["b/client", "a/entry", tcp(80), "allowed"],
        ["b/client", "a/entry", {}, "allowed"],
        ["b/client", "a/entry", tcp(81), "unknown"],
      ],
    );
    deepEqual(ask(api, [...spaces, client, web, entry, only(8000)], "b/client", "a/entry").allowedPorts, [
      { from: 80, to: 80 },
    ]);
  },
  "a headless Service does not translate": (api) => {
    const headless = toWeb({ port: 80, targetPort: 8000 }, { clusterIP: "None" });
    expectAll(
      api,
      [...spaces, client, web, headless, only(8000)],
      [
        ["b/client", { service: "a/web" }, tcp(80), "denied"],
        ["b/client", { service: "a/web" }, tcp(8000), "allowed"],
      ],
    );
  },
  "an ExternalName is unknown": (api) => {
    const external = service("a/db", {
      type: "ExternalName",
      externalName: "db.example.com",
      ports: [{ port: 5432 }],
    });
    const verdict = ask(api, [...spaces, client, external], "b/client", "a/db", tcp(5432));
    deepEqual([verdict.outcome, verdict.allowed], ["unknown", false]);
    match(verdict.reason, /ExternalName of db\.example\.com/);
  },
  "a Service without selector leads where its endpoints are": (api) => {
    const bare = service("a/db", { ports: [{ name: "pg", port: 5432 }] });
    const slice = {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { namespace: "a", name: "db-1", labels: { "kubernetes.io/service-name": "db" } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["192.0.2.7"] }],
      ports: [{ name: "pg", port: 6432, protocol: "TCP" }],
    };
    const endpoints = {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { namespace: "a", name: "db" },
      subsets: [{ addresses: [{ ip: "192.0.2.7" }], ports: [{ name: "pg", port: 6432 }] }],
    };
    const out = (cidr: string, port: number) =>
      policy("b/out", {
        policyTypes: ["Egress"],
        egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ port }] }],
      });
    for (const behind of [slice, endpoints]) {
      expectAll(
        api,
        [...spaces, client, bare, behind, out("192.0.2.7/32", 6432)],
        [["b/client", "a/db", tcp(5432), "allowed"]],
      );
      expectAll(
        api,
        [...spaces, client, bare, behind, out("192.0.2.7/32", 5432)],
        [["b/client", "a/db", tcp(5432), "denied"]],
      );
      expectAll(
        api,
        [...spaces, client, bare, behind, out("192.0.2.8/32", 6432)],
        [["b/client", "a/db", tcp(5432), "denied"]],
      );
    }
    expectAll(api, [...spaces, client, bare], [["b/client", "a/db", tcp(5432), "unknown"]]);
  },
  "a Service with nothing behind it is unknown": (api) =>
    expectAll(
      api,
      [...spaces, client, service("a/web", { selector: labels, ports: [{ port: 80 }] })],
      [["b/client", "a/web", tcp(80), "unknown"]],
    ),
  "a named target that no pod declares is unknown": (api) =>
    expectAll(
      api,
      [...spaces, client, web, toWeb({ port: 80, targetPort: "https" })],
      [["b/client", { service: "a/web" }, tcp(80), "unknown"]],
    ),
  "ports of a Service are of a protocol": (api) =>
    expectAll(
      api,
      [...spaces, client, web, toWeb({ port: 53, targetPort: 8000, protocol: "UDP" })],
      [
        ["b/client", { service: "a/web" }, udp(53), "allowed"],
        ["b/client", { service: "a/web" }, tcp(53), "unknown"],
      ],
    ),
  "a selector of a Service speaks of its own namespace": (api) => {
    const elsewhere = workload("Deployment", "b/web", { labels });
    expectAll(
      api,
      [...spaces, client, elsewhere, service("a/entry", { selector: labels, ports: [{ port: 80 }] })],
      [["b/client", "a/entry", tcp(80), "unknown"]],
    );
  },
  "all pods behind a Service must be reached": (api) => {
    const replica = (name: string, more: Record<string, string>) =>
      pod(`a/${name}`, { labels: { ...labels, ...more } });
    const closed = policy("a/closed", { podSelector: { matchLabels: { canary: "yes" } } });
    expectAll(
      api,
      [...spaces, client, replica("one", {}), replica("two", { canary: "yes" }), closed, toWeb({ port: 80 })],
      [["b/client", "a/web", tcp(80), "partial"]],
    );
  },
  "the address of a Service leads to it": (api) => {
    const objects = [
      ...spaces,
      client,
      web,
      toWeb({ port: 80, targetPort: 8000 }, { clusterIP: "10.96.0.7" }),
    ];
    expectAll(api, [...objects, only(8000)], [["b/client", { ip: "10.96.0.7" }, tcp(80), "allowed"]]);
  },
  "a Service of one family translates within it": (api) => {
    const dual = pod("a/dual", { labels, ips: ["10.0.0.1", "fd00::1"] });
    const caller = pod("b/caller", { ips: ["10.0.0.2", "fd00::2"] });
    const only6 = policy("a/p", { ingress: [{ from: [{ ipBlock: { cidr: "::/0" } }] }] });
    const entry = (family: string) =>
      service("a/entry", { selector: labels, ipFamilies: [family], ports: [{ port: 80 }] });
    expectAll(
      api,
      [...spaces, caller, dual, only6, entry("IPv6")],
      [["b/caller", "a/entry", tcp(80), "allowed"]],
    );
    expectAll(
      api,
      [...spaces, caller, dual, only6, entry("IPv4")],
      [["b/caller", "a/entry", tcp(80), "denied"]],
    );
  },
  "who sends from a Service are the pods behind it": (api) => {
    const mine = pod("a/one", { labels, metadata: ownedBy("StatefulSet", "s") });
    const out = policy("a/out", { policyTypes: ["Egress"] });
    expectAll(
      api,
      [...spaces, client, mine, toWeb({ port: 80 }), out],
      [[{ service: "a/web" }, "b/client", tcp(80), "denied"]],
    );
  },
};
