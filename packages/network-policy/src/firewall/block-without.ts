import { formatCidrs, type IpRange, parseIpRange } from "../policy/ip.ts";

/**
 * A CIDR less its exceptions as the fewest CIDRs, for plugins that do not read `except`.
 *
 * @example blockWithout("10.0.0.0/30", ["10.0.0.1/32"]) // ["10.0.0.0/32", "10.0.0.2/31"]
 */
export function blockWithout(cidr: string, except: readonly string[]): string[] {
  const block = parseIpRange(cidr);
  if (!block) return [cidr];
  const cuts = except
    .map((text) => parseIpRange(text))
    .filter((cut): cut is IpRange => cut !== undefined && cut.family === block.family)
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const rest: string[] = [];
  let next = block.first;
  for (const cut of cuts) {
    if (cut.first > next)
      rest.push(...formatCidrs({ family: block.family, first: next, last: cut.first - 1n }));
    if (cut.last >= next) next = cut.last + 1n;
  }
  if (next <= block.last) rest.push(...formatCidrs({ family: block.family, first: next, last: block.last }));
  return rest;
}
