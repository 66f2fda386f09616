import type { Finding } from "./finding.ts";
import type { Locate, Resource, ResourceRef } from "./resource.ts";
import type { Sealed } from "./sealed.ts";

/** What rules look at: the objects of a set, and where each field was written. */
export interface Inventory {
  readonly resources: readonly Resource[];
  readonly locate?: Locate;
  /**
   * Whether the set claims to hold all that it refers to (a platform file with what it takes as given). Else what is not in
   * the set may live elsewhere: unknown, and a warning where the set is plainly partial.
   */
  readonly whole?: boolean;
  /** Objects that live elsewhere, as `NAMESPACE/KIND/NAME`, or `KIND/NAME` for cluster-scoped ones (`--assume`). */
  readonly assume?: readonly string[];
  /**
   * Objects of `resources` that are there as a patch alone (`applyPatches` tells them): somebody else owns the rest of them,
   * so a field that such an object does not have is unknown, not absent.
   */
  readonly partial?: readonly ResourceRef[];
  /** Secrets of the set whose data is not known, only how it is made. They are in `resources` as partial objects, or not at all. */
  readonly sealed?: readonly Sealed[];
  /** Pods that somebody else runs, by the labels that are known of them. */
  readonly assumePods?: readonly AssumedPods[];
  /** What runs in the cluster, as far as it is known: `cni: "kube-router@2.5"`. */
  readonly versions?: Versions;
}

/** Pods that are there, though no object of the set makes them. */
export interface AssumedPods {
  readonly namespace: string;
  /** Labels that all of them have; they may have others. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Versions of the components that the manifests are for. */
export interface Versions {
  /** Kubernetes minor or patch version: `1.36`. */
  readonly kubernetes?: string;
  /** Network plugin and version: `kube-router@2.5`. */
  readonly cni?: string;
  /** CoreDNS version: `1.15.0`, `v1.11.4-eksbuild.2`. */
  readonly coredns?: string;
}

/** A check over a whole set. `code` is `package/no-… | require-… | unique-… | valid-…`, its file and its page. */
export interface Rule {
  readonly code: string;
  readonly check: (inventory: Inventory) => readonly Finding[];
}
