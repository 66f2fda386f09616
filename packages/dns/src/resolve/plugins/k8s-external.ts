import { addressOfReverse, parseAddress } from "../addresses.ts";
import { type Ask, completed, type Link, lookup, passOn } from "../ask.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { fqdn, isBelow, joinNames, labelsOf, longestZone, withoutZone } from "../names.ts";
import { type DnsRecord, emptyReply, type Reply, unknownReply } from "../record.ts";
import type { Stanza } from "../stanzas.ts";
import { endpointName } from "./find-services.ts";
import { exposureOf, type KubernetesConfig } from "./kubernetes-config.ts";
import { fallthroughZones, isInAny, zonesOf } from "./zones.ts";

const PLUGIN = "k8s_external";

interface ExternalTarget {
  readonly host: string;
  readonly port: number;
  readonly owner: string;
}

/** The k8s_external plugin of CoreDNS 1.15.0: Services by their external IPs and load balancers, `service.namespace.ZONE`. */
export function externalLink(
  [stanza]: readonly Stanza[],
  serverZones: readonly string[],
  cluster: Cluster,
  kubernetes: KubernetesConfig | undefined,
): Link {
  const { args, options } = stanza!;
  const last = (name: string) => options.findLast((option) => option.name === name)?.args;
  const zones = zonesOf(args, serverZones);
  const apex = last("apex")?.[0] ?? "dns";
  const ttl = Number(last("ttl")?.[0] ?? 5);
  const through = fallthroughZones(last("fallthrough"));
  const headless = last("headless") !== undefined;
  return (next) => (ask) => {
    const zone = longestZone(zones, ask.name);
    if (zone === undefined) return passOn(next, ask, PLUGIN);
    if (zones.includes(ask.name)) return apexReply(ask, zone, apex, ttl);
    if (zones.some((one) => isBelow(joinNames(apex, one), ask.name)))
      return unknownReply(
        PLUGIN,
        "the addresses of CoreDNS's own Service outside of the cluster are not modelled",
      );
    if (!kubernetes) return unknownReply(PLUGIN, "k8s_external needs the kubernetes plugin in its block");
    if (ask.type === "PTR" && addressOfReverse(ask.name) !== undefined)
      return (
        reverse(ask, cluster, kubernetes, zones[0]!, ttl) ??
        (isInAny(through, ask.name) ? passOn(next, ask, PLUGIN) : emptyReply("NXDOMAIN", PLUGIN))
      );
    const found = find(ask, zone, cluster, kubernetes, headless);
    if (typeof found === "string") return unknownReply(PLUGIN, found);
    if (found.rcode === "NXDOMAIN" && isInAny(through, ask.name)) return passOn(next, ask, PLUGIN);
    return answer(ask, found, ttl, kubernetes.ttl);
  };
}

function apexReply({ name, type }: Ask, zone: string, apex: string, ttl: number): Reply {
  const ns = joinNames("ns1", apex, zone);
  const reply = emptyReply("NOERROR", PLUGIN);
  if (type === "NS") return { ...reply, answer: [{ name, type, ttl, data: ns }] };
  if (type !== "SOA") return reply;
  const mbox = joinNames("hostmaster", apex, zone);
  return { ...reply, answer: [{ name, type, ttl, data: `${ns} ${mbox} * 7200 1800 86400 ${ttl}` }] };
}

function reverse(
  ask: Ask,
  cluster: Cluster,
  config: KubernetesConfig,
  zone: string,
  ttl: number,
): Reply | undefined {
  const services = cluster.servicesByExternalIp.get(addressOfReverse(ask.name)!) ?? [];
  const open = services.filter(
    ({ namespace }) => config.namespaces.size === 0 || config.namespaces.has(namespace),
  );
  if (open.length === 0) return undefined;
  const names = new Set(open.map(({ name, namespace }) => joinNames(name, namespace, zone)));
  const records = [...names].map((data) => ({ name: ask.name, type: "PTR", ttl, data }));
  return {
    ...emptyReply(
      "NOERROR",
      PLUGIN,
      open.flatMap((service) => service.evidence),
    ),
    answer: records,
  };
}

interface FoundExternal {
  readonly rcode: "NOERROR" | "NXDOMAIN";
  readonly targets: readonly ExternalTarget[];
  readonly evidence: Reply["evidence"];
}

function find(
  ask: Ask,
  zone: string,
  cluster: Cluster,
  config: KubernetesConfig,
  headless: boolean,
): FoundExternal | string {
  const labels = labelsOf(`${withoutZone(ask.name, zone)}.`);
  const nothing = { targets: [], evidence: [] } as const;
  const namespace = labels.at(-1)!;
  const exposure = exposureOf(config, cluster, namespace);
  if (exposure === "unknown") return `nothing tells the labels of the namespace ${namespace}`;
  if (exposure === "hidden" || labels.length > 4) return { rcode: "NXDOMAIN", ...nothing };
  if (labels.length === 1) return { rcode: "NOERROR", ...nothing };
  const words = labels.slice(0, -2).map((label) => label.replace(/^_/, ""));
  const endpoint = words.length === 1 ? words[0]! : "";
  const [port = "", protocol = ""] = words.length === 2 ? words : [];
  const key = `${labels.at(-2)}.${namespace}`;
  const service = cluster.services.get(key);
  if (!service) return { rcode: "NXDOMAIN", ...nothing };
  const isPort = ({ name, protocol: its }: { readonly name: string; readonly protocol: string }) =>
    (port === "" || port === name.toLowerCase()) && (protocol === "" || protocol === its.toLowerCase());
  const owner = joinNames(service.name, service.namespace, zone);
  const targets: ExternalTarget[] = [];
  if (headless && service.externalIps.length === 0 && (service.clusterIps[0] === "None" || endpoint !== "")) {
    const slices = config.noEndpoints ? [] : cluster.slices.get(key);
    if (!slices) return `nothing tells the endpoints of Service ${service.namespace}/${service.name}`;
    for (const slice of slices)
      for (const address of slice.addresses) {
        const host = endpointName(address, config.endpointPodNames).toLowerCase();
        if (endpoint !== "" && endpoint !== host) continue;
        for (const one of slice.ports.filter(isPort))
          targets.push({ host: address.ip, port: one.port, owner: `${host}.${owner}` });
      }
  } else {
    for (const host of service.externalIps)
      for (const one of service.ports.filter(isPort)) targets.push({ host, port: one.port, owner });
  }
  return { rcode: targets.length > 0 ? "NOERROR" : "NXDOMAIN", targets, evidence: service.evidence };
}

function answer(ask: Ask, found: FoundExternal, ttl: number, serviceTtl: number): Reply {
  const { name, type } = ask;
  const { targets, evidence, rcode } = found;
  let reply: Reply = emptyReply(targets.length > 0 ? "NOERROR" : rcode, PLUGIN, evidence);
  const records = new Map<string, DnsRecord>();
  const extra = new Map<string, DnsRecord>();
  if (type === "SRV") {
    const weight = Math.max(1, Math.floor((100 / (100 * targets.length)) * 100));
    for (const { host, port, owner } of targets) {
      if (port === -1) continue;
      const address = parseAddress(host);
      const target = address ? owner : fqdn(host);
      records.set(`${target} ${port}`, {
        name,
        type,
        ttl: serviceTtl,
        data: `0 ${weight} ${port} ${target}`,
      });
      if (address)
        extra.set(`${target} ${host}`, { name: target, type: address.type, ttl, data: address.text });
      else return unknownReply(PLUGIN, `the addresses of ${target} are not modelled here`);
    }
  } else if (type === "A" || type === "AAAA") {
    for (const { host } of targets) {
      const address = parseAddress(host);
      if (address?.type === type) records.set(address.text, { name, type, ttl, data: address.text });
      if (address) continue;
      records.set(`CNAME ${records.size}`, { name, type: "CNAME", ttl: serviceTtl, data: fqdn(host) });
      const outer = lookup(ask, fqdn(host), type);
      if (outer.kind === "none") continue;
      const whole = completed(reply, [], outer);
      if (whole.kind === "unknown") return { ...whole, answer: [...records.values()] };
      for (const record of whole.answer) records.set(`CNAME ${records.size}`, record);
      reply = { ...reply, evidence: whole.evidence, forwarded: [...reply.forwarded, ...whole.forwarded] };
    }
  }
  return { ...reply, answer: [...records.values()], extra: [...extra.values()] };
}
