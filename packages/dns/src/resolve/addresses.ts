import { reverseZones } from "../corefile/reverse-zones.ts";

export interface IpAddress {
  readonly type: "A" | "AAAA";
  /** As Go prints it: `10.0.0.1`, `2001:db8::1`. */
  readonly text: string;
}

const V4_ZONE = ".in-addr.arpa.";
const V6_ZONE = ".ip6.arpa.";

/** An address as Go's net.ParseIP reads it; an IPv4 address written in IPv6 is one of IPv4. */
export function parseAddress(text: string): IpAddress | undefined {
  if (!text.includes(":")) return reverseZones(`${text}/32`) && { type: "A", text };
  const zone = reverseZones(`${text}/128`)?.[0];
  if (zone === undefined) return undefined;
  const nibbles = zone.slice(0, -V6_ZONE.length).split(".").reverse();
  const groups = Array.from({ length: 8 }, (_, i) =>
    Number.parseInt(nibbles.slice(4 * i, 4 * i + 4).join(""), 16),
  );
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const octets = groups.slice(6).flatMap((group) => [group >> 8, group & 255]);
    return { type: "A", text: octets.join(".") };
  }
  return { type: "AAAA", text: shortened(groups) };
}

/** RFC 5952: the longest run of at least two zeros, the first of equals, becomes `::`. */
function shortened(groups: readonly number[]): string {
  let [best, length] = [0, 1];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > length) [best, length] = [start, end - start];
  }
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(":");
  return `${words.slice(0, best).join(":")}::${words.slice(best + length).join(":")}`;
}

/** Whether a name is below in-addr.arpa or ip6.arpa. */
export function isReverse(name: string): boolean {
  return name.endsWith(V4_ZONE) || name.endsWith(V6_ZONE);
}

/** The address that a name of the reverse tree stands for, as Go prints it; `undefined`: it stands for none. */
export function addressOfReverse(name: string): string | undefined {
  if (name.endsWith(V4_ZONE)) {
    const address = parseAddress(name.slice(0, -V4_ZONE.length).split(".").reverse().join("."));
    return address?.type === "A" ? address.text : undefined;
  }
  if (!name.endsWith(V6_ZONE)) return undefined;
  const nibbles = name.slice(0, -V6_ZONE.length).split(".").reverse();
  const groups = Array.from({ length: Math.floor(nibbles.length / 4) }, (_, i) =>
    nibbles.slice(4 * i, 4 * i + 4).join(""),
  );
  return parseAddress(groups.join(":"))?.text;
}

/** The name of the reverse tree for an address. */
export function reverseName(address: IpAddress): string {
  return reverseZones(`${address.text}/${address.type === "A" ? 32 : 128}`)![0]!;
}

/** Whether an address is in a block (`10.0.0.0/8`, or one address); `undefined`: the block is none. */
export function isInBlock(address: string, block: string): boolean | undefined {
  const bits = block.includes(":") ? 128 : 32;
  const [base = "", size = `${bits}`] = block.split("/");
  const [own, its] = [parseAddress(address), parseAddress(base)];
  if (!own || !its || !/^[0-9]{1,3}$/.test(size) || Number(size) > bits) return undefined;
  if (own.type !== its.type) return false;
  const length = its.type === "A" && bits === 128 ? Number(size) - 96 : Number(size);
  return bitsOf(own).slice(0, Math.max(length, 0)) === bitsOf(its).slice(0, Math.max(length, 0));
}

function bitsOf(address: IpAddress): string {
  const [radix, width, suffix] = address.type === "A" ? [10, 8, V4_ZONE] : [16, 4, V6_ZONE];
  const labels = reverseName(address).slice(0, -suffix.length).split(".").reverse();
  return labels.map((label) => Number.parseInt(label, radix).toString(2).padStart(width, "0")).join("");
}
