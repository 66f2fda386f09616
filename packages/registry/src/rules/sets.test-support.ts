import { type Inventory, type Resource, type Rule, seal } from "@ashlar/core";
import { pullSecret } from "../pull-secret/pull-secret.ts";

/** Stands in user names and passwords of these sets: in no finding. */
export const CANARY = "c4n4ry";

/** A Deployment `namespace/name` with these images, one container each. */
export function deployment(at: string, images: readonly string[], more: object = {}): Resource {
  const containers = images.map((image, i) => ({ name: `c${i}`, image }));
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: named(at),
    spec: { template: { spec: { containers, ...more } } },
  };
}

/** A pull secret `namespace/name` for a server. */
export function pulling(at: string, server: string): Resource {
  return seal(pullSecret({ ...named(at), server, username: CANARY }), { password: CANARY });
}

/** A pull secret with any text as its configuration. */
export function configured(text: string, key = ".dockerconfigjson"): Resource {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: named("dev/pull"),
    type: `kubernetes.io/${key.slice(1)}`,
    stringData: { [key]: text },
  };
}

export function account(at: string, ...names: readonly string[]): Resource {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: named(at),
    imagePullSecrets: names.map((name) => ({ name })),
  };
}

/** What a rule finds, one line each. */
export function found(rule: Rule, resources: readonly Resource[], more: Partial<Inventory> = {}): string[] {
  const findings = rule.check({ resources, ...more });
  const text = JSON.stringify(findings);
  if (text.includes(CANARY)) throw new Error(`a login is printed: ${text}`);
  return findings.map(({ message, path, hint }) => `${message} @ ${path} → ${hint}`);
}

function named(at: string): { name: string; namespace?: string } {
  const [namespace = "", name] = at.split("/");
  return name === undefined ? { name: namespace } : { name, namespace };
}
