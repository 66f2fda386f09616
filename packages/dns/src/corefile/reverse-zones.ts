/** The digits of an address, most significant first: 4 octets or 32 hexadecimal digits. */
interface Address {
  readonly digits: readonly number[];
  readonly bitsPerDigit: 4 | 8;
}

/**
 * The zones of the reverse tree that a block of addresses covers, in order; one that ends between two labels covers a zone for each
 * value of the label (CoreDNS: plugin/pkg/cidr). `undefined`: not a block as Go's net.ParseCIDR reads it.
 *
 * @example reverseZones("10.1.2.3/16") // ["1.10.in-addr.arpa."]
 * @example reverseZones("2001:db8::/33") // ["0.8.b.d.0.1.0.0.2.ip6.arpa.", … 8 zones]
 */
export function reverseZones(text: string): string[] | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const mask = text.slice(slash + 1);
  if (!address || !/^[0-9]+$/.test(mask)) return undefined;
  const { digits, bitsPerDigit } = address;
  const ones = Number(mask);
  if (ones > digits.length * bitsPerDigit) return undefined;

  const labels = digits.slice(0, Math.ceil(ones / bitsPerDigit));
  const open = labels.length * bitsPerDigit - ones; // bits of the last label that are not in the mask
  const parent = labels.slice(0, -1);
  const first = labels.at(-1);
  if (first === undefined) return [zoneOf([], bitsPerDigit)];
  const lowest = first & ~((1 << open) - 1);
  return Array.from({ length: 1 << open }, (_, i) => zoneOf([...parent, lowest + i], bitsPerDigit));
}

function zoneOf(labels: readonly number[], bitsPerDigit: 4 | 8): string {
  const [radix, suffix] = bitsPerDigit === 8 ? [10, "in-addr.arpa."] : [16, "ip6.arpa."];
  return labels.toReversed().reduce<string>((name, label) => `${name}${label.toString(radix)}.`, "") + suffix;
}

function parseAddress(text: string): Address | undefined {
  if (!text.includes(":")) {
    const digits = parseV4(text);
    return digits && { digits, bitsPerDigit: 8 };
  }
  const digits = parseV6(text);
  return digits && { digits, bitsPerDigit: 4 };
}

function parseV4(text: string): number[] | undefined {
  const parts = text.split(".");
  const valid =
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256);
  return valid ? parts.map(Number) : undefined;
}

/** Go's net/netip: up to 4 digits a group, one `::` for at least one group, an IPv4 address at the end. */
function parseV6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, i) => parseGroups(half, i === halves.length - 1));
  const [left, right] = groups;
  if (!left || (halves.length === 2 && !right)) return undefined;
  const missing = 32 - left.length - (right?.length ?? 0);
  if (halves.length === 1) return missing === 0 ? left : undefined;
  return missing >= 4 ? [...left, ...Array.from({ length: missing }, () => 0), ...right!] : undefined;
}

function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === "") return [];
  const digits: number[] = [];
  const groups = text.split(":");
  for (const [i, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) digits.push(...group.padStart(4, "0").split("").map(hexDigit));
    else {
      const v4 = last && i === groups.length - 1 ? parseV4(group) : undefined;
      if (!v4) return undefined;
      digits.push(...v4.flatMap((octet) => [octet >> 4, octet & 15]));
    }
  }
  return digits;
}

function hexDigit(letter: string): number {
  return Number.parseInt(letter, 16);
}
