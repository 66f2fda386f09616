/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value when it is an object, else an empty one: for fields of objects that may be malformed. */
export function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

/** The objects of a list, in its order and number. */
export function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}
