import type { ApiAnswer, Cluster } from "@ashlar/core/live";
import type { ReachClaim } from "@ashlar/network-policy";
import { expect, test } from "vitest";
import { readPods } from "./pods.ts";
import { namedBy } from "./services.ts";

const tcp = (from: number, to = from) => ({ protocol: "TCP" as const, from, to });

function pod(app: string, containerPort: number) {
  const ports = [{ name: "http", containerPort }];
  return {
    metadata: { name: `${app}-0`, labels: { app } },
    spec: { containers: [{ name: "main", image: "x", ports }] },
    status: { phase: "Running", podIP: "10.0.0.1", conditions: [{ type: "Ready", status: "True" }] },
  };
}
const service = (name: string, spec: object) => ({ metadata: { name }, spec });
const of = (app: string, ports: readonly object[]) => ({ selector: { app }, ports });

const PODS = [pod("api", 8080), pod("web", 3000)].map((one, i) => {
  const owner = ["api", "web"][i];
  return {
    ...one,
    metadata: { ...one.metadata, ownerReferences: [{ kind: "StatefulSet", name: owner }] },
  };
});
const SERVICES = [
  service(
    "api",
    of("api", [
      { port: 80, targetPort: "http" },
      { port: 8080, targetPort: 9 },
    ]),
  ),
  service(
    "front",
    of("web", [
      { port: 80, targetPort: 3000 },
      { port: 81, targetPort: "none" },
    ]),
  ),
  service("heads", { ...of("web", [{ port: 80, targetPort: 3000 }]), clusterIP: "None" }),
  service("bare", { ports: [{ port: 80 }] }),
  service("gone", of("gone", [{ port: 80 }])),
];

async function there(services: readonly unknown[] | "forbidden" = SERVICES) {
  const request = async ({ path }: { readonly path: string }): Promise<ApiAnswer> => {
    const items = path.endsWith("/pods") ? PODS : services;
    return items !== "forbidden"
      ? { status: 200, body: { items, metadata: {} } }
      : { status: 403, body: { kind: "Status", reason: "Forbidden", message: "no" } };
  };
  return readPods({ request } as unknown as Cluster, "prod");
}

async function meant(ref: string, ports: ReachClaim["ports"], isWorkload = false) {
  const { problem, pods, ports: own, notes } = namedBy(ref, ports, await there(), isWorkload);
  const ends = pods.map((one) => `${one.name} ${own?.get(one)?.map(({ from }) => from) ?? "every port"}`);
  return problem ?? [...ends, ...notes];
}

test.each<[string, ReachClaim["ports"], readonly string[] | string]>([
  ["prod/api", undefined, ["api-0 every port"]],
  ["prod/api", [tcp(80)], ["api-0 8080", "port 80 of Service prod/api is 8080 of its pods"]],
  // The pods' own port wins.
  ["prod/api", [tcp(8080)], ["api-0 8080"]],
  ["prod/api", [tcp(9090)], ["api-0 9090"]],
  ["prod/StatefulSet/api", [tcp(80)], ["api-0 80"]],
  ["prod/front", undefined, ["web-0 every port"]],
  ["prod/front", [tcp(80)], ["web-0 3000", "port 80 of Service prod/front is 3000 of its pods"]],
  ["prod/front", [tcp(1, 80)], ["web-0 3000", "port 80 of Service prod/front is 3000 of its pods"]],
  ["prod/Service/front", [tcp(80)], ["web-0 3000", "port 80 of Service prod/front is 3000 of its pods"]],
  ["prod/front", [tcp(3000)], "Service prod/front declares no port 3000/TCP, it has 80, 81"],
  ["prod/front", [tcp(81)], "no ready pod behind Service prod/front has the target of its port 81"],
  ["prod/heads", [tcp(80)], ["web-0 80"]],
  ["prod/bare", [tcp(80)], "Service prod/bare has no selector: who is behind it is not known"],
  ["prod/gone", [tcp(80)], "no ready pod is behind Service prod/gone"],
  ["prod/absent", [tcp(80)], "prod/absent has no ready pod"],
])("%s at %j means %j", async (ref, ports, expected) => {
  expect(await meant(ref, ports)).toEqual(expected);
});

test("a workload that has no pod is not the Service of its name", async () => {
  expect(await meant("prod/front", [tcp(80)], true)).toBe("prod/front has no ready pod");
});

test("that Services may not be listed is told where one may be meant", async () => {
  const alone = await there("forbidden");
  expect(namedBy("prod/front", undefined, alone, false).problem).toBe(
    "prod/front has no ready pod, and Services of prod may not be listed",
  );
  expect(namedBy("prod/api", [tcp(80)], alone, false).notes).toEqual([
    "Services of prod may not be listed: 80 is taken for the pods' own port",
  ]);
  expect(namedBy("prod/api", [tcp(8080)], alone, false).notes).toEqual([]);
});
