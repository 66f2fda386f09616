import { type Fields, listOf } from "@ashlar/core";

export { type Fields, fieldsOf, listOf, textOf } from "@ashlar/core";

/** The texts among the elements of a list. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === "string");
}

/** A key of the object itself; never one of its prototype. */
export function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}
