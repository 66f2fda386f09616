import type { Resource } from "../../resource.ts";
import { fieldsOf, textOf } from "./json-values.ts";

/** The namespace that a manifest names; `undefined` when it names none and kubectl's context decides. */
export function namespaceOf(resource: Resource): string | undefined {
  return textOf(fieldsOf(resource.metadata).namespace) || undefined;
}
