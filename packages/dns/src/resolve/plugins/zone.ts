import { addTo } from "../cluster/add-to.ts";
import { isBelow, labelsOf } from "../names.ts";
import type { DnsRecord } from "../record.ts";
import { readZoneText } from "./zone-text.ts";

/** The records of a zone file, by name. */
export interface Zone {
  readonly origin: string;
  readonly names: ReadonlyMap<string, ReadonlyMap<string, readonly DnsRecord[]>>;
  /** Names that others are strictly below. */
  readonly parents: ReadonlySet<string>;
  readonly soa?: DnsRecord;
  readonly apexNs: readonly DnsRecord[];
  /** Why the file could not be read whole. */
  readonly problem?: string;
}

export function readZone(text: string, origin: string): Zone {
  const { records, problem } = readZoneText(text, origin);
  const names = new Map<string, Map<string, DnsRecord[]>>();
  const parents = new Set<string>();
  const apexNs: DnsRecord[] = [];
  let soa: DnsRecord | undefined;
  for (const record of records) {
    if (record.type === "SOA") soa = record;
    else if (record.type === "NS" && record.name === origin) apexNs.push(record);
    else {
      const types = names.get(record.name) ?? new Map<string, DnsRecord[]>();
      addTo(types, record.type, record);
      names.set(record.name, types);
      for (let name = above(record.name); name !== undefined; name = above(name)) parents.add(name);
    }
  }
  const why = problem ?? (soa ? undefined : `the file has no SOA record of ${origin}`);
  return { origin, names, parents, apexNs, ...(soa && { soa }), ...(why !== undefined && { problem: why }) };
}

/** The names between the zone and a name, the zone first, the name last. */
export function pathTo(zone: Zone, name: string): string[] {
  const count = labelsOf(name).length - labelsOf(zone.origin).length;
  const path = [name];
  for (let i = 0; i < count; i++) path.push(above(path.at(-1)!) ?? ".");
  return path.reverse();
}

/** The wildcard beside a name: `*.example.test.` for `a.example.test.`. */
export function wildcardBeside(name: string): string | undefined {
  const parent = above(name);
  if (parent === undefined) return undefined;
  return parent === "." ? "*." : `*.${parent}`;
}

export function typed(zone: Zone, name: string, type: string): readonly DnsRecord[] {
  return zone.names.get(name)?.get(type) ?? [];
}

/** Whether an empty name stands between a wildcard's parent and the name: the wildcard does not reach below it (RFC 4592). */
export function isShadowed(zone: Zone, name: string, wildcard: string): boolean {
  const parent = wildcard.slice(2);
  for (let at = above(name); at !== undefined && at !== parent && isBelow(parent, at); at = above(at))
    if (zone.parents.has(at)) return true;
  return false;
}

function above(name: string): string | undefined {
  if (name === ".") return undefined;
  const rest = name.slice(name.indexOf(".") + 1);
  return rest === "" ? "." : rest;
}
