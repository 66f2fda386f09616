import { Resolver } from "node:dns/promises";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Block, type Resource, readYaml } from "@ashlar/core";
import { clusterDns, dnsModel, externalNames, noBrokenExternalName, proveResolves } from "@ashlar/dns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClusterDnsInput, generatedIntents } from "../cluster-dns/generated.ts";
import { acceptAll } from "../components/accept.ts";
import { selfSignedCertificate } from "../components/certificate.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { corednsCheck, type RunningCoredns, startCoreDns } from "../components/coredns.ts";

const ROOT = join(import.meta.dirname, "../..");
const SEED = 20261123;
const GENERATED = 400;

let server: ControlPlane;
beforeAll(async () => {
  server = await startControlPlane();
});
afterAll(() => server?.stop());

/** The Corefiles of a block; node-cache puts the address of a Service in where we have its placeholder. */
function corefilesOf(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ kind }) => kind === "ConfigMap")
    .map(({ data }) =>
      (data as { Corefile: string }).Corefile.replaceAll("__PILLAR__CLUSTER__DNS__", "10.96.0.11"),
    );
}

describe("Corefiles that clusterDns writes", () => {
  it("start in CoreDNS: every golden case of today", async () => {
    const files = globSync("packages/dns/src/cluster-dns/cases/*.out.yaml", { cwd: ROOT }).sort();
    const texts = files
      .filter((file) => !file.includes("2018"))
      .flatMap((file) => corefilesOf(readYaml(readFileSync(join(ROOT, file)), { file }).resources));
    expect(texts.length).toBeGreaterThanOrEqual(6);
    const verdicts = await corednsCheck(texts.map((text) => ({ text })));
    expect(verdicts.map(({ error }) => error).filter((error) => error !== "")).toEqual([]);
  });

  it("are what CoreDNS of today refuses when they are for that of 2018", async () => {
    const [text] = corefilesOf(clusterDns({ coredns: "1.1.3", upstream: ["8.8.8.8"] }).resources);
    const [verdict] = await corednsCheck([{ text: text! }]);
    expect(verdict!.error).toContain("Unknown directive 'proxy'");
  });

  it(`start in CoreDNS: ${GENERATED} generated intents, and the API server takes their objects`, async () => {
    const blocks = generatedIntents(GENERATED, SEED).map(blockOf);
    const texts = blocks.flatMap(({ resources }) => corefilesOf(resources));
    expect(new Set(texts).size).toBeGreaterThan(GENERATED);
    const verdicts = await corednsCheck(texts.map((text) => ({ text })));
    const wrong = texts.flatMap((text, i) => (verdicts[i]!.ok ? [] : [{ error: verdicts[i]!.error, text }]));
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(
      await acceptAll(
        server,
        blocks.slice(0, 50).flatMap(({ resources }) => resources),
      ),
    ).toEqual([]);
  });
});

function blockOf(intent: ClusterDnsInput): Block {
  const result = clusterDns.safe(intent);
  if (!result.ok) throw new Error(`${JSON.stringify(intent)}\n${JSON.stringify(result.findings)}`);
  return result.value;
}

it(`${GENERATED} generated intents: every claim is proved from what is rendered`, () => {
  const proofs = generatedIntents(GENERATED, SEED).flatMap((intent) => {
    const { resources, claims } = blockOf(intent);
    const clusterDomain = (intent.clusterDomain ?? "cluster.local").replace(/\.$/, "");
    return proveResolves(dnsModel(resources, { coredns: intent.coredns, clusterDomain }), claims);
  });
  expect(proofs.length).toBeGreaterThan(3 * GENERATED);
  const open = proofs.filter(({ outcome }) => outcome !== "proved");
  expect(open.slice(0, 5).map(({ claim, verdict }) => [claim.text, verdict?.text])).toEqual([]);
});

describe("what the blocks promise, asked of the real CoreDNS behind the real API server", () => {
  const UPSTREAM = "198.51.100.1";
  const CORP = "198.51.100.2";
  const SECRET = "198.51.100.3";
  const LONG = `${"b".repeat(64)}.corp.test`;
  const dns = clusterDns({
    coredns: "1.15",
    upstream: [UPSTREAM],
    zones: {
      "corp.test": [CORP],
      "secret.test": { servers: [`tls://${SECRET}`], serverName: "dns.secret.test" },
      "wrong.test": { servers: [`tls://${SECRET}`], serverName: "dns.wrong.test" },
    },
    hosts: { "nas.home.test": ["192.0.2.7"], "printer.corp.test": ["192.0.2.90"] },
    rewrites: [
      { from: "db.old.test", to: "kubernetes.default.svc.cluster.local" },
      { from: "old.test", to: "home.test", match: "suffix" },
      { from: "gone.sub", to: "www", match: "prefix" },
    ],
    templates: [
      { zone: "apps.home.test", type: "A", answer: "192.0.2.80" },
      { zone: "alias.home.test", type: "CNAME", answer: "db.corp.test" },
      { zone: "ads.example.test", type: "ANY", rcode: "NXDOMAIN" },
    ],
    cache: false,
    health: false,
    ready: false,
    prometheus: false,
    reload: false,
    loop: false,
  });
  const names = externalNames({
    names: {
      "my.db": "db.corp.test.",
      "web.db": "www.example.test",
      "api.db": "kubernetes.default.svc.cluster.local",
      "alias.db": "my.db.svc.cluster.local",
    },
  });
  const broken: Resource[] = [
    ["address", "192.0.2.7"],
    ["long", LONG],
    ["self", "self.db.svc.cluster.local"],
    ["ping", "pong.db.svc.cluster.local"],
    ["pong", "ping.db.svc.cluster.local"],
    ["toloop", "ping.db.svc.cluster.local"],
  ].map(([name, externalName]) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: name!, namespace: "db" },
    spec: { type: "ExternalName", externalName },
  }));

  const running: RunningCoredns[] = [];
  let ask: Resolver;
  beforeAll(async () => {
    await server.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "db" } });
    for (const service of [...names.resources, ...broken]) {
      const answer = await server.create(service, { fieldValidation: "Strict" });
      if (!answer.accepted) throw new Error(answer.status.message);
    }
    const hosts = async (entries: string) => {
      const one = await startCoreDns({
        corefile: `.:PORT {\n  bind 127.0.0.1\n  hosts {\n${entries}\n  }\n}\n`,
      });
      running.push(one);
      return one.port;
    };
    const corp = await hosts("203.0.113.1 db.corp.test");
    const upstream = await hosts("203.0.113.2 www.example.test\n203.0.113.3 www.sub.test");
    // Over TLS: the certificate is for dns.secret.test alone.
    const folder = await mkdtemp(join(tmpdir(), "ashlar-dot-"));
    const { keyFile, certificateFile } = await selfSignedCertificate(folder, ["DNS:dns.secret.test"]);
    const secret = await startCoreDns({
      corefile: `tls://.:PORT {\n  bind 127.0.0.1\n  tls ${certificateFile} ${keyFile}\n  hosts {\n203.0.113.4 a.secret.test a.wrong.test\n  }\n}\n`,
    });
    running.push(secret);
    const ports = { [CORP]: corp, [UPSTREAM]: upstream, [`tls://${SECRET}`]: secret.port };
    const env = { SSL_CERT_FILE: certificateFile };
    running.push(await startCoreDns({ corefile: localCorefile(dns, ports), env }));
    ask = new Resolver({ timeout: 1500, tries: 1 });
    ask.setServers([`127.0.0.1:${running.at(-1)!.port}`]);
    // The plugin answers before its first look at the API server is over.
    const until = Date.now() + 20_000;
    while (
      typeof (await addresses("kubernetes.default.svc.cluster.local")) === "string" &&
      Date.now() < until
    )
      await sleep(100);
  });
  afterAll(async () => {
    for (const one of running) await one.stop();
  });

  /** The rendered file with what differs on this machine: a port, the API server, and where the upstreams are. */
  function localCorefile({ resources }: Block, ports: Readonly<Record<string, number>>): string {
    let [text = ""] = corefilesOf(resources);
    text = text
      .replaceAll(":53 {", ":PORT {\n    bind 127.0.0.1")
      .replace("pods insecure", `pods insecure\n        kubeconfig ${server.kubeconfig} conformance`);
    for (const [address, port] of Object.entries(ports))
      text = text.replaceAll(
        `forward . ${address}`,
        `forward . ${address.startsWith("tls://") ? "tls://" : ""}127.0.0.1:${port}`,
      );
    return text;
  }

  async function addresses(name: string): Promise<readonly string[] | string> {
    return ask.resolve4(name).catch((error: { code: string }) => error.code);
  }

  it("names of Services, external names through their zone, fixed names, rewrites and templates", async () => {
    const expected = {
      "kubernetes.default.svc.cluster.local": ["10.96.0.1"],
      "my.db.svc.cluster.local": ["203.0.113.1"],
      "web.db.svc.cluster.local": ["203.0.113.2"],
      "api.db.svc.cluster.local": ["10.96.0.1"],
      "alias.db.svc.cluster.local": ["203.0.113.1"],
      "db.corp.test": ["203.0.113.1"],
      "www.example.test": ["203.0.113.2"],
      "nas.home.test": ["192.0.2.7"],
      "printer.corp.test": ["192.0.2.90"],
      "db.old.test": ["10.96.0.1"],
      "nas.old.test": ["192.0.2.7"],
      "www.sub.test": ["203.0.113.3"],
      "x.apps.home.test": ["192.0.2.80"],
      "x.alias.home.test": ["203.0.113.1"],
      "a.secret.test": ["203.0.113.4"],
      "a.wrong.test": "ESERVFAIL",
      "x.ads.example.test": "ENOTFOUND",
      "none.default.svc.cluster.local": "ENOTFOUND",
    };
    const got = Object.fromEntries(
      await Promise.all(Object.keys(expected).map(async (name) => [name, await addresses(name)])),
    );
    expect(got).toEqual(expected);
    expect(await ask.resolveCname("my.db.svc.cluster.local")).toEqual(["db.corp.test"]);
  });

  it("each claim is proved from the rendered objects", () => {
    const model = dnsModel([...dns.resources, ...names.resources], { coredns: "1.15" });
    const proofs = proveResolves(model, [...dns.claims, ...names.claims]);
    expect(proofs.length).toBe(10);
    expect(proofs.filter(({ outcome }) => outcome !== "proved")).toEqual([]);
  });

  it("what dns/no-broken-external-name calls broken is answered without an address, or not at all", async () => {
    const found = noBrokenExternalName.check({ resources: [...names.resources, ...broken] });
    expect(found.map(({ subject, severity }) => [subject!.name, severity])).toEqual(
      broken.map(({ metadata }) => [metadata.name, "error"]),
    );
    const answers = await Promise.all(
      broken.map(async ({ metadata }) => [
        metadata.name,
        await addresses(`${metadata.name}.db.svc.cluster.local`),
      ]),
    );
    expect(Object.fromEntries(answers)).toEqual({
      address: "ENOTFOUND",
      long: "ETIMEOUT",
      self: "ENODATA",
      ping: "ENODATA",
      pong: "ENODATA",
      toloop: "ENODATA",
    });
  });
});
