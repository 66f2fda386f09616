import { buildCorefile, type DirectiveData, type ServerData } from "../corefile/write.ts";
import { coreDnsRelease, livesIn, type PluginLife, pluginEntry } from "../plugins/table.ts";
import { checkEntries } from "./check-entries.ts";
import { checkUpstreams } from "./check-upstreams.ts";
import { clusterServers, releaseOf, reverseZonesOf } from "./corefile.ts";
import {
  domainProblem,
  isAddress,
  isWithin,
  type Report,
  readReverseZone,
  shown,
  withoutDot,
} from "./fields.ts";
import type { ClusterDnsIntent } from "./intent.ts";
import { nodeLocalServers } from "./node-local.ts";
import { forwardedZones, forwardsByProxy } from "./upstream.ts";

/** Reports what cannot be written, or what CoreDNS of this version would not start with or answer wrongly. */
export function checkIntent(intent: ClusterDnsIntent, report: Report): void {
  let count = 0;
  const counting: Report = (path, message, hint) => {
    count++;
    report(path, message, hint);
  };
  if (coreDnsRelease(intent.coredns) === undefined) {
    report(
      ["coredns"],
      `${shown(intent.coredns)} is no version of CoreDNS`,
      "write 1.15, or 1.11.4-eksbuild.2",
    );
    return;
  }
  checkZones(intent, counting);
  checkUpstreams(intent, counting);
  checkEntries(intent, counting);
  checkNumbers(intent, counting);
  checkNodeLocal(intent, counting);
  if (count > 0) return;
  const servers = clusterServers(intent);
  checkRelease(intent, servers, counting);
  // A guard: the checks above let through nothing that cannot be written.
  const all = intent.nodeLocal ? [...servers, ...nodeLocalServers(intent, intent.nodeLocal)] : servers;
  const built = buildCorefile(all);
  if (!built.ok) for (const { message, hint } of built.findings) report([], message, hint);
}

function checkZones(intent: ClusterDnsIntent, report: Report): void {
  const domain = withoutDot(intent.clusterDomain);
  const why = domainProblem(intent.clusterDomain);
  if (why !== undefined) report(["clusterDomain"], why, "write the domain of the cluster: cluster.local");
  if (isWithin(domain, "in-addr.arpa") || isWithin(domain, "ip6.arpa"))
    report(
      ["clusterDomain"],
      `${shown(domain)} is a zone of addresses`,
      "write the domain of the cluster: cluster.local",
    );
  intent.reverseZones.forEach((text, i) => {
    const zones = readReverseZone(text);
    if (zones === undefined)
      report(
        ["reverseZones", i],
        `${shown(text)} is neither a reverse zone nor a block of addresses`,
        "write in-addr.arpa, 10.in-addr.arpa, ip6.arpa or 10.96.0.0/16",
      );
    else if (zones.length > MOST_REVERSE_ZONES || zones.some((zone) => zone === ""))
      report(
        ["reverseZones", i],
        `"${text}" is ${zones.length} zones`,
        "write a block whose length is a multiple of 8 (IPv4) or 4 (IPv6)",
      );
  });
  const served = [domain, ...reverseZonesOf(intent)];
  const seen = new Set<string>();
  for (const { zone, path } of forwardedZones(intent)) {
    const problem = domainProblem(zone);
    if (problem !== undefined) {
      const isRoot = zone === "" || zone === ".";
      report(
        [...path],
        isRoot ? "every name is what `upstream` is for" : problem,
        isRoot ? "write it as upstream" : "write a domain in lower case: corp.test",
      );
      continue;
    }
    if (seen.has(zone)) report([...path], `"${zone}" is forwarded already`, "leave one of the two out");
    seen.add(zone);
    const hidden = served.find((own) => isWithin(own, zone));
    if (hidden !== undefined)
      report(
        [...path],
        `a block for "${zone}" would take the names of "${hidden}" away from this cluster`,
        hidden === domain && path[0] === "otherCluster"
          ? "two clusters need two domains: give one of them another clusterDomain"
          : "forward a zone that does not hold the cluster's own",
      );
    else if (isWithin(zone, domain))
      report(
        [...path],
        `"${zone}" is part of the cluster's own domain, in which Services are found`,
        "forward a zone outside of it",
      );
  }
}

const MOST_REVERSE_ZONES = 16;

function checkNumbers(intent: ClusterDnsIntent, report: Report): void {
  const range = (
    path: PropertyKey[],
    value: number | undefined,
    least: number,
    most: number,
    what: string,
  ) => {
    if (value !== undefined && (value < least || value > most))
      report(path, `${value} is no ${what}`, `write ${least} to ${most}`);
  };
  range(["ttl"], intent.ttl, 0, 3600, "time to live in seconds that the plugin takes");
  range(["lameduck"], intent.lameduck, 0, 600, "time in seconds that a pod has to stop in");
  const { cache } = intent;
  if (typeof cache === "number") range(["cache"], cache, 1, 3600, "time in seconds; false is no cache,");
  else if (cache !== false) {
    range(["cache", "seconds"], cache.seconds, 1, 3600, "time in seconds");
    range(["cache", "serveStale"], cache.serveStale, 1, 86400, "time in seconds");
    cache.keepOut.forEach((zone, i) => {
      const why = domainProblem(zone);
      if (why !== undefined) report(["cache", "keepOut", i], why, "write a zone: cluster.local");
    });
  }
  if (Array.isArray(intent.log) && intent.log.length === 0)
    report(["log"], "no class is named", "write log: false for no lines");
  if (intent.health === false && (intent.lameduck ?? 0) > 0)
    report(
      ["lameduck"],
      "it belongs to the health plugin, which is off",
      "leave lameduck out, or give health a port",
    );
  checkPorts(
    { health: intent.health, ready: intent.ready ?? 8181, prometheus: intent.prometheus },
    [],
    report,
  );
}

function checkPorts(
  ports: Readonly<Record<string, number | false>>,
  at: PropertyKey[],
  report: Report,
): void {
  const taken = new Map<number, string>([[53, "DNS"]]);
  for (const [field, port] of Object.entries(ports)) {
    if (port === false) continue;
    if (port < 1 || port > 65535) report([...at, field], `${port} is no port`, "ports go from 1 to 65535");
    const other = taken.get(port);
    if (other !== undefined)
      report(
        [...at, field],
        `port ${port} is that of ${other}: one of the two would not answer`,
        "use another port",
      );
    else taken.set(port, field);
  }
}

function checkNodeLocal(intent: ClusterDnsIntent, report: Report): void {
  const { nodeLocal } = intent;
  if (!nodeLocal) return;
  const at = (field: string) => ["nodeLocal", field];
  for (const field of ["address", "clusterDns"] as const)
    if (!isAddress(nodeLocal[field]))
      report(at(field), `${shown(nodeLocal[field])} is no IP address`, "write an address: 10.96.0.10");
  if (nodeLocal.address === nodeLocal.clusterDns)
    report(
      at("address"),
      "it is the address of the cluster's DNS Service",
      "use one of its own: 169.254.20.10",
    );
  if (forwardsByProxy(releaseOf(intent)))
    report(["nodeLocal"], "it is written for CoreDNS 1.4.0 and later", "leave nodeLocal out");
  checkPorts({ health: nodeLocal.health, prometheus: nodeLocal.prometheus }, ["nodeLocal"], report);
}

/** Which field of the intent a plugin of the main block comes from, when the version does not have it. */
const FIELDS: Readonly<Record<string, string>> = {
  forward: "upstream",
  proxy: "upstream",
  kubernetes: "pods",
  rewrite: "rewrites",
  template: "templates",
};

function checkRelease(intent: ClusterDnsIntent, servers: readonly ServerData[], report: Report): void {
  const release = releaseOf(intent);
  const zones = forwardedZones(intent);
  servers.forEach(({ directives }, i) => {
    const zone = zones[i - 1];
    for (const directive of directives) {
      const { name } = directive;
      const isForward = name === "forward" || name === "proxy";
      // What stands in every block is reported once, for the main one.
      if (zone && !isForward) continue;
      const path = zone ? [...zone.path] : [healthField(directive) ?? FIELDS[name] ?? name];
      const lacking = lackOf(directive, release);
      if (lacking !== undefined)
        report(path, `CoreDNS ${release} has no ${lacking}`, "leave it out, or run a version that has it");
    }
  });
  const inexact = intent.rewrites.findIndex(({ match }) => match !== "exact");
  if (inexact >= 0 && !isAtLeast(release, 1, 10))
    report(
      ["rewrites", inexact, "match"],
      `prefix and suffix are written for CoreDNS 1.10 and later, and ${release} is older`,
      "rewrite each name with match: exact",
    );
  const alias = intent.templates.findIndex(({ type }) => type === "CNAME");
  if (alias >= 0 && forwardsByProxy(release))
    report(
      ["templates", alias, "type"],
      `CNAME is written for CoreDNS 1.4.0 and later, which looks the target up by itself; ${release} is older`,
      "answer with an address",
    );
  if (intent.rewrites.length > 0 && !isAtLeast(release, 1, 2, 5))
    report(
      ["rewrites"],
      `CoreDNS ${release} leaves the looked-up name in the answer, which clients refuse`,
      "run 1.2.5 or later",
    );
}

function healthField({ name, block }: DirectiveData): string | undefined {
  return name === "health" && block ? "lameduck" : undefined;
}

/** The plugin or option of a directive that a release does not have, and since when it is there or gone. */
function lackOf({ name, block = [] }: DirectiveData, release: string): string | undefined {
  const entry = pluginEntry(name);
  if (!entry) return `plugin "${name}"`;
  if (!livesIn(entry, release)) return `plugin "${name}", ${lifeText(entry)}`;
  const options = new Map(entry.options.map((option) => [option.name, option]));
  const missing = block
    .map((line) => options.get(line.name))
    .find((option) => option && !livesIn(option, release));
  return missing && `option "${missing.name}" of "${name}", ${lifeText(missing)}`;
}

function lifeText({ since, removed }: PluginLife): string {
  return removed === undefined
    ? `which came with ${since}`
    : `which was there from ${since} until ${removed}`;
}

function isAtLeast(release: string, ...wanted: readonly number[]): boolean {
  const parts = release.split(".").map(Number);
  const first = wanted.findIndex((number, i) => (parts[i] ?? 0) !== number);
  return first < 0 || parts[first]! > wanted[first]!;
}
