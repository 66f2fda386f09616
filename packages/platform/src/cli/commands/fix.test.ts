import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../main.ts";

const OLD = `apiVersion: batch/v1beta1 # old
kind: CronJob
metadata: {name: curator, namespace: prod}
spec:
  schedule: "0 3 * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "c:1", envFrom: [{secretRef: {name: db}}]}]}}}}
`;
const NEW = OLD.replace("batch/v1beta1", "batch/v1");
const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n";

async function ashlar(args: readonly string[], files: Readonly<Record<string, string>>, stdin = "") {
  const cwd = mkdtempSync(join(tmpdir(), "ashlar-fix-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  let [out, err] = ["", ""];
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: () => Promise.resolve(Buffer.from(stdin)),
    cwd,
    color: false,
  });
  return { code, out, err, text: (name: string) => readFileSync(join(cwd, name), "utf8") };
}

test("--format json: what changes in each file, and what remains", async () => {
  const anchored = OLD.replace("curator", "other").replace("batch/v1beta1 #", "&v batch/v1beta1 #");
  const files = {
    "a.yaml": `${NAMESPACE}---\n${OLD}`,
    "b.yaml": anchored,
    "c.yaml": NAMESPACE.replace("prod", "x"),
  };
  const args = ["fix", "a.yaml", "b.yaml", "c.yaml", "--format", "json"];
  const { code, out, err, text } = await ashlar(args, files);
  expect({ code, err }).toEqual({ code: 1, err: "" });
  const report = JSON.parse(out);
  expect(report.written).toBe(false);
  expect(report.summary).toEqual({ files: 1, fixes: 1, left: 1 });
  expect(report.files).toEqual([
    {
      file: "a.yaml",
      fixes: [
        expect.objectContaining({
          code: "core/no-removed-api",
          fix: [{ op: "replace", path: "/apiVersion", value: "batch/v1" }],
          at: { file: "a.yaml", line: 5, column: 1 },
        }),
      ],
    },
  ]);
  expect(report.left[0]).toMatchObject({
    code: "core/no-removed-api",
    at: { file: "b.yaml" },
    notFixed: expect.stringContaining("the anchor &v"),
  });
  expect(text("a.yaml")).toBe(files["a.yaml"]);

  const written = await ashlar([...args, "--write"], files);
  expect(JSON.parse(written.out)).toEqual({ ...report, written: true });
  expect(written.text("a.yaml")).toBe(`${NAMESPACE}---\n${NEW}`);
  expect(written.text("b.yaml")).toBe(anchored);

  const again = await ashlar(["fix", "a.yaml", "--format", "json", "--write"], {
    "a.yaml": `${NAMESPACE}---\n${NEW}`,
  });
  expect({ code: again.code, ...JSON.parse(again.out) }).toEqual({
    code: 0,
    files: [],
    left: [],
    written: false,
    summary: { files: 0, fixes: 0, left: 0 },
  });
});

test("--format json of standard input has its fixed text", async () => {
  const { out, err } = await ashlar(["fix", "-", "--format", "json"], {}, `${NAMESPACE}---\n${OLD}`);
  expect(err).toBe("");
  expect(JSON.parse(out).files).toEqual([
    { file: "<stdin>", fixes: [expect.anything()], text: `${NAMESPACE}---\n${NEW}` },
  ]);
});

test("--whole and --assume say what is found, as they do for check", async () => {
  const files = { "a.yaml": `${NAMESPACE}---\n${NEW}` };
  const left = async (...options: string[]) => {
    const { out } = await ashlar(["fix", "a.yaml", "--format", "json", ...options], files);
    return JSON.parse(out).left.map((f: { code: string; severity: string }) => `${f.severity} ${f.code}`);
  };
  const checked = async (...options: string[]) => {
    const { out } = await ashlar(["check", "a.yaml", "--format", "json", ...options], files);
    return JSON.parse(out).findings.map((f: { code: string; severity: string }) => `${f.severity} ${f.code}`);
  };
  for (const [options, expected] of [
    [[], []],
    [["--whole"], ["error core/no-missing-secret"]],
    [["--whole", "--assume", "prod/Secret/db"], []],
  ] as const) {
    expect(await left(...options)).toEqual(expected);
    expect(await checked(...options)).toEqual(expected);
  }
});

test("what is no object is refused by --assume, as check does", async () => {
  const { code, err } = await ashlar(["fix", "a.yaml", "--assume", "db"], { "a.yaml": NEW });
  expect(code).toBe(2);
  expect(err).toMatch(/--assume: expected NAMESPACE\/KIND\/NAME/);
});
