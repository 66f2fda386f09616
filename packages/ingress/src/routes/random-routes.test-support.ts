import type { Resource } from "@ashlar/core";
import type { NaiveRequest } from "./naive.test-support.ts";

/** Numbers from a seed (mulberry32): the same in every run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const HOSTS = ["a.test", "b.a.test", "c.b.a.test", "x.test", "*.a.test", "*.b.a.test", "*.test", ""];
const ELEMENTS = ["foo", "foobar", "v1", "x"];
const TYPES = ["Exact", "Prefix", "Prefix", "Prefix", "ImplementationSpecific"];

type Random = () => number;

function pick<T>(next: Random, list: readonly T[]): T {
  return list[Math.floor(next() * list.length)]!;
}

function some<T>(next: Random, most: number, make: () => T): T[] {
  return Array.from({ length: Math.floor(next() * (most + 1)) }, make);
}

function path(next: Random): string {
  const parts = some(next, 3, () => pick(next, ELEMENTS));
  return `/${parts.join("/")}${parts.length > 0 && next() < 0.2 ? "/" : ""}`;
}

/** A few Ingresses of class `any`, some without hosts, paths or rules, with backends that are often the same. */
export function randomIngresses(next: Random): Resource[] {
  const backend = () => ({ service: { name: pick(next, ["s1", "s2", "s3"]), port: { number: 80 } } });
  return Array.from({ length: 1 + Math.floor(next() * 4) }, (_, i) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: `i${i}`, namespace: "default" },
    spec: {
      ingressClassName: "any",
      ...(next() < 0.3 && { defaultBackend: backend() }),
      rules: some(next, 3, () => {
        const host = pick(next, HOSTS);
        const paths = Array.from({ length: 1 + Math.floor(next() * 3) }, () => ({
          path: path(next),
          pathType: pick(next, TYPES),
          backend: backend(),
        }));
        return { ...(host !== "" && { host }), http: { paths } };
      }),
    },
  }));
}

/** A Gateway with a few http listeners, and HTTPRoutes of its namespace that name it. */
export function randomGateway(next: Random): {
  readonly gateway: Resource;
  readonly routes: readonly Resource[];
} {
  const hostnames = [...new Set(Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(next, HOSTS)))];
  const gateway = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "edge", namespace: "default" },
    spec: {
      gatewayClassName: "any",
      listeners: hostnames.map((hostname, i) => ({
        name: `l${i}`,
        port: 80,
        protocol: "HTTP",
        ...(hostname !== "" && { hostname }),
      })),
    },
  };
  const routes = Array.from({ length: 1 + Math.floor(next() * 4) }, (_, i) => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: `r${i}`, namespace: "default" },
    spec: {
      parentRefs: [{ name: "edge" }],
      hostnames: [...new Set(some(next, 2, () => pick(next, HOSTS)))].filter((host) => host !== ""),
      rules: Array.from({ length: 1 + Math.floor(next() * 3) }, () => ({
        matches: some(next, 2, () => ({
          ...(next() < 0.9 && {
            path: { type: pick(next, ["Exact", "PathPrefix", "PathPrefix"]), value: path(next) },
          }),
          ...(next() < 0.3 && { headers: [{ name: "X-Version", value: pick(next, ["1", "2"]) }] }),
          ...(next() < 0.2 && { queryParams: [{ name: "q", value: pick(next, ["1", "2"]) }] }),
          ...(next() < 0.2 && { method: pick(next, ["GET", "POST"]) }),
        })),
        backendRefs: [{ name: pick(next, ["s1", "s2"]), port: 80 }],
      })),
    },
  }));
  return { gateway, routes };
}

export function randomRequest(next: Random): NaiveRequest {
  const host = pick(next, HOSTS).replace("*", pick(next, ["n", "m.n"])) || "other.example";
  return {
    host,
    path: path(next),
    method: pick(next, ["GET", "POST"]),
    headers: next() < 0.5 ? {} : { "x-version": pick(next, ["1", "2"]) },
    query: next() < 0.7 ? {} : { q: pick(next, ["1", "2"]) },
  };
}
