import { Resolver } from "node:dns/promises";
import {
  compareReleases,
  coreDnsReleases,
  type Directive,
  migrateCorefile,
  parseCorefile,
} from "@ashlar/dns";
import { describe, expect, it } from "vitest";
import { corednsCheck, startCoreDns } from "../components/coredns.ts";
import { SAMPLES } from "../corefile-migration/corefiles.ts";
import { DIFFERENCES } from "../corefile-migration/differences.ts";
import { oldCorefiles } from "../corefile-migration/generated.ts";
import { type MigrationAnswer, migrateWithTheirs, theirVersions } from "../corefile-migration/oracle.ts";
import type { CorefileSample } from "../corefile-migration/sample.ts";
import { takes } from "../corefile-migration/takes.ts";

const SEED = 20261123;
const GENERATED = 1500;

/** The servers of a Corefile whatever the order of blocks, plugins and options, and the layout. */
function meaning(text: string): string {
  const line = ({ name, args, block }: Directive): string => {
    const inner = (block?.body ?? []).map((item) =>
      item.kind === "directive" ? line(item) : `import ${item.args[0]?.text}`,
    );
    return `${JSON.stringify([name.text, ...args.map((arg) => arg.text)])}{${inner.sort().join()}}`;
  };
  return parseCorefile(text)
    .value.items.map((item) =>
      item.kind === "import"
        ? `import ${item.args[0]?.text}`
        : `${item.keys.map((key) => key.text)}{${item.body
            .map((one) => (one.kind === "directive" ? line(one) : `import ${one.args[0]?.text}`))
            .sort()
            .join()}}`,
    )
    .sort()
    .join("\n");
}

interface Pair {
  readonly sample: CorefileSample;
  readonly from: string;
  readonly to: string;
}

async function allPairs(): Promise<Pair[]> {
  const versions = await theirVersions();
  expect(versions[0]).toBe("1.1.3");
  expect(versions.at(-1)).toBe("1.15.0");
  expect(versions).toHaveLength(59);
  return SAMPLES.flatMap((sample) =>
    versions.flatMap((from, i) =>
      compareReleases(from, sample.since) >= 0 && takes(from, sample.text)
        ? versions.slice(i + 1).map((to) => ({ sample, from, to }))
        : [],
    ),
  );
}

/** The class of a difference, or `undefined` when there is none. */
function difference({ sample, from, to }: Pair, theirs: MigrationAnswer): string | undefined {
  const ours = migrateCorefile(sample.text, { from, to }).value?.text;
  if ((ours === undefined) !== isRefused(sample, to)) return "refused or not, against expectation";
  if (theirs.error === "" && ours !== undefined && meaning(ours) === meaning(theirs.text)) return undefined;
  if (to === "1.4.0" && /^ +upstream/m.test(sample.text) && ours !== undefined && theirs.error === "") {
    const without = theirs.text.replace(/^ +upstream.*\n/m, "");
    if (meaning(without) === meaning(ours)) return "ignored in 1.4.0";
  }
  return sample.differs ?? "none that is known";
}

function isRefused({ refused }: CorefileSample, to: string): boolean {
  const [from, before] = refused ?? [];
  return (
    from !== undefined &&
    compareReleases(to, from) >= 0 &&
    (before === undefined || compareReleases(to, before) < 0)
  );
}

describe("Corefiles, migrated by Kubernetes' corefile-migration and by us", () => {
  it("are the same on all upward pairs of versions, or differ in a class that is named with its reason", async () => {
    expect(SAMPLES.length).toBeGreaterThanOrEqual(40);
    const pairs = await allPairs();
    const theirs = await migrateWithTheirs(
      pairs.map(({ sample, from, to }) => ({ text: sample.text, from, to })),
    );
    const seen = new Map<string, number>();
    const unknown: string[] = [];
    let panics = 0;
    pairs.forEach((pair, i) => {
      const answer = theirs[i]!;
      if (answer.panic) panics++;
      const found = difference(pair, answer);
      if (found === undefined) return;
      seen.set(found, (seen.get(found) ?? 0) + 1);
      if (!Object.hasOwn(DIFFERENCES, found))
        unknown.push(
          `${pair.sample.name} ${pair.from} → ${pair.to}\n  theirs ${answer.error || answer.text}\n  ours ${migrateCorefile(pair.sample.text, pair).value?.text ?? "refused"}`,
        );
    });
    const different = [...seen.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${pairs.length} migrations compared, ${different} differ:`,
      Object.fromEntries(seen),
      `${panics} panics`,
    );
    expect(unknown.slice(0, 3)).toEqual([]);
    expect(Object.keys(DIFFERENCES).filter((name) => !seen.has(name))).toEqual([]);
    expect(pairs.length).toBeGreaterThan(40_000);
    expect(pairs.length - different).toBeGreaterThan(20_000);
    expect(panics).toBeGreaterThan(0);
  });
});

describe("tags of providers", () => {
  it("mean the release that they are built from", () => {
    for (const { text, since } of SAMPLES) {
      const plain = migrateCorefile(text, { from: since, to: "1.11.4" });
      expect(migrateCorefile(text, { from: `v${since}-gke.7`, to: "v1.11.4-eksbuild.2" })).toEqual(plain);
      expect(migrateCorefile(text, { from: since, to: "1.11" })).toEqual(plain);
    }
  });
});

describe("Corefiles migrated to 1.15.0", () => {
  const files = {
    "db.example.test":
      "@ 60 IN SOA ns.example.test. a.example.test. 1 60 60 60 60\n@ 60 IN NS ns.example.test.\n",
  };

  it("are accepted by the real CoreDNS, from every release that took them", async () => {
    const texts = new Map<string, string>();
    const refused = new Set<string>();
    for (const sample of SAMPLES)
      for (const from of coreDnsReleases().filter(
        (r) => compareReleases(r, sample.since) >= 0 && takes(r, sample.text),
      )) {
        const { value } = migrateCorefile(sample.text, { from, to: "1.15.0" });
        if (value) texts.set(value.text, sample.name);
        else refused.add(sample.name);
      }
    const cases = [...texts.keys()].map((text) => ({ text, files }));
    const verdicts = await corednsCheck(cases);
    const wrong = verdicts.flatMap(({ ok, error }, i) =>
      ok ? [] : `${[...texts.values()][i]}: ${error}\n${cases[i]!.text}`,
    );
    console.log(`${cases.length} migrated files started; refused: ${[...refused].join(", ")}`);
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThan(80);
    expect([...refused].sort()).toEqual([
      "federation",
      "proxy https_google",
      "proxy with 16 addresses",
      "reverse",
    ]);
  });

  it("are accepted by the real CoreDNS when they are put together at random, and refused for a reason", async () => {
    const old = oldCorefiles(GENERATED, SEED);
    const results = old.map((text) => migrateCorefile(text, { from: "1.3.1", to: "1.15.0" }));
    const cases = results.flatMap(({ value }) => (value ? [{ text: value.text, files }] : []));
    const verdicts = await corednsCheck(cases);
    const wrong = verdicts.flatMap(({ ok, error }, i) => (ok ? [] : [`${error}\n${cases[i]!.text}`]));
    const reasons = new Map<string, number>();
    for (const { value, findings } of results)
      if (!value) for (const { message } of findings) reasons.set(message, (reasons.get(message) ?? 0) + 1);
    console.log(
      `${cases.length} of ${GENERATED} files migrated and started; refused:`,
      Object.fromEntries(reasons),
    );
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(cases.length).toBeGreaterThan(1000);
    expect([...reasons.keys()].filter((reason) => !reason.includes("proxy with protocol grpc"))).toEqual([]);
  });
});

describe("stub domains, asked of the real CoreDNS", () => {
  /** A name server that answers every A query with one address. */
  const answering = (address: string) =>
    startCoreDns({
      corefile: `.:PORT {\n    bind 127.0.0.1\n    template IN A {\n        answer "{{ .Name }} 60 IN A ${address}"\n    }\n}\n`,
    });

  it.each([
    [
      "kept in one block, the root first",
      "    hosts {\n        10.9.9.9 host.corp.test\n        fallthrough\n    }\n",
    ],
    ["in blocks of their own", ""],
  ])("%s: each name goes where proxy sent it, to the longest zone", async (_, hosts) => {
    const servers = await Promise.all(["10.0.0.1", "10.0.0.2", "10.0.0.3"].map(answering));
    const [root, corp, sub] = servers.map(({ port }) => `127.0.0.1:${port}`);
    // 1: a port that only stands for the one that CoreDNS gets.
    const old = `.:1 {\n${hosts}    proxy . ${root}\n    proxy corp.test ${corp}\n    proxy sub.corp.test ${sub}\n}\n`;
    const { value } = migrateCorefile(old, { from: "1.3.1", to: "1.15.0" });
    const dns = await startCoreDns({
      corefile: value!.text
        .replaceAll(/:1(?= |$)/gm, ":PORT")
        .replaceAll(/^\S.*\{\n/gm, "$&    bind 127.0.0.1\n"),
    });
    try {
      const resolver = new Resolver();
      resolver.setServers([`127.0.0.1:${dns.port}`]);
      const answers = await Promise.all(
        ["a.example.test", "a.corp.test", "a.sub.corp.test", "host.corp.test"].map((name) =>
          resolver.resolve4(name),
        ),
      );
      expect(answers.flat()).toEqual([
        "10.0.0.1",
        "10.0.0.2",
        "10.0.0.3",
        hosts === "" ? "10.0.0.2" : "10.9.9.9",
      ]);
    } finally {
      await Promise.all([dns, ...servers].map((server) => server.stop()));
    }
  });
});
