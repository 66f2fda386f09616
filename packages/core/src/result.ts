import type { Finding } from "./finding.ts";

/** What a `safe` call returns: the value, or all that is wrong with the input. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] };
