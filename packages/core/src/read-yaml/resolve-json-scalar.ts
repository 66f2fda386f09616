import { replaceHalves } from "./base64.ts";
import type { ScalarNode } from "./node.ts";
import type { Scalar } from "./resolve-scalar.ts";

/** The value of a JSON string, number or word as the API machinery reads it. `undefined`: a number too large for it. */
export function resolveJsonScalar({ value, implicit }: ScalarNode): Scalar | undefined {
  // An escaped half of a surrogate pair is U+FFFD to Go.
  if (!implicit) return { type: "string", value: replaceHalves(value) };
  if (value === "null") return { type: "null" };
  if (value === "true" || value === "false") return { type: "boolean", value: value === "true" };
  if (/^-?[0-9]+$/.test(value) && value.length <= 20) return { type: "integer", value: BigInt(value) };
  const float = Number(value);
  return Number.isFinite(float) ? { type: "float", value: float } : undefined;
}
