import { parseAddress } from "../addresses.ts";
import { type Ask, type Chain, type Link, passOn } from "../ask.ts";
import { isBelow } from "../names.ts";
import { emptyReply, type Reply } from "../record.ts";
import type { Stanza } from "../stanzas.ts";
import { isInAny, normalZones } from "./zones.ts";

const PORTS: Readonly<Record<string, string>> = {
  dns: "53",
  tls: "853",
  quic: "853",
  grpc: "443",
  https: "443",
};

/** The plugins forward, proxy and grpc: the first stanza in the order of the file whose zone the name is in. */
export function forwardLink(
  plugin: string,
  stanzas: readonly Stanza[],
  nameserversOf: (file: string) => readonly string[] | undefined,
  ask: (upstream: string) => Chain | undefined,
): Link {
  const forwards = stanzas.map(({ args: [zone = ".", ...to], options }) => {
    const except = options.filter(({ name }) => name === "except");
    const upstream = to.flatMap((word) => serversOf(word, nameserversOf));
    const known = upstream.map(ask);
    const [first] = known;
    return {
      from: normalZones(zone)[0] ?? ".",
      except: except.flatMap((option) => option.args.flatMap(normalZones)),
      upstream,
      // Any of the servers may be asked: the answer is known when they are all the same one.
      ...(first && known.every((other) => other === first) && { relay: first }),
    };
  });
  return (next) => (question) => {
    const { name } = question;
    const found = forwards.find(
      ({ from, except }) => isBelow(from, name) && (name === from || !isInAny(except, name)),
    );
    if (!found) return passOn(next, question, plugin);
    return found.relay
      ? { ...relayed(found.relay(question)), plugin }
      : sent(question, plugin, found.upstream);
  };
}

function sent({ name, type }: Ask, plugin: string, upstream: readonly string[]): Reply {
  return { ...emptyReply("NOERROR", plugin), kind: "forwarded", forwarded: [{ name, type, upstream }] };
}

/** A server that does not reply is one that cannot be reached. */
function relayed(reply: Reply): Reply {
  return reply.kind === "none" ? { ...reply, kind: "own", rcode: "SERVFAIL" } : reply;
}

/**
 * The servers of one word: an address with or without scheme and port, or a file like /etc/resolv.conf. A file whose name servers
 * are not known stands for itself.
 *
 * @example serversOf("10.0.0.2", () => undefined) // ["10.0.0.2:53"]
 * @example serversOf("tls://9.9.9.9%dns.example.test", () => undefined) // ["tls://9.9.9.9:853"]
 */
export function serversOf(
  word: string,
  nameserversOf: (file: string) => readonly string[] | undefined,
): string[] {
  const scheme = /^([a-z0-9]+):\/\//.exec(word)?.[1];
  const transport = scheme ?? "dns";
  const rest = (scheme === undefined ? word : word.slice(scheme.length + 3)).replace(
    /%[^\]:]*(?=[\]:]|$)/,
    "",
  );
  const bracketed = /^\[([^\]]*)\](?::([0-9]+))?$/.exec(rest);
  const plain = /^([^:]*):([0-9]+)$/.exec(rest);
  const host = bracketed?.[1] ?? plain?.[1] ?? rest;
  const address = parseAddress(host);
  if (!address)
    return [...(nameserversOf(rest)?.flatMap((server) => serversOf(server, () => undefined)) ?? [word])];
  const port = bracketed?.[2] ?? plain?.[2] ?? (Object.hasOwn(PORTS, transport) ? PORTS[transport] : "53");
  const text = address.type === "AAAA" ? `[${address.text}]` : address.text;
  return [`${transport === "dns" ? "" : `${transport}://`}${text}:${port}`];
}

/** The name servers in the text of a resolv.conf. */
export function readResolvConf(text: string): {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
} {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const nameservers = lines
    .filter(([word]) => word === "nameserver")
    .flatMap(([, server]) => (server ? [server] : []));
  const search = lines.findLast(([word]) => word === "search" || word === "domain");
  return { nameservers, search: search?.slice(1) ?? [] };
}
