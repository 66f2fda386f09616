import { readKey } from "../../corefile/keys.ts";
import { reverseZones } from "../../corefile/reverse-zones.ts";

// Addresses and names as Go's net package and CoreDNS read them.

/** net.ParseIP: IPv4 in four numbers without leading zeros, or IPv6 without a zone. */
export function isIp(text: string): boolean {
  return !text.includes("/") && reverseZones(`${text}/0`) !== undefined;
}

/** Whether an address that {@link isIp} takes is one of IPv4, mapped ones (`::ffff:10.0.0.1`) included. */
export function isIpv4(text: string): boolean {
  return !text.includes(":") || ipZone(text).endsWith(`.f.f.f.f${".0".repeat(20)}.ip6.arpa.`);
}

/** The name of an address in the reverse tree: equal exactly for equal addresses of one family. */
export function ipZone(text: string): string {
  return reverseZones(`${text}/${text.includes(":") ? 128 : 32}`)?.[0] ?? "";
}

/** net.ParseCIDR: the number of bits, and of how many. */
export function parseCidr(text: string): { readonly bits: number; readonly of: 32 | 128 } | undefined {
  if (!reverseZones(text)) return undefined;
  const slash = text.indexOf("/");
  return { bits: Number(text.slice(slash + 1)), of: text.slice(0, slash).includes(":") ? 128 : 32 };
}

/** net.SplitHostPort; `undefined` where it gives an error. The port may be empty, and any word. */
export function splitHostPort(text: string): { readonly host: string; readonly port: string } | undefined {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return undefined;
  let host = text.slice(0, colon);
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    if (end < 0 || end + 1 !== colon) return undefined;
    host = text.slice(1, end);
    if (text.indexOf("[", 1) >= 0 || text.indexOf("]", end + 1) >= 0) return undefined;
  } else if (host.includes(":") || /[[\]]/.test(text)) return undefined;
  return { host, port: text.slice(colon + 1) };
}

/** The zones that a word stands for, as plugins read them: none for a word that is no name, and is then left out silently. */
export function zonesOf(text: string): readonly string[] {
  const read = readKey(text);
  return read.ok ? read.addresses.map(({ zone }) => zone) : [];
}

/** miekg/dns's IsDomainName, which takes nearly everything with labels of at most 63 octets. */
export function isDomainName(text: string): boolean {
  return text !== "" && readKey(`dns://${text}:0`).ok;
}

/** Whether `zone` is `parent` or below it; both in lower case with the dot at the end. */
export function isWithin(zone: string, parent: string): boolean {
  return parent === "." || zone === parent || zone.endsWith(`.${parent}`);
}

const SCHEMES = ["tls", "dns", "quic", "grpc", "https3", "https", "unix"] as const;

/** The transport of an upstream or key, `dns` by default, and what follows it. */
export function transportOf(text: string): {
  readonly transport: (typeof SCHEMES)[number];
  readonly rest: string;
} {
  const transport = SCHEMES.find((name) => text.startsWith(`${name}://`));
  return transport ? { transport, rest: text.slice(transport.length + 3) } : { transport: "dns", rest: text };
}
