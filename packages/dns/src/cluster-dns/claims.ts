import type { Claim } from "@ashlar/core";
import { releaseOf } from "./corefile.ts";
import { isWithin, withoutDot } from "./fields.ts";
import type { ClusterDnsIntent } from "./intent.ts";
import { forwardedZones, forwardsByProxy } from "./upstream.ts";

const BY = "cluster-dns";

/**
 * What a cluster's DNS promises: that its Services are found, that each zone is asked of each of its servers, and that names of
 * `hosts` have their addresses. A zone that has answers of its own here, at its top or for all of it, is not promised to be forwarded;
 * nor is any by the `proxy` of the releases before 1.4.0, which the model does not know.
 */
export function clusterDnsClaims(intent: ClusterDnsIntent): Claim[] {
  const hosts = Object.entries(intent.hosts).map(
    ([name, addresses]) => [withoutDot(name), addresses] as const,
  );
  const named = new Set(hosts.map(([name]) => name));
  const zones = forwardsByProxy(releaseOf(intent)) ? [] : forwardedZones(intent);
  const texts = [
    `kubernetes.default.svc.${withoutDot(intent.clusterDomain)} resolves`,
    ...zones
      .filter(
        ({ zone }) =>
          !named.has(zone) && !intent.templates.some((one) => isWithin(zone, withoutDot(one.zone))),
      )
      .flatMap(({ zone, upstream }) =>
        addressesOf(upstream.servers).map((server) => `${zone} is forwarded to ${server}`),
      ),
    ...hosts.flatMap(([name, addresses]) => addresses.map((address) => `${name} resolves to ${address}`)),
  ];
  return [...new Set(texts)].map((text) => ({ kind: "resolves", text, by: BY }));
}

/** Nobody knows here what the node's resolvers are. */
function addressesOf(servers: readonly string[]): readonly string[] {
  return servers.filter((server) => !server.startsWith("/"));
}
