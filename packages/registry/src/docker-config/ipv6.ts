const IPV4_PART = /^(?:0|[1-9]\d{0,2})$/;

/** Whether a text is an IPv6 address without zone, as Go's `netip.ParseAddr` reads one. */
export function isIPv6(text: string): boolean {
  const halves = text.split("::");
  if (!text.includes(":") || halves.length > 2) return false;
  const groups = halves.map(groupsOf);
  const count = groups.reduce<number>((sum, size) => sum + (size ?? Number.NaN), 0);
  // `::` stands for one group at least, and nothing follows an IPv4 address.
  if (halves.length === 2) return count <= 7 && !(halves[0] ?? "").includes(".");
  return count === 8;
}

/** How many groups of 16 bits these are; an IPv4 address at the end counts two. `undefined`: it is wrong. */
function groupsOf(text: string): number | undefined {
  if (text === "") return 0;
  const parts = text.split(":");
  const last = parts.at(-1) ?? "";
  const isMixed = last.includes(".");
  const hex = isMixed ? parts.slice(0, -1) : parts;
  if (!hex.every((part) => /^[0-9A-Fa-f]{1,4}$/.test(part))) return undefined;
  if (!isMixed) return hex.length;
  const numbers = last.split(".");
  const isIPv4 = numbers.length === 4 && numbers.every((n) => IPV4_PART.test(n) && Number(n) < 256);
  return isIPv4 ? hex.length + 2 : undefined;
}
