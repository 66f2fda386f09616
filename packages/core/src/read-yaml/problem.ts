import type { PathSegment } from "../field-path.ts";
import type { Severity } from "../finding.ts";

/** What reading a document ran into: a finding whose place is still an offset in the text of the file. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
  readonly path: readonly PathSegment[];
  readonly related?: { readonly message: string; readonly offset: number };
}

/** Ends the reading of one document. Never leaves this folder: `readYaml` makes a finding of it. */
export class ReadError extends Error {
  override readonly name = "ReadError";
  readonly problem: Problem;

  constructor(problem: Omit<Problem, "severity" | "path"> & { readonly path?: readonly PathSegment[] }) {
    super(problem.message);
    this.problem = { path: [], ...problem, severity: "error" };
  }
}

/** The text is not YAML as kubectl reads it. */
export function syntaxError(offset: number, message: string, hint: string): ReadError {
  return new ReadError({ code: "core/valid-yaml", offset, message, hint });
}

/** A tab where only spaces may indent. */
export function tabError(offset: number): ReadError {
  return new ReadError({
    code: "core/no-tab",
    offset,
    message: "expected spaces as indentation, got a tab",
    hint: "replace the tab by spaces: YAML never indents with tabs",
  });
}

/** How deep values may nest. Kubernetes objects stay below 100; the readers of kubectl stop at 10,000. */
export const MAX_DEPTH = 500;

export function depthError(offset: number): ReadError {
  return new ReadError({
    code: "core/no-deep-nesting",
    offset,
    message: `expected at most ${MAX_DEPTH} levels of nesting, got more`,
    hint: "flatten the value: no Kubernetes object nests this deep",
  });
}
