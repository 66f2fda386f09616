import { isRecord } from "../json.ts";

/**
 * Reading of JSON whose structure is checked elsewhere: as Go decodes it, null is the absence of a field and the empty
 * value in a list or mapping. What has another type than asked for counts as absent, so nothing here throws.
 */
export type Fields = Readonly<Record<string, unknown>>;

const EMPTY: Fields = {};
const NOTHING: readonly never[] = [];

/** Whether the field is there and not null: what Go decodes into a pointer. */
export function has(object: Fields, field: string): boolean {
  const value = object[field];
  return value !== undefined && value !== null;
}

/** A string; empty when absent, as Go's strings are. */
export function textOf(object: Fields, field: string): string {
  const value = object[field];
  return typeof value === "string" ? value : "";
}

/** A string whose absence differs from its emptiness. */
export function optionalText(object: Fields, field: string): string | undefined {
  const value = object[field];
  return typeof value === "string" ? value : undefined;
}

export function numberOf(object: Fields, field: string): number | undefined {
  const value = object[field];
  return typeof value === "number" ? value : undefined;
}

export function flagOf(object: Fields, field: string): boolean | undefined {
  const value = object[field];
  return typeof value === "boolean" ? value : undefined;
}

/** A structure; undefined when absent. */
export function fieldsOf(object: Fields, field: string): Fields | undefined {
  const value = object[field];
  return isRecord(value) ? value : undefined;
}

/** A list of structures; empty when absent. */
export function listOf(object: Fields, field: string): readonly Fields[] {
  const value = object[field];
  if (!Array.isArray(value)) return NOTHING;
  for (const item of value) if (!isRecord(item)) return value.map((each) => (isRecord(each) ? each : EMPTY));
  return value;
}

/** A list of strings; empty when absent. */
export function textsOf(object: Fields, field: string): readonly string[] {
  const value = object[field];
  if (!Array.isArray(value)) return NOTHING;
  for (const item of value)
    if (typeof item !== "string") return value.map((each) => (typeof each === "string" ? each : ""));
  return value;
}

/** The keys of a mapping; none when absent. */
export function keysOf(object: Fields, field: string): readonly string[] {
  const value = object[field];
  return isRecord(value) ? Object.keys(value) : NOTHING;
}

/** A mapping of strings to strings; undefined when absent. */
export function textMapOf(object: Fields, field: string): Readonly<Record<string, string>> | undefined {
  const value = object[field];
  if (!isRecord(value)) return undefined;
  for (const key in value)
    if (typeof value[key] !== "string")
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, typeof item === "string" ? item : ""]),
      );
  return value as Readonly<Record<string, string>>;
}

/** The value of a key that the mapping itself has. */
export function entryOf(map: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
