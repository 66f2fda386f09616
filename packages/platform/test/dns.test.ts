import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { definePlatform, existing, parsePlatform } from "ashlar";
import { check, objectSet } from "ashlar/check";
import { describe, expect, test } from "vitest";
import { ashlar, folderOf, STRIX } from "./support/cli.ts";

const environments = { common: existing("default", "kube-system"), dev: ["dev"] } as const;
/** The Corefile of 2018, as the platform had it. */
const OLD = `.:53 {
    errors
    log # keep this
    health
    kubernetes cluster.local. in-addr.arpa ip6.arpa {
        pods insecure
        upstream 8.8.8.8 8.8.4.4
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    proxy . /etc/resolv.conf
    cache 30
    reload
}
`;
const configMap = (corefile: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: coredns # of the cluster\n  namespace: kube-system\ndata:\n  Corefile: |\n${corefile.replace(/^(?=.)/gm, "    ")}`;

describe("dns in the platform file", () => {
  test("makes the Corefile and the external names, and claims about them are proved", () => {
    const platform = definePlatform({
      name: "shop",
      versions: { coredns: "1.15" },
      environments,
      dns: {
        upstream: ["8.8.8.8"],
        zones: { "corp.test": ["10.0.0.2"] },
        external: { "my.dev": "db.corp.test" },
      },
      expect: ["my.dev resolves to db.corp.test from dev", "x.corp.test is forwarded to 10.0.0.2"],
    });
    const kinds = platform.block.resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds).toEqual(expect.arrayContaining(["ConfigMap coredns", "Service my"]));
    const report = check(objectSet(platform));
    expect(report.findings).toEqual([]);
    expect(report.proofs.filter(({ claim }) => claim.by === "expect").map(({ outcome }) => outcome)).toEqual([
      "proved",
      "proved",
    ]);
  });

  test("a claim that does not hold is a finding that says what is answered instead", () => {
    const platform = definePlatform({
      name: "shop",
      versions: { coredns: "1.15" },
      environments,
      dns: { external: { "my.dev": "db.corp.test" } },
      expect: ["kubernetes.default.svc.cluster.local does not resolve"],
    });
    const { findings } = check(objectSet(platform));
    expect(findings.map(({ code }) => code)).toContain("dns/broken-claim");
  });

  test.each([
    [{ dns: {} }, "versions.coredns"],
    [{ versions: { coredns: "1.15" }, dns: { upstream: ["resolver.example.test"] } }, "dns.upstream"],
    [{ versions: { coredns: "1.15" }, dns: { external: { "my.dev": "10.0.0.7" } } }, "dns.external"],
    [{ versions: { coredns: "1.15" }, dns: { zones: { "a {\n b": ["10.0.0.2"] } } }, "dns.zones"],
  ])("%j is a finding under %s", (input, path) => {
    const result = parsePlatform({ name: "shop", environments, ...input });
    if (result.ok) throw new Error("it was taken");
    expect(result.findings.map((finding) => finding.path).join(" ")).toContain(path);
  });
});

describe("explain dns", () => {
  test("names block, plugin, object and search list", async () => {
    const { code, out } = await ashlar(["explain", "dns", "busybox.prod", "--from", "dev", STRIX]);
    expect(code).toBe(0);
    expect(out).toContain('block ".:53"');
    expect(out).toContain("plugin kubernetes");
    expect(out).toContain("from Service prod/busybox");
    expect(out).toContain(
      "busybox.prod.dev.svc.cluster.local. nxdomain, busybox.prod.svc.cluster.local. answer",
    );
  });

  test("a name that is not there; exit code 1", async () => {
    expect(await ashlar(["explain", "dns", "nothing.prod.svc.cluster.local", STRIX])).toMatchObject({
      code: 1,
    });
  });

  test("a Service that a part of a cluster does not hold may exist; of the whole of it, not", async () => {
    const cwd = folderOf({
      "coredns.yaml": configMap(OLD.replace(/ +upstream.*\n/, "").replace("proxy", "forward")),
    });
    const asked = ["explain", "dns", "web.prod.svc.cluster.local", "coredns.yaml", "--format", "json"];
    expect(JSON.parse((await ashlar(asked, { cwd })).out).outcome).toBe("unknown");
    expect(JSON.parse((await ashlar([...asked, "--whole"], { cwd })).out).outcome).toBe("nxdomain");
    const claim = [
      "check",
      "coredns.yaml",
      "--claim",
      "web.prod.svc.cluster.local does not resolve",
      "--format",
      "json",
    ];
    expect(JSON.parse((await ashlar(claim, { cwd })).out).summary.claims).toMatchObject({
      proved: 0,
      unknown: 1,
    });
  });

  test("without a Corefile in the set it says which one it takes", async () => {
    const cwd = folderOf({ "ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: dev }\n" });
    const { out } = await ashlar(["explain", "dns", "www.example.test", "ns.yaml"], { cwd });
    expect(out).toContain("no Corefile: kubeadm's is taken");
  });
});

describe("dns migrate", () => {
  test("turns the Corefile of 2018 into today's, keeping comments, and says why; nothing is written", async () => {
    const cwd = folderOf({ Corefile: OLD });
    const { code, out, err } = await ashlar(["dns", "migrate", "Corefile", "--to", "1.15"], { cwd });
    expect(code).toBe(1);
    expect(out).toContain("+    forward . /etc/resolv.conf");
    expect(out).toContain("     log # keep this");
    expect(err).toContain("proxy becomes forward");
    expect(err).toContain("lost: 8.8.8.8 8.8.4.4 resolved the targets of ExternalName services");
    expect(readFileSync(join(cwd, "Corefile"), "utf8")).toBe(OLD);
  });

  test("--write writes, and then there is nothing left to do and nothing to find but what is a matter of taste", async () => {
    const cwd = folderOf({ Corefile: OLD });
    expect((await ashlar(["dns", "migrate", "Corefile", "--to", "1.15", "--write"], { cwd })).code).toBe(1);
    const again = await ashlar(["dns", "migrate", "Corefile", "--to", "1.15", "--from", "1.15"], { cwd });
    expect(again).toMatchObject({ code: 0, out: "" });
    const { out } = await ashlar(["dns", "lint", "Corefile", "--format", "json"], { cwd });
    expect(
      (JSON.parse(out) as { severity: string }[]).filter(({ severity }) => severity === "error"),
    ).toEqual([]);
  });

  test("a ConfigMap keeps everything around its Corefile", async () => {
    const yaml = configMap(OLD);
    const cwd = folderOf({ "coredns.yaml": yaml });
    expect((await ashlar(["dns", "migrate", "coredns.yaml", "--to", "1.15", "--write"], { cwd })).code).toBe(
      1,
    );
    const after = readFileSync(join(cwd, "coredns.yaml"), "utf8");
    expect(after).toContain("  name: coredns # of the cluster\n");
    expect(after).toContain("        log # keep this\n");
    expect(after).toContain("        forward . /etc/resolv.conf");
  });

  test("what has no equivalent is refused, and nothing is changed", async () => {
    const text = OLD.replace(
      "    cache 30\n",
      "    federation cluster.local {\n        prod prod.example.test\n    }\n",
    );
    const cwd = folderOf({ Corefile: text });
    const { code, err } = await ashlar(["dns", "migrate", "Corefile", "--to", "1.15", "--write"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("dns/no-migration");
    expect(readFileSync(join(cwd, "Corefile"), "utf8")).toBe(text);
  });
});

describe("dns fmt and lint", () => {
  test("fmt changes white space only, and standard input gives the text", async () => {
    const messy = ".:53 {\n  log    # keep\n\n\n errors\n}\n";
    const { code, out } = await ashlar(["dns", "fmt", "-"], { stdin: messy });
    expect(code).toBe(1);
    expect(out).toBe(".:53 {\n    log # keep\n\n    errors\n}\n");
    expect(await ashlar(["dns", "fmt", "-"], { stdin: out })).toMatchObject({ code: 0, out });
  });

  test("lint places findings in the file, also inside a ConfigMap", async () => {
    const cwd = folderOf({ "coredns.yaml": configMap(OLD), Corefile: OLD });
    const places = async (file: string) =>
      (
        JSON.parse((await ashlar(["dns", "lint", file, "--format", "json"], { cwd })).out) as {
          code: string;
          at: { file: string; line: number; column: number };
        }[]
      ).find(({ code }) => code === "dns/no-removed-plugin")?.at;
    expect(await places("Corefile")).toEqual({ file: "Corefile", line: 11, column: 5 });
    expect(await places("coredns.yaml")).toEqual({ file: "coredns.yaml", line: 18, column: 9 });
  });

  test("a file without a Corefile is said as such", async () => {
    const cwd = folderOf({ "ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: dev }\n" });
    expect(await ashlar(["dns", "lint", "ns.yaml"], { cwd })).toMatchObject({
      code: 2,
      err: expect.stringContaining("no ConfigMap with the key Corefile"),
    });
    expect(await ashlar(["dns", "lint", "none"], { cwd })).toMatchObject({ code: 2 });
  });

  test("a written file keeps its mode and its link, and nothing lies beside it", async () => {
    const cwd = folderOf({ real: ".:53 {\nlog\n}\n" });
    chmodSync(join(cwd, "real"), 0o640);
    symlinkSync("real", join(cwd, "Corefile"));
    await ashlar(["dns", "fmt", "Corefile", "--write"], { cwd });
    expect(readFileSync(join(cwd, "real"), "utf8")).toBe(".:53 {\n    log\n}\n");
    expect(statSync(join(cwd, "real")).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(cwd, "Corefile")).isSymbolicLink()).toBe(true);
    expect(readdirSync(cwd).sort()).toEqual(["Corefile", "real"]);
  });

  test("of several files none is written when one is refused", async () => {
    const refused = OLD.replace(
      "    cache 30\n",
      "    federation cluster.local {\n        prod prod.example.test\n    }\n",
    );
    const cwd = folderOf({ a: OLD, b: refused });
    expect((await ashlar(["dns", "migrate", "a", "b", "--to", "1.15", "--write"], { cwd })).code).toBe(2);
    expect(readFileSync(join(cwd, "a"), "utf8")).toBe(OLD);
  });

  test("each ConfigMap of a file is changed, and a right one is left as it is", async () => {
    const right = configMap(".:53 {\n    log\n}\n").replace("coredns # of the cluster", "right # as it is");
    const yaml = `${configMap(".:53 {\nlog\n}\n")}---\n${right}---\n${configMap(".:54 {\nlog\n}\n")}`;
    const { out } = await ashlar(["dns", "fmt", "-"], { stdin: yaml });
    expect(out.match(/^ {8}log$/gm)).toHaveLength(3);
    expect(out).toContain(right);
  });
});

test("diff says which names are answered otherwise", async () => {
  const service = (target: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: my, namespace: db }\nspec: { type: ExternalName, externalName: ${target} }\n`;
  const cwd = folderOf({ "old.yaml": service("a.example.test"), "new.yaml": service("b.example.test") });
  const { code, out } = await ashlar(["diff", "old.yaml", "new.yaml"], { cwd });
  expect(code).toBe(1);
  expect(out).toContain("Names:");
  expect(out).toMatch(/my\.db\.svc\.cluster\.local\. A: .*a\.example\.test.* -> .*b\.example\.test/);
});
