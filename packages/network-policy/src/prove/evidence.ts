import type { Direction, NormalPolicy, NormalRule } from "../policy/normal.ts";
import type { InvalidPolicy } from "../policy/normalize.ts";
import { peerMatches, portAdmitted, selects } from "./matching.ts";
import { type NearRule, nearestRule } from "./near-rule.ts";
import type { NamespaceView } from "./reach-formula.ts";
import type { ReachWitness, WitnessEnd } from "./witness.ts";

/** Why one direction of a witness is allowed or denied. */
export type Evidence =
  | { readonly kind: "outside" }
  /** No policy isolates the pod in this direction. */
  | { readonly kind: "open" }
  /** The rule, and the peer of it, that admits; `path` names the peer, or the rule when it has none. */
  | {
      readonly kind: "admitted";
      readonly policy: NormalPolicy;
      readonly path: string;
      readonly rulePath: string;
    }
  /** The policies that isolate the pod; `near`: the rule of theirs that comes nearest to admitting, if one comes near. */
  | { readonly kind: "refused"; readonly policies: readonly NormalPolicy[]; readonly near?: NearRule }
  /** An uninterpretable policy selects the pod and may decide. */
  | { readonly kind: "doubt"; readonly invalid: InvalidPolicy };

/** Evaluates the policies of one end's namespace on a witness, as the NetworkPolicy API defines them. */
export function evidenceFor(
  direction: Direction,
  witness: ReachWitness,
  namespace: NamespaceView | undefined,
): Evidence {
  const [self, peer] = direction === "egress" ? [witness.from, witness.to] : [witness.to, witness.from];
  if (namespace === undefined) return { kind: "outside" };
  const labels = self.labels ?? {};
  const policies = namespace[direction].filter((p) => selects(p.podSelector, labels));
  for (const policy of policies)
    for (const rule of policy[direction] ?? []) {
      const path = admittingPeer(rule, self, peer);
      if (path !== undefined && portAdmitted(rule, witness))
        return { kind: "admitted", policy, path, rulePath: rule.path };
    }
  const invalid = namespace.invalid.find(
    (p) => p.directions.includes(direction) && selects(p.podSelector ?? [], labels),
  );
  if (invalid !== undefined) return { kind: "doubt", invalid };
  if (policies.length === 0) return { kind: "open" };
  const near = nearestRule(policies, direction, witness);
  return { kind: "refused", policies, ...(near && { near }) };
}

/** The path of the first peer that admits, of the rule itself when it admits everyone, or nothing. */
function admittingPeer(rule: NormalRule, self: WitnessEnd, peer: WitnessEnd): string | undefined {
  if (rule.peers === undefined) return rule.path;
  return rule.peers.find((p) => peerMatches(p, self, peer))?.path;
}
