import type { DnsModel } from "./model.ts";
import { joinNames, nameProblem } from "./names.ts";
import { resolveName } from "./resolve-name.ts";
import type { DnsVerdict } from "./verdict.ts";

/** A question that is answered otherwise than before. */
export interface DnsChange {
  /** The name; `*.corp.test.` for a zone: what a name in it gets that nothing else speaks of. */
  readonly name: string;
  readonly type: string;
  readonly before: DnsVerdict;
  readonly after: DnsVerdict;
}

/** A label that nobody uses: it stands for any name of a zone. */
const ANY_LABEL = "any-name-of-this-zone";

/**
 * Which names are answered otherwise: every Service of both models, hosts entries and exact rewrites, and for each zone that a
 * Corefile names the zone itself and any other name in it. Compared are outcome, records without their time to live, and the
 * servers that are asked.
 *
 * @example dnsDiff(dnsModel(old), dnsModel(next)).map(formatDnsChange)
 */
export function dnsDiff(before: DnsModel, after: DnsModel): DnsChange[] {
  const changes: DnsChange[] = [];
  const compare = (name: string, type: string, shown = name) => {
    if (nameProblem(name) !== undefined) return;
    const [old, next] = [resolveName(before, name, { type }), resolveName(after, name, { type })];
    if (old !== next && signature(old) !== signature(next))
      changes.push({ name: shown, type, before: old, after: next });
  };
  const domains = new Set([before.clusterDomain, after.clusterDomain]);
  for (const key of union(before.cluster.services.keys(), after.cluster.services.keys()))
    for (const domain of domains)
      for (const type of ["A", "AAAA", "SRV"]) compare(joinNames(key, "svc", domain), type);
  for (const name of union(before.mentions.names, after.mentions.names))
    for (const type of ["A", "AAAA"]) compare(name, type);
  for (const zone of union(before.mentions.zones, after.mentions.zones)) {
    if (zone !== ".") compare(zone, "A");
    compare(joinNames(ANY_LABEL, zone), "A", joinNames("*", zone));
  }
  return changes;
}

/** One line: `db.my.svc.cluster.local. A: 10.96.0.9 -> does not exist`. */
export function formatDnsChange({ name, type, before, after }: DnsChange): string {
  return `${name} ${type}: ${said(before)} -> ${said(after)}`;
}

/**
 * All of them for people. A name that comes or goes is one line, without the types that it has no records of:
 * `db.my.svc.cluster.local. is new: A 10.96.0.9, SRV 0 100 5432 db.my.svc.cluster.local.`
 */
export function formatDnsChanges(changes: readonly DnsChange[]): string[] {
  const byName = new Map<string, DnsChange[]>();
  for (const change of changes) {
    const list = byName.get(change.name);
    if (list) list.push(change);
    else byName.set(change.name, [change]);
  }
  return [...byName].flatMap(([name, list]) => {
    if (list.every(({ before }) => before.outcome === "nxdomain"))
      return `${name} is new: ${atOnce(list.map(({ after }) => after))}`;
    if (list.every(({ after }) => after.outcome === "nxdomain"))
      return `${name} is gone: it was ${atOnce(list.map(({ before }) => before))}`;
    return list.map(formatDnsChange);
  });
}

/** Answers of several types to one name, and once who gives them. */
function atOnce(verdicts: readonly DnsVerdict[]): string {
  const told = verdicts.filter(({ outcome }) => outcome !== "nodata");
  if (told.length === 0) return said(verdicts[0]!);
  const parts = told.map((verdict) => {
    const [, answer = said(verdict), by = ""] = /^(.*)( \([^()]*\))$/.exec(said(verdict)) ?? [];
    return { answer: `${verdict.type} ${answer}`, by };
  });
  const bys = new Set(parts.map(({ by }) => by));
  return bys.size === 1
    ? `${parts.map(({ answer }) => answer).join(", ")}${[...bys][0]}`
    : parts.map(({ answer, by }) => `${answer}${by}`).join(", ");
}

function said({ text }: DnsVerdict): string {
  return text.slice(text.indexOf(": ") + 2);
}

function signature({ outcome, records, forwarded, why }: DnsVerdict): string {
  const lines = records.map(({ name, type, data }) => `${name} ${type} ${data ?? "?"}`).sort();
  const asked = forwarded.map(
    ({ name, type, upstream }) => `${name} ${type} ${upstream.toSorted().join(" ")}`,
  );
  return JSON.stringify([outcome, lines, asked, outcome === "unknown" ? why : ""]);
}

function union(a: Iterable<string>, b: Iterable<string>): string[] {
  return [...new Set([...a, ...b])].sort();
}
