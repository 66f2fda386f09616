import { domainProblem, isAddress, isWithin, type Report, shown, withoutDot } from "./fields.ts";
import type { ClusterDnsIntent } from "./intent.ts";
import { forwardedZones, zoneFinder } from "./upstream.ts";

/** Reports hosts, rewrites and templates that cannot be written, or that CoreDNS would never come to. */
export function checkEntries(intent: ClusterDnsIntent, report: Report): void {
  const zoneOf = zoneFinder(forwardedZones(intent));
  checkHosts(intent, report);
  checkOrder(intent, report);
  intent.rewrites.forEach((rewrite, i) => {
    checkRewrite(rewrite, zoneOf, ["rewrites", i], report);
  });
  intent.templates.forEach((template, i) => {
    checkTemplate(template, ["templates", i], report);
    if (isWithin(withoutDot(intent.clusterDomain), withoutDot(template.zone)))
      report(
        ["templates", i, "zone"],
        `it would answer for the cluster's own domain ${withoutDot(intent.clusterDomain)}`,
        "write a zone that does not hold it",
      );
  });
}

function checkHosts({ hosts }: ClusterDnsIntent, report: Report): void {
  const seen = new Set<string>();
  for (const [name, addresses] of Object.entries(hosts)) {
    const at = ["hosts", name];
    const why = domainProblem(name);
    if (why !== undefined)
      report(
        at,
        why,
        name.startsWith("*") ? "use a template for a whole zone" : "write a name in lower case: db.corp.test",
      );
    if (seen.has(withoutDot(name)))
      report(at, `"${withoutDot(name)}" is there already`, "put its addresses together");
    seen.add(withoutDot(name));
    if (addresses.length === 0) report(at, "it has no address", "name one, or leave the name out");
    addresses.forEach((address, i) => {
      if (!isAddress(address))
        report([...at, i], `${shown(address)} is no IP address`, "write 10.0.0.2 or 2001:db8::2");
    });
  }
}

type Rewrite = ClusterDnsIntent["rewrites"][number];
type Template = ClusterDnsIntent["templates"][number];

/** Rewrites come before templates, and templates before hosts: what an earlier one takes, a later one never sees. */
function checkOrder({ hosts, rewrites, templates }: ClusterDnsIntent, report: Report): void {
  const rewritten = firstOf(rewrites.map(({ match, from }) => `${match} ${withoutDot(from)}`));
  const answered = new Map<string, number>();
  templates.forEach(({ zone, type }, i) => {
    const first = coveringTemplate(withoutDot(zone), type, answered);
    if (first !== undefined)
      report(
        ["templates", i],
        `templates[${first}] answers for its zone first`,
        "put the smaller zone first",
      );
    const key = `${type === "CNAME" ? "ANY" : type} ${withoutDot(zone)}`;
    if (!answered.has(key)) answered.set(key, i);
  });
  for (const [name, addresses] of Object.entries(hosts)) {
    const host = withoutDot(name);
    const rewrite = rewriteOf(host, rewritten);
    if (rewrite !== undefined)
      report(
        ["hosts", name],
        `rewrites[${rewrite}] makes another name of it first`,
        "leave one of the two out",
      );
    const types = new Set(addresses.map((address) => (address.includes(":") ? "AAAA" : "A")));
    const template = [...types]
      .map((type) => coveringTemplate(host, type, answered))
      .find((i) => i !== undefined);
    if (template !== undefined)
      report(["hosts", name], `templates[${template}] answers for it first`, "leave one of the two out");
  }
}

/** Key → where it comes first. */
function firstOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const [i, key] of keys.entries()) if (!first.has(key)) first.set(key, i);
  return first;
}

/** The template of a zone or of one above it that takes every question of the type. */
function coveringTemplate(
  zone: string,
  type: Template["type"],
  answered: ReadonlyMap<string, number>,
): number | undefined {
  for (let rest = zone; ; rest = rest.slice(rest.indexOf(".") + 1)) {
    const found = answered.get(`ANY ${rest}`) ?? answered.get(`${type} ${rest}`);
    if (found !== undefined || !rest.includes(".")) return found;
  }
}

/** The rewrite of the whole name, of its first labels, or of a domain above it. */
function rewriteOf(name: string, rewritten: ReadonlyMap<string, number>): number | undefined {
  const exact = rewritten.get(`exact ${name}`) ?? rewritten.get(`prefix ${name}`);
  if (exact !== undefined) return exact;
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const found =
      rewritten.get(`prefix ${name.slice(0, dot)}`) ?? rewritten.get(`suffix ${name.slice(dot + 1)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkRewrite(
  { from, to, match }: Rewrite,
  zoneOf: ReturnType<typeof zoneFinder>,
  path: PropertyKey[],
  report: Report,
): void {
  for (const [field, name] of [["from", from] as const, ["to", to] as const]) {
    const why = domainProblem(name);
    if (why !== undefined) {
      report([...path, field], why, "write a name in lower case: db.corp.test");
      continue;
    }
    // The rest of a prefix's name is not known: it may be in any zone.
    const zone = match === "prefix" ? undefined : zoneOf(withoutDot(name));
    if (zone === undefined) continue;
    report(
      [...path, field],
      field === "from"
        ? `"${name}" is in the forwarded zone "${zone.zone}", whose block is asked instead`
        : `"${name}" would be asked of \`upstream\`, and not of the servers of the zone "${zone.zone}"`,
      field === "from"
        ? "put it into hosts, or rewrite a name outside of the zone"
        : "make an ExternalName Service for it: its target is looked up in the zone",
    );
  }
  if (withoutDot(from) === withoutDot(to))
    report([...path, "to"], "it is the same name", "leave the entry out");
}

function checkTemplate(
  { zone, type, answer, ttl, rcode }: Template,
  path: PropertyKey[],
  report: Report,
): void {
  const why = domainProblem(zone);
  if (why !== undefined) report([...path, "zone"], why, "write a zone: apps.corp.test");
  if (ttl < 0 || ttl > 604800)
    report([...path, "ttl"], `${ttl} is no time in seconds that resolvers keep`, "write 0 to 604800");
  if (answer === undefined) {
    if (rcode === undefined)
      report(path, "it has neither an answer nor an rcode", "write answer: 10.0.0.2, or rcode: NXDOMAIN");
    return;
  }
  const at = [...path, "answer"];
  if (type === "ANY") report(at, "an answer has a type", "write type: A, AAAA or CNAME");
  else if (rcode !== undefined && rcode !== "NOERROR")
    report([...path, "rcode"], `an answer with ${rcode} is dropped by clients`, "leave one of the two out");
  else if (type === "CNAME") {
    const problem = domainProblem(answer);
    if (problem !== undefined) report(at, problem, "write a name in lower case: web.corp.test");
    else if (isWithin(withoutDot(answer), withoutDot(zone)))
      report(
        at,
        `"${answer}" is in the zone itself: it would be its own alias`,
        "write a name outside of the zone",
      );
  } else if (!isAddress(answer) || answer.includes(":") !== (type === "AAAA"))
    report(
      at,
      `${shown(answer)} is no address for ${type}`,
      type === "A" ? "write 10.0.0.2" : "write 2001:db8::2",
    );
}
