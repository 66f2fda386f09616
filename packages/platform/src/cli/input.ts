import type { Arguments } from "./arguments.ts";
import { readParams } from "./arguments.ts";
import type { Io } from "./io.ts";
import { type Loaded, load } from "./load.ts";
import { formatFinding } from "./text.ts";

/**
 * Loads what the arguments name, with their parameters and default namespace.
 *
 * @param namespaceIsAsked `--namespace` is what the command asks about, not where objects live that name none
 */
export function loadInput(
  paths: readonly string[],
  args: Arguments,
  io: Io,
  { namespaceIsAsked = false } = {},
): Promise<Loaded> {
  const namespace = namespaceIsAsked ? undefined : args.get("namespace");
  return load(paths, io, {
    params: readParams(args),
    ...(namespace !== undefined && { defaultNamespace: namespace }),
  });
}

/** For commands that need the whole input: tells what could not be read, on standard error. */
export function reportUnread(loaded: Loaded, io: Io): boolean {
  const errors = loaded.findings.filter((f) => f.severity === "error");
  for (const finding of loaded.findings) io.err(`${formatFinding(finding, { color: false })}\n`);
  return errors.length > 0;
}

export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
