import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCidrs, formatIp, formatRange, parseIp, parseIpRange, rangeContains } from "./ip.ts";

function shown(text: string): string | undefined {
  const range = parseIpRange(text);
  return range && formatRange(range);
}

describe("parseIpRange", () => {
  // What Go's legacy net.ParseCIDR reads, which the API server uses for stored objects.
  it.each([
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["010.000.0.0/08", "10.0.0.0/8"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["255.255.255.255/32", "255.255.255.255"],
    ["2001:DB8::/32", "2001:db8::/32"],
    ["2001:db8::1/64", "2001:db8::/64"],
    ["::/0", "::/0"],
    ["::1/128", "::1"],
    ["1:2:3:4:5:6:7:8/128", "1:2:3:4:5:6:7:8"],
    ["1::8/128", "1::8"],
    ["64:ff9b::192.0.2.33/128", "64:ff9b::c000:221"],
    ["::ffff:192.0.2.0/120", "192.0.2.0/24"],
    ["::ffff:0:0/96", "0.0.0.0/0"],
    ["::ffff:0:0/95", "::fffe:0:0/95"],
  ])("%s is %s", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    ...[
      "",
      "/",
      "10.0.0.0",
      "10.0.0.0/",
      "10.0.0.0/33",
      "10.0.0.0/-1",
      "10.0.0.0/8/8",
      "10.0.0/8",
      "10.0.0.0.0/8",
    ],
    ...[
      "256.0.0.0/8",
      "10.0.0.a/8",
      " 10.0.0.0/8",
      "10.0.0.0/8 ",
      "10.0.0.0/ 8",
      "0x10.0.0.0/8",
      "10..0.0/8",
    ],
    ...[
      "::/129",
      ":/0",
      ":::/0",
      "1::2::3/64",
      "1:2:3:4:5:6:7/64",
      "1:2:3:4:5:6:7:8:9/64",
      "1:2:3:4:5:6:7:8::/64",
    ],
    ...["12345::/16", "g::/16", "fe80::1%eth0/64", "::1.2.3/128", "1.2.3.4::/64", "::1.2.3.4:5/128", "1:/16"],
  ])("%j is none", (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });

  it("in strict mode refuses what Kubernetes 1.36 refuses on create", () => {
    const strict = (text: string) => parseIpRange(text, { strict: true }) !== undefined;
    for (const text of [
      "10.1.0.0/8",
      "010.0.0.0/8",
      "10.0.0.0/08",
      "::ffff:10.0.0.0/104",
      "2001:db8::1/32",
      "00001::/16",
    ])
      expect([text, strict(text)]).toEqual([text, false]);
    for (const text of ["10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32", "::/0"])
      expect([text, strict(text)]).toEqual([text, true]);
  });
});

describe("addresses", () => {
  it("reads one address, IPv4-mapped ones as IPv4", () => {
    expect(parseIp("::ffff:192.0.2.1")).toEqual(parseIp("192.0.2.1"));
    expect(parseIp("10.0.0.0/8")).toBeUndefined();
    expect(parseIp("localhost")).toBeUndefined();
  });

  it("writes IPv6 as RFC 5952 says", () => {
    const again = (text: string) => formatIp(6, parseIp(text)!.first);
    expect(["2001:0DB8:0:0:1:0:0:1", "2001:db8:0:1:1:1:1:1", "::", "1::", "0:0:1::"].map(again)).toEqual([
      ...["2001:db8::1:0:0:1", "2001:db8:0:1:1:1:1:1", "::", "1::", "0:0:1::"],
    ]);
  });

  it("writes every address so that it reads back", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(4 as const, 6 as const),
        fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
        (family, bits) => {
          const value = family === 4 ? bits & 0xffffffffn : bits;
          if (family === 6 && value >> 32n === 0xffffn) return;
          expect(parseIp(formatIp(family, value))).toEqual({ family, first: value, last: value });
        },
      ),
    );
  });

  it("a range as CIDRs covers the range, without overlaps", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (first, size) => {
        const range = { family: 4 as const, first: BigInt(first), last: BigInt(first + size) };
        let next = range.first;
        for (const cidr of formatCidrs(range).map((text) => parseIpRange(text)!)) {
          expect(cidr.first).toBe(next);
          expect(rangeContains(range, cidr)).toBe(true);
          next = cidr.last + 1n;
        }
        expect(next).toBe(range.last + 1n);
      }),
    );
  });
});
