export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object, or `undefined`. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The objects among the elements of a list; none when it is no list. */
export function asObjects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asFields).filter((item) => item !== undefined) : [];
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A map of strings such as labels; `undefined` when it is something else. */
export function asStrings(value: unknown): Readonly<Record<string, string>> | undefined {
  const fields = asFields(value);
  return fields && Object.values(fields).every((v) => typeof v === "string")
    ? (fields as Readonly<Record<string, string>>)
    : undefined;
}
