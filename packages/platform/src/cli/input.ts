import { objectSet } from "../check.ts";
import type { Arguments } from "./arguments.ts";
import { readParams } from "./arguments.ts";
import type { Io } from "./io.ts";
import { type Loaded, load } from "./load.ts";

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
    setOf: objectSet,
    params: readParams(args),
    ...(namespace !== undefined && { defaultNamespace: namespace }),
  });
}
