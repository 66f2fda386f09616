import { type Ask, type Link, passOn } from "../ask.ts";
import { longestZone } from "../names.ts";
import { type DnsRecord, emptyReply, type Reply } from "../record.ts";
import type { Stanza } from "../stanzas.ts";

const LOCAL_ZONES = ["localhost.", "0.in-addr.arpa.", "127.in-addr.arpa.", "255.in-addr.arpa."];
const LOCAL_TTL = 604_800;
const LOOPBACK: Readonly<Record<string, string>> = { A: "127.0.0.1", AAAA: "::1" };

/** The local plugin: names of the machine itself. */
export function localLink([stanza]: readonly Stanza[]): Link {
  const keepsPrefix = !stanza?.options.some(({ name }) => name === "disable_localhost_prefix");
  return (next) => (ask) => {
    const { name } = ask;
    const isLoopback =
      name.endsWith(".localhost.") || (keepsPrefix && name.startsWith("localhost.") && name !== "localhost.");
    if (isLoopback) return own("local", loopback(ask));
    if (longestZone(LOCAL_ZONES, name) === undefined) return passOn(next, ask, "local");
    return localReply(ask);
  };
}

function loopback({ name, type }: Ask): DnsRecord[] {
  return type in LOOPBACK ? [{ name, type, ttl: LOCAL_TTL, data: LOOPBACK[type]! }] : [];
}

function localReply(ask: Ask): Reply {
  const { name, type } = ask;
  const record = (data: string) => own("local", [{ name, type, ttl: LOCAL_TTL, data }]);
  if (LOCAL_ZONES.includes(name)) {
    if (type === "SOA") return record(`localhost. root.localhost. 1 0 0 0 ${LOCAL_TTL}`);
    if (type === "NS") return record("localhost.");
    return own("local", name === "localhost." ? loopback(ask) : []);
  }
  if (name !== "1.0.0.127.in-addr.arpa.") return emptyReply("NXDOMAIN", "local");
  return type === "PTR" ? record("localhost.") : own("local", []);
}

/** The any plugin: questions for all types get a short answer (RFC 8482). */
export const anyLink: Link = (next) => (ask) => {
  if (ask.type !== "ANY") return passOn(next, ask, "any");
  return own("any", [{ name: ask.name, type: "HINFO", ttl: 8482, data: '"ANY obsoleted" "See RFC 8482"' }]);
};

/** The whoami plugin: says who asks, in the additional section alone. */
export const whoamiLink: Link = () => () => emptyReply("NOERROR", "whoami");

/** The erratic plugin, which drops every second question when nothing else is said. */
export function erraticLink([stanza]: readonly Stanza[]): Link {
  const words = stanza?.options.find(({ name }) => name === "drop")?.args ?? [];
  const drops = stanza?.options.length
    ? (words[0] ?? (stanza.options.some(({ name }) => name === "drop") ? "2" : "0"))
    : "2";
  return () => (ask) => {
    if (drops === "1") return { ...emptyReply("NOERROR", "erratic"), kind: "none" };
    const data = { A: "192.0.2.53", AAAA: "2001:db8::53" }[ask.type];
    const whole =
      data === undefined
        ? emptyReply("SERVFAIL", "erratic")
        : own("erratic", [{ name: ask.name, type: ask.type, ttl: 0, data }]);
    if (drops === "0") return whole;
    return { ...whole, kind: "unknown", why: `erratic drops one question of ${drops}` };
  };
}

/** The minimal plugin: an answer without additional records. */
export const minimalLink: Link = (next) => (ask) => {
  const reply = passOn(next, ask, "minimal");
  return reply.rcode === "NOERROR" && reply.answer.length > 0 ? { ...reply, extra: [] } : reply;
};

function own(plugin: string, answer: readonly DnsRecord[]): Reply {
  return { ...emptyReply("NOERROR", plugin), answer };
}
