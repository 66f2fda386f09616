import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { main } from "../main.ts";

const schema = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
    "utf8",
  ),
);
const ajv = new Ajv.default({ strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const CRON_JOB = `apiVersion: batch/v1beta1 # old
kind: CronJob
metadata: {name: curator, namespace: prod}
spec:
  schedule: "0 3 * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "c:1"}]}}}}
`;
const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: db, namespace: prod}
type: Opaque
StringData: {password: hunter2-hunter2}
`;

/** The run of a SARIF log for these files, validated. */
async function sarif(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const cwd = mkdtempSync(join(tmpdir(), "ashlar-check-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  let out = "";
  await main(
    ["check", ...Object.keys(files).filter((name) => !name.startsWith("x")), ...args, "--format", "sarif"],
    {
      out: (text) => {
        out += text;
      },
      err: () => undefined,
      stdin: () => Promise.resolve(Buffer.from(CRON_JOB)),
      cwd,
      color: false,
    },
  );
  const value = JSON.parse(out);
  expect(validate(value), JSON.stringify(validate.errors, null, 2)).toBe(true);
  return { out, results: value.runs[0].results };
}

const CHANGE = {
  deletedRegion: { startLine: 1, startColumn: 13, endLine: 1, endColumn: 26 },
  insertedContent: { text: "batch/v1" },
};

test("SARIF has remedies as changes of the files", async () => {
  const { results } = await sarif({ "a.yaml": CRON_JOB });
  const [removed] = results.filter((r: { ruleId: string }) => r.ruleId === "core/no-removed-api");
  expect(removed.fixes[0].artifactChanges).toEqual([
    { artifactLocation: { uri: "a.yaml", uriBaseId: "%SRCROOT%" }, replacements: [CHANGE] },
  ]);
  expect(removed.properties).not.toHaveProperty("fix");
});

test("also of standard input, and of findings that are suppressed or known", async () => {
  const stdin = await sarif({}, "-");
  expect(stdin.results[0].fixes[0].artifactChanges[0].replacements).toEqual([CHANGE]);
  const entry = "- {code: core/no-removed-api, because: later}\n";
  const suppressed = await sarif({ "a.yaml": CRON_JOB, "x.yaml": entry }, "--suppressions", "x.yaml");
  expect(suppressed.results[0]).toMatchObject({
    suppressions: [{ kind: "external" }],
    fixes: [{ artifactChanges: [{ replacements: [CHANGE] }] }],
  });
  const known = await sarif({ "a.yaml": CRON_JOB }, "--baseline", "known.json", "--write-baseline");
  expect(known.results[0]).toMatchObject({
    baselineState: "unchanged",
    fixes: [{ artifactChanges: [{ replacements: [CHANGE] }] }],
  });
});

test("a text that cannot be changed has the JSON patch; values of Secrets are in neither", async () => {
  const anchored = CRON_JOB.replace("batch/v1beta1 #", "&v batch/v1beta1 #");
  const { results } = await sarif({ "a.yaml": anchored });
  expect(results[0]).not.toHaveProperty("fixes");
  expect(results[0].properties.fix).toEqual([{ op: "replace", path: "/apiVersion", value: "batch/v1" }]);
  const { out, results: ofSecret } = await sarif({ "s.yaml": SECRET });
  expect(ofSecret.map((r: { ruleId: string }) => r.ruleId)).toContain("core/valid-structure");
  expect(out).not.toContain("hunter2");
});
