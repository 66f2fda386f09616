import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lintCorefile } from "@ashlar/dns";
import { describe, expect, it } from "vitest";
import { selfSignedCertificate } from "../components/certificate.ts";
import { type CorefileCase, corednsCheck } from "../components/coredns.ts";
import { changedCases, FILES, wholeCases } from "../corefile-lint/cases.ts";
import { KNOWN_BAD } from "../corefile-lint/known-bad.ts";
import { outside } from "../corefile-lint/outside.ts";

const SEED = 20261123;
const CHANGED = 12_000;

async function compare(cases: readonly CorefileCase[]) {
  const theirs = await corednsCheck(cases);
  const counts = { same: 0, refused: 0, outside: 0 };
  const wrong: object[] = [];
  for (const [i, { text, files }] of cases.entries()) {
    const verdict = theirs[i]!;
    const errors = lintCorefile(text, { env: {}, files: files ?? {} }).filter(
      ({ severity }) => severity === "error",
    );
    const why = verdict.ok ? undefined : outside(verdict);
    if (why && errors.length === 0) counts.outside++;
    else if (verdict.ok === (errors.length === 0)) {
      counts.same++;
      if (!verdict.ok) counts.refused++;
    } else wrong.push({ text, theirs: verdict.error || "OK", ours: errors.map(({ message }) => message) });
  }
  return { counts, wrong };
}

describe("what the lint calls an error, and what CoreDNS refuses", () => {
  it("is the same for every plugin's statements as they are", async () => {
    const cases = wholeCases();
    const { counts, wrong } = await compare(cases);
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(750);
    expect(counts.same + counts.outside).toBe(cases.length);
    expect(counts.outside).toBeLessThan(20);
  });

  it("is the same for changed ones", async () => {
    const { counts, wrong } = await compare(changedCases(CHANGED, SEED));
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(counts.same + counts.outside).toBe(CHANGED);
    expect(counts.refused).toBeGreaterThan(CHANGED / 3);
    expect(counts.same - counts.refused).toBeGreaterThan(CHANGED / 3);
    expect(counts.outside).toBeLessThan(CHANGED / 40);
  });

  it("is the same for the mistakes that people make, each of which has its code", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ashlar-lint-"));
    const { certificate, keyFile } = await selfSignedCertificate(folder);
    const files = { ...FILES, "cert.pem": certificate, "key.pem": await readFile(keyFile, "utf8") };
    await rm(folder, { recursive: true });
    const theirs = await corednsCheck(KNOWN_BAD.map(({ text }) => ({ text, files })));
    const wrong = KNOWN_BAD.flatMap(({ text, starts, code }, i) => {
      const findings = lintCorefile(text, { env: {}, files: {} });
      const { ok, error } = theirs[i]!;
      const errors = findings.some(({ severity }) => severity === "error");
      const found = findings.some((one) => one.code === code);
      return found && ok === starts && errors === !starts
        ? []
        : [{ text, code, starts, error, ours: findings }];
    });
    expect(wrong).toEqual([]);
    expect(KNOWN_BAD.length).toBeGreaterThanOrEqual(60);
  });
});
