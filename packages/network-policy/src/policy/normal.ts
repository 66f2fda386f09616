import type { Requirement, Resource, ResourceRef } from "@ashlar/core";
import type { IpRange } from "./ip.ts";

export type Protocol = "TCP" | "UDP" | "SCTP";
export type Direction = "ingress" | "egress";

/**
 * A NetworkPolicy with the API's defaults applied and everything optional made explicit. A direction is `undefined` when
 * the policy does not isolate it (policyTypes), and an empty list when it isolates and admits nothing.
 */
export interface NormalPolicy {
  readonly resource: Resource;
  readonly ref: ResourceRef;
  readonly namespace: string;
  /** Conjunction; empty selects every pod of the namespace. */
  readonly podSelector: readonly Requirement[];
  readonly ingress?: readonly NormalRule[];
  readonly egress?: readonly NormalRule[];
}

/** One element of `spec.ingress` or `spec.egress`. */
export interface NormalRule {
  /** `spec.ingress[0]` */
  readonly path: string;
  /** `undefined`: from or to everyone, inside and outside of the cluster. */
  readonly peers?: readonly NormalPeer[];
  /** `undefined`: every port of every protocol. */
  readonly ports?: readonly NormalPort[];
}

export type NormalPeer = PodPeer | BlockPeer;

/** Pods of the namespaces that match, both selectors holding; `namespaces` undefined: the policy's own namespace. */
export interface PodPeer {
  readonly kind: "pods";
  /** `spec.ingress[0].from[1]` */
  readonly path: string;
  readonly namespaces?: readonly Requirement[];
  readonly pods: readonly Requirement[];
}

/** Addresses of a CIDR less its exceptions. */
export interface BlockPeer {
  readonly kind: "block";
  readonly path: string;
  readonly cidr: IpRange;
  readonly except: readonly IpRange[];
}

/** A port entry; `from`–`to` inclusive (1–65535 when the entry names no port), or the name of a port of the target pod. */
export type NormalPort =
  | {
      readonly kind: "range";
      readonly path: string;
      readonly protocol: Protocol;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "name"; readonly path: string; readonly protocol: Protocol; readonly name: string };
