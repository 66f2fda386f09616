import type { Place } from "@ashlar/core";
import type { EffectiveServer } from "../corefile/effective.ts";
import type { Chain, Link } from "./ask.ts";
import { addTo } from "./cluster/add-to.ts";
import { emptyReply, type Reply, unknownReply } from "./record.ts";

/** A server block with its plugins. */
export interface Site {
  /** Its keys as written (`cluster.local:53 10.0.0.0/8`), and where the first of them stands. */
  readonly server: { readonly key: string; readonly at: Place };
  /** A `view` decides whether it takes a question, which no model of objects can tell. */
  readonly hasView: boolean;
  /** Addresses that it listens on; empty: all. */
  readonly bind: readonly string[];
  readonly zones: readonly string[];
  readonly chain: Chain | undefined;
}

/** The blocks that listen on one port, by zone. */
export interface Listener {
  readonly transport: string;
  readonly port: string;
  readonly sites: ReadonlyMap<string, readonly Site[]>;
  /** Whether any zone has as many characters as the index; names are cut only where one does. */
  readonly lengths: readonly boolean[];
}

/** Joins links to a chain; a block without plugins has none. */
export function chainOf(links: readonly Link[]): Chain | undefined {
  return links.reduceRight<Chain | undefined>((next, link) => link(next), undefined);
}

/** Groups blocks by where they listen. */
export function listenersOf(
  servers: readonly { readonly server: EffectiveServer; readonly site: Site }[],
): Listener[] {
  const groups = new Map<string, { transport: string; port: string; sites: Map<string, Site[]> }>();
  for (const { server, site } of servers)
    for (const { transport, port, zone } of server.addresses) {
      const key = `${transport} ${port}`;
      const group = groups.get(key) ?? { transport, port, sites: new Map<string, Site[]>() };
      addTo(group.sites, zone, site);
      groups.set(key, group);
    }
  return [...groups.values()].map((group) => {
    const lengths: boolean[] = new Array<boolean>(256).fill(false);
    for (const zone of group.sites.keys()) lengths[zone.length] = true;
    return { ...group, lengths };
  });
}

/** The block that takes a question: that of the longest zone that the name is in (core/dnsserver/server.go of CoreDNS 1.15.0). */
export function siteFor(listener: Listener, name: string): Site | { readonly why: string } | undefined {
  const { sites, lengths } = listener;
  for (let start = 0; start < name.length; ) {
    if (lengths[name.length - start]) {
      const found = sites.get(start === 0 ? name : name.slice(start));
      if (found) return oneOf(found);
    }
    const dot = name.indexOf(".", start);
    if (dot < 0) break;
    start = dot + 1;
  }
  const root = sites.get(".");
  return root && oneOf(root);
}

function oneOf(sites: readonly Site[]): Site | { readonly why: string } {
  const [site] = sites;
  if (site!.hasView || sites.some((other) => other.hasView))
    return { why: `a view decides between the blocks ${labels(sites)}` };
  if (sites.length > 1)
    return { why: `the blocks ${labels(sites)} listen on different addresses: name the one that is asked` };
  return site!;
}

function labels(sites: readonly Site[]): string {
  return sites.map((site) => `"${site.server.key}"`).join(" and ");
}

/** What a block answers. */
export function askSite(site: Site | { readonly why: string } | undefined, ask: Parameters<Chain>[0]): Reply {
  if (!site) return emptyReply("REFUSED", "", [], "no server block has a zone that the name is in");
  if ("why" in site) return unknownReply("", site.why);
  return site.chain
    ? site.chain(ask)
    : emptyReply("REFUSED", "", [], `the block "${site.server.key}" has no plugins`);
}
