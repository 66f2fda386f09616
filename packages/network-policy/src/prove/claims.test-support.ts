import type { Resource } from "@ashlar/core";
import type { NormalPolicy } from "../policy/normal.ts";
import { type InvalidPolicy, normalizePolicy } from "../policy/normalize.ts";
import type { LabelFacts } from "../reach/truth.ts";
import type { ReachFacts } from "./facts.ts";
import { parseReachClaim } from "./parse-claim.ts";
import { proveClaims, type ReachProof } from "./prove-claims.ts";

export const environments = {
  common: ["default", "kube-system"],
  prod: ["prod"],
  dev: ["dev"],
  none: [],
  gone: ["gone"],
  mixed: ["staging", "default"],
  strays: ["kubeapps", "stray"],
};
export const namespaces = new Map<string, LabelFacts>([
  ...["default", "kube-system"].map((name): [string, LabelFacts] => [
    name,
    { labels: { env: "common" }, complete: true },
  ]),
  ...["prod", "dev", "staging"].map((name): [string, LabelFacts] => [
    name,
    { labels: { env: name }, complete: true },
  ]),
  ["kubeapps", { labels: {}, complete: true }],
  ["stray", { labels: {}, complete: false }],
]);

export function policy(namespace: string, name: string, spec: unknown): Resource {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name, namespace }, spec };
}

export function factsOfPolicies(resources: readonly Resource[], more: Partial<ReachFacts> = {}): ReachFacts {
  const policies: NormalPolicy[] = [];
  const invalid: InvalidPolicy[] = [];
  for (const resource of resources) {
    const read = normalizePolicy(resource);
    if ("policy" in read) policies.push(read.policy);
    else invalid.push(read.invalid);
  }
  return { policies, invalid, namespaces, ...more };
}

export function prove(
  text: string,
  resources: readonly Resource[],
  more: Partial<ReachFacts> = {},
): ReachProof {
  const claim = parseReachClaim(text, { environments, by: "expect" });
  if (!claim.ok) throw new Error(claim.findings[0]!.message);
  return proveClaims(factsOfPolicies(resources, more), [claim.value])[0]!;
}

export const env = (value: string) => ({ namespaceSelector: { matchLabels: { env: value } } });
export const admit = (namespace: string, ...from: unknown[]) =>
  policy(namespace, "firewall", { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from }] });

// The reference platform: prod <-> common <-> dev.
export const platform = [admit("prod", env("prod"), env("common")), admit("dev", env("dev"), env("common"))];
