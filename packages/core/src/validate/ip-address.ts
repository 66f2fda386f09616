import { quoted, type Report } from "./report.ts";

/** An IP address as a number; IPv4-mapped IPv6 is IPv4, as Go has it. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;
  /** Read differently by different programs: leading zeros, or IPv4 mapped into IPv6. Refused since Kubernetes 1.36. */
  readonly ambiguous: boolean;
}

/** Reads an IP address as Kubernetes did until 1.35: leading zeros are decimal. Undefined when it is none. */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length > 60) return undefined;
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let bits = 0n;
  let ambiguous = false;
  for (const part of parts) {
    if (!/^[0-9]{1,10}$/.test(part) || Number(part) > 255) return undefined;
    if (part.length > 1 && part.startsWith("0")) ambiguous = true;
    bits = bits * 256n + BigInt(part);
  }
  return { family: 4, bits, ambiguous };
}

const MAPPED = 0xffffn;

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  let ambiguous = false;
  const groups = halves.map((half, h) => {
    const found: bigint[] = [];
    const parts = half === "" ? [] : half.split(":");
    for (const [i, part] of parts.entries()) {
      const embedded =
        part.includes(".") && h === halves.length - 1 && i === parts.length - 1 ? parseIpv4(part) : undefined;
      if (embedded) {
        ambiguous ||= embedded.ambiguous;
        found.push(embedded.bits >> 16n, embedded.bits & 0xffffn);
      } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) found.push(BigInt(`0x${part}`));
      else return undefined;
    }
    return found;
  });
  if (groups.some((g) => g === undefined)) return undefined;
  const [head, tail] = groups as [bigint[], bigint[] | undefined];
  const given = head.length + (tail?.length ?? 0);
  if (tail === undefined ? given !== 8 : given > 7) return undefined;
  const all = [...head, ...Array<bigint>(8 - given).fill(0n), ...(tail ?? [])];
  const bits = all.reduce((sum, group) => sum * 65536n + group, 0n);
  if (bits >> 32n === MAPPED) return { family: 4, bits: bits & 0xffffffffn, ambiguous: true };
  return { family: 6, bits, ambiguous };
}

/** Reports what is no IP address, or one that programs read differently. Gives it when it can be read at all. */
export function checkIp(text: string, path: string, report: Report): IpAddress | undefined {
  const ip = parseIp(text);
  if (ip === undefined)
    report(
      path,
      `${quoted(text)} is not an IP address`,
      "write an address like 10.9.8.7 or 2001:db8::ffff; a name belongs elsewhere",
    );
  else if (ip.ambiguous)
    report(
      path,
      `${quoted(text)} is refused since Kubernetes 1.36, because programs read it differently`,
      ip.family === 4 ? `write ${ipv4Text(ip.bits)} if that is meant` : "write it without leading zeros",
    );
  return ip !== undefined && !ip.ambiguous ? ip : undefined;
}

function ipv4Text(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join(".");
}

/** Reports what is no CIDR, or one that programs read differently (leading zeros, bits beyond its prefix). */
export function checkCidr(text: string, path: string, report: Report): void {
  const slash = text.indexOf("/");
  const ip = parseIp(text.slice(0, Math.max(slash, 0)));
  const prefix = text.slice(slash + 1);
  const mapped = text.includes(":") && ip?.family === 4;
  const width = text.includes(":") ? 128 : 32;
  if (ip === undefined || !/^[0-9]{1,3}$/.test(prefix) || Number(prefix) > width)
    report(
      path,
      `${quoted(text)} is not a CIDR`,
      'write an address, "/" and a prefix length, like 10.9.8.0/24 or 2001:db8::/64',
    );
  else if (mapped || ip.ambiguous || /^0./.test(prefix) || hasHostBits(ip.bits, width - Number(prefix)))
    report(
      path,
      `${quoted(text)} is refused since Kubernetes 1.36, because programs read it differently`,
      "write it without leading zeros and without bits beyond its prefix length",
    );
}

function hasHostBits(bits: bigint, hostBits: number): boolean {
  return (bits & (2n ** BigInt(hostBits) - 1n)) !== 0n;
}

/** Reports addresses that are nobody's own: unspecified, loopback, link-local. */
export function checkEndpointIp({ family, bits }: IpAddress, path: string, report: Report): void {
  const isOwn =
    family === 4
      ? bits !== 0n && bits >> 24n !== 127n && bits >> 16n !== 0xa9fen && bits >> 8n !== 0xe00000n
      : bits !== 0n && bits !== 1n && bits >> 118n !== 0x3fan && bits >> 112n !== 0xff02n;
  if (!isOwn)
    report(
      path,
      "the address is unspecified, loopback or link-local",
      "write an address that the network routes",
    );
}

/** RFC 5952: small letters, no leading zeros, the longest run of zeros left out. */
export function isCanonicalIpv6(text: string): boolean {
  const ip = parseIp(text);
  if (!ip) return false;
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((ip.bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (groups[i + run] === "0") run++;
    if (run > length) [start, length] = [i, run];
  }
  const short =
    start < 0
      ? groups.join(":")
      : `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
  return text === short;
}

/** Reports what is no IP address in its one canonical form: names of IPAddresses. */
export function checkCanonicalIp(text: string, path: string, report: Report): void {
  const ip = checkIp(text, path, report);
  if (ip?.family === 6 && !isCanonicalIpv6(text))
    report(
      path,
      `${quoted(text)} is not in its canonical form`,
      "write it in small letters and as short as can be",
    );
}

/** Whether it is an IP address in its one canonical form. */
export function isCanonicalIp(text: string): boolean {
  const ip = parseIp(text);
  return ip !== undefined && !ip.ambiguous && (ip.family === 4 || isCanonicalIpv6(text));
}

/** The family of a CIDR's address as Kubernetes read it until 1.35; undefined when it is none. */
export function cidrFamily(text: string): 4 | 6 | undefined {
  const [address = "", prefix = ""] = text.split("/", 2);
  const family = parseIp(address)?.family;
  const isPrefix = /^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= (address.includes(":") ? 128 : 32);
  return isPrefix && text.split("/").length === 2 ? family : undefined;
}
