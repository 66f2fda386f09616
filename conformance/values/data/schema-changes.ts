import type { Change } from "./changes.ts";

const CRD = "CustomResourceDefinition/shops.example.test";
const of = (...schemas: object[]): Change => [CRD, "spec.versions[1].schema.openAPIV3Schema", schemas];
const withSpec = (...specs: object[]): Change =>
  of(...specs.map((spec) => ({ type: "object", properties: { spec } })));
const list = (more: object) => ({ type: "array", items: { type: "object" }, ...more });
const keyed = (properties: object, more: object = {}) =>
  list({
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["a"],
    items: { type: "object", properties, ...more },
  });
const text = { type: "string" };
const resource = { type: "object", "x-kubernetes-embedded-resource": true };
const open = { "x-kubernetes-preserve-unknown-fields": true };
const intOrString = { anyOf: [{ type: "integer" }, { type: "string" }] };

/** Schemas of a CustomResourceDefinition. */
export const SCHEMA_CHANGES: readonly Change[] = [
  of({}, { type: "string" }, { type: "x" }, { ...open }, { type: "object", nullable: true }),
  of({ type: "object", additionalProperties: true }, { type: "object", additionalProperties: text }),
  of({ type: "object", properties: { kind: { type: "integer" }, apiVersion: {}, metadata: text } }),
  of(
    { type: "object", properties: { metadata: { type: "object", properties: { name: text } } } },
    { type: "object", properties: { metadata: { type: "object", properties: { labels: text } } } },
    { type: "object", properties: { metadata: { type: "object", description: "a" } } },
    { type: "object", properties: { kind: { type: "string", default: "a" } } },
  ),
  of(
    { type: "object", anyOf: [{ required: ["spec"] }, { properties: { spec: { minLength: 1 } } }] },
    { type: "object", properties: { spec: text }, not: { properties: { spec: { enum: ["a"] } } } },
    { type: "object", properties: { spec: text }, oneOf: [{ properties: { spec: { items: {} } } }] },
    {
      type: "object",
      properties: { metadata: { type: "object" } },
      allOf: [{ properties: { metadata: {} } }],
    },
  ),
  withSpec({}, { type: "null" }, { type: "array" }, list({ items: {} }), {
    type: "object",
    properties: { a: {} },
  }),
  withSpec({ ...open }, { type: "object", "x-kubernetes-preserve-unknown-fields": false }),
  withSpec(
    { type: "object", additionalProperties: true },
    { type: "object", additionalProperties: {} },
    { type: "object", additionalProperties: text, properties: { a: text } },
    { type: "object", additionalProperties: true, properties: { a: text } },
    { type: "object", additionalProperties: false, properties: { a: text } },
  ),
  withSpec(
    resource,
    { ...resource, ...open },
    { ...resource, type: "string" },
    { "x-kubernetes-embedded-resource": true, ...open },
    { ...resource, additionalProperties: text },
    { ...resource, properties: { kind: { type: "integer" }, metadata: {} } },
    { ...resource, properties: { metadata: { type: "object", properties: { labels: { type: "object" } } } } },
    { ...resource, properties: { kind: { type: "string", default: "A" }, apiVersion: text } },
  ),
  withSpec(
    { "x-kubernetes-int-or-string": true },
    { "x-kubernetes-int-or-string": true, ...open },
    { "x-kubernetes-int-or-string": true, ...intOrString },
    { "x-kubernetes-int-or-string": true, allOf: [intOrString, { pattern: "a" }] },
    { "x-kubernetes-int-or-string": true, allOf: [{ pattern: "a" }, intOrString] },
    { "x-kubernetes-int-or-string": true, anyOf: [{ type: "string" }, { type: "integer" }] },
  ),
  withSpec(
    {
      type: "string",
      anyOf: [{ type: "string", description: "a", title: "b", default: "c", nullable: true }],
    },
    { type: "object", anyOf: [{ additionalProperties: text }] },
    { type: "object", anyOf: [{ additionalProperties: true }] },
    { type: "object", not: { ...open, "x-kubernetes-map-type": "atomic" } },
    {
      type: "object",
      properties: { metadata: text },
      allOf: [{ properties: { metadata: { minLength: 1 } } }],
    },
    { type: "object", allOf: [{ properties: { a: { type: "string" } } }] },
    { type: "array", items: text, oneOf: [{ items: { type: "string" } }] },
    { type: "object", oneOf: [{ "x-kubernetes-validations": [{ rule: "true" }] }] },
  ),
  withSpec(
    { type: "string", uniqueItems: true },
    { type: "string", id: "a" },
    { type: "string", $ref: "a" },
    { type: "object", patternProperties: { a: text } },
    { type: "object", definitions: { a: text } },
    { type: "object", dependencies: { a: ["b"] } },
    { type: "array", items: [text] },
    { type: "array", items: text, additionalItems: true },
    { id: "a" },
  ),
  withSpec(
    { type: "object", "x-kubernetes-map-type": "atomic" },
    { type: "object", "x-kubernetes-map-type": "x" },
    { type: "string", "x-kubernetes-map-type": "granular" },
    list({ "x-kubernetes-list-type": "x" }),
    { type: "object", "x-kubernetes-list-type": "set" },
    list({ "x-kubernetes-list-type": "set" }),
    list({ "x-kubernetes-list-type": "set", items: { type: "object", "x-kubernetes-map-type": "atomic" } }),
    list({ "x-kubernetes-list-type": "set", items: { type: "string", nullable: true } }),
    list({
      "x-kubernetes-list-type": "set",
      items: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    }),
    list({ "x-kubernetes-list-type": "set", items: { type: "array", items: text } }),
    list({ "x-kubernetes-list-map-keys": ["a"] }),
    list({ "x-kubernetes-list-type": "set", "x-kubernetes-list-map-keys": ["a"] }),
    list({ "x-kubernetes-list-type": "map" }),
    list({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a"] }),
    { type: "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a"] },
    list({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a"], items: text }),
  ),
  withSpec(
    keyed({ a: text }),
    keyed({ a: text }, { required: ["a"] }),
    keyed({ a: { ...text, default: "b" } }),
    keyed({ a: { ...text, nullable: true } }, { required: ["a"] }),
    keyed({ a: { type: "object" } }, { required: ["a"] }),
    keyed({ a: text }, { required: ["a"], nullable: true }),
    { ...keyed({ a: text }, { required: ["a"] }), "x-kubernetes-list-map-keys": ["a", "a", "b"] },
  ),
  withSpec(
    ...[
      {},
      { rule: " " },
      { rule: "true", message: " " },
      { rule: "true", message: "a\nb" },
      { rule: "true\n&& true" },
      { rule: "true\n&& true", message: "a" },
      { rule: "true", messageExpression: " " },
      { rule: "true", reason: "x" },
      { rule: "true", reason: "FieldValueInvalid" },
    ].map((rule) => ({ type: "string", "x-kubernetes-validations": [rule] })),
  ),
  [
    CRD,
    "spec.versions",
    [
      { type: "object", properties: { a: {} } },
      { type: "object", enum: ["a"] },
      { type: "string" },
      { id: "a" },
    ].map((openAPIV3Schema) => [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema }, subresources: { status: {} } },
      { name: "v2", served: true, storage: false, schema: { openAPIV3Schema } },
    ]),
  ],
];
