import { Resolver } from "node:dns/promises";
import { addressText, effectiveCorefile, parseCorefile, printCorefile } from "@ashlar/dns";
import { describe, expect, it } from "vitest";
import { corednsCheck, startCoreDns } from "../components/coredns.ts";
import { handMadeCases, KEYS } from "../corefile/cases.ts";
import { generatedCases } from "../corefile/generated.ts";
import { type ParserAnswer, type ParserCase, parseWithCaddy } from "../corefile/oracle.ts";
import { parseWithOurs } from "../corefile/ours.ts";

const SEED = 20261123;
const GENERATED = 12_000;

/** Where two answers differ; words in blocks are compared by name, since Go keeps them in a map. */
function differences(cases: readonly ParserCase[], theirs: readonly ParserAnswer[]): string[] {
  return cases.flatMap((one, i) => {
    const ours = parseWithOurs(one);
    try {
      expect(ours).toEqual(theirs[i]);
      return [];
    } catch {
      return `${JSON.stringify(one.text)}\n  ours   ${JSON.stringify(ours)}\n  theirs ${JSON.stringify(theirs[i])}`;
    }
  });
}

describe("Corefiles, read by CoreDNS's parser and ours", () => {
  it("gives the same words, blocks and mistakes for hand-made files", async () => {
    const cases = handMadeCases();
    expect(cases.length).toBeGreaterThanOrEqual(500);
    expect(differences(cases, await parseWithCaddy(cases)).slice(0, 5)).toEqual([]);
  });

  it("gives the same words, blocks and mistakes for generated and broken files", async () => {
    const cases = generatedCases(GENERATED, SEED);
    const theirs = await parseWithCaddy(cases);
    expect(differences(cases, theirs).slice(0, 5)).toEqual([]);
    const taken = theirs.filter((answer) => answer.error === "").length;
    expect(taken).toBeGreaterThan(GENERATED / 5);
    expect(taken).toBeLessThan((GENERATED * 4) / 5);
    expect(theirs.filter((answer) => answer.blocks.length > 0).length).toBeGreaterThan(GENERATED / 5);
  });

  it("says that a file hangs CoreDNS where it does", async () => {
    const cases = [
      { text: ". {\nlog {$A}\n}\n", env: { A: "{$A}" }, hangs: true },
      { text: "{$A} {\nlog\n}\n", env: { A: "x{$B}", B: "{$A}" }, hangs: true },
    ];
    const theirs = await parseWithCaddy(cases);
    expect(theirs.map((answer) => answer.hangs)).toEqual([true, true]);
    expect(cases.map((one) => parseWithOurs(one).hangs)).toEqual([true, true]);
  });

  it("finds the same mistake when the blocks are not wanted", () => {
    const cases = [...handMadeCases(), ...generatedCases(GENERATED, SEED)].filter((one) => !one.directives);
    const wrong = cases.filter(({ text, files = {}, env = {} }) => {
      const { value, findings } = parseCorefile(text, { files, env });
      const { problem } = effectiveCorefile(value, { files, env });
      const theirs = problem?.words?.startsWith("error inspecting") ? undefined : problem?.message;
      return findings.find(({ severity }) => severity === "error")?.message !== theirs;
    });
    expect(cases.length).toBeGreaterThan(GENERATED / 2);
    expect(wrong).toEqual([]);
  });

  it("prints every file back byte for byte", () => {
    const cases = [...handMadeCases(), ...generatedCases(GENERATED, SEED)];
    expect(cases.filter(({ text }) => printCorefile(parseCorefile(text).value) !== text)).toEqual([]);
  });
});

describe("keys of server blocks, read by CoreDNS and by us", () => {
  const quoted = (key: string) => (/[\s#]/.test(key) ? `"${key}"` : key);
  const cases = KEYS.flatMap((key) => [key, `x.test ${quoted(key)}`, `${quoted(key)} y.test:1053`]).map(
    (keys, i) => ({
      text: `${i % 3 === 0 ? quoted(keys) : keys} {\nwhoami\n}\n`,
    }),
  );

  it("are the same zones, and refused with the same words", async () => {
    const theirs = await corednsCheck(cases);
    let wrongPorts = 0;
    const wrong = cases.flatMap(({ text }, i) => {
      const { problem, servers, findings } = effectiveCorefile(
        parseCorefile(text, { env: {}, files: {} }).value,
        { env: {}, files: {} },
      );
      const { error } = theirs[i]!;
      const zones = servers.flatMap(({ addresses }) => addresses.map(addressText));
      const port = /address -?[0-9]+: invalid port$/;
      const wrongPort = port.exec(findings[0]?.message ?? "")?.[0];
      if (wrongPort !== undefined) wrongPorts++;
      const same =
        (problem?.words ?? "") === (error.startsWith("error inspecting") ? error : "") &&
        wrongPort === port.exec(error)?.[0] &&
        (!theirs[i]!.ok || `${zones}` === `${theirs[i]!.zones}`);
      return same ? [] : { text, ours: problem?.words ?? wrongPort ?? zones, theirs: theirs[i] };
    });
    expect(cases.length).toBeGreaterThanOrEqual(380);
    expect(wrong).toEqual([]);
    expect(theirs.filter((verdict) => verdict.ok).length).toBeGreaterThan(100);
    expect(wrongPorts).toBeGreaterThanOrEqual(12);
  });
});

describe("the real CoreDNS", () => {
  it("answers from files and its environment, and says why it does not start", async () => {
    const dns = await startCoreDns({
      corefile: "{$ZONE}:PORT {\n  bind 127.0.0.1\n  hosts names\n}\n",
      files: { names: "10.11.12.13 db.corp.test\n" },
      env: { ZONE: "corp.test" },
    });
    try {
      const resolver = new Resolver();
      resolver.setServers([`127.0.0.1:${dns.port}`]);
      expect(await resolver.resolve4("db.corp.test")).toEqual(["10.11.12.13"]);
    } finally {
      await dns.stop();
    }
    await expect(startCoreDns({ corefile: ".:PORT {\n  nope\n}\n" })).rejects.toThrow(
      "Unknown directive 'nope'",
    );
  });

  it("checks a whole file without a socket", async () => {
    const [good, bad, inCluster] = await corednsCheck([
      { text: "tls://a.test {\n  import x.conf\n}\n", files: { "x.conf": "whoami\n" } },
      { text: ". {\n  cache 30\n  forward . 1.1.1.1 {\n    nope\n  }\n}\n" },
      { text: ".:{$PORT} {\n  kubernetes cluster.local\n}\n", env: { PORT: "1053" } },
    ]);
    expect(good).toMatchObject({ ok: true, servers: ["tls://:853"], zones: ["tls://a.test.:853"] });
    expect(bad).toMatchObject({
      ok: false,
      error: "plugin/forward: Corefile:4 - Error during parsing: unknown property 'nope'",
    });
    expect(inCluster).toMatchObject({ ok: true, servers: ["dns://:1053"] });
  });
});
