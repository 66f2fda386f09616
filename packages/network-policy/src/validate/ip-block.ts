import { formatCidrs, type IpRange, parseIpRange, rangeContains } from "../policy/ip.ts";
import { type Problem, quoted } from "./problem.ts";

interface IpBlock {
  readonly cidr?: string;
  readonly except?: readonly string[];
}

/**
 * What the API server refuses in a decoded ipBlock on create: anything that is no CIDR, the forms that different programs
 * read differently (host bits, leading zeros, IPv4-mapped IPv6: refused since Kubernetes 1.36), and exceptions that do
 * not lie strictly within the block.
 */
export function ipBlockProblems({ cidr = "", except = [] }: IpBlock, path: string): Problem[] {
  if (cidr === "")
    return [
      {
        path: `${path}.cidr`,
        message: "an ipBlock needs a cidr, and there is none",
        hint: "write the addresses as a CIDR, like 10.0.0.0/8 or 2001:db8::/32; 0.0.0.0/0 is all of IPv4",
      },
    ];
  const problems = cidrProblems(cidr, `${path}.cidr`);
  const block = parseIpRange(cidr);
  if (block === undefined) return problems;
  except.forEach((text, i) => {
    const at = `${path}.except[${i}]`;
    problems.push(...cidrProblems(text, at));
    const exception = parseIpRange(text);
    if (exception && !isStrictlyWithin(exception, text, block, cidr))
      problems.push({
        path: at,
        message: `${quoted(text)} must lie within the cidr ${quoted(cidr)} and be smaller than it`,
        hint: "write a part of the cidr, or leave this exception out: it takes nothing away",
      });
  });
  return problems;
}

/** As the server compares: by the first address and by the prefix lengths as they are written. */
function isStrictlyWithin(inner: IpRange, innerText: string, outer: IpRange, outerText: string): boolean {
  const first = { ...inner, last: inner.first };
  return rangeContains(outer, first) && prefixLength(outerText) < prefixLength(innerText);
}

function prefixLength(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf("/") + 1));
}

function cidrProblems(text: string, path: string): Problem[] {
  const range = parseIpRange(text);
  if (range === undefined)
    return [
      {
        path,
        message: `${quoted(text)} is not a CIDR: expected an address, "/" and a prefix length, like 10.9.8.0/24 or 2001:db8::/64`,
        hint:
          parseIpRange(`${text}/32`)?.family === 4 ? `write ${text}/32 for this one address` : cidrHint(text),
      },
    ];
  if (parseIpRange(text, { strict: true })) return [];
  const canonical = formatCidrs(range)[0]!;
  return [
    {
      path,
      message: `${quoted(text)} is refused since Kubernetes 1.36, because programs read it differently: it has ${oddity(text, range)}`,
      hint: `write ${canonical} if these addresses are meant: ${canonical} is how it was read until now`,
    },
  ];
}

function cidrHint(text: string): string {
  return parseIpRange(`${text}/128`) ? `write ${text}/128 for this one address` : "write it in CIDR notation";
}

function oddity(text: string, range: IpRange): string {
  if (text.includes(":") && range.family === 4) return "an IPv4 address mapped into IPv6";
  const canonical = formatCidrs(range)[0]!;
  const withoutZeros = text.replace(/(^|[.:/])0+(?=[0-9a-fA-F])/g, "$1");
  if (withoutZeros !== text && parseIpRange(withoutZeros, { strict: true })) return "leading zeros";
  return `bits set beyond its prefix length (${canonical} has none)`;
}
