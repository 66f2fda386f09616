import type { EffectiveServer } from "../corefile/effective.ts";
import { parseAddress } from "./addresses.ts";
import { fqdn } from "./names.ts";
import { normalZones } from "./plugins/zones.ts";
import { stanzasOf } from "./stanzas.ts";

/** What a Corefile speaks of by name. */
export interface Mentions {
  readonly zones: readonly string[];
  readonly names: readonly string[];
}

/** Zones of blocks and of plugins that have their own, and names of hosts entries and of exact rewrites. */
export function mentionsOf(servers: readonly EffectiveServer[]): Mentions {
  const zones = new Set<string>();
  const names = new Set<string>();
  for (const { addresses, plugins } of servers) {
    for (const { zone } of addresses) zones.add(zone);
    for (const plugin of ["forward", "proxy", "grpc"])
      for (const { args } of stanzasOf(plugins.get(plugin) ?? []))
        for (const zone of normalZones(args[0] ?? ".")) zones.add(zone);
    for (const { args } of stanzasOf(plugins.get("template") ?? []))
      for (const zone of args.slice(2).flatMap(normalZones)) zones.add(zone);
    for (const { options } of stanzasOf(plugins.get("hosts") ?? []))
      for (const { name, args } of options)
        if (parseAddress(name)) for (const host of args) names.add(fqdn(host));
    for (const { args } of stanzasOf(plugins.get("rewrite") ?? [])) {
      const words = args.filter((word) => word !== "stop" && word !== "continue");
      if (words[0] === "name" && (words.length === 3 || words[1] === "exact"))
        names.add(fqdn(words[words.length === 3 ? 1 : 2] ?? ""));
    }
  }
  return { zones: [...zones], names: [...names] };
}
