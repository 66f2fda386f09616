import type { Finding, Locate, Resource, ResourceRef } from "@ashlar/core";
import { effectiveCorefile, zoneClashes } from "../corefile/effective.ts";
import { parseCorefile } from "../corefile/parse.ts";
import { coreDnsRelease, DEFAULT_COREDNS } from "../plugins/table.ts";
import { parseAddress } from "./addresses.ts";
import type { Chain } from "./ask.ts";
import { buildSite, type SiteFacts } from "./build-site.ts";
import { type Cluster, readCluster } from "./cluster/cluster.ts";
import { asFields, asObjects, asText } from "./cluster/fields.ts";
import { flattened } from "./cluster/flattened.ts";
import { COREFILE_FOLDER, corefileOf, type FoundCorefile } from "./corefile-of.ts";
import { type Mentions, mentionsOf } from "./mentions.ts";
import { readResolvConf } from "./plugins/forward.ts";
import { askSite, type Listener, listenersOf, siteFor } from "./server.ts";

/** The resolv.conf of the nodes, which CoreDNS and pods with dnsPolicy Default use. */
export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
}

export interface DnsModelOptions {
  /** The text of the Corefile; absent: that of the ConfigMap kube-system/coredns in the set, else kubeadm's. */
  readonly corefile?: string;
  /** Version of CoreDNS: `1.15`. Its order of plugins counts; what plugins do is that of 1.15.0. */
  readonly coredns?: string;
  /** `cluster.local` by default. */
  readonly clusterDomain?: string;
  /** Absent: not known; pods then have no further search list, and CoreDNS asks "/etc/resolv.conf". */
  readonly resolvConf?: ResolvConf;
  /** Texts by path: what the Corefile imports, zone and hosts files. */
  readonly files?: Readonly<Record<string, string>>;
  /** The environment of CoreDNS; absent: not known. */
  readonly env?: Readonly<Record<string, string>>;
  /** The port that is asked. Absent: where the Service of CoreDNS leads to, else 53. */
  readonly port?: string;
  /** Other servers that are known, by address: `{ "10.0.0.2:53": dnsModel(…) }`. */
  readonly upstreams?: Readonly<Record<string, DnsModel>>;
  /** Addresses of CoreDNS itself, loopback left out; absent: those of the pods behind its Service. */
  readonly serverAddresses?: readonly string[];
  /** `false`: the set holds a part of the cluster's Services, so that a name without one may still exist. `true` by default. */
  readonly whole?: boolean;
  readonly locate?: Locate;
}

/** Who answers names, from a Corefile and the objects of a cluster. Make it with {@link dnsModel}, ask it with `resolveName`. */
export interface DnsModel {
  readonly clusterDomain: string;
  readonly cluster: Cluster;
  readonly listener: Listener | undefined;
  readonly resolvConf?: ResolvConf;
  /** Where the Corefile is from: the ConfigMap, or "stock" when nobody gave one. */
  readonly source: ResourceRef | "given" | "stock";
  /** Mistakes for which CoreDNS would not start, and doubts; see `parseCorefile`. */
  readonly findings: readonly Finding[];
  /** Why CoreDNS would not start; every answer is unknown then. */
  readonly problem?: string;
  /** Asks the server that pods ask. */
  readonly serve: Chain;
  /** Zones and names that the Corefile speaks of. */
  readonly mentions: Mentions;
}

/**
 * A model of cluster DNS: CoreDNS 1.15.0 with its Corefile over the Services, EndpointSlices, Pods and Namespaces of a set. Where the
 * set has no EndpointSlices, those of its pods are derived as the control plane does. Never throws; what it cannot know makes an
 * answer `unknown`.
 *
 * @example
 * const model = dnsModel(resources);
 * resolveName(model, "web.prod.svc.cluster.local").records // [{ name, type: "A", ttl: 30, data: "10.96.0.20" }]
 */
export function dnsModel(set: readonly Resource[], options: DnsModelOptions = {}): DnsModel {
  const { resources, locate } = flattened(set, options.locate);
  const {
    clusterDomain = "cluster.local",
    env,
    resolvConf,
    upstreams = {},
    whole = true,
    serverAddresses,
  } = options;
  const found: FoundCorefile =
    options.corefile === undefined
      ? corefileOf(resources, clusterDomain, locate)
      : { text: options.corefile, files: {} };
  const files = { ...found.files, ...options.files };
  const file = `${COREFILE_FOLDER}/Corefile`;
  const parsed = parseCorefile(found.text, { file, files, ...(env && { env }) });
  const effective = effectiveCorefile(parsed.value, { files, ...(env && { env }) });
  const cluster = readCluster(resources);
  const facts: SiteFacts = {
    cluster,
    release: coreDnsRelease(options.coredns ?? DEFAULT_COREDNS) ?? DEFAULT_COREDNS,
    files: withRelativeNames(files),
    search: resolvConf?.search ?? [],
    nameserversOf: (path) =>
      Object.hasOwn(files, path)
        ? readResolvConf(files[path]!).nameservers
        : path === "/etc/resolv.conf"
          ? resolvConf?.nameservers
          : undefined,
    upstream: (address) => (Object.hasOwn(upstreams, address) ? relayTo(upstreams[address]!) : undefined),
    nameservers: serverAddresses?.filter((address) => parseAddress(address)),
    isWhole: whole,
    place: ({ at }) => {
      const inner = { file: at.file === file ? "Corefile" : at.file, line: at.line, column: at.column };
      return found.place && at.file === file ? found.place(inner) : inner;
    },
  };
  const servers = effective.problem
    ? []
    : effective.servers.map((server) => ({ server, site: buildSite(server, facts) }));
  const clash = zoneClashes(effective.servers)[0];
  const problem =
    effective.problem?.words ?? (clash && `cannot serve ${clash.address.zone} - it is already defined`);
  const listener = listenerOf(listenersOf(servers), options.port, portOf(cluster, resources));
  return {
    clusterDomain,
    cluster,
    listener,
    ...(resolvConf && { resolvConf }),
    source: found.subject ?? (found.isStock ? "stock" : "given"),
    findings: [...parsed.findings, ...effective.findings],
    ...(problem !== undefined && { problem }),
    serve: (ask) => askSite(listener && siteFor(listener, ask.name), ask),
    mentions: mentionsOf(effective.servers),
  };
}

/** What listens on the port that is asked; the only listener, when nothing tells the port. */
function listenerOf(all: readonly Listener[], asked: string | undefined, told = "53"): Listener | undefined {
  const listeners = all.filter(({ transport }) => transport === "dns");
  const found = listeners.find(({ port }) => port === (asked ?? told));
  return found ?? (asked === undefined && listeners.length === 1 ? listeners[0] : undefined);
}

/** Other models as servers, which this server asks; one chain for one model, so that two addresses can be told to be the same. */
const relays = new WeakMap<DnsModel, Chain>();

function relayTo(model: DnsModel): Chain {
  let relay = relays.get(model);
  if (!relay) {
    const { serve } = model;
    relay = (ask) => serve({ ...ask, serve, client: {} });
    relays.set(model, relay);
  }
  return relay;
}

/** Files below the Corefile's folder have their short names too. */
function withRelativeNames(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const prefix = `${COREFILE_FOLDER}/`;
  const short = Object.entries(files).flatMap(([path, text]) =>
    path.startsWith(prefix)
      ? [[path.slice(prefix.length), text] as const]
      : [[`${prefix}${path}`, text] as const],
  );
  return { ...Object.fromEntries(short), ...files };
}

/** The port that the Service of CoreDNS leads to: 53 of kube-dns, or what its targetPort names. */
function portOf(cluster: Cluster, resources: readonly Resource[]): string | undefined {
  const service = [...cluster.services.values()].find(
    ({ namespace, selector }) => namespace === "kube-system" && selector?.["k8s-app"] === "kube-dns",
  );
  const target = service?.ports.find(({ port, protocol }) => port === 53 && protocol === "UDP")?.targetPort;
  if (typeof target !== "string") return target === undefined || target === 0 ? undefined : String(target);
  for (const resource of resources) {
    const template = asFields(asFields(asFields(resource.spec)?.template)?.spec);
    const ports = asObjects(template?.containers).flatMap((container) => asObjects(container.ports));
    if (asFields(resource.metadata)?.namespace !== "kube-system") continue;
    const named = ports.find((entry) => entry.name === target && asText(entry.protocol) === "UDP");
    if (typeof named?.containerPort === "number") return String(named.containerPort);
  }
  return undefined;
}
