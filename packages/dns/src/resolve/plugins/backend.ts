import { type Ask, completed, lookup } from "../ask.ts";
import { isBelow } from "../names.ts";
import { type DnsRecord, emptyReply, type Reply, unknownReply } from "../record.ts";
import type { Found, Target } from "./found.ts";

/** A store of names that answers are made of, as CoreDNS's ServiceBackend is. */
export interface Backend {
  readonly plugin: string;
  readonly ttl: number;
  readonly find: (name: string, type: string) => Found;
  readonly reverse: (name: string) => Found;
  readonly nameservers: (zone: string) => Found;
}

const LONGEST_CHAIN = 10;

/** The reply to a question of type A, AAAA, SRV, CNAME, MX or PTR (plugin/backend_lookup.go of CoreDNS 1.15.0). */
export function answerFor(ask: Ask, backend: Backend, zone: string): Reply {
  const { name, type } = ask;
  if (type === "A" || type === "AAAA") return addresses(ask, backend, zone, []);
  const found = type === "PTR" ? backend.reverse(name) : backend.find(name, type);
  const failed = failure(found, backend);
  if (failed) return failed;
  const { targets, evidence } = found;
  const reply = emptyReply("NOERROR", backend.plugin, evidence);
  const { ttl } = backend;
  if (type === "SRV") return { ...reply, ...services(name, targets, ttl) };
  const names = targets.filter((target) => target.type === "CNAME").map((target) => target.host!);
  if (type === "PTR")
    return { ...reply, answer: [...new Set(names)].map((data) => ({ name, type, ttl, data })) };
  if (type === "CNAME" && targets[0]?.type === "CNAME")
    return { ...reply, answer: [{ name, type, ttl, data: names[0]! }] };
  return reply;
}

function failure(found: Found, { plugin }: Backend): Reply | undefined {
  if (found.unknown !== undefined) return unknownReply(plugin, found.unknown, found.evidence);
  return found.missing ? emptyReply("NXDOMAIN", plugin, found.evidence) : undefined;
}

function addresses(ask: Ask, backend: Backend, zone: string, chain: readonly DnsRecord[]): Reply {
  const { name, type } = ask;
  const { plugin, ttl } = backend;
  const found = backend.find(name, type);
  const failed = failure(found, backend);
  if (failed) return failed;
  const answer: DnsRecord[] = [];
  let reply: Reply = emptyReply("NOERROR", plugin, found.evidence);
  for (const { type: its, host } of found.targets) {
    if (its === type) {
      if (!answer.some((record) => record.data === host && record.name === name))
        answer.push(host === undefined ? { name, type, ttl } : { name, type, ttl, data: host });
    } else if (its === "CNAME" && host !== undefined) {
      if (isBelow(name, host) || chain.length > LONGEST_CHAIN || chain.some((record) => record.data === host))
        continue;
      const alias = { name, type: "CNAME", ttl, data: host };
      if (isBelow(zone, host)) {
        const inner = addresses({ ...ask, name: host }, backend, zone, [...chain, alias]);
        if (inner.kind === "unknown")
          return unknownReply(plugin, inner.why ?? "", [...reply.evidence, ...inner.evidence]);
        if (inner.answer.length > 0 || inner.forwarded.length > 0) {
          answer.push(alias, ...inner.answer);
          reply = {
            ...reply,
            evidence: [...reply.evidence, ...inner.evidence],
            forwarded: [...reply.forwarded, ...inner.forwarded],
          };
        }
        continue;
      }
      const outer = lookup(ask, host, type);
      if (outer.kind === "none") continue;
      const whole = completed(reply, [alias], outer);
      if (whole.kind === "unknown") return { ...whole, answer: [...answer, ...whole.answer] };
      answer.push(...whole.answer);
      reply = { ...reply, evidence: whole.evidence, forwarded: [...reply.forwarded, ...whole.forwarded] };
    }
  }
  return answer.length > 0 ? { ...reply, answer } : reply;
}

/** SRV records, weighted alike, and the addresses that they point to. */
function services(name: string, targets: readonly Target[], ttl: number): Pick<Reply, "answer" | "extra"> {
  const internal = targets.filter((target) => target.type !== "CNAME");
  const weight = Math.max(1, Math.floor((100 / (100 * internal.length)) * 100));
  const answer = new Map<string, DnsRecord>();
  const extra = new Map<string, DnsRecord>();
  for (const { type, host, port, owner } of internal) {
    if (port === -1) continue;
    answer.set(`${owner} ${port}`, { name, type: "SRV", ttl, data: `0 ${weight} ${port} ${owner}` });
    extra.set(`${owner} ${type} ${host ?? ""}`, {
      name: owner,
      type,
      ttl,
      ...(host !== undefined && { data: host }),
    });
  }
  return { answer: [...answer.values()], extra: [...extra.values()] };
}
