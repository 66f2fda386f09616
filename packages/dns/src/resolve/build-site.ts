import type { Place } from "@ashlar/core";
import type { CorefileToken } from "../corefile/ast.ts";
import type { EffectiveServer } from "../corefile/effective.ts";
import { pluginOrder } from "../plugins/table.ts";
import { type Chain, type Link, passOn } from "./ask.ts";
import { type Cluster, selectCluster } from "./cluster/cluster.ts";
import { aclLink } from "./plugins/acl.ts";
import { autopathLink } from "./plugins/autopath.ts";
import { fileLink } from "./plugins/file.ts";
import { forwardLink } from "./plugins/forward.ts";
import { hostsLink } from "./plugins/hosts.ts";
import { externalLink } from "./plugins/k8s-external.ts";
import { kubernetesLink } from "./plugins/kubernetes.ts";
import { kubernetesConfig } from "./plugins/kubernetes-config.ts";
import { anyLink, erraticLink, localLink, minimalLink, whoamiLink } from "./plugins/local-answers.ts";
import type { Nameservers } from "./plugins/nameservers.ts";
import { rewriteLink } from "./plugins/rewrite.ts";
import { templateLink } from "./plugins/template.ts";
import { isInAny, zonesOf } from "./plugins/zones.ts";
import { unknownReply } from "./record.ts";
import { chainOf, type Site } from "./server.ts";
import { type Stanza, stanzasOf } from "./stanzas.ts";

export interface SiteFacts {
  readonly cluster: Cluster;
  /** The release whose order of plugins counts. */
  readonly release: string;
  readonly files: Readonly<Record<string, string>>;
  readonly search: readonly string[];
  readonly nameserversOf: (file: string) => readonly string[] | undefined;
  /** Another server that is known, by its address. */
  readonly upstream: (address: string) => Chain | undefined;
  readonly nameservers: Nameservers;
  readonly isWhole: boolean;
  readonly place: (token: CorefileToken) => Place;
}

/** Plugins that change no record, and are there when another looks whether anything comes after it. */
const THROUGH: Link = (next) => (ask) => passOn(next, ask, "loop");

/** Zones that a plugin with its own source of names answers for; what it would say is not known. */
const ELSEWHERE = new Set([
  "route53",
  "azure",
  "clouddns",
  "auto",
  "secondary",
  "etcd",
  "nomad",
  "dynupdate",
]);

/** A server block as a chain of its plugins, in the order of CoreDNS, whatever their order in the file. */
export function buildSite(server: EffectiveServer, facts: SiteFacts): Site {
  const zones = server.addresses.map((address) => address.zone);
  const stanzas = new Map<string, readonly Stanza[]>();
  for (const [plugin, tokens] of server.plugins) stanzas.set(plugin, stanzasOf(tokens));
  const links = linksOf(stanzas, zones, facts);
  return {
    server: { key: server.keys.map((key) => key.text).join(" "), at: facts.place(server.keys[0]!.token) },
    hasView: stanzas.has("view"),
    bind: (stanzas.get("bind") ?? []).flatMap((stanza) => stanza.args),
    zones,
    chain: chainOf(links),
  };
}

function linksOf(
  stanzas: ReadonlyMap<string, readonly Stanza[]>,
  zones: readonly string[],
  facts: SiteFacts,
): Link[] {
  const { cluster, files } = facts;
  const order = pluginOrder(facts.release);
  const stranger = [...stanzas.keys()].find((plugin) => !order.includes(plugin));
  if (stranger !== undefined)
    return [
      () => () =>
        unknownReply(
          stranger,
          `${stranger} is no plugin of CoreDNS ${facts.release}: what it does is not known`,
        ),
    ];
  const own = stanzas.get("kubernetes")?.[0];
  const kubernetes = own && kubernetesConfig(own, zones);
  const seen = kubernetes ? selectCluster(cluster, kubernetes.labels) : cluster;
  const nameservers = stanzas.has("bind") ? [] : facts.nameservers;

  const linkOf = (plugin: string, list: readonly Stanza[]): readonly Link[] => {
    switch (plugin) {
      case "local":
        return [localLink(list)];
      case "any":
        return [anyLink];
      case "dns64":
      case "siit":
        return [translated(plugin)];
      case "rewrite":
        return [rewriteLink(list)];
      case "autopath": {
        const { search } = facts;
        return [
          autopathLink(list, zones, { cluster: seen, files, search, ...(kubernetes && { kubernetes }) }),
        ];
      }
      case "acl":
        return [aclLink(list, zones)];
      case "minimal":
        return [minimalLink];
      case "template":
        return [templateLink(list, zones)];
      case "hosts":
        return list.slice(0, 1).map((stanza) => hostsLink(stanza, zones, files));
      case "k8s_external":
        return [externalLink(list, zones, seen, kubernetes)];
      case "kubernetes":
        return kubernetes ? [kubernetesLink(kubernetes, seen, nameservers, facts.isWhole)] : [];
      case "file":
        return [fileLink(list, zones, files)];
      case "forward":
      case "proxy":
      case "grpc":
        return [forwardLink(plugin, list, facts.nameserversOf, facts.upstream)];
      case "erratic":
        return [erraticLink(list)];
      case "whoami":
        return [whoamiLink];
      case "tsig":
        return list.some(({ options }) => options.some(({ name }) => name === "require"))
          ? [
              () => () =>
                unknownReply("tsig", "tsig takes signed questions alone, and nothing tells who signs"),
            ]
          : [];
      case "loop":
      case "view":
        return [THROUGH];
      default:
        return ELSEWHERE.has(plugin) ? list.map((stanza) => elsewhere(plugin, stanza, zones)) : [];
    }
  };
  return order.flatMap((plugin) => {
    const list = stanzas.get(plugin);
    return list ? linkOf(plugin, list) : [];
  });
}

/** Answers made of others: nobody can tell them when there are none of the type itself. */
function translated(plugin: string): Link {
  return (next) => (ask) => {
    const reply = passOn(next, ask, plugin);
    if (ask.type !== "AAAA" || reply.answer.some((record) => record.type === "AAAA")) return reply;
    return unknownReply(plugin, `${plugin} may make IPv6 addresses of IPv4 ones, which is not modelled`);
  };
}

function elsewhere(plugin: string, stanza: Stanza, serverZones: readonly string[]): Link {
  // Of these plugins some name a file or an account first; a word that is no zone of the block does no harm here.
  const zones = [...zonesOf(stanza.args, serverZones), ...serverZones];
  return (next) => (ask) =>
    isInAny(zones, ask.name)
      ? unknownReply(plugin, `${plugin} has its names from elsewhere`)
      : passOn(next, ask, plugin);
}
