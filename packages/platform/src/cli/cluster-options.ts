import type { Cluster } from "@ashlar/core/live";
import type { Arguments, OptionSpec } from "./arguments.ts";
import { type Io, UsageError } from "./io.ts";
import { printable } from "./text.ts";

/** Which cluster a command asks: the same words as kubectl's. */
export const CLUSTER_OPTIONS: readonly OptionSpec[] = [
  {
    name: "kubeconfig",
    value: "PATH",
    help: "the kubeconfig (default: $KUBECONFIG, ~/.kube/config, or the pod's own)",
  },
  { name: "context", value: "NAME", help: "its context (default: the current one)" },
];

/** For commands that ask files or a cluster. */
export const LIVE_OPTIONS: readonly OptionSpec[] = [
  {
    name: "live",
    help: "ask the cluster instead of files; a platform file beside it gives names and claims",
  },
  ...CLUSTER_OPTIONS,
];

/**
 * Does something with the cluster that the options name. What it throws as a LiveError is told as it is.
 *
 * @throws {UsageError} exit code 2
 */
export async function withCluster<T>(
  args: Arguments,
  io: Io,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const { connectCluster, LiveError } = await import("@ashlar/core/live");
  const kubeconfig = args.get("kubeconfig");
  const context = args.get("context");
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  try {
    return await work(
      await connectCluster({
        ...(kubeconfig !== undefined && { kubeconfig }),
        ...(context !== undefined && { context }),
        signal: interrupt.signal,
        onRetry: ({ method, path, because, afterSeconds }) =>
          io.err(`${method} ${path}: ${because}, again in ${afterSeconds.toFixed(1)} s\n`),
      }),
    );
  } catch (error) {
    if (error instanceof LiveError) throw new UsageError(printable(error.message), printable(error.hint));
    throw error;
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}
