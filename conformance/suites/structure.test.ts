import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Resource } from "@ashlar/core";
import { applyJsonPatch } from "@ashlar/core/repair";
import { customSchemas, structureProblems } from "@ashlar/core/rules";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { customResourceServer, ourCustom, sameCustom, serverCustom } from "../objects/custom-verdict.ts";
import { decodableObject, servedSchemas } from "../objects/from-openapi.ts";
import { gardens } from "../objects/gardens.ts";
import { rightObjects } from "../objects/right-objects.ts";
import { type Mutant, slips, structuralMutants } from "../objects/structural-mutations.ts";
import { ourStructure, sameStructure, serverStructure } from "../objects/structure-verdict.ts";
import { randomFrom } from "../policies/random.ts";

let server: ControlPlane;

beforeAll(async () => {
  server = await startControlPlane({ disableAdmission: ["NamespaceLifecycle"] });
});
afterAll(() => server?.stop());

describe("objects that are right", () => {
  test.each(rightObjects.map((object) => [`${object.kind} ${object.metadata.name}`, object] as const))(
    "%s",
    async (_, object) => {
      const answer = await server.dryRun(object);
      expect(answer.accepted ? "" : answer.status.message).toBe("");
      expect(structureProblems(object)).toEqual([]);
    },
  );

  test("there are more than thirty kinds", () => {
    expect(new Set(rightObjects.map(({ kind }) => kind)).size).toBeGreaterThan(30);
  });
});

describe("what the server decodes, we read; what it does not, we refuse", () => {
  test.each([1, 2, 3])("mutants of the right objects, seed %i", async (seed) => {
    const { differences, counts } = await compare(structuralMutants(rightObjects, 40, seed));
    expect(differences).toEqual([]);
    expect(Math.min(counts.decoded, counts.unknown, counts.type)).toBeGreaterThan(150);
  });

  test("objects made by the server's own OpenAPI, of every kind that it serves, and mutants of them", async () => {
    const served = await servedSchemas(server);
    expect(served.length).toBeGreaterThan(50);
    const random = randomFrom(4);
    const made = served.flatMap((schema) => Array.from({ length: 4 }, () => decodableObject(schema, random)));
    const whole = await compare(made.map((object) => ({ name: JSON.stringify(object), object })));
    expect(whole.differences).toEqual([]);
    expect(whole.counts.decoded).toBe(made.length);
    const { differences, counts } = await compare(structuralMutants(made, 5, 5));
    expect(differences).toEqual([]);
    expect(Math.min(counts.decoded, counts.unknown, counts.type)).toBeGreaterThan(150);
  });
});

test("the schema data is what the module of this Kubernetes publishes", () => {
  const script = fileURLToPath(new URL("../../scripts/generate-schemas.ts", import.meta.url));
  expect(execFileSync(process.execPath, [script, "--check"], { encoding: "utf8" })).toContain(
    "is what the source gives",
  );
});

test("a remedy makes its field right: the server decodes it, or finds only other fields", async () => {
  let tried = 0;
  for (const { name, object } of slips(rightObjects, 40, 8)) {
    const problems = structureProblems(object);
    const fixed = problems.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    if (fixed.length === 0 || fixed.length < problems.length) continue;
    tried++;
    const repaired = fixed.reduce<unknown>((value, fix) => {
      const result = applyJsonPatch(value, fix);
      return result.ok ? result.value : expect.fail(`${name}: ${result.findings[0]?.message}`);
    }, object);
    expect(structureProblems(repaired as Resource)).toEqual([]);
    expect(serverStructure(await server.dryRun(repaired as Resource)), name).toEqual({ kind: "decoded" });
  }
  expect(tried).toBeGreaterThan(500);
});

describe("kinds", () => {
  test.each([
    ["v1", "Deployment"],
    ["apps/v1", "Deploymnt"],
    ["apps/v3", "Deployment"],
    ["networking.k8s.io/v1", "ingress"],
    ["app/v1", "Deployment"],
    ["v1", "Nothing"],
  ])("%s %s is not served, and we say so", async (apiVersion, kind) => {
    const object = { apiVersion, kind, metadata: { name: "tried" } };
    await expect(server.dryRun(object)).rejects.toThrow("serves no");
    expect(structureProblems(object)).toHaveLength(1);
  });
});

test("custom resources: the verdict and the fields are the server's, but for names and labels", async () => {
  const definition = rightObjects.find(({ kind }) => kind === "CustomResourceDefinition")!;
  const tryOne = await customResourceServer(server, definition);
  const custom = customSchemas([definition]);
  for (const garden of gardens) {
    const answer = await tryOne(garden);
    expect(answer.accepted ? "" : answer.status.message).toBe("");
    expect(structureProblems(garden, custom)).toEqual([]);
  }
  const differences: unknown[] = [];
  const counts: Record<string, number> = {};
  for (const { name, object } of structuralMutants(gardens, 600, 6)) {
    const theirs = serverCustom(await tryOne(object));
    const ours = ourCustom(structureProblems(object, custom));
    if (!sameCustom(theirs, ours)) differences.push({ name, theirs, ours });
    counts[theirs.kind] = (counts[theirs.kind] ?? 0) + 1;
  }
  expect(differences).toEqual([]);
  expect(Math.min(counts.accepted!, counts.refused!)).toBeGreaterThan(200);
});

async function compare(mutants: readonly Mutant[]) {
  const differences: unknown[] = [];
  const counts = { decoded: 0, unknown: 0, type: 0 };
  for (const { name, object } of mutants) {
    const answer = await server.dryRun(object);
    const [theirs, ours] = [serverStructure(answer), ourStructure(structureProblems(object))];
    counts[theirs.kind]++;
    if (!sameStructure(theirs, ours))
      differences.push({ name, theirs, ours, message: answer.accepted ? "" : answer.status.message });
  }
  return { differences, counts };
}
