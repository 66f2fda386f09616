import type { Finding } from "./finding.ts";

/** The one error that builders throw for bad input: it carries every finding, not only the first. */
export class IntentError extends Error {
  override readonly name = "IntentError";
  readonly findings: readonly Finding[];

  constructor(what: string, findings: readonly Finding[]) {
    const lines = findings.map((f) => `  ${f.path || "(input)"}: ${f.message}\n    ${f.hint}`);
    super(`${what} is not valid:\n${lines.join("\n")}`);
    this.findings = findings;
  }
}
