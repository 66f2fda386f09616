import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Resource, readYaml, refOf } from "@ashlar/core";
import { applyJsonPatch, editYaml, raise } from "@ashlar/core/repair";
import { coreRules } from "@ashlar/core/rules";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { filledObjects } from "../objects/filled-objects.ts";
import { canonical } from "../yaml/compare.ts";
import { hostileStrings } from "../yaml/hostile-strings.ts";
import { readWithKubectl } from "../yaml/kubectl-reader.ts";

const FOLDER = join(import.meta.dirname, "..", "objects", "old");
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

/** Comments behind fields that go with nothing in their place; they go as well. */
const GONE = ["as many as usual", "structural already"];
/** Whether there is an IngressClass of that name is not known, so the annotation stays. */
const CLASS_ANNOTATION = /kubernetes\.io\/ingress\.class.* is deprecated/;

/** The rules about one object at a time: others ask for what these objects refer to. */
const SINGLE_OBJECT = ["core/no-removed-api", "core/valid-structure", "core/valid-value"];

let server: ControlPlane;

beforeAll(async () => {
  server = await startControlPlane();
});
afterAll(() => server?.stop());

interface Raised {
  readonly before: string;
  readonly after: string;
  readonly old: readonly Resource[];
  readonly raised: readonly Resource[];
}

/** A file of old objects, each raised in the text. */
async function raisedFile(name: string): Promise<Raised> {
  const before = readFileSync(join(FOLDER, name), "utf8");
  const { resources: old, findings } = readYaml(before, { file: name });
  expect(findings).toEqual([]);
  const edits = old.map((resource, index) => {
    const answer = raise(resource, { kubernetes: "1.36" });
    expect(answer, JSON.stringify(refOf(resource))).toMatchObject({ ok: true });
    return { resource: index, patch: answer?.ok ? answer.patch : [] };
  });
  const { text: after, refused } = await editYaml(before, edits);
  expect(refused).toEqual([]);
  return { before, after, old, raised: readYaml(after, { file: name }).resources };
}

test("there are many kinds of them", () => {
  const kinds = FILES.flatMap(
    (name) => readYaml(readFileSync(join(FOLDER, name)), { file: name }).resources,
  ).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  expect(kinds.length).toBeGreaterThanOrEqual(45);
  expect(new Set(kinds).size).toBeGreaterThanOrEqual(35);
});

/** The objects of a document. */
function itemsOf(document: unknown): unknown {
  const { items } = document as { items?: unknown };
  return Array.isArray(items) ? items : document;
}

describe.each(FILES)("%s", (name) => {
  test("the server serves none of the old versions", async () => {
    for (const { apiVersion, kind } of (await raisedFile(name)).old) {
      const { body, code } = await server.get(`/apis/${apiVersion}`);
      const kinds = code === 404 ? [] : (body as { resources: { kind: string }[] }).resources;
      expect(kinds.map((served) => served.kind)).not.toContain(kind);
    }
  });

  test("the server accepts each raised object, strictly and without a warning that could be helped", async () => {
    for (const resource of (await raisedFile(name)).raised) {
      const answer = await server.dryRun(resource);
      expect(answer, `${resource.kind} ${resource.metadata.name}`).toMatchObject({ accepted: true });
      const warnings = answer.accepted ? answer.warnings : [];
      expect(warnings.filter((warning) => !CLASS_ANNOTATION.test(warning))).toEqual([]);
    }
  });

  test("checked again they are clean, and nothing is left to raise", async () => {
    const { raised } = await raisedFile(name);
    const inventory = { resources: raised, versions: { kubernetes: "1.36" } };
    const single = coreRules.filter(({ code }) => SINGLE_OBJECT.includes(code));
    expect(single).toHaveLength(SINGLE_OBJECT.length);
    expect(single.flatMap((rule) => rule.check(inventory))).toEqual([]);
    expect(raised.map((resource) => raise(resource, { kubernetes: "1.36" }))).toEqual(
      raised.map(() => undefined),
    );
  });

  test("kubectl's reader reads in the text what we read", async () => {
    const { after, raised } = await raisedFile(name);
    const [read] = await readWithKubectl("stream", [after]);
    expect(read?.error).toBeUndefined();
    expect(canonical(read?.documents.flatMap(itemsOf))).toBe(canonical(raised));
  });

  test("each comment is still there, once, unless its field went", async () => {
    const { before, after } = await raisedFile(name);
    const comments = (text: string) => (text.match(/# .*$/gm) ?? []).join(" ").split(" # ").sort();
    expect(comments(after)).toEqual(comments(before).filter((comment) => !GONE.includes(comment)));
  });
});

type Fields = Record<string, unknown>;

/** Made-up values are refused later; a field that is not known, or of another type, ends the decoding. */
const DECODING = /decod|unknown field|unmarshal/;

/** An object of made-up values with those on which `raise` would want a decision made plausible. */
function decided({ status: _, ...object }: Resource): Resource {
  const spec = { ...(object.spec as Fields | undefined) };
  delete spec.rollbackTo;
  const template = spec.template as { metadata?: { labels?: unknown } } | undefined;
  if (spec.selector && template) spec.selector = { matchLabels: template.metadata?.labels };
  const metrics = (spec.metrics as Record<string, Fields>[] | undefined)?.map((metric) => {
    const { object: single, external, resource, containerResource, ...others } = metric;
    const one = (source: Fields | undefined, field: string) =>
      source && { ...source, targetValue: undefined, targetAverageUtilization: undefined, [field]: "1" };
    return {
      ...others,
      object: one(single, "averageValue"),
      external: one(external, "targetAverageValue"),
      resource: one(resource, "targetAverageValue"),
      containerResource: one(containerResource, "targetAverageValue"),
    };
  });
  const isOldMetric = object.apiVersion === "autoscaling/v2beta1";
  const webhooks = (object.webhooks as Fields[] | undefined)?.map((webhook) => ({
    ...webhook,
    sideEffects: "None",
    name: "a.example.com",
  }));
  const topology = { "topology.kubernetes.io/zone": "a" };
  const endpoints = (object.endpoints as Fields[] | undefined)?.map((endpoint) => ({
    ...endpoint,
    topology,
  }));
  return JSON.parse(
    JSON.stringify({
      ...object,
      ...(object.spec !== undefined && { spec: { ...spec, ...(isOldMetric && { metrics }) } }),
      ...(webhooks && { webhooks }),
      ...(endpoints && { endpoints }),
      metadata: { name: "x" },
    }),
  ) as Resource;
}

test("of an old object with every field filled in, the new version knows every field that comes out", async () => {
  const tried: string[] = [];
  const unknown: unknown[] = [];
  for (const object of filledObjects().map(decided)) {
    const answer = raise(object, { kubernetes: "1.36" });
    const name = `${object.apiVersion} ${object.kind}`;
    if (answer?.ok === false && object.kind !== "Event") unknown.push([name, answer.refused]);
    if (!answer?.ok) continue;
    tried.push(name);
    const after = applyJsonPatch(object, answer.patch);
    if (!after.ok) throw new Error(`the patch of ${name} does not apply`);
    const said = await server.dryRun(after.value as Resource);
    if (!said.accepted && DECODING.test(said.status.message)) unknown.push([name, said.status.message]);
    if (name !== "autoscaling/v2beta1 HorizontalPodAutoscaler") continue;
    // So it is told when only the version is another one.
    const naive = await server.dryRun({ ...object, apiVersion: "autoscaling/v2" });
    expect(naive.accepted ? "" : naive.status.message).toMatch(DECODING);
  }
  expect(unknown).toEqual([]);
  expect(tried.length).toBeGreaterThanOrEqual(45);
});

describe("a hostile text that an edit writes is read back by kubectl's reader", () => {
  const STYLES = {
    "in a block":
      "apiVersion: v1\nkind: W\nmetadata: {name: w}\nspec:\n  # kept\n  a: old # kept too\n  list:\n  - b: old\n",
    "in brackets": "apiVersion: v1\nkind: W\nmetadata: {name: w}\nspec: {a: old, list: [{b: old}]} # kept\n",
    "in JSON":
      '{"apiVersion": "v1", "kind": "W", "metadata": {"name": "w"},\n "spec": {\n  "a": "old", "list": [{"b": "old"}]}}\n',
  };
  const texts = hostileStrings().filter((text, index) => index % 5 === 0 && text.isWellFormed());

  test.each(Object.entries(STYLES))("%s", async (_name, before) => {
    const edited = await Promise.all(
      texts.map((value) =>
        editYaml(before, [
          {
            resource: 0,
            patch: [
              { op: "replace", path: "/spec/a", value },
              { op: "add", path: "/spec/list/0/c", value: [value] },
              { op: "add", path: "/spec/d", value: { [value]: value } },
            ],
          },
        ]),
      ),
    );
    const read = await readWithKubectl(
      "stream",
      edited.map(({ text }) => text),
    );
    const wrong = texts.filter((value, index) => {
      const spec = { a: value, list: [{ b: "old", c: [value] }], d: { [value]: value } };
      const object = { apiVersion: "v1", kind: "W", metadata: { name: "w" }, spec };
      const { refused, text } = edited[index]!;
      if (refused.length > 0) return true;
      return (
        canonical(read[index]!.documents) !== canonical([object]) ||
        text.split("# kept").length !== before.split("# kept").length
      );
    });
    expect(texts.length).toBeGreaterThan(2000);
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
