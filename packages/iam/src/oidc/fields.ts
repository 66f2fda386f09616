import { type Finding, suggest } from "@ashlar/core";

export type Fields = Readonly<Record<string, unknown>>;
export type Report = (path: string, message: string, hint: string, other?: Partial<Finding>) => void;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of an object; of anything else, none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The entries of a list; what is neither a list nor absent is reported. */
export function listOf(value: unknown, path: string, report: Report): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value !== undefined && value !== null)
    report(path, "expected a list", "write a list, one entry a line");
  return [];
}

/** Strict decoding: a field that the type lacks. */
export function unknownFields(fields: Fields, path: string, known: readonly string[], report: Report): void {
  for (const key of Object.keys(fields))
    if (!known.includes(key))
      report(`${path}${key}`, `unknown field ${JSON.stringify(key)}`, suggest(key, known));
}

/** The named fields must be text where they are there. */
export function textFields(fields: Fields, path: string, names: readonly string[], report: Report): void {
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined && value !== null && typeof value !== "string")
      report(
        `${path}${name}`,
        `expected text, found ${Array.isArray(value) ? "a list" : typeof value}`,
        "write it in quotes",
      );
  }
}
