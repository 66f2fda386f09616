import { isRecord } from "../../json.ts";
import { sameJson } from "../../repair/same-json.ts";
import { type Fields, fieldsOf, isUnset, itemsOf, Refusal } from "./refusal.ts";

const KEEP = "x-kubernetes-preserve-unknown-fields";
const INT_OR_STRING = "x-kubernetes-int-or-string";
const INTEGER_OR_STRING = [{ type: "integer" }, { type: "string" }];

/** Words of JSON schema that apiextensions v1 refuses wherever they stand. */
const REFUSED = ["$ref", "definitions", "dependencies", "patternProperties", "additionalItems", "id"];
const ALTERNATIVES = ["anyOf", "allOf", "oneOf"] as const;
/** What may stand in the schema itself only, not inside anyOf, allOf, oneOf and not. */
const OUTER_ONLY = ["type", "additionalProperties", "default", "title", "description", "nullable"];

/**
 * A schema as apiextensions.k8s.io/v1 wants it, structural
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema).
 * With `keeps` each object says that it keeps fields it does not know, as v1beta1 did for all; a value without a type may then
 * stay one that is anything.
 *
 * @throws Refusal where a type or a decision is missing
 */
export function structuralSchema(value: unknown, path: string, keeps: boolean): Fields {
  const schema = fieldsOf(value, path);
  if (!isUnset(schema.type) && schema.type !== "object")
    throw new Refusal(`${path}.type must be object: correct it first`);
  if (!isUnset(schema.additionalProperties))
    throw new Refusal(`${path}.additionalProperties is refused at the root: name the fields`);
  const raised = structural({ ...schema, type: "object" }, path, keeps);
  const { metadata } = fieldsOf(schema.properties, `${path}.properties`);
  if (isUnset(metadata)) return raised;
  requireBareMetadata(fieldsOf(metadata, `${path}.properties.metadata`), `${path}.properties.metadata`);
  // What stands there is the metadata of every object: the server knows its fields.
  return { ...raised, properties: { ...(raised.properties as Fields), metadata } };
}

function requireBareMetadata({ type, properties, ...others }: Fields, path: string): void {
  const names = Object.keys(fieldsOf(properties, `${path}.properties`));
  if (
    type !== "object" ||
    Object.keys(others).length > 0 ||
    names.some((n) => n !== "name" && n !== "generateName")
  )
    throw new Refusal(`${path} may restrict name and generateName only, in v1: remove the rest`);
}

function structural(schema: Fields, path: string, keeps: boolean): Fields {
  const refused = REFUSED.find((word) => !isUnset(schema[word]));
  if (refused !== undefined)
    throw new Refusal(`${path} has ${refused}, which v1 refuses: write the schema without it`);
  if (schema.uniqueItems === true)
    throw new Refusal(`${path}.uniqueItems is refused by v1: use x-kubernetes-list-type: set`);
  if (isIntOrString(schema)) return { ...schema, [INT_OR_STRING]: true };
  requireInnerParts(schema, path);
  const raised = {
    ...schema,
    ...(!isUnset(schema.properties) && { properties: properties(schema, path, keeps) }),
    ...(!isUnset(schema.additionalProperties) && { additionalProperties: additional(schema, path, keeps) }),
    ...itemsPart(schema, path, keeps),
  };
  if (!isUnset(schema.type) && schema.type !== "") {
    const isOpen = schema.type === "object" && isUnset(schema.additionalProperties);
    return isOpen && keeps && isUnset(schema[KEEP]) ? { ...raised, [KEEP]: true } : raised;
  }
  if (schema[KEEP] === true) return raised;
  if (!keeps) throw new Refusal(`${path} has no type, which v1 demands: say which type it is`);
  return { ...raised, [KEEP]: true };
}

function isIntOrString(schema: Fields): boolean {
  if (schema[INT_OR_STRING] === true) return true;
  return isUnset(schema.type) && sameJson(schema.anyOf, INTEGER_OR_STRING);
}

function properties(schema: Fields, path: string, keeps: boolean): Fields {
  if (!isUnset(schema.additionalProperties))
    throw new Refusal(`${path} has both properties and additionalProperties, which v1 refuses: keep one`);
  return Object.fromEntries(
    Object.entries(fieldsOf(schema.properties, `${path}.properties`)).map(([name, value]) => {
      const at = `${path}.properties[${name}]`;
      return [name, structural(fieldsOf(value, at), at, keeps)];
    }),
  );
}

function additional({ additionalProperties }: Fields, path: string, keeps: boolean): unknown {
  const at = `${path}.additionalProperties`;
  if (additionalProperties === true) return true;
  if (!isRecord(additionalProperties)) throw new Refusal(`${at}: false is refused by v1: remove it`);
  return structural(additionalProperties, at, keeps);
}

function itemsPart(schema: Fields, path: string, keeps: boolean): Fields {
  const at = `${path}.items`;
  if (Array.isArray(schema.items))
    throw new Refusal(`${at} is a list of schemas, which v1 refuses: write one`);
  if (!isUnset(schema.items)) return { items: structural(fieldsOf(schema.items, at), at, keeps) };
  if (schema.type !== "array") return {};
  if (!keeps) throw new Refusal(`${at} is missing, which v1 demands of lists: say what the items are`);
  return { items: { [KEEP]: true } };
}

/** What stands inside anyOf, allOf, oneOf and not may only narrow fields that the schema itself has. */
function requireInnerParts(schema: Fields, path: string): void {
  for (const { part, at } of innerParts(schema, path)) requireInner(part, schema, at);
}

function innerParts(schema: Fields, path: string): { readonly part: Fields; readonly at: string }[] {
  const parts = ALTERNATIVES.flatMap((word) =>
    itemsOf(schema[word], `${path}.${word}`).map((part, index) => ({
      part,
      at: `${path}.${word}[${index}]`,
    })),
  );
  if (!isUnset(schema.not)) parts.push({ part: schema.not, at: `${path}.not` });
  return parts.map(({ part, at }) => ({ part: fieldsOf(part, at), at }));
}

function requireInner(part: Fields, outer: Fields, path: string): void {
  const word = Object.keys(part).find((key) => OUTER_ONLY.includes(key) || key.startsWith("x-kubernetes-"));
  if (word !== undefined)
    throw new Refusal(`${path} has ${word}, which v1 allows outside of alternatives only: move it`);
  const known = fieldsOf(outer.properties, `${path}.properties`);
  for (const [name, value] of Object.entries(fieldsOf(part.properties, `${path}.properties`))) {
    const at = `${path}.properties[${name}]`;
    if (!isRecord(known[name]))
      throw new Refusal(`${at} is not among the properties outside, which v1 demands: add it there`);
    requireInner(fieldsOf(value, at), known[name], at);
  }
  if (!isUnset(part.items)) {
    if (!isRecord(outer.items))
      throw new Refusal(`${path}.items is not described outside, which v1 demands: add it there`);
    requireInner(fieldsOf(part.items, `${path}.items`), outer.items, `${path}.items`);
  }
  for (const inner of innerParts(part, path)) requireInner(inner.part, outer, inner.at);
}
