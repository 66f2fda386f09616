import type { Cluster } from "./cluster.ts";

/**
 * Does a work whose requests end with it: when one fails for good, those that are under way or wait for their turn are given up.
 * Else they would change the cluster after the failure was told.
 *
 * @param signal ends them too
 */
export async function withRequests<T>(
  cluster: Cluster,
  work: (cluster: Cluster) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { ending, end } = endable(cluster, signal);
  try {
    return await work(ending);
  } finally {
    end();
  }
}

/** The cluster with requests that `end` ends. */
export function endable(cluster: Cluster, signal?: AbortSignal) {
  const ended = new AbortController();
  const all = [cluster.signal, signal, ended.signal].filter((one) => one !== undefined);
  const any = AbortSignal.any(all);
  const ending: Cluster = {
    ...cluster,
    signal: any,
    request: (request) => cluster.request({ ...request, signal: any }),
  };
  return { ending, end: () => ended.abort() };
}
