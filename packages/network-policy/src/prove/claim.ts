import type { Claim } from "@ashlar/core";
import { formatPort, type PortRange } from "../policy/ports.ts";

/** A promise about who reaches whom over the network. */
export interface ReachClaim extends Claim {
  readonly kind: "reach";
  /**
   * `reach`: every pod of `from` reaches every pod of `to` on all of the ports. `no-reach`: none reaches any on any of
   * them. `only`: `reach` on the ports, `no-reach` on all others.
   */
  readonly expect: "reach" | "no-reach" | "only";
  readonly from: Party;
  readonly to: Party;
  /** Absent: every port of TCP, UDP and SCTP. */
  readonly ports?: readonly PortRange[];
  /** CIDRs that the promise takes to be outside of the cluster: no pod has an address of theirs. */
  readonly outside?: readonly string[];
}

/**
 * One end of a claim. `namespaces`: every pod that could exist in them, whatever its labels and ports. `workload`: the
 * pods of that workload (or the one pod), as in the set. `block`: addresses outside of the cluster, a CIDR or `internet`
 * (0.0.0.0/0 and ::/0).
 */
export type Party =
  | { readonly kind: "namespaces"; readonly name: string; readonly namespaces: readonly string[] }
  | { readonly kind: "workload"; readonly ref: string }
  | { readonly kind: "block"; readonly cidr: string };

/**
 * Completes a claim with its text, as `parseReachClaim` reads it.
 *
 * @example
 * formatReachClaim({ by: "firewall", expect: "only", ports: [{ protocol: "TCP", from: 5432, to: 5432 }],
 *   from: { kind: "workload", ref: "prod/web" }, to: { kind: "block", cidr: "10.0.0.0/8" } }).text
 * // "prod/web -> 10.0.0.0/8 : only 5432/TCP"
 */
export function formatReachClaim(parts: Omit<ReachClaim, "kind" | "text">): ReachClaim {
  const arrow = parts.expect === "no-reach" ? "-/->" : "->";
  const ports = parts.ports
    ? ` : ${parts.expect === "only" ? "only " : ""}${parts.ports.map(formatPort).join(", ")}`
    : "";
  return {
    kind: "reach",
    text: `${formatParty(parts.from)} ${arrow} ${formatParty(parts.to)}${ports}`,
    ...parts,
  };
}

/** A party as it is written in a claim: `env:dev`, `prod/busybox`, `10.0.0.0/8`. */
export function formatParty(party: Party): string {
  if (party.kind === "namespaces") return party.name;
  return party.kind === "workload" ? party.ref : party.cidr;
}
