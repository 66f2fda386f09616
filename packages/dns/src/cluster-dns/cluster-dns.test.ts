import { join } from "node:path";
import type { Block } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import type * as z from "@ashlar/core/zod";
import { expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { effectiveCorefile } from "../corefile/effective.ts";
import { parseCorefile } from "../corefile/parse.ts";
import { noPublicResolver } from "../external-name/no-public-resolver.ts";
import { lintCorefile } from "../lint/lint-corefile.ts";
import { coreDnsReleases, pluginOrder } from "../plugins/table.ts";
import { proveResolves } from "../resolve/claims/prove-resolves.ts";
import { dnsModel } from "../resolve/model.ts";
import { validCorefile } from "../rules/valid-corefile.ts";
import { clusterDns } from "./cluster-dns.ts";
import type { clusterDnsIntent } from "./intent.ts";

const CASES = join(import.meta.dirname, "cases");
type Input = z.input<ReturnType<typeof clusterDnsIntent>>;

// The rules know today's CoreDNS unless told: the file of 2018 is held against its own version below.
const { "strix-2018": old, ...today } = readCases<Input>(CASES);
blockContract({ test }, { builder: clusterDns, cases: today, rules: [validCorefile, noPublicResolver] });
goldenTests<Input>(CASES, clusterDns);

const corefileOf = ({ resources }: Block, name = "coredns") =>
  String(
    (resources.find((r) => r.metadata.name === name) as { data?: { Corefile?: string } }).data?.Corefile,
  );

const blocksOf = (text: string, release = "1.15.0") => {
  const { servers, findings } = effectiveCorefile(parseCorefile(text).value, {
    plugins: pluginOrder(release),
  });
  expect(findings).toEqual([]);
  return servers.map(({ addresses, plugins }) => ({
    zones: addresses.map(({ zone }) => zone),
    plugins: Object.fromEntries(
      [...plugins].map(([name, words]) => [name, words.map(({ text }) => text).join(" ")]),
    ),
  }));
};

test("the reference platform's Corefile has what its history asks for", () => {
  const [main, ...rest] = blocksOf(
    corefileOf(clusterDns({ coredns: "1.15", upstream: ["8.8.8.8", "8.8.4.4"], log: true })),
  );
  expect(rest).toEqual([]);
  expect(main).toEqual({
    zones: ["."],
    plugins: {
      errors: "errors",
      log: "log",
      health: "health { lameduck 5s }",
      ready: "ready",
      kubernetes:
        "kubernetes cluster.local in-addr.arpa ip6.arpa { pods insecure fallthrough in-addr.arpa ip6.arpa }",
      prometheus: "prometheus :9153",
      forward: "forward . 8.8.8.8 8.8.4.4",
      cache: "cache 30",
      loop: "loop",
      reload: "reload",
      loadbalance: "loadbalance",
    },
  });
});

test("the file of 2018 has only what CoreDNS 1.1.3 has", () => {
  const text = corefileOf(clusterDns(old!));
  const [main] = blocksOf(text, "1.1.3");
  expect(main!.plugins.proxy).toBe("proxy . 8.8.8.8 8.8.4.4");
  expect(main!.plugins.kubernetes).toContain("upstream 8.8.8.8 8.8.4.4");
  expect(Object.keys(main!.plugins)).not.toContain("ready");
  expect(Object.keys(main!.plugins)).not.toContain("loop");
});

test("fixed names stand in the block that is asked for them", () => {
  const blocks = blocksOf(
    corefileOf(
      clusterDns({
        coredns: "1.15",
        zones: { "corp.test": ["10.0.0.2"], "lab.corp.test": ["10.0.0.3"] },
        hosts: { "a.test": ["10.1.1.1"], "a.corp.test": ["10.1.1.2"], "x.lab.corp.test.": ["10.1.1.3"] },
      }),
    ),
  );
  expect(blocks.map(({ zones, plugins }) => [zones[0], plugins.hosts])).toEqual([
    [".", "hosts { 10.1.1.1 a.test fallthrough }"],
    ["corp.test.", "hosts { 10.1.1.2 a.corp.test fallthrough }"],
    ["lab.corp.test.", "hosts { 10.1.1.3 x.lab.corp.test fallthrough }"],
  ]);
});

test("a cache on the nodes asks the cluster first where the cluster has answers of its own", () => {
  const forwards = (input: Partial<Input>) =>
    blocksOf(
      corefileOf(
        clusterDns({
          coredns: "1.15",
          upstream: ["10.0.0.2"],
          zones: { "corp.test": ["10.7.0.53"] },
          nodeLocal: { clusterDns: "10.96.0.10", mode: "ipvs" },
          ...input,
        }),
        "node-local-dns",
      ),
    ).map(({ zones, plugins }) => [zones[0], plugins.forward]);
  const own = ["cluster.local.", "in-addr.arpa.", "ip6.arpa."].map((zone) => [
    zone,
    "forward . 10.96.0.10 { force_tcp }",
  ]);
  expect(forwards({})).toEqual([...own, ["corp.test.", "forward . 10.7.0.53"], [".", "forward . 10.0.0.2"]]);
  expect(forwards({ hosts: { "a.test": ["10.1.1.1"] } })).toEqual([
    ...own,
    ["corp.test.", "forward . 10.96.0.10 { force_tcp }"],
    [".", "forward . 10.96.0.10 { force_tcp }"],
  ]);
});

test.each(Object.keys(readCases(CASES)))("%s: every claim is proved from what it renders", (name) => {
  const input = readCases<Input>(CASES)[name]!;
  const { resources, claims } = clusterDns(input);
  const model = dnsModel(resources, {
    coredns: input.coredns,
    clusterDomain: (input.clusterDomain ?? "cluster.local").replace(/\.$/, ""),
    resolvConf: { nameservers: ["10.0.0.2"], search: [] },
  });
  const open = proveResolves(model, claims).filter(({ outcome }) => outcome !== "proved");
  expect(open.map(({ claim, outcome, verdict }) => [claim.text, outcome, verdict?.text])).toEqual([]);
});

test("steps say when nothing is needed, and when it is", () => {
  const titles = (input: Partial<Input>) =>
    clusterDns({ coredns: "1.15", ...input }).steps.map((s) => s.title);
  expect(titles({})).toEqual(["See that CoreDNS took the new Corefile", "Restart CoreDNS"]);
  expect(titles({ reload: false })).toEqual(["Restart CoreDNS"]);
  const { steps } = clusterDns({ coredns: "1.15" });
  expect(steps.at(-1)?.argv).toEqual([
    "kubectl",
    "rollout",
    "restart",
    "deployment/coredns",
    "--namespace=kube-system",
  ]);
  expect(steps.at(-1)?.when).toContain("only when the Corefile that runs now has no reload yet");
});

test("every release of CoreDNS gets a file that has only what that release has", () => {
  const releases = coreDnsReleases();
  expect(releases.length).toBeGreaterThan(60);
  for (const release of releases) {
    const text = corefileOf(
      clusterDns({ coredns: release, upstream: ["8.8.8.8"], zones: { "corp.test": ["10.0.0.2"] } }),
    );
    blocksOf(text, release);
    expect([
      release,
      lintCorefile(text, { coredns: release }).filter(({ severity }) => severity === "error"),
    ]).toEqual([release, []]);
  }
});

test("10,000 zones, names and rewrites are written in time", () => {
  const many = <T>(entry: (i: number) => readonly [string, T]) =>
    Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => entry(i)));
  const start = performance.now();
  const { resources } = clusterDns({
    coredns: "1.15",
    zones: many((i) => [`z${i}.test`, ["10.0.0.2"]]),
    hosts: many((i) => [`a.z${i}.test`, ["10.0.0.9"]]),
    rewrites: Array.from({ length: 10_000 }, (_, i) => ({
      from: `old${i}.example.test`,
      to: "new.example.test",
    })),
  });
  expect(JSON.stringify(resources).length).toBeGreaterThan(1_000_000);
  expect(performance.now() - start).toBeLessThan(5000);
});
