import type { Finding } from "./finding.ts";

/** A promise that a machine can check. Capabilities extend it with the facts that their model needs. */
export interface Claim {
  /** Which model proves it: `reach`, … */
  readonly kind: string;
  /** The claim as a user would write it: `env:dev -/-> env:prod`. */
  readonly text: string;
  /** Who promises: a block's name (`firewall`) or `expect` for the user's own claims. */
  readonly by: string;
}

/** `proved`; `broken`: a counter-example exists; `unknown`: a fact is missing; `vacuous`: it speaks of nothing. */
export type ProofOutcome = "proved" | "broken" | "unknown" | "vacuous";

/** What became of a claim. Only `proved` has no findings. */
export interface Proof<C extends Claim = Claim> {
  readonly claim: C;
  readonly outcome: ProofOutcome;
  readonly findings: readonly Finding[];
}
