import { setTimeout as sleep } from "node:timers/promises";
import { formatRef, type Resource, type ResourceRef, refOf } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import type { Cluster } from "./cluster.ts";
import { groupVersion } from "./discovery.ts";
import { endedBy } from "./http.ts";
import { LiveError } from "./live-error.ts";
import { getObject, listObjects } from "./objects.ts";
import type { PlanStep } from "./plan-state.ts";
import { podTrouble, type Readiness, readiness } from "./readiness.ts";

export type WaitEvent =
  /** What an object waits for, each time that it changes. */
  | { readonly type: "waiting"; readonly ref: ResourceRef; readonly reason: string }
  | { readonly type: "ready"; readonly ref: ResourceRef }
  /** The time is over, or it will not become ready. */
  | { readonly type: "not-ready"; readonly ref: ResourceRef; readonly reason: string };

const POLL_MS = 500;

/** Waits until objects are ready, at most so long. Kinds that have nothing to become are ready at once, and not told. */
export async function* waitUntilReady(
  cluster: Cluster,
  steps: readonly PlanStep[],
  seconds: number,
): AsyncGenerator<WaitEvent> {
  const deadline = Date.now() + seconds * 1000;
  let open = steps.filter(({ item }) => item.what === "object").map(({ item }) => item.ref);
  const told = new Map<ResourceRef, string>();
  for (let first = true; ; first = false) {
    const states = await Promise.all(
      open.map(async (ref) => ({ ref, state: await stateOfObject(cluster, ref) })),
    );
    const isLast = Date.now() > deadline;
    const next: ResourceRef[] = [];
    for (const { ref, state } of states) {
      if (state.ready) {
        if (!first) yield { type: "ready", ref };
        continue;
      }
      const reason = state.reason ?? "";
      if (isLast || state.failed)
        yield { type: "not-ready", ref, reason: await withPods(cluster, ref, reason) };
      else {
        next.push(ref);
        if (told.get(ref) !== reason) yield { type: "waiting", ref, reason };
        told.set(ref, reason);
      }
    }
    open = next;
    if (open.length === 0) return;
    try {
      await sleep(POLL_MS, undefined, cluster.signal && { signal: cluster.signal });
    } catch (error) {
      throw cluster.signal?.aborted ? endedBy(cluster.signal, `the wait for ${formatRef(open[0]!)}`) : error;
    }
  }
}

async function stateOfObject(cluster: Cluster, ref: ResourceRef): Promise<Readiness> {
  const { group, version } = groupVersion(ref.apiVersion);
  const type = (await cluster.apiTypes()).find(group, ref.kind, version);
  const live = type && (await getObject(cluster, type, ref));
  return live ? readiness(live) : { ready: false, failed: true, reason: "it is no longer there" };
}

/** The reason with what its pods say of theirs, when they may be read. */
async function withPods(cluster: Cluster, ref: ResourceRef, reason: string): Promise<string> {
  const types = await cluster.apiTypes();
  const { group, version } = groupVersion(ref.apiVersion);
  const type = types.find(group, ref.kind, version);
  const pods = types.find("", "Pod");
  if (type === undefined || pods === undefined || ref.kind === "Pod") return reason;
  try {
    const live = await getObject(cluster, type, ref);
    const labels = fieldsOf(fieldsOf(fieldsOf(live?.spec).selector).matchLabels);
    if (Object.keys(labels).length === 0) return reason;
    const labelSelector = Object.entries(labels)
      .map(([key, value]) => `${key}=${textOf(value)}`)
      .join(",");
    const all = await listObjects(cluster, pods, { namespace: ref.namespace, labelSelector });
    const troubled = all.map((pod) => ({ pod, trouble: podTrouble(pod) })).find(({ trouble }) => trouble);
    if (troubled) return `${reason}; ${formatRef(refOf(troubled.pod))}: ${troubled.trouble}`;
    return all.length === 0 ? `${reason}; ${refusedPods(live) ?? "it has no pods yet"}` : reason;
  } catch (error) {
    if (error instanceof LiveError && error.code === "forbidden") return reason;
    throw error;
  }
}

/** Why its controller could not make pods: a quota, an admission that refuses them. */
function refusedPods(live: Resource | undefined): string | undefined {
  const failure = listOf(fieldsOf(live?.status).conditions)
    .map(fieldsOf)
    .find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  return textOf(failure?.message) || undefined;
}
