import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ashlar, folderOf, STRIX } from "./support/cli.ts";

const CRON_JOB = `apiVersion: batch/v1beta1 # old
kind: CronJob
metadata: {name: curator, namespace: prod}
spec:
  schedule: "0 3 * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "c:1"}]}}}}
`;
const FIXED = CRON_JOB.replace("batch/v1beta1", "batch/v1");
const BUDGET = `apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: all, namespace: prod}
spec: {maxUnavailable: 1, selector: {}}
`;
const CLEAN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: prod}\n";
const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n";

describe("fix", () => {
  test("shows what would change, what is left and why, and writes nothing", async () => {
    const folder = folderOf({ "m/cron.yaml": CRON_JOB, "m/rest.yaml": `${NAMESPACE}---\n${BUDGET}` });
    const { code, out, err } = await ashlar(["fix", "m"], { cwd: folder });
    expect(code).toBe(1);
    expect(err).toBe("");
    expect(out.split("\n").slice(0, 9)).toEqual([
      "--- m/cron.yaml",
      "+++ m/cron.yaml",
      "@@ -1,4 +1,4 @@",
      "-apiVersion: batch/v1beta1 # old",
      "+apiVersion: batch/v1 # old",
      " kind: CronJob",
      " metadata: {name: curator, namespace: prod}",
      " spec:",
      "",
    ]);
    expect(out).toMatch(/core\/no-removed-api/);
    expect(out).toMatch(/meant no pod in policy\/v1beta1/);
    expect(out).toMatch(/\n1 fix in 1 file, nothing is written without --write, 1 finding left\n$/);
    expect(readFileSync(join(folder, "m/cron.yaml"), "utf8")).toBe(CRON_JOB);
  });

  test("--write writes, keeps modes and links, and a second run changes nothing", async () => {
    const folder = folderOf({ "a.yaml": `${NAMESPACE}---\n${CRON_JOB}`, "b.yaml": CLEAN });
    symlinkSync("a.yaml", join(folder, "link.yaml"));
    const mode = statSync(join(folder, "a.yaml")).mode;
    const first = await ashlar(["fix", "link.yaml", "b.yaml", "--write"], { cwd: folder });
    expect(first.out).toMatch(/\n1 fix in 1 file, written, 0 findings left\n$/);
    expect(first.code).toBe(1);
    expect(readFileSync(join(folder, "a.yaml"), "utf8")).toBe(`${NAMESPACE}---\n${FIXED}`);
    expect(readFileSync(join(folder, "b.yaml"), "utf8")).toBe(CLEAN);
    expect(statSync(join(folder, "a.yaml")).mode).toBe(mode);
    expect(lstatSync(join(folder, "link.yaml")).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(["a.yaml", "b.yaml", "link.yaml"]);
    const second = await ashlar(["fix", "link.yaml", "b.yaml", "--write"], { cwd: folder });
    expect(second).toEqual({ code: 0, out: "nothing to fix, 0 findings left\n", err: "" });
  });

  test("- prints the fixed text, and the rest on standard error", async () => {
    const stdin = `${NAMESPACE}---\n${CRON_JOB}`;
    const { code, out, err } = await ashlar(["fix", "-"], { stdin });
    expect(out).toBe(`${NAMESPACE}---\n${FIXED}`);
    expect(err).toMatch(/1 fix in 1 file, 0 findings left/);
    expect(code).toBe(1);
    const again = await ashlar(["fix", "-"], { stdin: out });
    expect(again).toEqual({ code: 0, out, err: "nothing to fix, 0 findings left\n" });
  });

  test("the target decides what is old", async () => {
    const stdin = `${NAMESPACE}---\n${CRON_JOB}`;
    const { out } = await ashlar(["fix", "-", "--kubernetes", "1.20"], { stdin });
    expect(out).toBe(stdin);
  });

  test("a text that YAML cannot be changed in stays, with the reason", async () => {
    const anchored = CRON_JOB.replace("batch/v1beta1 #", "&v batch/v1beta1 #");
    const stdin = `${NAMESPACE}---\n${anchored}`;
    const { out, err } = await ashlar(["fix", "-"], { stdin });
    expect(out).toBe(stdin);
    expect(err).toMatch(/not fixed: the anchor &v/);
  });

  test("a byte order mark and CR LF stay", async () => {
    const stdin = `\ufeff${NAMESPACE}---\n${CRON_JOB}`.replaceAll("\n", "\r\n");
    const { out } = await ashlar(["fix", "-"], { stdin });
    expect(out).toBe(stdin.replace("batch/v1beta1", "batch/v1"));
  });

  test.each<[string, string[], string | Uint8Array, RegExp]>([
    ["a platform file", [STRIX], "", /is a platform file/],
    ["nothing", ["-"], "", /holds no object/],
    ["- among others", ["-", "a.yaml"], "", /stands among other paths/],
    ["--write with -", ["-", "--write"], "", /--write is for files/],
    ["no version", ["-", "--kubernetes", "new"], CRON_JOB, /is no version/],
    [
      "bytes that are not UTF-8",
      ["-"],
      Buffer.concat([Buffer.from(CRON_JOB), Buffer.from([0x23, 0xff, 0x0a])]),
      /not UTF-8/,
    ],
  ])("cannot run: %s", async (_name, args, stdin, message) => {
    const { code, err } = await ashlar(["fix", ...args], { stdin });
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
