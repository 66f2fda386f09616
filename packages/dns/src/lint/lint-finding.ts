import type { Finding, Place, Related, Severity } from "@ashlar/core";
import type { CorefileToken } from "../corefile/ast.ts";

/** A finding at a word of a Corefile. */
export function lintFinding(
  code: string,
  severity: Severity,
  message: string,
  hint: string,
  token: CorefileToken | undefined,
  related: readonly Related[] = [],
): Finding {
  return {
    code,
    severity,
    message,
    hint,
    path: "",
    ...(token && { at: placeOf(token) }),
    ...(related.length > 0 && { related }),
  };
}

export function placeOf({ at: { file, line, column } }: CorefileToken): Place {
  return { file, line, column };
}

export function relatedTo(message: string, token: CorefileToken): Related {
  return { message, at: placeOf(token) };
}
