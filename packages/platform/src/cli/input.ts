import { objectSet } from "../check.ts";
import type { Question } from "../live/live-kinds.ts";
import type { Arguments } from "./arguments.ts";
import { readParams } from "./arguments.ts";
import { type Io, UsageError } from "./io.ts";
import { type Loaded, load } from "./load.ts";

interface InputOptions {
  /** `--namespace` is what the command asks about, not where objects live that name none. */
  readonly namespaceIsAsked?: boolean;
  /** What is asked of a cluster with `--live`. */
  readonly questions?: readonly Question[];
}

/** Loads what the arguments name, with their parameters and default namespace; with `--live`, what the cluster holds. */
export async function loadInput(
  paths: readonly string[],
  args: Arguments,
  io: Io,
  { namespaceIsAsked = false, questions = [] }: InputOptions = {},
): Promise<Loaded> {
  const namespace = namespaceIsAsked ? undefined : args.get("namespace");
  const local = () =>
    load(paths, io, {
      setOf: objectSet,
      params: readParams(args),
      ...(namespace !== undefined && { defaultNamespace: namespace }),
    });
  if (questions.length === 0 || !args.has("live")) {
    for (const option of ["context", "kubeconfig"])
      if (args.has(option)) throw new UsageError(`--${option} names a cluster`, "add --live to ask it");
    return local();
  }
  const platform = paths.length > 0 ? await local() : undefined;
  if (platform && !platform.platform)
    throw new UsageError(
      `${platform.name} is no platform file`,
      "with --live name a platform.ts, or nothing",
    );
  const { loadCluster } = await import("./live-input.ts");
  return loadCluster(platform, args, io, questions);
}
