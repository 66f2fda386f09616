import type { Claim } from "@ashlar/core";

/** A promise that pods can pull: a credential for the image is in the Secrets that kubelet uses for them. */
export interface PullsClaim extends Claim {
  readonly kind: "pulls";
  readonly puller: Puller;
  /** An image as it is written, or every image of a registry (host and port). */
  readonly what: { readonly image: string } | { readonly registry: string };
}

/**
 * `namespaces`: pods of each that run as the ServiceAccount `default` and name no pull secrets themselves, also those to come, and
 * every pod of the set there. `serviceAccount`: the same for another one. `workload`: one object of the set.
 */
export type Puller =
  | { readonly kind: "namespaces"; readonly name: string; readonly namespaces: readonly string[] }
  | { readonly kind: "serviceAccount"; readonly namespace: string; readonly name: string }
  | {
      readonly kind: "workload";
      readonly namespace: string;
      readonly workload: string;
      readonly name: string;
    };

/**
 * Completes a claim with its text, as `parsePullsClaim` reads it.
 *
 * @example
 * formatPullsClaim({ by: "registries", puller: { kind: "namespaces", name: "dev", namespaces: ["dev"] },
 *   what: { registry: "registry.k8s.strix.kr" } }).text // "dev pulls from registry.k8s.strix.kr"
 */
export function formatPullsClaim(parts: Omit<PullsClaim, "kind" | "text">): PullsClaim {
  const { puller, what } = parts;
  const object = "image" in what ? what.image : `from ${what.registry}`;
  return { kind: "pulls", text: `${formatPuller(puller)} pulls ${object}`, ...parts };
}

/** A puller as it is written in a claim: `env:prod`, `serviceaccount:dev/builder`, `dev/Deployment/web`. */
export function formatPuller(puller: Puller): string {
  switch (puller.kind) {
    case "namespaces":
      return puller.name;
    case "serviceAccount":
      return `serviceaccount:${puller.namespace}/${puller.name}`;
    case "workload":
      return `${puller.namespace}/${puller.workload}/${puller.name}`;
  }
}
