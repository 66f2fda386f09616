import { parseIpRange } from "../policy/ip.ts";
import type { NetworkModel } from "../reach/model.ts";
import type { ReachClaim } from "./claim.ts";
import { factsOf } from "./facts-of.ts";
import { type ProveOptions, proveClaims, type ReachProof } from "./prove-claims.ts";

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
  { podCidrs, ...options }: ProveReachOptions = {},
): ReachProof[] {
  const ranges = podCidrs?.map((cidr) => parseIpRange(cidr)).filter((range) => range !== undefined);
  const known = ranges !== undefined && ranges.length > 0 && ranges.length === podCidrs?.length;
  return proveClaims(factsOf(model, known ? ranges : model.podRanges), claims, options);
}
