import { dnsModel, resolveName } from "@ashlar/dns";
import { expect, test } from "vitest";
import { askProgram } from "../components/coredns.ts";
import { randomExpressions } from "../dns/expressions.ts";

interface Found {
  readonly ok: boolean;
  readonly groups: readonly string[] | null;
}

test("an expression of a rewrite matches what Go's regexp package finds, with the same group", async () => {
  // A word that is a brace is one for the Corefile too, in quotes or not.
  const cases = randomExpressions(12_345, 6000).filter(({ pattern }) => pattern !== "{");
  const asked = cases.map(({ pattern, text }) => ({ pattern, text: `${text}.` }));
  const found = (await askProgram("regexp", [], asked)) as Found[];
  const outcomes = { refused: 0, matched: 0, missed: 0 };
  const wrong = cases.flatMap((one, i) => {
    const { ok, groups } = found[i]!;
    outcomes[!ok ? "refused" : groups ? "matched" : "missed"]++;
    const quoted = `"${one.pattern}"`;
    const corefile = `. {\n rewrite name regex ${quoted} x{0}x.test\n template ANY ANY test {\n  answer "{{ .Name }} 60 IN A 192.0.2.1"\n }\n template ANY ANY {\n  rcode NXDOMAIN\n }\n}\n`;
    const verdict = resolveName(dnsModel([], { corefile }), `${one.text}.`);
    const name = `x${groups?.[0] ?? ""}x.test.`.toLowerCase();
    // A name that a rule makes and that is none fails in CoreDNS too.
    const isName = !/\.\.|^\./.test(name);
    const expected = !ok ? "unknown" : !groups ? "nxdomain" : isName ? "answer" : "servfail";
    const got = [verdict.outcome, verdict.records[0]?.name];
    const wanted = [expected, expected === "answer" ? name : undefined];
    return JSON.stringify(got) === JSON.stringify(wanted) ? [] : [{ ...one, groups, got, wanted }];
  });
  expect(wrong.slice(0, 8)).toEqual([]);
  expect(wrong.length).toBe(0);
  expect(outcomes.matched).toBeGreaterThan(800);
  expect(outcomes.missed).toBeGreaterThan(800);
  expect(outcomes.refused).toBeGreaterThan(800);
});
