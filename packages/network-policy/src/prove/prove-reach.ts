import type { ProofOutcome } from "@ashlar/core";
import { type IpRange, parseIpRange } from "../policy/ip.ts";
import type { NetworkModel } from "../reach/model.ts";
import type { ReachClaim } from "./claim.ts";
import { factsOf } from "./facts-of.ts";
import { claimOutcomes, type ProveOptions, proveClaims, type ReachProof } from "./prove-claims.ts";

export interface ProveReachOptions extends ProveOptions {
  /** Addresses that pods get, as CIDRs. Absent, or one of them is no CIDR: not known; claims that hang on it are not proved. */
  readonly podCidrs?: readonly string[];
}

/**
 * Holds claims against a model; see {@link proveClaims} for what a proof means. A claim about a workload speaks of its
 * pods in the set, or of the pods that its template makes; `default/web:80` means the Service of that name when it
 * declares the port and the pods do not.
 *
 * @example
 * proveReach(networkModel(resources), [claim]).filter((proof) => proof.outcome !== "proved");
 */
export function proveReach(
  model: NetworkModel,
  claims: readonly ReachClaim[],
  options: ProveReachOptions = {},
): ReachProof[] {
  return proveClaims(factsOf(model, podRangesOf(options)), claims, options);
}

/** The outcomes of {@link proveReach} alone, in the order of the claims: some times faster where most are broken. */
export function reachOutcomes(
  model: NetworkModel,
  claims: readonly ReachClaim[],
  options: ProveReachOptions = {},
): ProofOutcome[] {
  return claimOutcomes(factsOf(model, podRangesOf(options)), claims, options);
}

function podRangesOf({ podCidrs = [] }: ProveReachOptions): readonly IpRange[] | undefined {
  const ranges = podCidrs.map((cidr) => parseIpRange(cidr)).filter((range) => range !== undefined);
  return ranges.length > 0 && ranges.length === podCidrs.length ? ranges : undefined;
}
