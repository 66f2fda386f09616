import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatReachClaim, type Party, type ReachClaim } from "./claim.ts";
import { parseReachClaim } from "./parse-claim.ts";

const environments = { prod: ["prod", "prod-eu"], dev: ["dev"], common: [] };
const parse = (text: string) => parseReachClaim(text, { environments, by: "expect" });

function parsed(text: string): ReachClaim {
  const result = parse(text);
  if (!result.ok) throw new Error(result.findings.map((f) => f.message).join("\n"));
  return result.value;
}

const prod: Party = { kind: "namespaces", name: "env:prod", namespaces: ["prod", "prod-eu"] };
const dev: Party = { kind: "namespaces", name: "env:dev", namespaces: ["dev"] };
const tcp = (from: number, to = from) => ({ protocol: "TCP", from, to });

describe("parseReachClaim", () => {
  test.each<[string, Pick<ReachClaim, "expect" | "from" | "to"> & { ports?: unknown }]>([
    ["env:dev -> env:prod", { expect: "reach", from: dev, to: prod }],
    ["  env:dev  -/->  env:prod ", { expect: "no-reach", from: dev, to: prod }],
    ["env:dev->env:prod", { expect: "reach", from: dev, to: prod }],
    ["env:dev-/->env:prod", { expect: "no-reach", from: dev, to: prod }],
    [
      "ns:kubeapps -> prod/web",
      {
        expect: "reach",
        from: { kind: "namespaces", name: "ns:kubeapps", namespaces: ["kubeapps"] },
        to: { kind: "workload", ref: "prod/web" },
      },
    ],
    [
      "prod/busybox -> default/busybox:80",
      {
        expect: "reach",
        from: { kind: "workload", ref: "prod/busybox" },
        to: { kind: "workload", ref: "default/busybox" },
        ports: [tcp(80)],
      },
    ],
    [
      "prod/StatefulSet/db -/-> default/web.v2:53/UDP",
      {
        expect: "no-reach",
        from: { kind: "workload", ref: "prod/StatefulSet/db" },
        to: { kind: "workload", ref: "default/web.v2" },
        ports: [{ protocol: "UDP", from: 53, to: 53 }],
      },
    ],
    [
      "env:dev -> env:prod : 5432/TCP, 53/UDP, 8000-8100/TCP",
      {
        expect: "reach",
        from: dev,
        to: prod,
        ports: [tcp(5432), tcp(8000, 8100), { protocol: "UDP", from: 53, to: 53 }],
      },
    ],
    ["env:dev -> env:prod : TCP", { expect: "reach", from: dev, to: prod, ports: [tcp(1, 65535)] }],
    ["env:dev -> env:prod:80", { expect: "reach", from: dev, to: prod, ports: [tcp(80)] }],
    ["env:dev -> env:prod : only 5432/TCP", { expect: "only", from: dev, to: prod, ports: [tcp(5432)] }],
    ["env:dev -> env:prod: only 5432", { expect: "only", from: dev, to: prod, ports: [tcp(5432)] }],
    ["env:dev -/-> internet", { expect: "no-reach", from: dev, to: { kind: "block", cidr: "internet" } }],
    ["internet -/-> env:dev", { expect: "no-reach", from: { kind: "block", cidr: "internet" }, to: dev }],
    [
      "env:dev -> 10.0.0.0/8 : 443",
      { expect: "reach", from: dev, to: { kind: "block", cidr: "10.0.0.0/8" }, ports: [tcp(443)] },
    ],
    [
      "env:dev -> 10.0.0.7:443",
      { expect: "reach", from: dev, to: { kind: "block", cidr: "10.0.0.7" }, ports: [tcp(443)] },
    ],
    [
      "2001:db8::/32 -> env:dev",
      { expect: "reach", from: { kind: "block", cidr: "2001:db8::/32" }, to: dev },
    ],
    [
      "env:dev -> 2001:db8::1 : 80",
      { expect: "reach", from: dev, to: { kind: "block", cidr: "2001:db8::1" }, ports: [tcp(80)] },
    ],
    [
      "env:dev -> [2001:db8::1]:80",
      { expect: "reach", from: dev, to: { kind: "block", cidr: "2001:db8::1" }, ports: [tcp(80)] },
    ],
  ])("reads %s", (text, expected) => {
    expect(parsed(text)).toEqual({ kind: "reach", text: text.trim(), by: "expect", ...expected });
  });

  test.each([
    [
      "env:dvelopment -> env:prod",
      5,
      'unknown environment "dvelopment"',
      'write one of "prod", "dev", "common"',
    ],
    ["env:prd -> env:dev", 5, 'unknown environment "prd"', 'did you mean "prod"?'],
    ["env:constructor -> env:dev", 5, 'unknown environment "constructor"', "write one of"],
    ["env:dev -> prod", 12, 'expected a receiver such as env:dev, found "prod"', 'did you mean "env:prod"?'],
    ["internt -> env:dev", 1, 'found "internt"', 'did you mean "internet"?'],
    ["env:dev env:prod", 1, "expected an arrow between two parties", "env:dev -/-> env:prod"],
    ["env:dev <-> env:prod", 9, 'found "<->"', "one claim for each direction"],
    ["env:dev => env:prod", 9, 'found "=>"', 'write "->"'],
    ["env:dev -/> env:prod", 9, 'found "-/>"', 'write "-/->"'],
    ["env:dev -> env:prod -> env:dev", 21, 'found a second "->"', "one claim for each arrow"],
    ["-> env:prod", 1, "expected a sender, found nothing", "write"],
    ["env:dev ->", 11, "expected a receiver, found nothing", "write"],
    ["env:dev -> ns:Prod", 15, 'expected a namespace name, found "Prod"', "a-z, 0-9 and -"],
    ["env:dev -> prod/", 12, 'found "prod/"', "names have"],
    ["env:dev -> a/b/c/d", 12, 'found "a/b/c/d"', "names have"],
    ["env:dev -> 10.0.0.1/8", 12, "host bits", "10.0.0.0/8"],
    ["env:dev -> 10.0.0.300", 12, 'found "10.0.0.300"', "10.0.0.7"],
    ["env:dev -> env:prod : 70000", 23, 'port "70000" is out of range', "1 to 65535"],
    ["env:dev -> env:prod : http", 23, '"http" is no port', "5432/TCP"],
    ["env:dev -> env:prod : 80/tcp", 23, '"80/tcp" is no port', "5432/TCP"],
    ["env:dev -> env:prod :", 22, '"" is no port', "5432/TCP"],
    ["env:dev -> env:prod : only", 27, '"" is no port', "5432/TCP"],
    ["env:dev -> env:prod:80 : 443", 26, "found a glued port and a list", " : 80, …"],
    ["env:dev -/-> env:prod : only 80", 25, 'found "only"', 'write "->"'],
    ["internet -> 10.0.0.0/8", 1, "addresses on both sides", "write"],
  ])("refuses %s", (text, column, message, hint) => {
    const result = parseReachClaim(text, { environments, by: "expect", path: "expect[2]" });
    if (result.ok) throw new Error("accepted");
    const [finding] = result.findings;
    expect(finding).toMatchObject({
      code: "network-policy/valid-claim",
      severity: "error",
      path: "expect[2]",
    });
    expect(finding!.message).toContain(`column ${column}: `);
    expect(finding!.message).toContain(message);
    expect(finding!.hint).toContain(hint);
  });

  test("reports both ends of one claim", () => {
    const result = parse("env:x -> env:y");
    expect(result.ok ? [] : result.findings.map((f) => f.message)).toHaveLength(2);
  });

  test("takes any text without throwing, and in no time", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => void parse(text)));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("env:", "dev", " ", "->", "-/->", ":", "/", "[", "]", "only", "80", "-")),
        (words) => void parse(words.join("")),
      ),
      { numRuns: 2000 },
    );
    for (const text of [" ".repeat(1e6), "-".repeat(1e6), `env:dev -> ${":".repeat(1e6)}`]) {
      const result = parse(text);
      expect(result.ok ? "" : result.findings[0]!.message).toContain("at most 1000 characters");
    }
  });

  test("reads what formatReachClaim writes", () => {
    const party = fc.constantFrom<Party>(
      prod,
      dev,
      { kind: "namespaces", name: "ns:kubeapps", namespaces: ["kubeapps"] },
      { kind: "workload", ref: "prod/web" },
      { kind: "workload", ref: "prod/Deployment/web" },
      { kind: "block", cidr: "10.0.0.0/8" },
      { kind: "block", cidr: "2001:db8::/32" },
      { kind: "block", cidr: "internet" },
    );
    const ports = fc.constantFrom<NonNullable<ReachClaim["ports"]>>(
      [{ protocol: "TCP", from: 5432, to: 5432 }],
      [
        { protocol: "TCP", from: 8000, to: 8100 },
        { protocol: "UDP", from: 1, to: 65535 },
      ],
    );
    const expectation = fc.constantFrom("reach" as const, "no-reach" as const);
    const parts = fc.oneof(
      fc.record(
        { from: party, to: party, expect: expectation, ports },
        { requiredKeys: ["from", "to", "expect"] },
      ),
      fc.record({ from: party, to: party, expect: fc.constant("only" as const), ports }),
    );
    fc.assert(
      fc.property(parts, (p) => {
        fc.pre(p.from.kind !== "block" || p.to.kind !== "block");
        const claim = formatReachClaim({ by: "expect", ...p });
        expect(parsed(claim.text)).toEqual(claim);
      }),
    );
  });
});
