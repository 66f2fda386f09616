import type { Locate, Resource } from "@ashlar/core";
import type { IpRange } from "../policy/ip.ts";
import type { NormalPolicy } from "../policy/normal.ts";
import type { InvalidPolicy } from "../policy/normalize.ts";
import type { PortRange } from "../policy/ports.ts";
import type { LabelFacts } from "../reach/truth.ts";
import type { Family, Unit } from "../reach/unit.ts";

/** What claims are proved from. What is left out is not known, and is never taken to be harmless. */
export interface ReachFacts {
  readonly policies: readonly NormalPolicy[];
  /** Policies that cannot be interpreted: each may isolate what it selects, and admit anything. */
  readonly invalid?: readonly InvalidPolicy[];
  /** Namespaces of the set, by name. */
  readonly namespaces: ReadonlyMap<string, NamespaceFacts>;
  /** The pods behind `namespace/name`, or the template that they are made of; `ports`: as receivers on these ports. */
  readonly workload?: (ref: string, ports?: readonly PortRange[]) => Workload;
  /** Addresses that pods get. Absent: any, and which of them is not known (a claim that hangs on it is not proved). */
  readonly podRanges?: readonly IpRange[];
  /** Families of pod addresses. Absent: IPv4, and IPv6 when a policy, a pod or the claim has an IPv6 address. */
  readonly families?: readonly Family[];
  readonly locate?: Locate;
}

export interface NamespaceFacts extends LabelFacts {
  /** The Namespace object, where the set has it. */
  readonly resource?: Resource;
}

/** What a name in a claim stands for. */
export interface Workload {
  readonly targets: readonly Target[];
  /** Why there are no targets, or not all that the claim speaks of. */
  readonly problem?: string;
}

export interface Target {
  readonly unit: Unit;
  /** The ports of the pod behind those that were asked for, where a Service translates them; absent: the same. */
  readonly ports?: readonly PortRange[];
}
