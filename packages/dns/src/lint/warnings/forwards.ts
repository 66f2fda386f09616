import type { Finding } from "@ashlar/core";
import { namesEnvironment } from "../../corefile/environment.ts";
import { isWithin, zonesOf } from "../go/addresses.ts";
import { lintFinding, relatedTo } from "../lint-finding.ts";
import { upstreamAddress } from "../setups/forward.ts";
import { type LintServer, type LintSubject, option, type Statement, statements } from "../statements.ts";
import { listenHosts } from "./zones.ts";

/** Forwards that nothing reaches, that come back, and that name a host. */
export function forwards({ servers }: LintSubject): Finding[] {
  const bySocket = socketsOf(servers);
  return servers.flatMap((server) => {
    const found = statements(server, "forward");
    return [...hidden(found, server), ...found.flatMap((one) => upstreams(one, server, bySocket))];
  });
}

/** A forward is not asked when an earlier one takes all its names: `next` alone hands on. */
function hidden(found: readonly Statement[], server: LintServer): Finding[] {
  const taken = new Map<string, Statement>();
  return found.flatMap((one) => {
    const zone = zonesOf(one.args[0]?.text ?? "")[0];
    if (zone === undefined) return [];
    const above = parents(zone).find((parent) => taken.has(parent) && !handsOn(taken.get(parent)!, zone));
    if (!taken.has(zone)) taken.set(zone, one);
    const by = above === undefined ? undefined : taken.get(above);
    const foreign =
      server.addresses.length > 0 &&
      server.addresses.every((address) => !isWithin(zone, address.zone) && !isWithin(address.zone, zone));
    if (foreign)
      return lintFinding(
        "dns/unique-zone",
        "warning",
        `no name of ${zone} comes to this server block, which is for ${server.addresses
          .slice(0, 5)
          .map((address) => address.zone)
          .join(", ")}`,
        `give ${zone} a server block of its own`,
        one.args[0],
      );
    if (!by) return [];
    return lintFinding(
      "dns/unique-zone",
      "warning",
      `nothing reaches the forward of ${zone}: the one of ${above} before it takes its names`,
      `put it before that one, or give ${zone} a server block of its own`,
      one.args[0],
      [relatedTo("the forward that takes them", by.name)],
    );
  });
}

/** The zone and those above it, up to the root. */
function parents(zone: string): string[] {
  if (zone === ".") return ["."];
  const labels = zone.split(".").slice(0, -1);
  return [...labels.map((_, i) => `${labels.slice(i).join(".")}.`), "."];
}

function handsOn(statement: Statement, zone: string): boolean {
  if (option(statement, "next") || option(statement, "next_on_nodata")) return true;
  const except = statement.options.filter(({ name }) => name.text === "except").flatMap(({ args }) => args);
  return except.some(({ text }) => zonesOf(text).some((out) => isWithin(zone, out)));
}

const HERE = /^(?:127\.|0\.0\.0\.0$|::1?$)/;
/** systemd-resolved, and dnsmasq of some systems: they ask CoreDNS again where it is the machine's resolver. */
const STUB = /^127\.0\.0\.5[34]$/;
const PORTS: Readonly<Record<string, string>> = { dns: "53", tls: "853", quic: "853", https: "443" };

/** The block that answers for a zone on a socket, by `transport port host zone`. */
function socketsOf(servers: readonly LintServer[]): ReadonlyMap<string, LintServer> {
  const sockets = new Map<string, LintServer>();
  for (const server of servers)
    for (const { transport, port, zone } of server.addresses)
      for (const host of listenHosts(server) ?? [])
        sockets.set(`${transport} ${port} ${host} ${zone}`, server);
  return sockets;
}

function upstreams(
  { args }: Statement,
  server: LintServer,
  sockets: ReadonlyMap<string, LintServer>,
): Finding[] {
  const from = zonesOf(args[0]?.text ?? "")[0];
  return args.slice(1).flatMap((token) => {
    if (from === undefined || namesEnvironment(token.text)) return [];
    const { kind, host, transport, port: given } = upstreamAddress(token.text);
    const loop = (message: string, hint: string) => [
      lintFinding("dns/no-forward-loop", "warning", message, hint, token),
    ];
    if (kind === "name" && /[^0-9.]/.test(host))
      return [
        lintFinding(
          "dns/no-name-as-upstream",
          "warning",
          `forward: "${token.text}" is a host name, which CoreDNS looks up once, at its start, by the node's resolver; it does not start when that fails`,
          "write the IP address",
          token,
        ),
      ];
    if (kind !== "ip") return [];
    if (STUB.test(host) && !given)
      return loop(
        `forward: ${host} is the node's own resolver, which mostly asks CoreDNS again; in a pod nothing answers there`,
        "write the resolver that the node's uses, or /run/systemd/resolve/resolv.conf in the kubelet's settings",
      );
    const port = given || PORTS[transport];
    const hosts = HERE.test(host) ? [host, ""] : [host];
    // The block with the longest zone answers; the names of `from` may belong to this block alone.
    const answering = parents(from)
      .flatMap((zone) => hosts.map((listen) => sockets.get(`${transport} ${port} ${listen} ${zone}`)))
      .find((one) => one !== undefined);
    if (answering !== server) return [];
    return loop(
      `forward: ${token.text} is this server itself, so each name comes back until CoreDNS ends`,
      "write the address of another resolver",
    );
  });
}
