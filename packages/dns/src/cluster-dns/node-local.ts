import type { ServerData } from "../corefile/write.ts";
import {
  cacheDirective,
  logDirective,
  loopDirective,
  prometheusDirective,
  releaseOf,
  reloads,
  reverseZonesOf,
} from "./corefile.ts";
import { withoutDot } from "./fields.ts";
import type { ClusterDnsIntent } from "./intent.ts";
import { forwardDirective, forwardedZones, readUpstream, type Upstream } from "./upstream.ts";

/** The address of the Service kube-dns-upstream: node-cache puts it in when it starts. */
export const CLUSTER_DNS_PLACEHOLDER = "__PILLAR__CLUSTER__DNS__";

/**
 * The server blocks of NodeLocal DNSCache: the cluster's zones go to CoreDNS over TCP, the rest straight upstream; all of it goes to
 * CoreDNS when that has hosts, rewrites or templates of its own, which a cache that asks upstream would miss.
 */
export function nodeLocalServers(
  intent: ClusterDnsIntent,
  nodeLocal: NonNullable<ClusterDnsIntent["nodeLocal"]>,
): ServerData[] {
  const { address, clusterDns, mode } = nodeLocal;
  const cluster: Upstream = {
    servers: [mode === "iptables" ? CLUSTER_DNS_PLACEHOLDER : clusterDns],
    forceTcp: true,
  };
  const { hosts, rewrites, templates } = intent;
  const answersItself = Object.keys(hosts).length + rewrites.length + templates.length > 0;
  const elsewhere = (upstream: Upstream) => (answersItself ? cluster : upstream);
  const release = releaseOf(intent);
  const server = (zone: string, upstream: Upstream, isFirst = false): ServerData => ({
    keys: [`${zone}:53`],
    directives: [
      { name: "errors" },
      ...logDirective(intent),
      ...cacheDirective(withoutKeepOut(intent)),
      ...(reloads(intent) ? [{ name: "reload" }] : []),
      ...loopDirective(intent),
      { name: "bind", args: mode === "iptables" ? [address, clusterDns] : [address] },
      forwardDirective(upstream, release),
      ...prometheusDirective(nodeLocal.prometheus),
      ...(isFirst ? [{ name: "health", args: [healthAddress(address, nodeLocal.health)] }] : []),
    ],
  });
  return [
    server(withoutDot(intent.clusterDomain), cluster, true),
    ...reverseZonesOf(intent).map((zone) => server(zone, cluster)),
    ...forwardedZones(intent).map(({ zone, upstream }) => server(zone, elsewhere(upstream))),
    server(".", elsewhere(readUpstream(intent.upstream))),
  ];
}

function healthAddress(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** What CoreDNS has in memory anyway is what a cache on the node is for. */
function withoutKeepOut(intent: ClusterDnsIntent): ClusterDnsIntent {
  return typeof intent.cache === "object" ? { ...intent, cache: { ...intent.cache, keepOut: [] } } : intent;
}
