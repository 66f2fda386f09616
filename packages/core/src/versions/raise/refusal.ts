import { isRecord } from "../../json.ts";

/** A JSON object that is read or built. */
export type Fields = Readonly<Record<string, unknown>>;

/** Thrown where a rewrite would need somebody's decision; `raise` makes its answer of it. Never leaves this folder. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** The mapping at a path; `{}` where there is nothing. */
export function fieldsOf(value: unknown, path: string): Fields {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new Refusal(`${path} must be a mapping: correct it first`);
  return value;
}

/** The list at a path; empty where there is nothing. */
export function itemsOf(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Refusal(`${path} must be a list: correct it first`);
  return value;
}

/** Whether a field says nothing: absent, or null as in `spec:` with nothing behind it. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The same fields without those of these names. */
export function without(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** The fields, with these values where a field says nothing. */
export function withDefaults(fields: Fields, defaults: Fields): Fields {
  const missing = Object.entries(defaults).filter(([name]) => isUnset(fields[name]));
  return { ...fields, ...Object.fromEntries(missing) };
}

/** A copy in which a list, if it is there, was mapped; `path` names the list for refusals. */
export function mapItems(
  fields: Fields,
  name: string,
  path: string,
  map: (item: Fields, path: string) => Fields,
): Fields {
  if (isUnset(fields[name])) return fields;
  const items = itemsOf(fields[name], path).map((item, index) => {
    if (!isRecord(item)) throw new Refusal(`${path}[${index}] must be a mapping: correct it first`);
    return map(item, `${path}[${index}]`);
  });
  return { ...fields, [name]: items };
}
