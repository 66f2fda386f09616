import { type Ask, type Link, lookup, passOn } from "../ask.ts";
import { isBelow, labelsOf, longestZone } from "../names.ts";
import { type DnsRecord, emptyReply, type Reply, unknownReply } from "../record.ts";
import type { Stanza } from "../stanzas.ts";
import { isShadowed, pathTo, readZone, typed, wildcardBeside, type Zone } from "./zone.ts";
import { fallthroughZones, isInAny, zonesOf } from "./zones.ts";

const PLUGIN = "file";
const LONGEST_CHAIN = 8;
const MOST_ALIASES = 8;

/** What a zone says of a name. `missing` is NXDOMAIN; `empty` is NODATA, and `hidden` one that may fall through. */
interface Looked {
  readonly result: "found" | "missing" | "empty" | "hidden" | "delegated" | "failed" | "unknown";
  readonly answer: readonly DnsRecord[];
  readonly reply?: Reply;
  /** Name servers that a part of the zone is handed to. */
  readonly cut?: readonly DnsRecord[];
}

/** The file plugin of CoreDNS 1.15.0 (plugin/file) with the zone files at hand. */
export function fileLink(
  stanzas: readonly Stanza[],
  serverZones: readonly string[],
  files: Readonly<Record<string, string>>,
): Link {
  const zones = new Map<string, Zone | string>();
  let through: readonly string[] = [];
  for (const { args, options } of stanzas) {
    const [path = "", ...rest] = args;
    for (const origin of zonesOf(rest, serverZones)) {
      const text = Object.hasOwn(files, path) ? files[path] : undefined;
      zones.set(origin, text === undefined ? path : readZone(text, origin));
    }
    const option = options.findLast(({ name }) => name === "fallthrough");
    if (option) through = fallthroughZones(option.args);
  }
  const origins = [...zones.keys()];
  return (next) => (ask) => {
    const origin = longestZone(origins, ask.name);
    if (origin === undefined) return next ? next(ask) : emptyReply("REFUSED", PLUGIN);
    const zone = zones.get(origin)!;
    if (typeof zone === "string") return unknownReply(PLUGIN, `the zone file ${zone} is not at hand`);
    if (zone.problem !== undefined)
      return unknownReply(PLUGIN, `the zone file of ${origin} cannot be read: ${zone.problem}`);
    if (ask.type === "AXFR" || ask.type === "IXFR") return emptyReply("REFUSED", PLUGIN);
    const looked = lookIn(zone, ask);
    const isLost = looked.answer.length === 0 && (looked.result === "missing" || looked.result === "hidden");
    if (isLost && isInAny(through, ask.name)) return passOn(next, ask, PLUGIN);
    return replyOf(zone, looked);
  };
}

function replyOf(zone: Zone, { result, answer, reply, cut = [] }: Looked): Reply {
  const parts = reply ? { evidence: reply.evidence, forwarded: reply.forwarded } : {};
  if (result === "unknown") return { ...unknownReply(PLUGIN, reply?.why ?? ""), answer };
  const rcode = result === "missing" ? "NXDOMAIN" : result === "failed" ? "SERVFAIL" : "NOERROR";
  const why = result === "delegated" ? `${zone.origin} hands the name to other name servers` : undefined;
  return { ...emptyReply(rcode, PLUGIN, [], why), ...parts, answer, extra: additional(zone, answer, cut) };
}

function lookIn(zone: Zone, ask: Ask): Looked {
  const { name, type } = ask;
  if (name === zone.origin && type === "SOA") return found([zone.soa!]);
  if (name === zone.origin && type === "NS") return found(zone.apexNs);
  // CoreDNS gives up here too.
  if (ask.aliases > MOST_ALIASES) return { result: "failed", answer: [] };
  let wildcard: string | undefined;
  for (const part of pathTo(zone, name)) {
    const here = zone.names.get(part);
    if (!here) {
      const beside = wildcardBeside(part);
      if (beside !== undefined && (zone.names.has(beside) || zone.parents.has(beside))) wildcard = beside;
      continue;
    }
    const dname = here.get("DNAME")?.[0];
    if (dname && part !== name) return substituted(zone, ask, dname);
    const cut = here.get("NS");
    if (cut && !(type === "DS" && part === name)) return { result: "delegated", answer: [], cut };
    if (part === name) return at(zone, ask, name);
  }
  if (wildcard !== undefined && !isShadowed(zone, name, wildcard))
    return zone.names.has(wildcard) ? at(zone, ask, wildcard) : EMPTY;
  return { result: zone.parents.has(name) ? "hidden" : "missing", answer: [] };
}

/** The records of a name, or of the wildcard that stands for it. */
function at(zone: Zone, ask: Ask, owner: string): Looked {
  const own = (records: readonly DnsRecord[]) =>
    owner === ask.name ? records : records.map((record) => ({ ...record, name: ask.name }));
  const alias = own(typed(zone, owner, "CNAME"));
  if (alias.length > 0 && ask.type !== "CNAME") return followed(zone, ask, alias);
  const records = own(typed(zone, owner, ask.type));
  return records.length > 0 ? found(records) : EMPTY;
}

function substituted(zone: Zone, ask: Ask, dname: DnsRecord): Looked {
  const kept = ask.name.slice(0, ask.name.length - dname.name.length);
  const target = `${kept}${dname.data}`;
  if (target === ask.name) return { result: "failed", answer: [] };
  const alias: DnsRecord = { ...dname, name: ask.name, type: "CNAME", data: target };
  if (ask.type === "CNAME") return found([dname, alias]);
  const rest = followed(zone, ask, [alias]);
  return { ...rest, answer: [dname, ...rest.answer] };
}

/** Follows aliases within the zone, and asks the server for a name that the zone does not have. */
function followed(zone: Zone, ask: Ask, first: readonly DnsRecord[]): Looked {
  const answer = [...first];
  let target = first[0]!.data!;
  for (let i = 0; ; i++) {
    const cut = cutAbove(zone, target, ask.type);
    if (cut) return { result: "delegated", answer, cut };
    const here = zone.names.get(target);
    if (!here || ask.type === "NS" || (ask.type === "SOA" && target === zone.origin))
      return outside(ask, target, answer);
    const alias = here.get("CNAME") ?? [];
    if (alias.length === 0) return found([...answer, ...(here.get(ask.type) ?? [])]);
    if (alias[0]!.name === alias[0]!.data) return { result: "failed", answer: [] };
    answer.push(...alias);
    if (i >= LONGEST_CHAIN) return found(answer);
    target = alias[0]!.data!;
  }
}

/** The name servers that a name within the zone is handed to. */
function cutAbove(zone: Zone, name: string, type: string): readonly DnsRecord[] | undefined {
  if (!isBelow(zone.origin, name)) return undefined;
  for (const part of pathTo(zone, name).slice(1)) {
    const servers = zone.names.get(part)?.get("NS");
    if (servers && !(type === "DS" && part === name)) return servers;
  }
  return undefined;
}

function outside(ask: Ask, target: string, answer: readonly DnsRecord[]): Looked {
  const reply = lookup({ ...ask, aliases: ask.aliases + 1 }, target, ask.type);
  if (reply.kind === "none") return found(answer);
  if (reply.kind === "unknown") return { result: "unknown", answer, reply };
  if (reply.kind === "forwarded") return { result: "found", answer, reply };
  const whole = [...answer, ...reply.answer];
  const result = reply.rcode === "NXDOMAIN" ? "missing" : reply.rcode === "SERVFAIL" ? "failed" : "found";
  return { result, answer: whole, reply };
}

/** Addresses of the names in the answer that are in the zone. */
function additional(zone: Zone, answer: readonly DnsRecord[], cut: readonly DnsRecord[]): DnsRecord[] {
  const targets = answer.flatMap(({ type, data = "" }) => {
    const words = data.split(" ");
    if (type === "SRV") return [words[3]!];
    return type === "MX" || type === "SVCB" || type === "HTTPS" ? [words[1]!] : [];
  });
  const apexNs = answer.some((record) => record.type === "NS" && record.name === zone.origin);
  const servers = [...(apexNs ? zone.apexNs : []), ...cut].map((record) => record.data!);
  return [...new Set([...targets, ...servers].map((name) => name.toLowerCase()))]
    .filter((name) => isBelow(zone.origin, name) && labelsOf(name).length > 0)
    .flatMap((name) => [...typed(zone, name, "A"), ...typed(zone, name, "AAAA")]);
}

function found(answer: readonly DnsRecord[]): Looked {
  return { result: "found", answer };
}

const EMPTY: Looked = { result: "empty", answer: [] };
