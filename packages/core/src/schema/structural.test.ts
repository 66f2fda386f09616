import { describe, expect, test } from "vitest";
import type { Resource } from "../resource.ts";
import { structureProblems } from "./check-structure.ts";
import { customSchemas } from "./custom-schemas.ts";

// Compared with the server in conformance; here are the words, what is broken, and what has no schema.

function definition(schema: unknown, version: object = {}): Resource {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gardens.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Garden", plural: "gardens" },
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version },
      ],
    },
  } as Resource;
}

const garden = (rest: object, apiVersion = "example.com/v1"): Resource =>
  ({ apiVersion, kind: "Garden", metadata: { name: "a" }, ...rest }) as Resource;

function problems(schema: unknown, spec: unknown) {
  const custom = customSchemas([definition({ type: "object", properties: { spec: schema } })]);
  return structureProblems(garden({ spec }), custom);
}

const object = (properties: object, rest: object = {}) => ({ type: "object", properties, ...rest });

test("an unknown field is pruned: a warning with a remedy", () => {
  expect(problems(object({ beds: { type: "integer" } }), { bedz: 1 })).toEqual([
    {
      path: "spec.bedz",
      severity: "warning",
      message:
        "spec.bedz is not a field of its CustomResourceDefinition, and is pruned or, with strict field validation, refused: expected beds",
      hint: 'did you mean "beds"?',
      fix: [
        { op: "add", path: "/spec/beds", value: 1 },
        { op: "remove", path: "/spec/bedz" },
      ],
    },
  ]);
});

test.each<[object, unknown, string[]]>([
  [object({ a: { type: "integer" } }), { a: "1" }, ['spec.a must be a whole number of 64 bits, not "1"']],
  [
    object({ a: { type: "integer", format: "int32" } }),
    { a: 2 ** 31 },
    ["spec.a must be a whole number of 32 bits, not 2147483648"],
  ],
  [
    object({ a: { type: "string" } }, { required: ["a"] }),
    { a: null },
    ["a is required by its CustomResourceDefinition, and there is none"],
  ],
  [object({ a: { type: "string", default: "x" } }, { required: ["a"] }), { a: null }, []],
  [object({ a: { type: "string", nullable: true } }, { required: ["a"] }), { a: null }, []],
  [object({ a: { type: "string", enum: ["x", "y"] } }), { a: "z" }, ['a must be one of "x", "y", not "z"']],
  [object({ a: { type: "integer", minimum: 1, maximum: 3 } }), { a: 0 }, ["a must be 1 or more, not 0"]],
  [
    object({ a: { type: "integer", minimum: 1, exclusiveMinimum: true } }),
    { a: 1 },
    ["a must be more than 1, not 1"],
  ],
  [
    object({ a: { type: "integer", maximum: 3, exclusiveMaximum: true } }),
    { a: 3 },
    ["a must be less than 3, not 3"],
  ],
  [
    object({ a: { type: "string", minLength: 2 } }),
    { a: "ä" },
    ['a must be of 2 characters or more, not "ä"'],
  ],
  [
    object({ a: { type: "array", maxItems: 1 } }),
    { a: [1, 2] },
    ["a must be of 1 items at most, not a list"],
  ],
  [
    object({ a: { type: "string", pattern: "^[a-z]+$" } }),
    { a: "A" },
    ['a must be a match of "^[a-z]+$", not "A"'],
  ],
  [
    object({ a: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" } }),
    { a: ["x", "y", "x"] },
    ['2 must be there once, not "x"'],
  ],
  [
    object({ a: { "x-kubernetes-int-or-string": true } }),
    { a: true },
    ["spec.a must be a whole number or a string, not true"],
  ],
  [object({ a: { "x-kubernetes-preserve-unknown-fields": true } }), { a: { b: [1, "c"] } }, []],
  [object({}, { additionalProperties: { type: "string" } }), { a: 1 }, ["spec.a must be a string, not 1"]],
])("%j of %j", (schema, spec, expected) => {
  expect(problems(schema, spec).map(({ message }) => message)).toEqual(expected);
});

describe("branches with what is not evaluated never refuse by guess", () => {
  const ip = { oneOf: [{ format: "ipv4" }, { format: "ipv6" }] };
  test.each<[object, unknown, number]>([
    [{ type: "string", ...ip }, "10.0.0.1", 0],
    [{ type: "string", not: { format: "ipv4" } }, "10.0.0.1", 0],
    [{ type: "string", anyOf: [{ format: "ipv4" }, { enum: ["a"] }] }, "b", 0],
    [{ type: "string", oneOf: [{ format: "ipv4", maxLength: 3 }, { enum: ["a"] }] }, "long enough", 1],
    [{ type: "string", oneOf: [{ enum: ["a"] }, { maxLength: 1 }] }, "a", 1],
    [{ type: "string", not: { enum: ["a"] } }, "a", 1],
  ])("%j of %j", (schema, value, count) => {
    expect(problems(object({ a: schema }), { a: value })).toHaveLength(count);
  });

  test("defaults are filled in before: exactly one branch holds", () => {
    const schema = object(
      { type: { type: "string", default: "A" } },
      {
        oneOf: [
          { properties: { type: { enum: ["A"] } } },
          { properties: { type: { not: { enum: ["A"] } } } },
        ],
      },
    );
    expect(problems(schema, {})).toEqual([]);
  });
});

describe("definitions", () => {
  test("a version that is not served is named", () => {
    const custom = customSchemas([definition({ type: "object" })]);
    expect(structureProblems(garden({}, "example.com/v2"), custom)).toMatchObject([
      {
        path: "apiVersion",
        message: "the CustomResourceDefinition of Garden serves example.com/v1, not example.com/v2",
      },
    ]);
    expect(structureProblems(garden({}, "example.org/v1"), custom)).toEqual([]);
    expect(structureProblems({ ...garden({}), kind: "Tree" }, custom)).toEqual([]);
  });

  test("metadata is ObjectMeta, whatever the schema says", () => {
    const custom = customSchemas([definition(object({ metadata: { type: "string" } }))]);
    expect(
      structureProblems({ ...garden({}), metadata: { name: "a", label: {} } } as Resource, custom),
    ).toMatchObject([{ path: "metadata.label", severity: "error" }]);
  });

  test("a status that is a subresource is dropped by the server: only its unknown fields are named", () => {
    const schema = object({ status: object({ beds: { type: "integer" } }) });
    const custom = customSchemas([definition(schema, { subresources: { status: {} } })]);
    expect(structureProblems(garden({ status: { beds: "x", bedz: 1 } }), custom).map((p) => p.path)).toEqual([
      "status.bedz",
    ]);
  });

  test.each([
    [undefined],
    [null],
    ["text"],
    [{ properties: [], required: "a", enum: 5, pattern: 1, items: [], allOf: {}, type: ["a"] }],
    [{ type: "object", properties: { spec: null, metadata: 5 }, required: [5], additionalProperties: "no" }],
  ])("a broken schema is no reason to throw: %j", (schema) => {
    const custom = customSchemas([definition(schema), definition(schema, { name: 5 }), {} as Resource]);
    expect(() => structureProblems(garden({ spec: { a: [null] } }), custom)).not.toThrow();
  });

  test("a schema that holds itself comes to an end", () => {
    const schema: Record<string, unknown> = { type: "object" };
    schema.properties = { spec: schema };
    schema.not = schema;
    const value: Record<string, unknown> = {};
    value.spec = value;
    const custom = customSchemas([definition(schema)]);
    expect(structureProblems(garden(value), custom).length).toBeGreaterThan(0);
  });
});
