import type { Resource } from "@ashlar/core";
import type { Direction } from "../policy/normal.ts";

/** Any JSON object, read tolerantly: what is not there is `undefined`. */
export type Json = Readonly<Record<string, unknown>>;

/** A part of a policy and where it stands. */
export interface Part {
  readonly path: string;
  readonly value: Json;
}

/** One rule of a policy, taken apart. */
export interface RuleParts extends Part {
  readonly direction: Direction;
  readonly peers: readonly Part[];
  readonly ports: readonly Part[];
}

/** The rules of a NetworkPolicy as written, whatever else is wrong with it. */
export function ruleParts(policy: Resource): RuleParts[] {
  const spec = asJson(policy.spec);
  return (["ingress", "egress"] as const).flatMap((direction) =>
    parts(spec, direction, "spec").map((rule) => ({
      ...rule,
      direction,
      peers: parts(rule.value, direction === "ingress" ? "from" : "to", rule.path),
      ports: parts(rule.value, "ports", rule.path),
    })),
  );
}

/** Every label selector of a policy: the pod selector, then those of its peers. */
export function selectorParts(policy: Resource): Part[] {
  const own = { path: "spec.podSelector", value: asJson(asJson(policy.spec).podSelector) };
  const peers = ruleParts(policy).flatMap((rule) =>
    rule.peers.flatMap((peer) =>
      ["namespaceSelector", "podSelector"]
        .filter((field) => field in peer.value)
        .map((field) => ({ path: `${peer.path}.${field}`, value: asJson(peer.value[field]) })),
    ),
  );
  return [own, ...peers];
}

export function isNetworkPolicy(resource: Resource): boolean {
  return resource.kind === "NetworkPolicy" && /^(networking\.k8s\.io|extensions)\//.test(resource.apiVersion);
}

export function asJson(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function parts(parent: Json, field: string, path: string): Part[] {
  return asList(parent[field]).map((value, i) => ({ path: `${path}.${field}[${i}]`, value: asJson(value) }));
}
