import type { Block, Claim } from "@ashlar/core";
import { formatReachClaim, type ReachClaim } from "@ashlar/network-policy/blocks";

/**
 * The firewall beside pods that only an auth proxy may reach: it still promises what is refused, and what is open in all other
 * namespaces; no longer that every pod of an environment with such pods is reached (docs/decisions/0006).
 *
 * @param guarded namespaces with policies of auth proxies
 */
export function besideGuards(firewall: Block, guarded: ReadonlySet<string>): Block {
  if (guarded.size === 0) return firewall;
  return {
    ...firewall,
    claims: firewall.claims.flatMap((claim) => (isReach(claim) ? narrowed(claim, guarded) : [claim])),
  };
}

function isReach(claim: Claim): claim is ReachClaim {
  return claim.kind === "reach";
}

function narrowed(claim: ReachClaim, guarded: ReadonlySet<string>): Claim[] {
  const { kind: _, text: __, ...parts } = claim;
  const { to } = claim;
  if (
    claim.expect !== "reach" ||
    to.kind !== "namespaces" ||
    !to.namespaces.some((name) => guarded.has(name))
  )
    return [claim];
  return to.namespaces
    .filter((name) => !guarded.has(name))
    .map((name) =>
      formatReachClaim({ ...parts, to: { kind: "namespaces", name: `ns:${name}`, namespaces: [name] } }),
    );
}

/** Namespaces in which a block has policies. */
export function namespacesWithPolicies(blocks: readonly Block[]): ReadonlySet<string> {
  return new Set(
    blocks.flatMap(({ resources }) =>
      resources.flatMap(({ kind, metadata }) =>
        kind === "NetworkPolicy" ? (metadata.namespace ?? "default") : [],
      ),
    ),
  );
}
