import type { Resource } from "@ashlar/core";
import type { IpRange } from "../policy/ip.ts";
import type { Protocol } from "../policy/normal.ts";
import type { LabelFacts } from "./truth.ts";

export type Family = 4 | 6;

/** A port that a container declares. */
export interface DeclaredPort {
  readonly name?: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/** An inclusive range of port numbers. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const allPorts: PortRange = { from: 1, to: 65535 };

/**
 * One party of a flow: a live pod, the pods that a workload's template makes (any of them), a node, or an outside
 * address. Policies are evaluated between two of these.
 */
export interface Unit {
  readonly kind: "pod" | "workload" | "node" | "outside";
  /** `prod/busybox`, `node a`, `192.0.2.1`. */
  readonly name: string;
  /** Absent on nodes and outside addresses. */
  readonly namespace?: string;
  readonly labels: LabelFacts;
  /** Policies select it, and peers by labels match it. Not so for nodes, outside addresses and (by default) hostNetwork pods. */
  readonly policed: boolean;
  /** Sends from its node's address: a node, or a hostNetwork pod unless those are modelled as pods. */
  readonly host: boolean;
  /** The node that it runs on (or is), when known. */
  readonly node?: string;
  /** Families that it has an address of. */
  readonly families: readonly Family[];
  /** Nothing in the set tells its families: `families` is what most clusters have. */
  readonly supposed?: boolean;
  /** `undefined`: not known. */
  readonly addresses?: readonly IpRange[];
  /** Where an address that is not known must lie; `undefined`: anywhere. */
  readonly within?: readonly IpRange[];
  readonly ports: readonly DeclaredPort[];
  /** Why nothing can be said of it: the API server would refuse the object. */
  readonly broken?: string;
  readonly resource?: Resource;
  /** Stands for pods that could exist. */
  readonly possible?: boolean;
}

/** The numbers that a unit declares under a name, in the order of its containers; several may declare one name. */
export function numbersOf(unit: Unit, name: string, protocol: Protocol): number[] {
  const numbers = unit.ports.filter((p) => p.name === name && p.protocol === protocol).map((p) => p.number);
  return [...new Set(numbers)];
}
