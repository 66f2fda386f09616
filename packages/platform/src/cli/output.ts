import type { Io } from "./io.ts";
import type { Loaded } from "./load.ts";
import { formatFinding } from "./text.ts";

/** For commands that need the whole input: tells what could not be read, on standard error. */
export function reportUnread(loaded: Loaded, io: Io): boolean {
  const errors = loaded.findings.filter((f) => f.severity === "error");
  for (const finding of loaded.findings) io.err(`${formatFinding(finding, { color: false })}\n`);
  return errors.length > 0;
}

export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
