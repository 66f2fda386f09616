import type { Resource } from "@ashlar/core";
import { expect, test } from "vitest";
import { dnsModel } from "./model.ts";
import { resolveName } from "./resolve-name.ts";

/** A cluster as plain lists, and the names of its Services by the Kubernetes DNS specification, found by looking at everything. */
interface Thing {
  readonly name: string;
  readonly namespace: string;
  readonly ip: string;
  readonly external: string;
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
  readonly endpoints: readonly { readonly ip: string; readonly hostname: string; readonly ready: boolean }[];
}

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const NAMES = ["a", "b", "web", "db-0"];
const NAMESPACES = ["x", "y", "z"];
const PORTS = [
  { name: "http", protocol: "TCP", port: 80 },
  { name: "dns", protocol: "UDP", port: 53 },
  { name: "db", protocol: "TCP", port: 5432 },
];

function randomThings(random: () => number): Thing[] {
  return NAMESPACES.slice(0, 2).flatMap((namespace) =>
    NAMES.filter(() => random() < 0.7).map((name, i) => {
      const kind = random();
      return {
        name,
        namespace,
        ip: kind < 0.4 ? `10.96.${namespace.charCodeAt(0)}.${i}` : kind < 0.8 ? "None" : "",
        external: kind < 0.8 ? "" : `${pick(random, NAMES)}.${pick(random, NAMESPACES)}.svc.cluster.local`,
        ports: PORTS.filter(() => random() < 0.6).slice(0, 2),
        endpoints: ["1", "2", "3"]
          .filter(() => random() < 0.6)
          .map((last) => ({
            ip: `10.244.${i}.${last}`,
            hostname: random() < 0.5 ? `h${last}` : "",
            ready: random() < 0.7,
          })),
      };
    }),
  );
}

function objectsOf(things: readonly Thing[]): Resource[] {
  return things.flatMap(({ name, namespace, ip, external, ports, endpoints }): Resource[] => [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: external === "" ? { clusterIP: ip, ports } : { type: "ExternalName", externalName: external },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name, namespace, labels: { "kubernetes.io/service-name": name } },
      endpoints: endpoints.map((endpoint) => ({
        addresses: [endpoint.ip],
        conditions: { ready: endpoint.ready },
        ...(endpoint.hostname !== "" && { hostname: endpoint.hostname }),
      })),
      ports,
    },
  ]);
}

/** Addresses of a name, `undefined` when there is no such name. */
function naive(things: readonly Thing[], name: string, seen: readonly string[] = []): string[] | undefined {
  const labels = name.replace(/\.svc\.cluster\.local$/, "").split(".");
  const [namespace, service, ...parts] = labels.reverse();
  const thing = things.find((one) => one.name === service && one.namespace === namespace);
  if (!thing || parts.length > 2) return undefined;
  if (thing.external !== "") {
    if (parts.length > 0) return undefined;
    if (thing.external === name || seen.includes(thing.external)) return [];
    return naive(things, thing.external, [...seen, thing.external]) ?? [];
  }
  const [protocol, port] = parts.length === 2 ? parts.map((part) => part.replace("_", "").toUpperCase()) : [];
  const ports = thing.ports.filter(
    (one) => port === undefined || (one.name.toUpperCase() === port && one.protocol === protocol),
  );
  const anyPort = thing.ports.length === 0 && port === undefined;
  if (ports.length === 0 && !anyPort) return undefined;
  if (thing.ip !== "None" && parts.length !== 1) return [thing.ip];
  const ready = thing.endpoints.filter(
    ({ ready: isReady, hostname, ip }) =>
      isReady && (parts.length !== 1 || parts[0] === (hostname || ip.replaceAll(".", "-"))),
  );
  return ready.length > 0 ? ready.map((endpoint) => endpoint.ip) : undefined;
}

test("a second resolver, which looks at everything, agrees on 20,000 names of 200 clusters", () => {
  let asked = 0;
  const outcomes: Record<string, number> = {};
  for (let seed = 1; seed <= 200; seed++) {
    const random = randomFrom(seed);
    const things = randomThings(random);
    const model = dnsModel(objectsOf(things));
    for (let i = 0; i < 100; i++) {
      const base = `${pick(random, NAMES)}.${pick(random, NAMESPACES)}.svc.cluster.local`;
      const before = pick(random, [
        "",
        "",
        "h1.",
        "10-244-0-2.",
        "_http._tcp.",
        "_dns._udp.",
        "_dns._tcp.",
        "_db._tcp.",
        "a.b.c.",
      ]);
      const verdict = resolveName(model, before + base);
      const addresses = verdict.records.flatMap((record) => (record.type === "A" ? [record.data] : []));
      const expected = naive(things, before + base);
      const got = verdict.outcome === "nxdomain" ? undefined : addresses.toSorted();
      expect([seed, before + base, got]).toEqual([
        seed,
        before + base,
        expected && [...new Set(expected)].sort(),
      ]);
      outcomes[verdict.outcome] = (outcomes[verdict.outcome] ?? 0) + 1;
      asked++;
    }
  }
  expect(asked).toBe(20_000);
  expect(outcomes.answer).toBeGreaterThan(3000);
  expect(outcomes.nxdomain).toBeGreaterThan(4000);
});

test("the order of the objects and of the plugins in a block is of no matter", () => {
  const random = randomFrom(7);
  for (let round = 0; round < 20; round++) {
    const objects = objectsOf(randomThings(random));
    const lines = [
      "kubernetes cluster.local",
      "hosts {\n 192.0.2.1 a.x.svc.cluster.local\n fallthrough\n}",
      "forward . 10.0.0.2",
      "cache 30",
    ];
    const model = dnsModel(objects, { corefile: `. {\n${lines.join("\n")}\n}` });
    const turned = dnsModel(objects.toReversed(), { corefile: `. {\n${lines.toReversed().join("\n")}\n}` });
    for (const name of NAMES)
      for (const namespace of NAMESPACES) {
        const full = `${name}.${namespace}.svc.cluster.local`;
        const data = (of: typeof model) =>
          resolveName(of, full)
            .records.map((record) => record.data)
            .sort();
        expect(data(turned)).toEqual(data(model));
      }
  }
});
