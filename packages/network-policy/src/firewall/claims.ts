import { formatReachClaim, type Party, type ReachClaim } from "../prove/claim.ts";
import type { Arrow } from "./diagram.ts";

interface ClaimedEnvironment {
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly enters: readonly Arrow[];
  readonly egressIsolated: boolean;
}

/** Addresses outside of the cluster that an intent names for an environment. */
export interface OutsideAddresses {
  readonly from: readonly { readonly cidr: string }[];
  readonly to: readonly { readonly cidr: string }[];
}

/**
 * What a firewall promises: for every ordered pair of environments what is open, and that nothing else is; and that an
 * egress-isolated environment without addresses to send to reaches nothing outside.
 */
export function firewallClaims(
  environments: readonly ClaimedEnvironment[],
  peers: Readonly<Record<string, OutsideAddresses>>,
): ReachClaim[] {
  const cidrs = Object.values(peers).flatMap(({ from, to }) => [...from, ...to].map((peer) => peer.cidr));
  const outside = cidrs.length > 0 ? { outside: [...new Set(cidrs)] } : {};
  const pairs = environments.flatMap((from) =>
    environments.map((to): ReachClaim => {
      const arrow = to.enters.find((a) => a.from === from.name);
      const ports = arrow?.ports;
      return formatReachClaim({
        by: "firewall",
        from: party(from),
        to: party(to),
        expect: !arrow ? "no-reach" : ports ? "only" : "reach",
        ...(ports && { ports }),
        ...outside,
      });
    }),
  );
  const closed = environments.filter((e) => e.egressIsolated && (peers[e.name]?.to ?? []).length === 0);
  const internet: Party = { kind: "block", cidr: "internet" };
  return [
    ...pairs,
    ...closed.map((e) =>
      formatReachClaim({ by: "firewall", from: party(e), to: internet, expect: "no-reach" }),
    ),
  ];
}

function party({ name, namespaces }: ClaimedEnvironment): Party {
  return { kind: "namespaces", name: `env:${name}`, namespaces };
}
