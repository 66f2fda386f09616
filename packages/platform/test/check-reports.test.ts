import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "../src/check.ts";
import { parsePlatform } from "../src/define-platform.ts";
import { SUPPRESSION_CODES } from "../src/report/suppression.ts";
import { rules } from "../src/rules.ts";
import { ashlar, folderOf, ROOT, STRIX } from "./support/cli.ts";

const BAD = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: prod }
spec:
  podSelector: { matchLabels: { app: -x } }
  policyTypes: [Ingress]
`;
const CODE = "network-policy/valid-network-policy";
const SUPPRESSED = `- code: ${CODE}\n  subject: prod/NetworkPolicy/closed\n  because: the controller writes it\n`;

test("every rule has the page that SARIF links to", () => {
  const pages = readdirSync(join(ROOT, "docs/rules"));
  for (const code of [...rules.map((rule) => rule.code), ...SUPPRESSION_CODES])
    expect(pages).toContain(`${code.replace("/", "-")}.md`);
});

describe("formats", () => {
  const cwd = folderOf({ "a.yaml": BAD });

  test("text shows the lines, and colours them on a terminal only", async () => {
    const { code, out } = await ashlar(["check", "a.yaml"], { cwd });
    expect(code).toBe(1);
    expect(out).toContain(
      [
        "  at a.yaml:5:33  NetworkPolicy prod/closed  spec.podSelector.matchLabels",
        "  3 | metadata: { name: closed, namespace: prod }",
        "  4 | spec:",
        "> 5 |   podSelector: { matchLabels: { app: -x } }",
        "    |                                 ^",
        "  6 |   policyTypes: [Ingress]",
      ].join("\n"),
    );
    expect(out).not.toContain("\u001b");
    const coloured = await ashlar(["check", "a.yaml"], { cwd, color: true });
    const parts = coloured.out.split("\u001b");
    expect(parts.length).toBeGreaterThan(10);
    expect(parts.map((part, i) => (i > 0 ? part.replace(/^\[\d+m/, "") : part)).join("")).toBe(out);
  });

  test("text of standard input", async () => {
    const { out } = await ashlar(["check", "-"], { stdin: BAD });
    expect(out).toContain("> 5 |   podSelector: { matchLabels: { app: -x } }");
  });

  test.each([
    ["sarif", (out: string) => unsuppressed(out).map((r) => r.ruleId)],
    ["json", (out: string) => JSON.parse(out).findings.map((f: { code: string }) => f.code)],
    ["junit", (out: string) => [...out.matchAll(/name="([^"]+)">\s*<failure/g)].map((m) => m[1])],
    ["github", (out: string) => [...out.matchAll(/^::error .*title=([^:,]+)/gm)].map((m) => m[1])],
  ])("%s", async (format, codes) => {
    const { code, out } = await ashlar(["check", "a.yaml", "--format", format], { cwd });
    expect(code).toBe(1);
    expect(codes(out)).toEqual([CODE]);
    const clean = await ashlar(["check", STRIX, "--format", format]);
    expect(codes(clean.out)).toEqual([]);
    expect(clean.code).toBe(0);
  });
});

interface SarifResult {
  readonly ruleId: string;
  readonly suppressions?: readonly unknown[];
}

function unsuppressed(sarif: string): SarifResult[] {
  const results = JSON.parse(sarif).runs[0].results as SarifResult[];
  return results.filter(({ suppressions = [] }) => suppressions.length === 0);
}

describe("suppressions", () => {
  test("a file of them", async () => {
    const cwd = folderOf({ "a.yaml": BAD, "s.yml": SUPPRESSED });
    const text = await ashlar(["check", "a.yaml", "--suppressions", "s.yml"], { cwd });
    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out).toContain(
      `suppressed ${CODE} NetworkPolicy prod/closed spec.podSelector.matchLabels: the controller writes it`,
    );
    expect(text.out).toContain("0 errors, 0 warnings");
    const json = await ashlar(["check", "a.yaml", "--suppressions", "s.yml", "--format", "json"], { cwd });
    expect(JSON.parse(json.out)).toMatchObject({
      findings: [],
      suppressed: [{ finding: { code: CODE }, suppression: { because: "the controller writes it" } }],
    });
  });

  test("an expired one brings its finding back, and is a finding itself, at its place", async () => {
    const cwd = folderOf({ "a.yaml": BAD, "s.yml": `${SUPPRESSED}  until: 2020-01-31\n` });
    const { code, out } = await ashlar(["check", "a.yaml", "--suppressions", "s.yml"], { cwd });
    expect(code).toBe(1);
    expect(out).toContain("[platform/expired-suppression]\n  at s.yml:4:3  [0].until");
    expect(out).toContain(`[${CODE}]`);
    expect(out).toContain("1 error, 1 warning");
  });

  test("a bad entry is a finding", async () => {
    const cwd = folderOf({ "a.yaml": BAD, "s.yml": `- code: ${CODE}\n` });
    const { code, out } = await ashlar(["check", "a.yaml", "--suppressions", "s.yml"], { cwd });
    expect(code).toBe(1);
    expect(out).toContain("[platform/valid-suppression]\n  at s.yml:1:3  [0].because");
  });

  test("a file that is not there, or is no text", async () => {
    const cwd = folderOf({ "a.yaml": BAD });
    writeFileSync(join(cwd, "latin1.yml"), Uint8Array.of(0x2d, 0x20, 0xe9));
    for (const [file, message] of [
      ["none.yml", "cannot be read"],
      ["latin1.yml", "no text in UTF-8"],
    ] as const)
      expect(await ashlar(["check", "a.yaml", "--suppressions", file], { cwd })).toMatchObject({
        code: 2,
        out: "",
        err: expect.stringContaining(message),
      });
  });

  const intent = {
    name: "shop",
    environments: { prod: ["prod"], dev: ["dev"] },
    firewall: "prod <-> dev",
    expect: ["env:dev -/-> env:prod"],
  };

  test("of a platform file", () => {
    const suppress = [{ code: "network-policy/broken-claim", because: "dev moves out next week" }];
    const result = parsePlatform({ ...intent, suppress });
    expect(result).toMatchObject({ ok: true, value: { suppress } });
  });

  test.each([
    [{ code: "core/a" }, "suppress[0].because"],
    [{ code: "core/a", because: "" }, "suppress[0].because"],
    [{ code: "core/a", because: "x", until: "soon" }, "suppress[0].until"],
    [{ code: "core/a", because: "x", subjct: "a/B/c" }, "suppress[0].subjct"],
  ])("of a platform file: %j is refused", (entry, path) => {
    expect(parsePlatform({ ...intent, suppress: [entry] })).toMatchObject({
      ok: false,
      findings: [{ path, code: "platform/valid-intent" }],
    });
  });

  test("of a platform file, on the command line", async () => {
    const file = "packages/platform/test/fixtures/suppressing.ts";
    const now = await ashlar(["check", file, "--param", "until=9999-12-31"]);
    expect(now.out).toContain("suppressed network-policy/broken-claim");
    expect(now.code).toBe(0);
    const past = await ashlar(["check", file, "--param", "until=2020-01-31", "--format", "github"]);
    expect(past.code).toBe(1);
    expect(past.out).toContain(`::warning file=${file},title=platform/expired-suppression::`);
  });
});

describe("a baseline", () => {
  const other = BAD.replace("name: closed", "name: other");
  const run = (cwd: string, ...args: string[]) =>
    ashlar(["check", "a.yaml", "--baseline", "known.json", ...args], { cwd });

  test("holds what is there, and only what is new counts", async () => {
    const cwd = folderOf({ "a.yaml": BAD });
    const written = await run(cwd, "--write-baseline");
    expect(written).toMatchObject({ code: 0, err: "wrote known.json: 1 finding\n" });
    expect(readdirSync(cwd).sort()).toEqual(["a.yaml", "known.json"]);
    const bytes = readFileSync(join(cwd, "known.json"), "utf8");
    writeFileSync(join(cwd, "a.yaml"), `# moved\n\n${BAD}---\n${other}`);
    const { code, out } = await run(cwd, "--format", "json");
    expect(code).toBe(1);
    const { findings, summary, baseline } = JSON.parse(out);
    expect(findings.map((f: { subject: { name: string } }) => f.subject.name)).toEqual(["other"]);
    expect(summary.errors).toBe(1);
    expect(baseline).toMatchObject({ known: [{ at: { line: 7 } }], fixed: [] });
    expect(readFileSync(join(cwd, "known.json"), "utf8")).toBe(bytes);
  });

  test("tells what is fixed, and forgets it when it is written again", async () => {
    const cwd = folderOf({ "a.yaml": `${BAD}---\n${other}` });
    await run(cwd, "--write-baseline");
    writeFileSync(join(cwd, "a.yaml"), `${other}---\n${BAD.replace("-x", "x")}`);
    const { code, out } = await run(cwd);
    expect(code).toBe(0);
    expect(out).toContain("1 finding in the baseline, not counted");
    expect(out).toContain(`fixed ${CODE} prod/NetworkPolicy/closed spec.podSelector.matchLabels`);
    expect((await run(cwd, "--write-baseline")).err).toBe(
      "wrote known.json: 1 finding; 1 finding of before fixed\n",
    );
    expect((await run(cwd)).out).not.toContain("fixed");
  });

  test("does not hold what is suppressed, nor what is about suppressions", async () => {
    const cwd = folderOf({ "a.yaml": BAD, "s.yml": `${SUPPRESSED}- code: core/gone\n  because: x\n` });
    const { code, err, out } = await run(cwd, "--write-baseline", "--suppressions", "s.yml");
    expect(err).toBe("wrote known.json: 0 findings\n");
    expect(code).toBe(1);
    expect(out).toContain("platform/unused-suppression");
  });

  test.each([
    [[], {}, "known.json does not exist"],
    [[], { "known.json": "{" }, "no baseline: expected JSON"],
    [[], { "known.json": '{"version":3,"findings":[]}' }, "no baseline: version"],
  ])("%j %j cannot be used", async (args, files, message) => {
    const cwd = folderOf({ "a.yaml": BAD, ...(files as Record<string, string>) });
    const { code, out, err } = await run(cwd, ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
    expect(err).toContain("--write-baseline");
  });

  test("that cannot be written leaves nothing behind", async () => {
    const cwd = folderOf({ "a.yaml": BAD, "dir/x": "" });
    const args = ["check", "a.yaml", "--baseline", "none/known.json", "--write-baseline"];
    expect(await ashlar(args, { cwd })).toMatchObject({
      code: 2,
      err: expect.stringContaining("cannot be written"),
    });
    expect(await ashlar(["check", "a.yaml", "--write-baseline"], { cwd })).toMatchObject({
      code: 2,
      err: expect.stringContaining("add --baseline FILE"),
    });
  });
});

describe("what the set is", () => {
  test("reaches every rule: whole, assumed objects, the Kubernetes version", () => {
    const set = { resources: [], whole: true, assume: ["prod/Secret/db"], versions: { kubernetes: "1.30" } };
    const seen: unknown[] = [];
    check(set, [
      {
        code: "test/no-op",
        check: (inventory) => {
          seen.push(inventory);
          return [];
        },
      },
    ]);
    expect(seen).toEqual([set]);
  });

  test.each([
    [["--kubernetes", "v1.36"], "write --kubernetes 1.36"],
    [["--kubernetes", "latest"], "is no version"],
    [["--assume", "db"], "prod/Secret/db"],
    [["--assume", "prod/secret/db"], '"secret" is no kind'],
    [["--whole=yes"], "takes no value"],
  ])("%j is refused", async (args, message) => {
    const { code, err } = await ashlar(["check", "-", ...args], { stdin: BAD });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("options that are right are taken", async () => {
    const args = ["--assume", "prod/Secret/db", "--assume", "ClusterRole/x", "--kubernetes", "1.36.3"];
    const { code, err } = await ashlar(["check", "-", ...args], { stdin: BAD.replace("-x", "x") });
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
});
