import type { Client } from "./ask.ts";
import type { DnsModel } from "./model.ts";
import { fqdn, isTooLong, nameProblem } from "./names.ts";
import { type Reply, unknownReply } from "./record.ts";
import { answerNodes, searchesOf } from "./search-path.ts";
import { askSite, type Site, siteFor } from "./server.ts";
import { summary } from "./summary.ts";
import type { DnsOutcome, DnsVerdict } from "./verdict.ts";

export interface ResolveOptions {
  /** `A` by default. */
  readonly type?: string;
  /** Asks as a pod of this namespace does: by its search list, with `ndots:5`. */
  readonly fromNamespace?: string;
  /** Asks as this pod does, `NAMESPACE/POD`: by its dnsPolicy and dnsConfig, and from its address. */
  readonly fromPod?: string;
}

/**
 * Who answers a name, and what: as CoreDNS 1.15.0 does with the model's Corefile and objects. Without `fromNamespace` and `fromPod` the
 * name is taken as fully qualified. With them the search list is gone through as glibc does: on to the next name after NXDOMAIN,
 * an empty answer or a failure (musl stops at the latter two).
 *
 * @example resolveName(model, "redis", { fromNamespace: "prod" }).name // "redis.prod.svc.cluster.local."
 */
export function resolveName(model: DnsModel, name: string, options: ResolveOptions = {}): DnsVerdict {
  const { type = "A", fromNamespace, fromPod } = options;
  if (fromNamespace !== undefined || fromPod !== undefined)
    return resolveBySearch(model, name, type.toUpperCase(), options);
  return resolveOne(model, name, type.toUpperCase(), NOBODY);
}

const NOBODY: Client = {};

function resolveBySearch(model: DnsModel, name: string, type: string, options: ResolveOptions): DnsVerdict {
  const { names, client, nameservers } = searchesOf(model, name, options);
  const tried: { name: string; outcome: DnsOutcome }[] = [];
  let last: DnsVerdict | undefined;
  let open: DnsVerdict | undefined;
  for (const candidate of names) {
    const verdict = nameservers
      ? verdictOf(candidate, type, answerNodes(candidate, type, nameservers), undefined)
      : resolveOne(model, candidate, type, client);
    tried.push({ name: verdict.name, outcome: verdict.outcome });
    last = verdict;
    if (verdict.outcome === "unknown") break;
    if (verdict.outcome === "forwarded") open ??= verdict;
    else if (verdict.outcome === "answer") break;
  }
  const decided = last ?? resolveOne(model, name, type, client);
  if (open && decided.outcome === "answer") {
    const why = `${open.name} comes first in the search list, and only ${open.upstream.join(", ")} can tell whether it exists`;
    return withText({
      ...decided,
      outcome: "unknown",
      upstream: open.upstream,
      forwarded: open.forwarded,
      tried,
      why,
    });
  }
  return {
    ...(open && decided.outcome !== "unknown" && decided.outcome !== "forwarded" ? open : decided),
    tried,
  };
}

function withText(verdict: DnsVerdict): DnsVerdict {
  return { ...verdict, text: summary(verdict) };
}

function resolveOne(model: DnsModel, name: string, type: string, client: Client): DnsVerdict {
  const problem = nameProblem(name);
  if (problem !== undefined) return verdictOf(name, type, unknownReply("", problem), undefined);
  const full = fqdn(name);
  if (model.problem !== undefined)
    return verdictOf(full, type, unknownReply("", `CoreDNS does not start: ${model.problem}`), undefined);
  const { listener, serve } = model;
  if (!listener)
    return verdictOf(
      full,
      type,
      unknownReply("", "no server block listens on the port that is asked"),
      undefined,
    );
  const site = siteFor(listener, full);
  const reply = askSite(site, { name: full, type, serve, client, depth: 0, aliases: 0 });
  return verdictOf(full, type, reply, site && "chain" in site ? site : undefined);
}

function verdictOf(name: string, type: string, reply: Reply, site: Site | undefined): DnsVerdict {
  const { rcode, answer, extra, plugin, evidence, forwarded } = reply;
  const isLost = answer.some(
    (one) => isTooLong(one.name) || (one.type === "CNAME" && isTooLong(one.data ?? "")),
  );
  const why = isLost
    ? "a name in the answer has a label of more than 63 octets: CoreDNS sends nothing"
    : reply.why;
  // One literal and few spreads: this is made for every name that is asked.
  const verdict = {
    name,
    type,
    outcome: isLost ? "no-reply" : outcomeOf(reply),
    rcode,
    records: answer,
    additional: extra,
    plugin,
    evidence,
    upstream: forwarded.length === 0 ? NONE : [...new Set(forwarded.flatMap((one) => one.upstream))],
    forwarded,
    tried: NONE,
    text: "",
  } as { -readonly [K in keyof DnsVerdict]: DnsVerdict[K] };
  if (site) verdict.server = site.server;
  if (why !== undefined) verdict.why = why;
  verdict.text = summary(verdict);
  return verdict;
}

const NONE: readonly never[] = [];

function outcomeOf({ kind, rcode, answer, forwarded }: Reply): DnsOutcome {
  if (kind === "unknown") return "unknown";
  if (kind === "none") return "no-reply";
  if (kind === "forwarded") return "forwarded";
  if (rcode === "NXDOMAIN") return "nxdomain";
  if (rcode === "REFUSED") return "refused";
  if (rcode !== "NOERROR") return "servfail";
  if (answer.length > 0) return "answer";
  return forwarded.length > 0 ? "forwarded" : "nodata";
}
