import type { DirectiveData, ServerData } from "../corefile/write.ts";
import { coreDnsRelease, DEFAULT_COREDNS, livesIn, pluginEntry } from "../plugins/table.ts";
import { isWithin, readReverseZone, withoutDot } from "./fields.ts";
import type { ClusterDnsIntent } from "./intent.ts";
import {
  type ForwardedZone,
  forwardDirective,
  forwardedZones,
  forwardsByProxy,
  readUpstream,
  zoneFinder,
} from "./upstream.ts";

/** The release that an intent is for; the intent's check refuses a text that means none. */
export function releaseOf({ coredns }: ClusterDnsIntent): string {
  return coreDnsRelease(coredns) ?? DEFAULT_COREDNS;
}

/** Whether a release has a plugin, or an option of it. */
export function releaseHas(release: string, plugin: string, option?: string): boolean {
  const entry = pluginEntry(plugin);
  if (!entry || !livesIn(entry, release)) return false;
  if (option === undefined) return true;
  const life = entry.options.find(({ name }) => name === option);
  return life !== undefined && livesIn(life, release);
}

/** Whether CoreDNS reads a changed Corefile by itself. */
export function reloads(intent: ClusterDnsIntent): boolean {
  return intent.reload ?? releaseHas(releaseOf(intent), "reload");
}

/** The server blocks of CoreDNS: the cluster's own first, then one for each zone that is forwarded elsewhere. */
export function clusterServers(intent: ClusterDnsIntent): ServerData[] {
  const zones = forwardedZones(intent);
  const entriesOf = entriesByOwner(intent, zones);
  return [
    mainServer(intent, entriesOf("")),
    ...zones.map((zone) => zoneServer(intent, zone, entriesOf(zone.zone))),
  ];
}

function mainServer(intent: ClusterDnsIntent, entries: Entries): ServerData {
  const release = releaseOf(intent);
  const { health, loadbalance } = intent;
  const lameduck = intent.lameduck ?? (releaseHas(release, "health", "lameduck") ? 5 : 0);
  const ready = intent.ready ?? (releaseHas(release, "ready") ? 8181 : false);
  return {
    keys: [".:53"],
    directives: [
      { name: "errors" },
      ...logDirective(intent),
      ...(health === false ? [] : [healthDirective(health, lameduck)]),
      ...(ready === false ? [] : [withPort("ready", ready, 8181)]),
      ...intent.rewrites.map(rewriteDirective),
      ...localAnswers(entries),
      kubernetesDirective(intent),
      ...prometheusDirective(intent.prometheus),
      forwardDirective(readUpstream(intent.upstream), release),
      ...cacheDirective(intent),
      ...loopDirective(intent),
      ...(reloads(intent) ? [{ name: "reload" }] : []),
      ...(loadbalance ? [{ name: "loadbalance" }] : []),
    ],
  };
}

/** What is asked for every server block stands in each: errors, log, metrics, cache, loop and the order of addresses. */
function zoneServer(
  intent: ClusterDnsIntent,
  { zone, upstream }: ForwardedZone,
  entries: Entries,
): ServerData {
  return {
    keys: [`${zone}:53`],
    directives: [
      { name: "errors" },
      ...logDirective(intent),
      ...localAnswers(entries),
      ...prometheusDirective(intent.prometheus),
      forwardDirective(upstream, releaseOf(intent)),
      ...cacheDirective(intent, zone),
      ...loopDirective(intent),
      ...(intent.loadbalance ? [{ name: "loadbalance" }] : []),
    ],
  };
}

/** Entries that belong to a block: those of names in its zone, and in no zone below it that has a block of its own. */
function localAnswers({ hosts, templates }: Entries): DirectiveData[] {
  const entries = hosts.flatMap(([name, addresses]) =>
    addresses.map((address) => ({ name: address, args: [withoutDot(name)] })),
  );
  return [
    ...templates.map(templateDirective),
    ...(entries.length > 0 ? [{ name: "hosts", block: [...entries, { name: "fallthrough" }] }] : []),
  ];
}

interface Entries {
  readonly hosts: readonly (readonly [name: string, addresses: readonly string[]])[];
  readonly templates: ClusterDnsIntent["templates"];
}

/** Hosts and templates by the zone whose block is asked for them; "" is the main block. */
function entriesByOwner(
  intent: ClusterDnsIntent,
  zones: readonly ForwardedZone[],
): (owner: string) => Entries {
  const ownerOf = zoneFinder(zones);
  const owner = (name: string) => ownerOf(withoutDot(name))?.zone ?? "";
  const hosts = Map.groupBy(Object.entries(intent.hosts), ([name]) => owner(name));
  const templates = Map.groupBy(intent.templates, ({ zone }) => owner(zone));
  return (zone) => ({ hosts: hosts.get(zone) ?? [], templates: templates.get(zone) ?? [] });
}

function kubernetesDirective(intent: ClusterDnsIntent): DirectiveData {
  const reverse = reverseZonesOf(intent);
  const upstream = readUpstream(intent.upstream);
  return {
    name: "kubernetes",
    args: [withoutDot(intent.clusterDomain), ...reverse],
    block: [
      { name: "pods", args: [intent.pods] },
      // Until 1.3.1 this says who resolves the targets of ExternalName Services; since then CoreDNS asks itself.
      ...(forwardsByProxy(releaseOf(intent)) ? [{ name: "upstream", args: upstream.servers }] : []),
      ...(intent.ttl === undefined ? [] : [{ name: "ttl", args: [`${intent.ttl}`] }]),
      ...(reverse.length > 0 ? [{ name: "fallthrough", args: reverse }] : []),
    ],
  };
}

/** The reverse zones of an intent, each once. */
export function reverseZonesOf({ reverseZones }: ClusterDnsIntent): string[] {
  return [...new Set(reverseZones.flatMap((text) => readReverseZone(text) ?? []))];
}

function healthDirective(port: number, lameduck: number): DirectiveData {
  const directive = withPort("health", port, 8080);
  return lameduck > 0 ? { ...directive, block: [{ name: "lameduck", args: [`${lameduck}s`] }] } : directive;
}

function withPort(name: string, port: number, usual: number): DirectiveData {
  return port === usual ? { name } : { name, args: [`:${port}`] };
}

/** Without an address it would listen on localhost, where nobody scrapes it. */
export function prometheusDirective(port: number | false): DirectiveData[] {
  return port === false ? [] : [{ name: "prometheus", args: [`:${port}`] }];
}

export function logDirective({ log }: ClusterDnsIntent): DirectiveData[] {
  if (typeof log === "boolean") return log ? [{ name: "log" }] : [];
  return [{ name: "log", block: [{ name: "class", args: log }] }];
}

export function loopDirective(intent: ClusterDnsIntent): DirectiveData[] {
  return (intent.loop ?? releaseHas(releaseOf(intent), "loop")) ? [{ name: "loop" }] : [];
}

/** The cache of one block; of the zones that are kept out of it, those that the block can answer for. */
export function cacheDirective({ cache }: ClusterDnsIntent, owner?: string): DirectiveData[] {
  if (cache === false) return [];
  if (typeof cache === "number") return [{ name: "cache", args: [`${cache}`] }];
  const keepOut = cache.keepOut
    .map(withoutDot)
    .filter((zone) => owner === undefined || isWithin(zone, owner) || isWithin(owner, zone));
  const block: DirectiveData[] = [
    ...staleOption(cache.serveStale),
    ...(keepOut.length > 0
      ? ["success", "denial"].map((kind) => ({ name: "disable", args: [kind, ...keepOut] }))
      : []),
  ];
  return [{ name: "cache", args: [`${cache.seconds}`], ...(block.length > 0 && { block }) }];
}

function staleOption(seconds: number | undefined): DirectiveData[] {
  return seconds === undefined ? [] : [{ name: "serve_stale", args: [`${seconds}s`] }];
}

function rewriteDirective({ match, from, to }: ClusterDnsIntent["rewrites"][number]): DirectiveData {
  const [left, right] = [withoutDot(from), withoutDot(to)];
  if (match === "exact") return { name: "rewrite", args: ["name", "exact", left, right] };
  // Whole labels: CoreDNS compares letters, and `old.test` would match `sold.test` too.
  const ends = match === "suffix" ? (name: string) => `.${name}.` : (name: string) => `${name}.`;
  return { name: "rewrite", args: ["name", match, ends(left), ends(right), "answer", "auto"] };
}

function templateDirective(template: ClusterDnsIntent["templates"][number]): DirectiveData {
  const { zone, type, answer, ttl, rcode } = template;
  const name = withoutDot(zone);
  const data = type === "CNAME" && answer !== undefined ? `${withoutDot(answer)}.` : answer;
  return {
    name: "template",
    // An alias answers questions for addresses too: CoreDNS looks its target up.
    args: type === "ANY" ? ["ANY", "ANY", name] : ["IN", type === "CNAME" ? "ANY" : type, name],
    block: [
      ...(rcode === undefined ? [] : [{ name: "rcode", args: [rcode] }]),
      ...(data === undefined ? [] : [{ name: "answer", args: [`{{ .Name }} ${ttl} IN ${type} ${data}`] }]),
    ],
  };
}
