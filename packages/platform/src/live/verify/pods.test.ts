import type { ApiAnswer, Cluster } from "@ashlar/core/live";
import { expect, test } from "vitest";
import { onePerKind, readPods } from "./pods.ts";

const LABELS = { app: "web", "pod-template-hash": "abc" };

function pod(
  name: string,
  over: { readonly spec?: object; readonly status?: object; readonly metadata?: object } = {},
) {
  const container = {
    name: "main",
    image: "x",
    ports: [
      { name: "http", containerPort: 8080 },
      { containerPort: 53, protocol: "UDP" },
    ],
  };
  return {
    metadata: { name, namespace: "prod", labels: LABELS, ...over.metadata },
    spec: { containers: [container], ...over.spec },
    status: {
      phase: "Running",
      podIP: "10.0.0.1",
      conditions: [{ type: "Ready", status: "True" }],
      ...over.status,
    },
  };
}

/** An API server with these lists; what it has none of is forbidden. */
function cluster(lists: Readonly<Record<string, readonly unknown[]>>): Cluster {
  const request = async ({ path }: { readonly path: string }): Promise<ApiAnswer> => {
    const items = lists[path.split("/").at(-1) ?? ""];
    return items
      ? { status: 200, body: { items, metadata: {} } }
      : { status: 403, body: { kind: "Status", reason: "Forbidden", message: `cannot list ${path}` } };
  };
  return { request } as unknown as Cluster;
}

test("ready pods with an address of their own, their owners and ports", async () => {
  const owner = [{ kind: "ReplicaSet", name: "web-abc" }];
  const probe = { readinessProbe: { httpGet: { port: "http" } } };
  const service = {
    metadata: { name: "web" },
    spec: {
      selector: { app: "web" },
      ports: [
        { port: 80, targetPort: 9090 },
        { port: 53, protocol: "UDP" },
      ],
    },
  };
  const other = { metadata: { name: "db" }, spec: { selector: { app: "db" }, ports: [{ port: 5432 }] } };
  const containers = [
    { name: "side", image: "x", readinessProbe: { tcpSocket: { port: 15020 } } },
    { name: "main", image: "x", ports: [{ name: "http", containerPort: 8080 }], ...probe },
  ];
  const annotations = { "kubectl.kubernetes.io/default-container": "main" };
  const pods = [
    pod("web-abc-1", { metadata: { ownerReferences: owner, annotations }, spec: { containers } }),
  ];
  const { pods: found, others } = await readPods(cluster({ pods, services: [service, other] }), "prod");
  expect(others).toBe(0);
  expect(found[0]).toMatchObject({
    containers: ["main", "side"],
    owners: ["Pod/web-abc-1", "ReplicaSet/web-abc", "Deployment/web"],
    ports: [8080, 9090, 15020],
    open: [15020, 8080],
    http: [8080],
  });
});

test("who cannot be asked: not ready, ended, in the network of its node, on the way out", async () => {
  const pods = [
    pod("ready"),
    pod("unready", { status: { conditions: [{ type: "Ready", status: "False" }] } }),
    pod("pending", { status: { phase: "Pending", podIP: "" } }),
    pod("done", { status: { phase: "Succeeded" } }),
    pod("node", { spec: { hostNetwork: true } }),
    pod("leaving", { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }),
  ];
  const { pods: found, others } = await readPods(cluster({ pods, services: [] }), "prod");
  expect(found.map(({ name }) => name)).toEqual(["ready"]);
  expect(others).toBe(3);
});

test("replicas are of one kind; other labels and other ports are not", async () => {
  const pods = [
    pod("a", { metadata: { labels: { ...LABELS, "apps.kubernetes.io/pod-index": "0" } } }),
    pod("b"),
    pod("c", { metadata: { labels: { app: "api" } } }),
    pod("d", { spec: { containers: [{ name: "main", image: "x" }] } }),
  ];
  const { pods: found } = await readPods(cluster({ pods, services: [] }), "prod");
  expect(onePerKind(found).map(({ name }) => name)).toEqual(["a", "c", "d"]);
});

test("that pods may not be listed is told; without Services they have the ports that they name", async () => {
  expect(await readPods(cluster({}), "prod")).toMatchObject({
    pods: [],
    problem: expect.stringContaining("cannot list"),
  });
  const { pods } = await readPods(cluster({ pods: [pod("a")] }), "prod");
  expect(pods[0]?.ports).toEqual([8080]);
});
