import { releaseOf } from "./corefile.ts";
import {
  domainProblem,
  isOwnAddress,
  type NameServer,
  type Report,
  readNameServer,
  shown,
} from "./fields.ts";
import type { ClusterDnsIntent } from "./intent.ts";
import { forwardedZones, forwardsByProxy, readUpstream, type Upstream } from "./upstream.ts";

/** Upstreams that the forward plugin takes at most. */
const MOST_SERVERS = 15;
const RESOLV_CONF = "/etc/resolv.conf";

/** Reports name servers that CoreDNS does not take, and those that lead back to CoreDNS. */
export function checkUpstreams(intent: ClusterDnsIntent, report: Report): void {
  const listOf = (value: ClusterDnsIntent["upstream"], at: PropertyKey[]) =>
    typeof value === "object" && "servers" in value ? [...at, "servers"] : at;
  checkUpstream(
    intent,
    readUpstream(intent.upstream),
    ["upstream"],
    listOf(intent.upstream, ["upstream"]),
    report,
  );
  for (const { upstream, path } of forwardedZones(intent)) {
    const value = path[0] === "zones" ? intent.zones[String(path[1])] : undefined;
    const list = value === undefined ? ["otherCluster", "forwardTo"] : listOf(value, [...path]);
    checkUpstream(intent, upstream, [...path], list, report);
  }
}

function checkUpstream(
  intent: ClusterDnsIntent,
  upstream: Upstream,
  at: PropertyKey[],
  list: PropertyKey[],
  report: Report,
): void {
  const { servers, serverName, policy, forceTcp, maxConcurrent } = upstream;
  const isFile = servers.length === 1 && servers[0] === RESOLV_CONF;
  if (servers.length > MOST_SERVERS) {
    report(list, `${servers.length} servers; CoreDNS takes at most ${MOST_SERVERS}`, "leave some out");
    return;
  }
  const read = isFile ? [] : servers.map((text, i) => checkServer(intent, text, [...list, i], report));
  if (servers.length === 0) report(list, "no server is named", "name one, or write /etc/resolv.conf");
  if (servers.length > MOST_SERVERS)
    report(list, `${servers.length} servers; CoreDNS takes at most ${MOST_SERVERS}`, "leave some out");
  servers.forEach((text, i) => {
    if (servers.indexOf(text) < i) report([...list, i], `"${text}" is there already`, "leave it out");
  });
  const overTls = read.some((server) => server?.transport === "tls");
  if (serverName !== undefined) {
    if (!overTls)
      report(
        [...at, "serverName"],
        "no server is asked over TLS",
        "write tls:// before the servers, or leave it out",
      );
    const why = serverName.endsWith(".")
      ? "a dot at the end is not in certificates"
      : domainProblem(serverName);
    if (why !== undefined)
      report([...at, "serverName"], why, "write the name in the certificate: dns.example.test");
  }
  if (maxConcurrent !== undefined && (maxConcurrent < 1 || maxConcurrent > 1_000_000))
    report(
      [...at, "maxConcurrent"],
      `${maxConcurrent} is no number of questions`,
      "write 1000, or leave it out",
    );
  if (overTls && forceTcp) report([...at, "forceTcp"], "TLS is over TCP already", "leave forceTcp out");
  const release = releaseOf(intent);
  if (!forwardsByProxy(release)) return;
  if (overTls)
    report(
      list,
      `DNS over TLS is written for CoreDNS 1.4.0 and later, and ${release} is older`,
      "leave tls:// out",
    );
  if (policy === "sequential" || maxConcurrent !== undefined)
    report(
      at,
      `the proxy plugin of CoreDNS ${release} has neither policy: sequential nor maxConcurrent`,
      "leave them out",
    );
}

function checkServer(
  intent: ClusterDnsIntent,
  text: string,
  path: PropertyKey[],
  report: Report,
): NameServer | undefined {
  const server = readNameServer(text);
  if (server === undefined) {
    report(path, `${shown(text)} is no address of a name server`, serverHint(text));
    return undefined;
  }
  if (isOwnAddress(server.address))
    report(
      path,
      `${server.address} is the pod itself: CoreDNS would ask itself`,
      "write the address of another server, or /etc/resolv.conf for the node's resolvers",
    );
  if (server.address === intent.nodeLocal?.clusterDns || server.address === intent.nodeLocal?.address)
    report(path, `${server.address} leads back to this cluster's DNS`, "write the address of another server");
  return server;
}

function serverHint(text: string): string {
  if (text === RESOLV_CONF) return "write /etc/resolv.conf alone, not in a list";
  if (/^(?:https|quic|grpc|dns)(?:3)?:\/\//.test(text))
    return "write an address (10.0.0.2), or tls:// before it for DNS over TLS";
  return /[a-zA-Z]/.test(text) && !text.includes(":")
    ? "write its IP address: a name would have to be resolved first"
    : "write 10.0.0.2, 10.0.0.2:5353, [2001:db8::1]:5353 or tls://10.0.0.2";
}
