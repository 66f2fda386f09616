import { expect, test } from "vitest";
import type { Resource } from "../resource.ts";
import { validStructure } from "./valid-structure.ts";

const right: Resource = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { a: "b" } };

test("a finding has the code, the object, the place and the remedy", () => {
  const wrong = { ...right, dat: { c: "d" }, data: undefined };
  const locate = (resource: object, path: string) =>
    resource === wrong ? { file: "a.yaml", line: path.length, column: 1 } : undefined;
  expect(validStructure.check({ resources: [right, wrong], locate })).toEqual([
    {
      code: "core/valid-structure",
      severity: "error",
      path: "dat",
      message: expect.stringContaining("dat is not a field of the API"),
      hint: expect.stringContaining('"data"'),
      subject: { apiVersion: "v1", kind: "ConfigMap", name: "a" },
      at: { file: "a.yaml", line: 3, column: 1 },
    },
  ]);
});

test("what has a rule of its own is left to it", () => {
  const policy = { ...right, apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", zzz: 1 };
  expect(validStructure.check({ resources: [policy] })).toEqual([]);
});

test("definitions of the set hold for its custom resources, wherever they stand", () => {
  const garden: Resource = {
    apiVersion: "example.com/v1",
    kind: "Garden",
    metadata: { name: "a" },
    spec: "none",
  };
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gardens.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { kind: "Garden", plural: "gardens" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object" } } } },
        },
      ],
    },
  };
  expect(validStructure.check({ resources: [garden] })).toEqual([]);
  expect(validStructure.check({ resources: [garden, definition] }).map((f) => f.path)).toEqual(["spec"]);
});

test("ten thousand objects are checked in a moment", () => {
  const resources = Array.from({ length: 10_000 }, (_, i) => ({ ...right, metadata: { name: `a${i}` } }));
  const start = performance.now();
  expect(validStructure.check({ resources })).toEqual([]);
  expect(performance.now() - start).toBeLessThan(1000);
});
