import { isRecord } from "../json.ts";
import { MAX_DEPTH } from "./reading.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Whether a structural schema has a default anywhere. */
export function hasDefaults(schema: unknown, seen = new Set<unknown>()): boolean {
  if (!isRecord(schema) || seen.has(schema)) return false;
  seen.add(schema);
  const { properties, items, additionalProperties } = schema;
  const below = isRecord(properties) ? Object.values(properties) : [];
  return (
    Object.hasOwn(schema, "default") ||
    [items, additionalProperties, ...below].some((part) => hasDefaults(part, seen))
  );
}

/**
 * A value with the defaults of its schema, as the server fills them in before it validates: where a field is absent, or is
 * null and not nullable. What does not change is not copied.
 */
export function withDefaults(value: unknown, schema: unknown, depth = 0): unknown {
  if (!isRecord(schema) || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return listWithDefaults(value, schema, depth);
  if (!isRecord(value)) return value;
  const { additionalProperties } = schema;
  const properties = isRecord(schema.properties) ? schema.properties : {};
  let copy: Record<string, unknown> | undefined;
  const set = (key: string, item: unknown): void => {
    copy ??= { ...value };
    Object.defineProperty(copy, key, { value: item, enumerable: true, configurable: true, writable: true });
  };
  for (const [name, property] of Object.entries(properties)) {
    if (!isRecord(property) || !Object.hasOwn(property, "default")) continue;
    const item = Object.hasOwn(value, name) ? value[name] : undefined;
    if (item === undefined || (item === null && property.nullable !== true)) set(name, property.default);
  }
  for (const key of Object.keys(copy ?? value)) {
    const item = (copy ?? value)[key];
    const of = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    const filled = withDefaults(defaultOfNull(item, of), of, depth + 1);
    if (filled !== item) set(key, filled);
  }
  return copy ?? value;
}

/** A null that is not nullable is the default, where there is one. */
function defaultOfNull(item: unknown, schema: unknown): unknown {
  if (item !== null || !isRecord(schema) || schema.nullable === true) return item;
  return Object.hasOwn(schema, "default") ? schema.default : item;
}

function listWithDefaults(list: readonly unknown[], { items }: Schema, depth: number): readonly unknown[] {
  let changed = false;
  const filled = list.map((item) => {
    const whole = withDefaults(defaultOfNull(item, items), items, depth + 1);
    changed ||= whole !== item;
    return whole;
  });
  return changed ? filled : list;
}
