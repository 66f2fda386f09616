import type { ProofOutcome } from "@ashlar/core";
import type { NetworkModel } from "../reach/model.ts";
import type { ReachClaim } from "./claim.ts";
import { factsOf } from "./facts-of.ts";
import { claimOutcomes, type ProveReachOptions, proveClaims, type ReachProof } from "./prove-claims.ts";

export type { ProveReachOptions } from "./prove-claims.ts";

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
  return proveClaims(factsOf(model), claims, options);
}

/** The outcomes of {@link proveReach} alone, in the order of the claims: some times faster where most are broken. */
export function reachOutcomes(
  model: NetworkModel,
  claims: readonly ReachClaim[],
  options: ProveReachOptions = {},
): ProofOutcome[] {
  return claimOutcomes(factsOf(model), claims, options);
}
