import type { Finding } from "@ashlar/core";
import type { CorefilePlace } from "./ast.ts";

/** Why CoreDNS does not start with a Corefile: its own words, and ours. */
export interface CorefileProblem {
  /** The line that CoreDNS prints, `Corefile:2 - Error during parsing: …`; `undefined` where it would not say anything (it hangs). */
  readonly words?: string;
  readonly message: string;
  readonly hint: string;
  /** Absent when CoreDNS names no place. */
  readonly at?: CorefilePlace;
}

/** The finding for a problem, at its place in the Corefile. */
export function problemFinding({ message, hint, at }: CorefileProblem): Finding {
  return {
    code: "dns/valid-corefile",
    severity: "error",
    message,
    hint,
    path: "",
    ...(at && { at: { file: at.file, line: at.line, column: at.column } }),
  };
}
