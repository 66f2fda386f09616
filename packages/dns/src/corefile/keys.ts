import { reverseZones } from "./reverse-zones.ts";

/** What CoreDNS listens for and on, from one key of a server block. */
export interface ZoneAddress {
  /** `dns`, `tls`, `https`, `https3`, `grpc`, `quic`; `unix` is taken and listens nowhere. */
  readonly transport: string;
  /** Lower case, with the dot at the end: `example.test.`, `.`. */
  readonly zone: string;
  /** The port as CoreDNS prints it; not always a port that exists. */
  readonly port: string;
}

/** Scheme and default port, in the order in which CoreDNS looks for them. */
const SCHEMES = [
  ["tls", "853"],
  ["dns", "53"],
  ["quic", "853"],
  ["grpc", "443"],
  ["https3", "443"],
  ["https", "443"],
  ["unix", ""],
] as const;

export type ReadKey =
  | { readonly ok: true; readonly addresses: readonly ZoneAddress[] }
  | { readonly ok: false; readonly message: string };

/**
 * The zones of one key, as CoreDNS 1.15.0 reads it (core/dnsserver/register.go, plugin/normalize.go): a scheme in lower case, a port
 * after the last colon, and a domain name or an IPv4 or IPv6 block, which becomes reverse zones; a block that ends between two labels
 * becomes one for each (`10.0.0.0/27` 32 of them).
 *
 * @returns the zones in CoreDNS's order, or its words for what is wrong
 * @example readKey("tls://Example.test") // { ok: true, addresses: [{ transport: "tls", zone: "example.test.", port: "853" }] }
 * @example readKey("10.0.0.0/8:1053")    // zone 10.in-addr.arpa., port 1053
 */
export function readKey(key: string): ReadKey {
  const scheme = SCHEMES.find(([name]) => key.startsWith(`${name}://`));
  const [transport, defaultPort] = scheme ?? ["dns", "53"];
  const split = splitHostPort(scheme ? key.slice(transport.length + 3) : key);
  if (!split.ok) return split;
  for (const host of split.hosts) {
    const whole = splitHostPort(withDot(host));
    if (!whole.ok) return whole;
  }
  const port = split.port || defaultPort;
  return {
    ok: true,
    addresses: split.hosts.map((host) => ({ transport, zone: zoneName(host), port })),
  };
}

/** `dns://example.test.:53`, as CoreDNS prints it. */
export function addressText({ transport, zone, port }: ZoneAddress): string {
  return `${transport}://${zone}:${port}`;
}

/** A domain name as CoreDNS compares it: lower case, the dot at its end. */
export function zoneName(name: string): string {
  // Letter by letter: Go knows no final sigma and no dotted i of two letters.
  return [...withDot(name)].map((letter) => (letter === "\u0130" ? "i" : letter.toLowerCase())).join("");
}

type Split =
  | { readonly ok: true; readonly hosts: readonly string[]; readonly port: string }
  | { readonly ok: false; readonly message: string };

function splitHostPort(text: string): Split {
  const colon = text.lastIndexOf(":");
  if (colon === text.length - 1)
    return { ok: false, message: `expecting data after last colon: ${JSON.stringify(text)}` };
  const port = colon < 0 ? undefined : portNumber(text.slice(colon + 1));
  const name = port === undefined ? text : text.slice(0, colon);
  const { length } = utf8(name);
  if (length > 255) return { ok: false, message: `specified zone is too long: ${length} > 255` };
  if (!isDomainName(name)) return { ok: false, message: `zone is not a valid domain name: ${name}` };
  const zones = reverseZones(name);
  if (zones && (name.startsWith(":") || (name.startsWith("0") && name.includes(":"))))
    return { ok: false, message: `invalid CIDR ${name}` };
  return { ok: true, hosts: zones ?? [name], port: port ?? "" };
}

/** Go's strconv.Atoi and back: an optional sign and digits that fit in 64 bits. */
function portNumber(text: string): string | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const digits = text.replace(/^[+-]/, "").replace(/^0+(?=[0-9])/, "");
  if (digits.length > 19) return undefined;
  const value = BigInt(digits) * (text.startsWith("-") ? -1n : 1n);
  return BigInt.asIntN(64, value) === value ? String(value) : undefined;
}

/** The text in UTF-8; half a surrogate pair becomes U+FFFD. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const letter of text.toWellFormed()) {
    const code = letter.codePointAt(0)!;
    const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    bytes.push(more === 0 ? code : ((0xff00 >> (more + 1)) & 0xff) | (code >> (6 * more)));
    for (let left = more - 1; left >= 0; left--) bytes.push(0x80 | ((code >> (6 * left)) & 0x3f));
  }
  return bytes;
}

/** miekg/dns's Fqdn: a dot at the end unless there is one that no backslash takes up. */
function withDot(name: string): string {
  if (!name.endsWith(".")) return `${name}.`;
  const before = name.slice(0, -1);
  const backslashes = before.length - before.replace(/\\+$/, "").length;
  return backslashes % 2 === 0 ? name : `${name}.`;
}

/** miekg/dns v1.1.73's IsDomainName, which counts bytes and is lax about most letters. */
function isDomainName(text: string): boolean {
  if (text === "") return false;
  const name = utf8(withDot(text));
  const [backslash, dot] = [0x5c, 0x2e];
  let [offset, begin] = [0, 0];
  let [afterDot, escaping] = [false, false];
  for (let i = 0; i < name.length; i++) {
    if (name[i] === backslash) {
      escaping = !escaping;
      if (offset + 1 > 256) return false;
      const skipped = isDigits(name, i + 1) ? 3 : 1;
      i += skipped;
      begin += skipped;
      afterDot = false;
      continue;
    }
    escaping = false;
    if (name[i] === dot) {
      if ((i === 0 && name.length > 1) || afterDot) return false;
      afterDot = true;
      const label = i - begin;
      if (label >= 64) return false;
      offset += 1 + label;
      if (offset > 256) return false;
      begin = i + 1;
    } else afterDot = false;
  }
  return !escaping;
}

function isDigits(bytes: readonly number[], start: number): boolean {
  return [0, 1, 2].every((i) => bytes[start + i]! >= 0x30 && bytes[start + i]! <= 0x39);
}
