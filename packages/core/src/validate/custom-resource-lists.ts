import { type Fields, fieldsOf, flagOf, has, optionalText, textOf, textsOf } from "./fields.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const LIST_TYPE = "x-kubernetes-list-type";
const MAP_TYPE = "x-kubernetes-map-type";
const MAP_KEYS = "x-kubernetes-list-map-keys";

/** Reports what the API server refuses in the `x-kubernetes-list-*` and `x-kubernetes-map-type` of a schema. */
export function checkListSchema(schema: Fields, path: string, report: Report): void {
  const type = textOf(schema, "type");
  const [list, map] = [optionalText(schema, LIST_TYPE), optionalText(schema, MAP_TYPE)];
  const keys = textsOf(schema, MAP_KEYS);
  const items = fieldsOf(schema, "items");
  if (map !== undefined) {
    if (type !== "object")
      report(`${path}.type`, `${MAP_TYPE} is for objects`, `write type: object, or remove ${MAP_TYPE}`);
    checkOneOf(map, ["atomic", "granular"], `${path}.${MAP_TYPE}`, report);
  }
  if (list !== undefined) {
    if (type !== "array")
      report(`${path}.type`, `${LIST_TYPE} is for lists`, `write type: array, or remove ${LIST_TYPE}`);
    else if (list === "set" && items) checkSetItems(items, `${path}.items`, report);
    checkOneOf(list, ["atomic", "map", "set"], `${path}.${LIST_TYPE}`, report);
  }
  if (keys.length > 0 && list !== "map")
    report(`${path}.${LIST_TYPE}`, `${MAP_KEYS} is for lists of type map`, `write ${LIST_TYPE}: map`);
  if (list === "map") checkMapList(schema, items, keys, path, report);
  if ((list === "map" || list === "set") && items && flagOf(items, "nullable"))
    report(`${path}.items.nullable`, `an item of a list of type ${list} is never null`, "remove nullable");
}

function checkSetItems(items: Fields, path: string, report: Report): void {
  const type = textOf(items, "type");
  const keyword = type === "array" ? LIST_TYPE : MAP_TYPE;
  const given = optionalText(items, keyword);
  const isAtomic = given === "atomic" || (type === "array" && given === undefined);
  if ((type === "array" || type === "object") && !isAtomic)
    report(`${path}.${keyword}`, "items of a set are compared whole", `write ${keyword}: atomic`);
}

function checkMapList(
  schema: Fields,
  items: Fields | undefined,
  keys: readonly string[],
  path: string,
  report: Report,
): void {
  const at = `${path}.${MAP_KEYS}`;
  if (keys.length === 0) missing(report, at, "write which fields tell the items apart");
  if (!has(schema, "items")) missing(report, `${path}.items`, "write the schema of the list's items");
  if (!items) return;
  if (textOf(items, "type") !== "object")
    report(`${path}.items.type`, "items of a list of type map are objects", "write type: object");
  const properties = fieldsOf(items, "properties") ?? {};
  const required = new Set(textsOf(items, "required"));
  const seen = new Set<string>();
  const isObject = textOf(items, "type") === "object";
  keys.forEach((key, i) => {
    const property = Object.hasOwn(properties, key) ? fieldsOf(properties, key) : undefined;
    const place = `${path}.items.properties[${key}]`;
    const where = `${at}[${i}]`;
    if (isObject && seen.has(key)) report(at, `${quoted(key)} is there twice`, "remove one", { where });
    seen.add(key);
    if (!property) {
      if (isObject)
        report(at, `items have no property ${quoted(key)}`, "write one that they have", { where });
      return;
    }
    if (isObject && ["array", "object"].includes(textOf(property, "type")))
      report(`${place}.type`, "a key is no list and no mapping", "write another key");
    if (!required.has(key) && !has(property, "default"))
      missing(report, `${place}.default`, "write the key into required, or give it a default");
    if (flagOf(property, "nullable")) report(`${place}.nullable`, "a key is never null", "remove nullable");
  });
}
