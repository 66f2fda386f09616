import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareReleases, coreDnsReleases, lintCorefile, migrateCorefile } from "@ashlar/dns";
import { beforeAll, describe, expect, it } from "vitest";
import { selfSignedCertificate } from "../components/certificate.ts";
import type { CorednsVerdict, CorefileCase } from "../components/coredns.ts";
import { OLD_COREDNS, oldCorednsCheck } from "../components/old-coredns.ts";
import { FILES, optionCases, wholeCases } from "../corefile-lint/cases.ts";
import { KNOWN_BAD } from "../corefile-lint/known-bad.ts";
import { outside } from "../corefile-lint/outside.ts";
import { SAMPLES } from "../corefile-migration/corefiles.ts";
import { oldCorefiles } from "../corefile-migration/generated.ts";
import { takes } from "../corefile-migration/takes.ts";

const SEED = 20261124;
const GENERATED = 1000;
const ASKED = process.env.ASHLAR_OLD_COREDNS === "1";

if (!ASKED)
  console.log(
    "skipped: CoreDNS 1.7.0, 1.8.7 and 1.11.3 take minutes to build; ASHLAR_OLD_COREDNS=1 asks for them",
  );

/** Where the lint reads what an earlier release takes or refuses as 1.15.0 does; nothing else may differ. */
const READ_AS_TODAY: readonly RegExp[] = [
  // what CoreDNS said
  /^plugin\/rewrite: /,
  /^plugin\/forward: (health_check: unknown option domain|.*quic:)/,
  /^plugin\/reload: jitter value must be greater or equal to 1s/,
  /plugin\/cache: .*unexpected line ending after '(30s|1m)'/,
  /plugin\/errors: .*after 'show_first'/,
  /^plugin\/timeouts: .*timeout provided '-1s'/,
  // what the lint said of a file that it takes
  /^OK .*(cannot serve dns:\/\/a\.test\.:53|"https3:\/\/.* no plugin tls|only one of them has tls|fallthrough_unsupported)/,
];

const files: Record<string, string> = {
  ...FILES,
  "db.example.test":
    "@ 60 IN SOA ns.example.test. a.example.test. 1 60 60 60 60\n@ 60 IN NS ns.example.test.\n",
};

const random = oldCorefiles(GENERATED, SEED);

const cases = (texts: Iterable<string>): CorefileCase[] =>
  [...new Set(texts)].map((text) => ({ text, files }));

/** The samples as every release that takes them leaves them to `to`. */
function migratedSamples(to: string): { texts: string[]; refused: string[] } {
  const texts: string[] = [];
  const refused = new Set<string>();
  for (const { name, since, text } of SAMPLES)
    for (const from of coreDnsReleases().filter((r) => compareReleases(r, since) >= 0 && takes(r, text))) {
      const { value } = migrateCorefile(text, { from, to });
      if (value) texts.push(value.text);
      else if (compareReleases(from, to) < 0) refused.add(name);
    }
  return { texts, refused: [...refused].sort() };
}

/** The samples that cannot be moved up to a release, as they say of themselves. */
function knownRefusals(to: string): string[] {
  return SAMPLES.filter(
    ({ refused }) =>
      refused !== undefined &&
      compareReleases(refused[0], to) <= 0 &&
      (refused[1] === undefined || compareReleases(to, refused[1]) < 0),
  )
    .map(({ name }) => name)
    .sort();
}

function migratedRandom(to: string): string[] {
  return random.flatMap((text) => migrateCorefile(text, { from: "1.3.1", to }).value?.text ?? []);
}

function refusals(asked: readonly CorefileCase[], verdicts: readonly CorednsVerdict[]): string[] {
  return verdicts.flatMap(({ ok, error }, i) => (ok ? [] : [`${error}\n${asked[i]!.text}`]));
}

describe.runIf(ASKED)("earlier releases of CoreDNS (ASHLAR_OLD_COREDNS=1)", () => {
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "ashlar-old-coredns-"));
    const { certificate, keyFile } = await selfSignedCertificate(folder);
    files["cert.pem"] = certificate;
    files["key.pem"] = await readFile(keyFile, "utf8");
    await rm(folder, { recursive: true });
  });

  it.each(OLD_COREDNS)("%s takes what is migrated to it", { timeout: 1_800_000 }, async (to) => {
    const samples = migratedSamples(to);
    const made = migratedRandom(to);
    const asked = cases([...samples.texts, ...made]);
    const wrong = refusals(asked, await oldCorednsCheck(to, asked));
    console.log(
      `${to}: ${asked.length} different files, of ${samples.texts.length} samples and ${made.length} random ones`,
    );
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(samples.refused).toEqual(knownRefusals(to));
    expect(samples.texts.length).toBeGreaterThan(80);
    expect(made.length).toBeGreaterThanOrEqual(300);
  });

  it.each(OLD_COREDNS)("%s refuses what the lint calls an error", { timeout: 1_800_000 }, async (coredns) => {
    const asked = [
      ...cases([
        ...SAMPLES.map(({ text }) => text),
        ...random,
        ...migratedRandom(coredns),
        ...migratedSamples(coredns).texts,
      ]),
      ...cases(KNOWN_BAD.map(({ text }) => text)),
      // 1.7.0 asks Azure itself, for as long as that takes, before it looks at the rest.
      ...cases([...wholeCases(), ...optionCases()].map(({ text }) => text)).filter(
        ({ text }) => !text.includes("azure"),
      ),
    ];
    const verdicts = await oldCorednsCheck(coredns, asked);
    const counts = { taken: 0, refused: 0, outside: 0, asToday: 0 };
    const wrong: object[] = [];
    for (const [i, { text }] of asked.entries()) {
      const verdict = verdicts[i]!;
      const errors = lintCorefile(text, { coredns, env: {}, files }).filter(
        ({ severity }) => severity === "error",
      );
      if (verdict.ok === (errors.length === 0)) counts[verdict.ok ? "taken" : "refused"]++;
      else if (!verdict.ok && outside(verdict)) counts.outside++;
      else {
        const theirs = verdict.error || `OK ${errors[0]!.message}`;
        if (READ_AS_TODAY.some((known) => known.test(theirs.replace(/^Corefile:\d+ - /, ""))))
          counts.asToday++;
        else wrong.push({ text, theirs, ours: errors.map(({ message }) => message) });
      }
    }
    console.log(`${coredns}:`, counts, `${wrong.length} differ`);
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(counts.taken).toBeGreaterThan(800);
    expect(counts.refused).toBeGreaterThan(1000);
    expect(counts.outside).toBeLessThan(20);
    expect(counts.asToday).toBe({ "1.7.0": 75, "1.8.7": 63, "1.11.3": 51 }[coredns]);
  });
});
