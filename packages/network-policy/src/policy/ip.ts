/** An inclusive range of addresses of one family, as integers (32 or 128 bits). */
export interface IpRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * One address as a range of one. Read as the API server reads stored objects (the legacy parser of Go's net package):
 * leading zeros are decimal, and an IPv4-mapped IPv6 address is the IPv4 address. `undefined`: not an address.
 *
 * @example parseIp("10.0.0.7"); // { family: 4, first: 167772167n, last: 167772167n }
 */
export function parseIp(text: string): IpRange | undefined {
  const parsed = text.includes(":") ? parseV6(text) : parseV4(text);
  if (parsed === undefined) return undefined;
  const { family, first } = unmap(text.includes(":") ? 6 : 4, parsed, text.includes(":") ? 128 : 32);
  return { family, first, last: first };
}

export interface ParseOptions {
  /** Refuse what Kubernetes 1.36 refuses on create: host bits, leading zeros, IPv4-mapped IPv6. Default: read them. */
  readonly strict?: boolean;
}

/**
 * The addresses of a CIDR. Host bits are masked away; an IPv4-mapped IPv6 block of 96 bits or more is the IPv4 block.
 * `undefined`: not a CIDR.
 *
 * @example parseIpRange("10.1.2.3/8"); // 10.0.0.0 to 10.255.255.255
 */
export function parseIpRange(text: string, { strict = false }: ParseOptions = {}): IpRange | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = text.slice(0, slash);
  const prefixText = text.slice(slash + 1);
  const family = address.includes(":") ? 6 : 4;
  const parsed = family === 6 ? parseV6(address) : parseV4(address);
  const prefix = /^[0-9]+$/.test(prefixText) ? Number(prefixText) : Number.POSITIVE_INFINITY;
  const bits = family === 6 ? 128 : 32;
  if (parsed === undefined || prefix > bits) return undefined;
  const hostMask = (1n << BigInt(bits - prefix)) - 1n;
  if (strict) {
    const mapped = family === 6 && parsed >> 32n === mappedPrefix >> 32n;
    if (mapped || (parsed & hostMask) !== 0n || prefixText !== String(prefix)) return undefined;
    if (family === 4 ? /(^|\.)0[0-9]/.test(address) : /[0-9a-fA-F]{5}|\.0[0-9]|:0[0-9]+\./.test(address))
      return undefined;
  }
  return unmap(family, parsed & ~hostMask, prefix);
}

/** Whether every address of `inner` lies in `outer`; ranges of different families never do. */
export function rangeContains(outer: IpRange, inner: IpRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** All addresses of a family. */
export function wholeFamily(family: 4 | 6): IpRange {
  return { family, first: 0n, last: family === 4 ? (1n << 32n) - 1n : (1n << 128n) - 1n };
}

/** An address as text, IPv6 as RFC 5952 writes it. */
export function formatIp(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  const [start, length] = longestZeroRun(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

/** One address as itself, an aligned range as a CIDR, any other as `first-last`. */
export function formatRange(range: IpRange): string {
  if (range.first === range.last) return formatIp(range.family, range.first);
  const cidrs = formatCidrs(range);
  if (cidrs.length === 1) return cidrs[0]!;
  return `${formatIp(range.family, range.first)}-${formatIp(range.family, range.last)}`;
}

/**
 * A range as the fewest CIDRs, in order of addresses.
 *
 * @example formatCidrs({ family: 4, first: 1n, last: 4n }); // ["0.0.0.1/32", "0.0.0.2/31", "0.0.0.4/32"]
 */
export function formatCidrs({ family, first, last }: IpRange): string[] {
  const bits = family === 4 ? 32 : 128;
  const cidrs: string[] = [];
  for (let next = first; next <= last; ) {
    let hostBits = 0;
    while (
      hostBits < bits &&
      next % (2n << BigInt(hostBits)) === 0n &&
      next + (2n << BigInt(hostBits)) - 1n <= last
    )
      hostBits++;
    cidrs.push(`${formatIp(family, next)}/${bits - hostBits}`);
    next += 1n << BigInt(hostBits);
  }
  return cidrs;
}

const mappedPrefix = 0xffffn << 32n;

/** The range of a masked address, moved to IPv4 when its 96 leading bits are those of ::ffff:0:0/96. */
function unmap(family: 4 | 6, first: bigint, prefix: number): IpRange {
  if (family === 4) return { family, first, last: first + (1n << BigInt(32 - prefix)) - 1n };
  const last = first + (1n << BigInt(128 - prefix)) - 1n;
  if (prefix < 96 || first >> 32n !== mappedPrefix >> 32n) return { family, first, last };
  return { family: 4, first: first - mappedPrefix, last: last - mappedPrefix };
}

function parseV4(text: string): bigint | undefined {
  const octets = text.split(".", 5);
  if (octets.length !== 4) return undefined;
  let value = 0n;
  for (const octet of octets) {
    if (!/^[0-9]+$/.test(octet) || Number(octet) > 255) return undefined;
    value = (value << 8n) | BigInt(Number(octet));
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::", 3);
  if (halves.length > 2) return undefined;
  const [head, tail] = halves as [string, string?];
  const left = parseGroups(head, tail === undefined);
  const right = tail === undefined ? [] : parseGroups(tail, true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** Groups between colons; the last of the whole address may be a dotted IPv4 address, which makes two groups. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":", 10);
  for (const [i, part] of parts.entries()) {
    if (atEnd && i === parts.length - 1 && part.includes(".")) {
      const v4 = parseV4(part);
      if (v4 === undefined) return undefined;
      groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else {
      const group = /^[0-9a-fA-F]+$/.test(part) ? Number.parseInt(part, 16) : Number.POSITIVE_INFINITY;
      if (group > 0xffff) return undefined;
      groups.push(group);
    }
  }
  return groups;
}

/** Start and length of the first longest run of zero groups. */
function longestZeroRun(groups: readonly string[]): [number, number] {
  let best: [number, number] = [0, 0];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === "0") end++;
    if (end - i > best[1]) best = [i, end - i];
    if (end > i) i = end;
  }
  return best;
}
