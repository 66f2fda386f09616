import type { Resource } from "@ashlar/core";

type Data = Readonly<Record<string, unknown>>;

const namespace = (name: string, labels: Data = {}): Resource => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: labels as Record<string, string> },
});

const service = (of: string, name: string, spec: Data): Resource => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: of },
  spec,
});

const external = (of: string, name: string, externalName: string) =>
  service(of, name, { type: "ExternalName", externalName });

const HTTP = { name: "http", protocol: "TCP", port: 80, targetPort: 8080 };

interface Endpoint {
  readonly addresses: readonly string[];
  readonly [field: string]: unknown;
}

const slice = (
  of: string,
  name: string,
  serviceName: string,
  endpoints: readonly Endpoint[],
  ports: readonly Data[],
  addressType = "IPv4",
): Resource => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name, namespace: of, labels: { "kubernetes.io/service-name": serviceName } },
  addressType,
  endpoints,
  ports,
});

const pod = (of: string, name: string): Resource => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: of, labels: { app: name } },
  spec: { containers: [{ name: "main", image: "registry.k8s.io/pause:3.10" }] },
});

const target = (name: string) => ({ targetRef: { kind: "Pod", name, namespace: "my" } });

/** Names in a chain of Services, each of them another name of the next. */
const CHAIN = 14;

/** Objects with the label `tier: front`, which one of the zones alone shows. */
const FRONT = ["Service my/web", "Service my/pg", "EndpointSlice my/pg-1", "Service my/db"];

const UNLABELLED: readonly Resource[] = [
  namespace("my", { team: "x" }),
  namespace("prod"),
  namespace("other", { team: "y" }),
  service("my", "web", {
    clusterIP: "10.96.10.10",
    ports: [HTTP, { name: "dns", protocol: "UDP", port: 53 }],
  }),
  service("my", "plain", { clusterIP: "10.96.10.11", ports: [{ port: 6379 }] }),
  service("my", "same", {
    clusterIP: "10.96.10.12",
    ports: [
      { name: "dns", protocol: "UDP", port: 53 },
      { name: "dns-tcp", protocol: "TCP", port: 53 },
    ],
  }),
  service("my", "node", { type: "NodePort", clusterIP: "10.96.10.13", ports: [HTTP] }),
  service("my", "balanced", {
    type: "LoadBalancer",
    clusterIP: "10.96.10.14",
    externalIPs: ["203.0.113.7", "2001:db8::7"],
    ports: [HTTP],
  }),
  service("my", "ready", { clusterIP: "10.96.10.15", ports: [HTTP] }),
  slice(
    "my",
    "ready-1",
    "ready",
    [{ addresses: ["10.244.1.5"], ...target("ready-abc") }],
    [{ name: "http", protocol: "TCP", port: 8080 }],
  ),
  service("prod", "web", { clusterIP: "10.96.20.10", ports: [HTTP] }),
  service("other", "web", { clusterIP: "10.96.30.10", ports: [HTTP] }),
  service("my", "pg", { clusterIP: "None", ports: [{ name: "sql", port: 5432 }] }),
  slice(
    "my",
    "pg-1",
    "pg",
    [
      { addresses: ["10.244.1.1"], hostname: "pg-0", ...target("pg-0"), zone: "Zone-A" },
      {
        addresses: ["10.244.1.2"],
        hostname: "pg-1",
        ...target("pg-1"),
        zone: "zone.b",
        conditions: { ready: true },
      },
      { addresses: ["10.244.1.3"], hostname: "pg-2", conditions: { ready: false } },
      { addresses: ["10.244.1.4"], ...target("pg-3") },
      { addresses: ["10.244.1.6"] },
    ],
    [{ name: "sql", protocol: "TCP", port: 5432 }],
  ),
  slice(
    "my",
    "pg-2",
    "pg",
    [{ addresses: ["2001:db8:1::1"], hostname: "pg-0" }, { addresses: ["2001:db8:1::"] }],
    [
      { name: "sql", protocol: "TCP", port: 5432 },
      { name: "metrics", protocol: "TCP", port: 9187 },
    ],
    "IPv6",
  ),
  service("my", "empty", { clusterIP: "None", ports: [HTTP] }),
  service("my", "noports", { clusterIP: "None" }),
  slice("my", "noports-1", "noports", [{ addresses: ["10.244.1.20", "10.244.1.21"] }], []),
  service("my", "1db", { clusterIP: "10.96.10.16", ports: [HTTP] }),
  external("my", "db", "db.corp.test"),
  external("my", "dot", "db.corp.test."),
  external("my", "alias", "alias.zone.test"),
  external("my", "gone", "gone.zone.test"),
  external("my", "hostless", "nobody.corp.test"),
  external("my", "inner", "web.my.svc.cluster.local"),
  external("my", "group", "pg.my.svc.cluster.local"),
  external("my", "outer", "inner.my.svc.cluster.local"),
  external("my", "ghost", "nope.my.svc.cluster.local"),
  external("my", "loop", "loop.my.svc.cluster.local"),
  external("my", "ping", "pong.my.svc.cluster.local"),
  external("my", "pong", "ping.my.svc.cluster.local"),
  external("my", "below", "deep.below.my.svc.cluster.local"),
  external("my", "number", "10.1.2.3"),
  external("my", "world", "www.world.test"),
  external("my", "verified", "web.my.svc.verified.local"),
  external("my", "refused", "name.nowhere.invalid"),
  external("my", "long", `${"l".repeat(64)}.corp.test`),
  ...Array.from({ length: CHAIN }, (_, i) =>
    external(
      "prod",
      `c${i}`,
      i + 1 < CHAIN ? `c${i + 1}.prod.svc.cluster.local` : "web.prod.svc.cluster.local",
    ),
  ),
  pod("my", "ready-abc"),
  pod("prod", "asker"),
  pod("my", "done"),
];

/** Objects that the DNS of a cluster speaks of, of every kind that makes a difference. */
export const OBJECTS: readonly Resource[] = UNLABELLED.map((object) => {
  const { kind, metadata } = object;
  if (!FRONT.includes(`${kind} ${metadata.namespace}/${metadata.name}`)) return object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, tier: "front" } } };
});

/** What the pods' nodes would report. */
export const POD_STATUS: Readonly<Record<string, Data>> = {
  "my/ready-abc": {
    phase: "Running",
    podIP: "10.244.1.5",
    podIPs: [{ ip: "10.244.1.5" }, { ip: "2001:db8:2::5" }],
  },
  "prod/asker": { phase: "Running", podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }] },
  "my/done": { phase: "Succeeded", podIP: "10.244.1.9", podIPs: [{ ip: "10.244.1.9" }] },
};
