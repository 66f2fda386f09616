import { type Fields, fieldsOf, listOf } from "@ashlar/core";

/** The objects of a list, in its order and number; what is none counts as an empty one. */
export function records(value: unknown): Fields[] {
  return listOf(value).map(fieldsOf);
}
