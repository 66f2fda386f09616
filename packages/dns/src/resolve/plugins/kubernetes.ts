import { addressOfReverse, parseAddress } from "../addresses.ts";
import { type Ask, type Chain, type Link, passOn } from "../ask.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { joinNames, longestZone } from "../names.ts";
import { type DnsRecord, emptyReply, type Reply, unknownReply } from "../record.ts";
import { answerFor, type Backend } from "./backend.ts";
import { findAddress } from "./find-address.ts";
import { findServices } from "./find-services.ts";
import { EMPTY, type Found, MISSING, unknownTargets } from "./found.ts";
import { exposureOf, type KubernetesConfig } from "./kubernetes-config.ts";
import { type KubernetesRequest, parseRequest } from "./kubernetes-request.ts";
import { type Nameservers, nameserverTargets } from "./nameservers.ts";
import { isInAny } from "./zones.ts";

const PLUGIN = "kubernetes";

/** The version that `dns-version.ZONE` tells. */
const SCHEMA_VERSION = "1.1.0";

/** The kubernetes plugin of CoreDNS 1.15.0 (plugin/kubernetes/handler.go) over the objects at hand. */
export function kubernetesLink(
  config: KubernetesConfig,
  cluster: Cluster,
  nameservers: Nameservers,
  isWhole: boolean,
): Link {
  const backends = new Map<string, Backend>();
  return (next) => (ask) => {
    const zone = longestZone(config.zones, ask.name);
    if (zone === undefined) return passOn(next, ask, PLUGIN);
    if (config.multicluster.includes(zone))
      return unknownReply(PLUGIN, `${zone} is a zone of several clusters, and these are not modelled`);
    let backend = backends.get(zone);
    if (!backend) {
      backend = backendOf(config, cluster, nameservers, zone);
      backends.set(zone, backend);
    }
    const reply = replyOf(ask, backend, zone, config);
    if (reply.rcode !== "NXDOMAIN" || reply.kind !== "own") return reply;
    return missing(reply, ask, next, config, isWhole);
  };
}

function missing(
  reply: Reply,
  ask: Ask,
  next: Chain | undefined,
  config: KubernetesConfig,
  isWhole: boolean,
): Reply {
  if (!isWhole)
    return unknownReply(
      PLUGIN,
      `no object at hand stands for ${ask.name}, and the set does not hold them all`,
    );
  return isInAny(config.fallthrough, ask.name) ? passOn(next, ask, PLUGIN) : reply;
}

function replyOf(ask: Ask, backend: Backend, zone: string, config: KubernetesConfig): Reply {
  const { name, type } = ask;
  const { ttl } = config;
  switch (type) {
    case "A":
    case "AAAA":
    case "SRV":
    case "CNAME":
    case "MX":
    case "PTR":
      return answerFor(ask, backend, zone);
    case "TXT":
      return textReply(ask, backend, zone, config);
    case "SOA":
      if (name !== zone) return emptyReply("NOERROR", PLUGIN);
      return { ...emptyReply("NOERROR", PLUGIN), answer: [soaRecord(zone, ttl)] };
    case "AXFR":
    case "IXFR":
      return emptyReply("REFUSED", PLUGIN, [], "transfers are refused without the transfer plugin");
    case "NS":
      if (name === zone) return nameserverReply(backend, zone);
      return shadow(ask, backend, zone);
    default:
      return shadow(ask, backend, zone);
  }
}

/** A type that the plugin has no records of: whether the name exists is what a question for addresses says. */
function shadow(ask: Ask, backend: Backend, zone: string): Reply {
  const reply = answerFor({ ...ask, type: "A" }, backend, zone);
  return reply.kind === "unknown" ? reply : { ...emptyReply(reply.rcode, PLUGIN, reply.evidence) };
}

function textReply(ask: Ask, { find }: Backend, zone: string, config: KubernetesConfig): Reply {
  const { name } = ask;
  if (name === joinNames("dns-version", zone))
    return {
      ...emptyReply("NOERROR", PLUGIN),
      answer: [{ name, type: "TXT", ttl: 28_800, data: `"${SCHEMA_VERSION}"` }],
    };
  const found = find(name, "TXT");
  if (found.unknown !== undefined) return unknownReply(PLUGIN, found.unknown, found.evidence);
  // A zonal name that holds nothing exists; any other empty one does not, for TXT.
  const isZonal = !found.missing && config.zonal && parseRequest(name, zone, true)?.zone !== "";
  const exists = found.targets.length > 0 || isZonal;
  return emptyReply(exists ? "NOERROR" : "NXDOMAIN", PLUGIN, found.evidence);
}

function nameserverReply({ nameservers, ttl }: Backend, zone: string): Reply {
  const found = nameservers(zone);
  if (found.unknown !== undefined) return unknownReply(PLUGIN, found.unknown, found.evidence);
  const owners = [...new Set(found.targets.map((target) => target.owner))];
  return {
    ...emptyReply("NOERROR", PLUGIN, found.evidence),
    answer: owners.map((owner) => ({ name: zone, type: "NS", ttl, data: owner })),
    extra: found.targets.map(
      ({ owner, type, host }): DnsRecord => ({
        name: owner,
        type,
        ttl,
        ...(host !== undefined && { data: host }),
      }),
    ),
  };
}

function soaRecord(zone: string, ttl: number): DnsRecord {
  const [ns, mbox] = [joinNames("ns.dns", zone), joinNames("hostmaster", zone)];
  // The serial is the time of the last change, which no set of objects tells.
  return { name: zone, type: "SOA", ttl: Math.min(ttl, 300), data: `${ns} ${mbox} * 7200 1800 86400 ${ttl}` };
}

function backendOf(config: KubernetesConfig, cluster: Cluster, servers: Nameservers, zone: string): Backend {
  const nameservers = (of: string) => nameserverTargets(servers, cluster, config, of);
  // What the names of Services stand for, once they were asked for: at most one entry for each Service.
  const known = new Map<string, Found>();
  const find = (name: string): Found => {
    const request = parseRequest(name, zone, config.zonal);
    const found = findName(request, zone, config, cluster);
    if (found.targets.length > 0 && request && isPlain(request)) known.set(name, found);
    return found;
  };
  return {
    plugin: PLUGIN,
    ttl: config.ttl,
    nameservers,
    find: (name, type) => {
      const found = known.get(name);
      if (found) return found;
      if (type === "TXT" || !isNameserver(name, zone)) return find(name);
      const own = nameservers(zone);
      return { ...own, targets: own.targets.filter((target) => target.type === type) };
    },
    reverse: (name) => {
      const ip = addressOfReverse(name);
      return ip === undefined ? { ...find(name), targets: [] } : findAddress(ip, config, cluster);
    },
  };
}

function isPlain({ kind, endpoint, port, protocol, zone }: KubernetesRequest): boolean {
  return kind === "svc" && endpoint === "" && port === "" && protocol === "" && zone === "";
}

/** `ns.dns.ZONE`, as CoreDNS tells it. */
function isNameserver(name: string, zone: string): boolean {
  const prefix = "ns.dns.";
  return name.startsWith(prefix) && name.indexOf(zone) === prefix.length;
}

function findName(
  request: KubernetesRequest | undefined,
  zone: string,
  config: KubernetesConfig,
  cluster: Cluster,
): Found {
  if (!request) return MISSING;
  if (request.kind === "") return EMPTY;
  const exposure = exposureOf(config, cluster, request.namespace);
  if (exposure === "unknown")
    return unknownTargets(`nothing tells the labels of the namespace ${request.namespace}`);
  if (exposure === "hidden") return MISSING;
  return request.kind === "pod"
    ? findPods(request, zone, config, cluster)
    : findServices(request, zone, config, cluster);
}

/** What `10-244-1-7.namespace.pod.ZONE` stands for (findPods). */
function findPods(
  request: KubernetesRequest,
  zone: string,
  config: KubernetesConfig,
  cluster: Cluster,
): Found {
  if (config.pods === "disabled") return MISSING;
  const { service: label, namespace } = request;
  if (label === "") return EMPTY;
  const isV4 = label.split("-").length === 4 && !label.includes("--");
  const ip = label.replaceAll("-", isV4 ? "." : ":");
  const owner = joinNames(label, namespace, "pod", zone);
  const address = parseAddress(ip);
  const target = address && { type: address.type, host: address.text, port: 0, owner };
  if (config.pods === "insecure") return target ? { targets: [target], evidence: [] } : MISSING;
  const pods = (cluster.podsByIp.get(ip) ?? []).filter((pod) => pod.namespace === namespace);
  if (pods.length > 0 && target)
    return { targets: pods.map(() => target), evidence: pods.flatMap((pod) => pod.evidence) };
  if (cluster.podsByIp.size > 0) return MISSING;
  return unknownTargets(`pods verified answers for pods that exist, and the set has none with an address`);
}
