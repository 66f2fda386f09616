import { isRecord } from "../json.ts";
import { checkerOf } from "./compile.ts";
import { hasDefaults, withDefaults } from "./custom-defaults.ts";
import { type Checker, isTooLarge, type Reading, refuse } from "./reading.ts";
import { SCALARS } from "./scalars.ts";
import { type Check, valueChecks } from "./schema-values.ts";

type Schema = Readonly<Record<string, unknown>>;

/**
 * The checker of a structural schema (the `openAPIV3Schema` of a version of a CustomResourceDefinition), of a whole object:
 * unknown fields, which the server prunes; types; `required`, `nullable`, and the value checks of schema-values.ts.
 *
 * As on the server, `metadata` is ObjectMeta whatever the schema says, and null is the absence of a field that is not
 * nullable. With `dropsStatus` (the status is a subresource) the server looks for unknown fields in `status`, and drops it.
 * Not evaluated: rules in CEL (`x-kubernetes-validations`), `format`.
 */
export function compileStructural(schema: unknown, { dropsStatus = false } = {}): Checker {
  const root = isRecord(schema) ? schema : ANYTHING;
  const check = dropsStatus ? withoutStatus(root) : compileNode(root, "resource");
  if (!hasDefaults(root)) return check;
  return (value, reading, depth) => check(withDefaults(value, root), reading, depth);
}

/** Of `status` the unknown fields alone. */
function withoutStatus(root: Schema): Checker {
  if (!isRecord(root.properties) || !isRecord(root.properties.status)) return compileNode(root, "resource");
  const status = compileNode(root.properties.status, "field");
  const properties = { ...root.properties, status: ANYTHING };
  const object = compileNode({ ...root, properties }, "resource");
  return (value, reading, depth) => {
    object(value, reading, depth);
    if (!isRecord(value) || !isPresent(value.status)) return;
    reading.trail[depth] = "status";
    const apart: Reading = { trail: reading.trail, found: [], left: reading.left };
    status(value.status, apart, depth + 1);
    for (const one of apart.found)
      if (one.kind === "unknown" || (one.kind === "type" && isFilled(one.value))) reading.found.push(one);
  };
}

/** A mapping where none belongs: each of its fields is an unknown one. */
function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isFilled);
  return isRecord(value) && Object.keys(value).length > 0;
}

const ANYTHING: Schema = { "x-kubernetes-preserve-unknown-fields": true };

/** `resource`: has apiVersion, kind and metadata; `values`: a branch of anyOf and its like, where no field is unknown. */
type Role = "resource" | "field" | "values";

/** Of branches in branches; a schema in a text has a few. */
const MAX_BRANCHES = 50;

/** @param within how many branches it is in: a schema that holds itself in memory has no end of them */
function compileNode(schema: Schema, role: Role, within = 0): Checker {
  if (within > MAX_BRANCHES) return () => undefined;
  const checks: Check[] = valueChecks(schema, (branch) => compileNode(branch, "values", within + 1));
  const type = typeName(schema);
  const isType = typeof type === "string" ? TYPES[type] : undefined;
  let object: Check | undefined;
  let items: Check | undefined;
  const nullable = isNullable(schema);
  return (value, reading, depth) => {
    // A null that is allowed has no type, but it has to be in the enum.
    if (!isPresent(value) && nullable) {
      for (const check of checks) check(null, reading, depth);
      return;
    }
    if (isTooLarge(value, reading, depth)) return;
    if (isType && !isType.is(value)) return refuse(value, isType.expected, reading, depth);
    for (const check of checks) check(value, reading, depth);
    if (isRecord(value)) {
      object ??= objectCheck(schema, role, within);
      object(value, reading, depth);
    } else if (Array.isArray(value)) {
      items ??= itemsCheck(schema, role, within);
      items(value, reading, depth);
    }
  };
}

function typeName(schema: Schema): unknown {
  if (schema["x-kubernetes-int-or-string"] === true) return "int-or-string";
  return schema.type === "integer" && schema.format === "int32" ? "int32" : schema.type;
}

const TYPES: Readonly<
  Record<string, { readonly is: (value: unknown) => boolean; readonly expected: string }>
> = {
  object: { is: isRecord, expected: "a mapping of fields" },
  array: { is: Array.isArray, expected: "a list" },
  string: { is: (value) => typeof value === "string", expected: "a string" },
  boolean: { is: (value) => typeof value === "boolean", expected: "true or false" },
  integer: { is: SCALARS.l!.reads, expected: SCALARS.l!.expected },
  int32: { is: SCALARS.i!.reads, expected: SCALARS.i!.expected },
  number: { is: (value) => typeof value === "number", expected: "a number" },
  "int-or-string": {
    is: (value) => typeof value === "string" || SCALARS.l!.reads(value),
    expected: "a whole number or a string",
  },
};

function objectCheck(schema: Schema, role: Role, within: number): Check {
  const fields = new Map<string, Checker>();
  const nullable = new Set<string>();
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const inner = role === "values" ? "values" : "field";
  for (const [name, property] of Object.entries(properties)) {
    if (!isRecord(property)) continue;
    fields.set(name, compileNode(property, roleOf(property, inner), within));
    if (isNullable(property)) nullable.add(name);
  }
  if (role === "resource") {
    const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
    if (isEmbedded) nullable.add("apiVersion").add("kind"); // to be refused as no text
    fields.set("apiVersion", isEmbedded ? isApiVersion : isText).set("kind", isEmbedded ? isKind : isText);
    fields.set("metadata", checkerOf("meta.v1.ObjectMeta"));
    nullable.delete("metadata");
  }
  const rest = isRecord(schema.additionalProperties) ? schema.additionalProperties : undefined;
  const restCheck = rest && compileNode(rest, roleOf(rest, inner), within);
  const restNullable = rest !== undefined && isNullable(rest);
  const isOpen =
    role === "values" ||
    schema["x-kubernetes-preserve-unknown-fields"] === true ||
    schema.additionalProperties === true;
  const required = requiredOf(schema, role);
  return (value, reading, depth) => {
    const owner = value as Schema;
    const { trail, found } = reading;
    for (const key of Object.keys(owner)) {
      const item = owner[key];
      const check = fields.get(key) ?? restCheck;
      trail[depth] = key;
      if (check === undefined) {
        if (!isOpen)
          found.push({ kind: "unknown", segments: trail.slice(0, depth + 1), owner, fields, fate: "pruned" });
      } else if (isPresent(item) || (fields.has(key) ? nullable.has(key) : restNullable))
        check(item, reading, depth + 1);
    }
    for (const name of required)
      if (!Object.hasOwn(owner, name) || (!isPresent(owner[name]) && !nullable.has(name)))
        found.push(missing([...trail.slice(0, depth), name], properties[name]));
  };
}

function roleOf(schema: Schema, inner: Role): Role {
  return inner === "field" && schema["x-kubernetes-embedded-resource"] === true ? "resource" : inner;
}

const isText: Checker = (value, reading, depth) => {
  if (typeof value !== "string") refuse(value, "a string", reading, depth);
};

const isApiVersion: Checker = textChecker(
  (text) => /^[^/]+(\/[^/]*)?$/.test(text),
  "an apiVersion like apps/v1",
);
const isKind: Checker = textChecker(
  (text) => text.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/i.test(text),
  "a kind like Deployment",
);

function textChecker(isRight: (text: string) => boolean, expected: string): Checker {
  return (value, reading, depth) => {
    if (typeof value !== "string") refuse(value, "a string", reading, depth);
    else if (!isRight(value)) refuse(value, expected, reading, depth);
  };
}

function isNullable(schema: Schema): boolean {
  return schema.nullable === true;
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/** What has to be there, after defaulting. */
function requiredOf(schema: Schema, role: Role): string[] {
  const listed = Array.isArray(schema.required) ? schema.required : [];
  const names = listed.filter((name): name is string => typeof name === "string");
  const embedded = role === "resource" && schema["x-kubernetes-embedded-resource"] === true;
  return [...new Set([...names, ...(embedded ? ["apiVersion", "kind"] : [])])];
}

function missing(segments: readonly (string | number)[], property: unknown) {
  const name = String(segments.at(-1));
  const described =
    isRecord(property) && typeof property.description === "string" ? property.description : "";
  const what = described.split(/\.\s|\n/)[0]?.slice(0, 120);
  return {
    kind: "value" as const,
    segments,
    message: `${name} is required by its CustomResourceDefinition, and there is none`,
    hint: what ? `add ${name}: ${what}` : `add ${name}`,
  };
}

function itemsCheck(schema: Schema, role: Role, within: number): Check {
  if (!isRecord(schema.items)) return () => undefined;
  const inner = role === "values" ? "values" : "field";
  const check = compileNode(schema.items, roleOf(schema.items, inner), within);
  return (value, reading, depth) => {
    const list = value as readonly unknown[];
    for (let i = 0; i < list.length; i++) {
      reading.trail[depth] = i;
      check(list[i], reading, depth + 1);
    }
  };
}
