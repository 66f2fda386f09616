import { isRecord } from "../json.ts";
import { checkListSchema } from "./custom-resource-lists.ts";
import { checkSchemaRule } from "./custom-resource-rule.ts";
import { type Fields, fieldsOf, flagOf, has, keysOf, listOf, textOf } from "./fields.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
/** Keywords of JSON Schema that the API does not have. */
const UNSUPPORTED = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];
/** Keywords that say what a value is, and have no place where only values are judged. */
const NOT_IN_BRANCHES = [
  "type",
  "default",
  "title",
  "description",
  "nullable",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-validations",
];
const NOT_BESIDE_STATUS =
  "default enum maxProperties minProperties allOf oneOf anyOf not nullable additionalProperties x-kubernetes-embedded-resource x-kubernetes-int-or-string x-kubernetes-list-map-keys x-kubernetes-list-type x-kubernetes-map-type".split(
    " ",
  );
const OF_RESOURCES = ["metadata", "kind", "apiVersion"];
const BRANCHES = ["allOf", "oneOf", "anyOf"] as const;
/** Deeper is no schema that anybody wrote. */
const MOST_LEVELS = 200;

type Level = "root" | "item" | "field";

/** Where a schema stands, for what its surroundings forbid. */
interface Place {
  readonly isRoot: boolean;
  /** In the metadata, kind or apiVersion of a resource. */
  readonly inMetadata: boolean;
  readonly allowsDefaults: boolean;
}

/**
 * Reports what the API server refuses in the schemas of a CustomResourceDefinition's versions. One that all versions have
 * alike the server keeps once, beside the versions, and names it there.
 */
export function checkResourceSchemas(versions: readonly Fields[], report: Report): void {
  const schemas = versions.map((version) => fieldsOf(fieldsOf(version, "schema") ?? {}, "openAPIV3Schema"));
  const hasStatus = versions.map((version) => has(fieldsOf(version, "subresources") ?? {}, "status"));
  const isShared = schemas.every((schema) => isSame(schema, schemas[0], 0));
  schemas.forEach((schema, i) => {
    if (!schema || (isShared && i > 0)) return;
    const place = `spec.versions[${i}].schema.openAPIV3Schema`;
    const path = isShared ? "spec.validation.openAPIV3Schema" : place;
    const placed: Report = (at, message, hint, more) =>
      report(at, message, hint, { ...more, where: (more?.where ?? at).replace(path, place) });
    checkSchema(schema, isShared ? hasStatus.includes(true) : hasStatus[i] === true, path, placed);
  });
}

function isSame(a: unknown, b: unknown, depth: number): boolean {
  if (depth > MOST_LEVELS || (a ?? undefined) === (b ?? undefined)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isSame(item, b[i], depth + 1));
  if (!isRecord(a) || !isRecord(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
    isSame(own(a, key), own(b, key), depth + 1),
  );
}

function own(object: Fields, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * Reports what the API server refuses in the schema of a version of a CustomResourceDefinition: what makes it no structural
 * schema, keywords that it does not take, lists and their keys, rules without text. Not looked at: CEL, whether defaults fit
 * their own schema, and patterns.
 */
function checkSchema(schema: Fields, hasStatus: boolean, path: string, report: Report): void {
  if (hasStatus) checkRootBesideStatus(schema, path, report);
  if (flagOf(schema, "nullable")) report(`${path}.nullable`, "a resource is never null", "remove nullable");
  if (!isUnreadable(schema, 0)) {
    checkNode(schema, "root", path, 0, report);
    for (const [branch] of branchesOf(schema)) checkComplete(branch, schema, path, 0, report);
  }
  checkKeywords(schema, { isRoot: true, inMetadata: false, allowsDefaults: true }, path, 0, report);
}

/** The server stops at the first keyword that it dislikes: these come before `type`, all others after it. */
function checkRootBesideStatus(schema: Fields, path: string, report: Report): void {
  const type = textOf(schema, "type");
  const isEarly = ["id", "$schema", "$ref"].some((keyword) => isSet(schema[keyword]));
  if (!isEarly && type !== "" && type !== "object")
    report(`${path}.type`, `a resource is an object, not ${quoted(type)}`, "write type: object");
  else if (isEarly || [...NOT_BESIDE_STATUS, ...UNSUPPORTED].some((keyword) => isSet(schema[keyword])))
    report(
      path,
      `beside a status subresource these have no place at the root: ${NOT_BESIDE_STATUS.join(", ")}`,
      "move them into a property",
    );
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return false;
  return !Array.isArray(value) || value.length > 0;
}

/** With such keywords the server does not look whether the schema is structural. */
function isUnreadable(schema: Fields, depth: number): boolean {
  if (depth > MOST_LEVELS) return false;
  if (hasUnsupported(schema) || Array.isArray(schema.items)) return true;
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) return true;
  return partsOf(schema).some(([part]) => isUnreadable(part, depth + 1));
}

function hasUnsupported(schema: Fields): boolean {
  return [...UNSUPPORTED, "$schema"].some((keyword) => isSupported(schema, keyword) === false);
}

function isSupported(schema: Fields, keyword: string): boolean {
  const value = schema[keyword];
  const isEmpty = isRecord(value) && Object.keys(value).length === 0 && keyword !== "dependencies";
  return !has(schema, keyword) || value === "" || isEmpty;
}

/** The schemas right below a schema, with their paths from it. */
function partsOf(schema: Fields): (readonly [part: Fields, path: string, name?: string])[] {
  const parts: (readonly [Fields, string, string?])[] = [];
  for (const field of ["items", "additionalProperties", "not"]) {
    const part = fieldsOf(schema, field);
    if (part) parts.push([part, field]);
  }
  const properties = fieldsOf(schema, "properties") ?? {};
  for (const name of keysOf(schema, "properties"))
    parts.push([fieldsOf(properties, name) ?? {}, `properties[${name}]`, name]);
  for (const field of BRANCHES)
    listOf(schema, field).forEach((branch, i) => {
      parts.push([branch, `${field}[${i}]`]);
    });
  return parts;
}

/** Structural schemas: https://kubernetes.io/docs, "Specifying a structural schema"; apiserver/schema/validation.go. */
function checkNode(schema: Fields, level: Level, path: string, depth: number, report: Report): void {
  if (depth > MOST_LEVELS) return;
  const type = textOf(schema, "type");
  const isEmbedded = flagOf(schema, "x-kubernetes-embedded-resource") === true;
  const isIntOrString = flagOf(schema, "x-kubernetes-int-or-string") === true;
  const keepsUnknown = flagOf(schema, "x-kubernetes-preserve-unknown-fields") === true;
  if (type === "array" && !has(schema, "items"))
    missing(report, `${path}.items`, "write the schema of the list's items");
  for (const [part, at, name] of partsOf(schema))
    if (name !== undefined || at === "items" || at === "additionalProperties")
      checkNode(part, at === "items" ? "item" : "field", `${path}.${at}`, depth + 1, report);
  if (has(schema, "additionalProperties") && (level === "root" || isEmbedded))
    report(`${path}.additionalProperties`, "a resource has named fields", "write properties");
  for (const keyword of ["preserve-unknown-fields", "embedded-resource"])
    if (isIntOrString && flagOf(schema, `x-kubernetes-${keyword}`))
      report(`${path}.x-kubernetes-${keyword}`, "what is a number or a string has no fields", "remove it");
  checkBranches(schema, path, depth, report);
  if (isEmbedded && type !== "object")
    report(`${path}.type`, "a resource in a field is an object", "write type: object");
  else if (type === "" && !isIntOrString && !keepsUnknown)
    missing(report, `${path}.type`, `write one of ${TYPES.join(", ")}`);
  if (level === "root" && type !== "" && type !== "object")
    report(`${path}.type`, `a resource is an object, not ${quoted(type)}`, "write type: object");
  checkMetadata(schema, level, isEmbedded, path, report);
  if (isEmbedded && !keepsUnknown && keysOf(schema, "properties").length === 0)
    missing(
      report,
      `${path}.properties`,
      "write the resource's fields, or x-kubernetes-preserve-unknown-fields: true",
    );
}

function checkMetadata(
  schema: Fields,
  level: Level,
  isEmbedded: boolean,
  path: string,
  report: Report,
): void {
  const properties = fieldsOf(schema, "properties") ?? {};
  const isResource = level === "root" || isEmbedded;
  for (const field of OF_RESOURCES) {
    const part = Object.hasOwn(properties, field) ? (fieldsOf(properties, field) ?? {}) : undefined;
    const type = field === "metadata" ? "object" : "string";
    if (part && isResource && textOf(part, "type") !== type)
      report(`${path}.properties[${field}].type`, `${field} is of type ${type}`, `write type: ${type}`);
  }
  const metadata = fieldsOf(properties, "metadata");
  if (!metadata || level !== "root") return;
  const others = keysOf(metadata, "properties").filter((name) => name !== "name" && name !== "generateName");
  const more = Object.keys(metadata).filter((key) => !["type", "default", "properties"].includes(key));
  if (others.length > 0 || more.some((key) => isSet(metadata[key])))
    report(
      `${path}.properties[metadata]`,
      "metadata is ObjectMeta whatever the schema says: name and generateName alone can be restricted",
      "write metadata: { type: object }",
    );
}

function branchesOf(schema: Fields): ReturnType<typeof partsOf> {
  return partsOf(schema).filter(([, at]) => /^(allOf|oneOf|anyOf)\[|^not$/.test(at));
}

/** What is judged in a branch has to be described outside of branches. The server looks from the root alone. */
function checkComplete(branch: Fields, schema: Fields, path: string, depth: number, report: Report): void {
  if (depth > MOST_LEVELS) return;
  for (const [inner] of branchesOf(branch)) checkComplete(inner, schema, path, depth + 1, report);
  const properties = fieldsOf(schema, "properties") ?? {};
  for (const [part, at, name] of partsOf(branch)) {
    if (at !== "items" && name === undefined) continue;
    const described = name === undefined ? fieldsOf(schema, "items") : own(properties, name);
    if (isRecord(described)) checkComplete(part, described, `${path}.${at}`, depth + 1, report);
    else missing(report, `${path}.${at}`, "describe what a branch judges outside of the branch too");
  }
}

/** In branches values are judged; what a value is stands outside of them. */
function checkBranches(schema: Fields, path: string, depth: number, report: Report): void {
  const first = listOf(schema, "allOf")[0];
  for (const [part, at] of branchesOf(schema)) {
    if (at.startsWith("anyOf[") && isNumberOrString(schema)) continue;
    const skips = at === "allOf[0]" && first !== undefined && isNumberOrString(first);
    checkBranch(part, skips, `${path}.${at}`, depth + 1, report);
  }
}

/** The one exception: `anyOf: [{ type: integer }, { type: string }]`. */
function isNumberOrString(schema: Fields): boolean {
  const branches = listOf(schema, "anyOf");
  return (
    branches.length === 2 &&
    branches.every(
      (branch, i) => branch.type === ["integer", "string"][i] && Object.keys(branch).length === 1,
    )
  );
}

function checkBranch(branch: Fields, skipsAnyOf: boolean, path: string, depth: number, report: Report): void {
  if (depth > MOST_LEVELS) return;
  for (const [part, at, name] of partsOf(branch)) {
    if (at === "additionalProperties" || (skipsAnyOf && at.startsWith("anyOf["))) continue;
    checkBranch(part, false, `${path}.${at}`, depth + 1, report);
    if (name === "metadata") report(`${path}.${at}`, "metadata is not judged in a branch", "remove it");
  }
  for (const keyword of [...NOT_IN_BRANCHES, "additionalProperties"])
    if (keyword === "additionalProperties" ? has(branch, keyword) : isSet(branch[keyword]))
      report(`${path}.${keyword}`, `${keyword} has no place in a branch`, `write ${keyword} outside of it`);
}

function checkKeywords(schema: Fields, place: Place, path: string, depth: number, report: Report): void {
  if (depth > MOST_LEVELS) return;
  const type = textOf(schema, "type");
  if (type !== "") checkOneOf(type, TYPES, `${path}.type`, report);
  if (has(schema, "default") && !place.allowsDefaults)
    report(`${path}.default`, "metadata, kind and apiVersion have no defaults", "remove it");
  for (const keyword of UNSUPPORTED)
    if (!isSupported(schema, keyword))
      report(`${path}.${keyword}`, `the API does not take ${keyword}`, "write what it stands for");
  if (Array.isArray(schema.items) && schema.items.length > 0)
    report(`${path}.items`, "items is one schema, for all", "write one schema");
  if (place.inMetadata && flagOf(schema, "x-kubernetes-embedded-resource"))
    report(`${path}.x-kubernetes-embedded-resource`, "metadata holds no resource", "remove it");
  if (flagOf(schema, "uniqueItems"))
    report(
      `${path}.uniqueItems`,
      "the server would compare each with each",
      "write x-kubernetes-list-type: set",
    );
  const names = keysOf(schema, "properties");
  if (names.length > 0 && has(schema, "additionalProperties") && schema.additionalProperties !== true)
    report(
      `${path}.additionalProperties`,
      "properties and additionalProperties exclude each other",
      "write properties alone",
    );
  const isResource = place.isRoot || flagOf(schema, "x-kubernetes-embedded-resource") === true;
  for (const [part, at, name] of partsOf(schema)) {
    const inMetadata = isResource && name !== undefined && OF_RESOURCES.includes(name);
    const allowsDefaults =
      place.allowsDefaults &&
      !(inMetadata && place.isRoot) &&
      !(at === "additionalProperties" && place.inMetadata);
    const below = { isRoot: false, inMetadata: place.inMetadata || inMetadata, allowsDefaults };
    checkKeywords(part, below, `${path}.${at}`, depth + 1, report);
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    report(`${path}.x-kubernetes-preserve-unknown-fields`, "it is true or absent", "remove it");
  checkListSchema(schema, path, report);
  listOf(schema, "x-kubernetes-validations").forEach((rule, i) => {
    checkSchemaRule(rule, `${path}.x-kubernetes-validations[${i}]`, report);
  });
}
