import { type Ask, type Chain, type Link, passOn } from "../ask.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { fqdn, isBelow, longestZone, withoutZone } from "../names.ts";
import type { Reply } from "../record.ts";
import type { Stanza } from "../stanzas.ts";
import { readResolvConf } from "./forward.ts";
import type { KubernetesConfig } from "./kubernetes-config.ts";
import { isInAny, zonesOf } from "./zones.ts";

export interface AutopathFacts {
  readonly kubernetes?: KubernetesConfig;
  readonly cluster: Cluster;
  /** The search list of CoreDNS's own resolv.conf. */
  readonly search: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The autopath plugin of CoreDNS 1.15.0 (plugin/autopath): goes through the search list for a pod that asks below the first of its
 * names. Who asks is known where the question says it; anybody else is taken for no pod.
 */
export function autopathLink(
  [stanza]: readonly Stanza[],
  serverZones: readonly string[],
  facts: AutopathFacts,
): Link {
  const words = stanza?.args ?? [];
  const source = words.at(-1) ?? "";
  const zones = zonesOf(words.slice(0, -1), serverZones);
  const fixed = source.startsWith("@")
    ? []
    : [
        ...readResolvConf((Object.hasOwn(facts.files, source) && facts.files[source]) || "").search.map(fqdn),
        "",
      ];
  return (next) => (ask) => {
    if (!isInAny(zones, ask.name)) return passOn(next, ask, "autopath");
    const search = source === "@kubernetes" ? searchOf(ask, facts) : fixed;
    const [first] = search;
    if (first === undefined || first === "" || !isBelow(first, ask.name) || ask.name === first)
      return passOn(next, ask, "autopath");
    return walk(ask, next, withoutZone(ask.name, first), search);
  };
}

function walk(ask: Ask, next: Chain | undefined, base: string, search: readonly string[]): Reply {
  let firstReply: Reply | undefined;
  for (const suffix of search) {
    const reply = passOn(
      next,
      { ...ask, name: suffix === "." ? `${base}.` : `${base}.${suffix}` },
      "autopath",
    );
    firstReply ??= reply;
    if (reply.kind !== "own") return reply;
    if (reply.rcode !== "NOERROR") continue;
    const other = reply.answer.find((record) => record.name !== ask.name);
    if (!other) return reply;
    const alias = {
      name: ask.name,
      type: "CNAME",
      data: other.name,
      ...(other.ttl !== undefined && { ttl: other.ttl }),
    };
    return { ...reply, answer: [alias, ...reply.answer] };
  }
  return firstReply!;
}

/** The search list of the pod that asks, as the kubernetes plugin tells it; only with `pods verified`. */
function searchOf(ask: Ask, { kubernetes, cluster, search }: AutopathFacts): readonly string[] {
  if (kubernetes?.pods !== "verified") return [];
  const zone = longestZone(kubernetes.zones, ask.name);
  const { address, namespace: known } = ask.client;
  const namespace = address === undefined ? known : cluster.podsByIp.get(address)?.[0]?.namespace;
  if (zone === undefined || namespace === undefined) return [];
  const end = zone === "." ? "" : zone;
  return [`${namespace}.svc.${end}`, `svc.${end}`, zone, ...search.map(fqdn), ""];
}
