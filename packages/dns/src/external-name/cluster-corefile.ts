import type { Inventory, Resource } from "@ashlar/core";
import { type EffectiveServer, effectiveCorefile } from "../corefile/effective.ts";
import { parseCorefile } from "../corefile/parse.ts";
import { type Stanza, stanzasOf } from "../resolve/stanzas.ts";

/** The Corefile of the cluster's own DNS, as CoreDNS sees it. */
export interface ClusterCorefile {
  readonly configMap: Resource;
  readonly servers: readonly EffectiveServer[];
  /** Zones of the kubernetes plugin with the dot at the end: `cluster.local.`, `in-addr.arpa.`. */
  readonly zones: readonly string[];
}

/**
 * The Corefile in a set that has the kubernetes plugin; that of a ConfigMap named `coredns` before others. What `coredns-custom` adds
 * is read as AKS mounts it (`custom/*.override`, `custom/*.server`).
 */
export function clusterCorefile({ resources }: Pick<Inventory, "resources">): ClusterCorefile | undefined {
  const maps = resources.filter(({ kind }) => kind === "ConfigMap");
  const files = Object.fromEntries(
    maps
      .filter(({ metadata }) => metadata?.name === "coredns-custom")
      .flatMap((map) => Object.entries(dataOf(map)).map(([key, text]) => [`custom/${key}`, text] as const)),
  );
  const found = maps.flatMap((configMap): ClusterCorefile[] => {
    const { Corefile: text } = dataOf(configMap);
    if (text === undefined) return [];
    const { servers } = effectiveCorefile(parseCorefile(text, { file: "Corefile" }).value, { files });
    const zones = servers.flatMap((server) =>
      stanzas(server, "kubernetes").flatMap(({ args }) =>
        args.length > 0 ? args.map(zoneText) : server.addresses.map(({ zone }) => zone),
      ),
    );
    return zones.length > 0 ? [{ configMap, servers, zones }] : [];
  });
  return found.find(({ configMap }) => configMap.metadata?.name === "coredns") ?? found[0];
}

/** The cluster's domains, without the dot: those of the Corefile in the set, else `cluster.local`. */
export function clusterDomains(corefile: ClusterCorefile | undefined): string[] {
  const domains = (corefile?.zones ?? []).filter((zone) => !zone.endsWith(".arpa.") && zone !== ".");
  return domains.length > 0 ? domains.map((zone) => zone.slice(0, -1)) : ["cluster.local"];
}

/**
 * The words after `upstream` in the kubernetes plugin, which said before CoreDNS 1.4.0 who resolves the targets of ExternalName Services,
 * with the key of their block; `undefined` where there are none.
 */
export function kubernetesUpstream({ servers }: ClusterCorefile): AskedUpstream | undefined {
  for (const server of servers) {
    const options = stanzas(server, "kubernetes").flatMap((stanza) => stanza.options);
    const upstream = options.find(({ name, args }) => name === "upstream" && args.length > 0)?.args;
    if (upstream) return { key: server.addresses[0]?.key.text ?? ".", upstream };
  }
  return undefined;
}

/** Who is asked, and by which server block. */
export interface AskedUpstream {
  readonly key: string;
  readonly upstream: readonly string[];
}

function stanzas(server: EffectiveServer, plugin: string): Stanza[] {
  return stanzasOf(server.plugins.get(plugin) ?? []);
}

function zoneText(zone: string): string {
  const lower = zone.toLowerCase();
  return lower.endsWith(".") ? lower : `${lower}.`;
}

function dataOf({ data }: Resource): Readonly<Record<string, string>> {
  if (typeof data !== "object" || data === null) return {};
  return Object.fromEntries(Object.entries(data).filter(([, text]) => typeof text === "string"));
}
