import {
  type ApplyEvent,
  type ApplyPlanOptions,
  type ApplySummary,
  applyPlan,
  type Cluster,
  connectCluster,
  type DesiredState,
  type Plan,
  type PlanItem,
  type PlanOptions,
  planObjects,
} from "@ashlar/core/live";

/** An apply from its plan to its end. */
export interface Applied {
  readonly plan: Plan;
  readonly events: readonly ApplyEvent[];
  readonly summary: ApplySummary;
}

/** A connection that is not tried again for long: what fails in a test shall fail soon. */
export function connected(kubeconfig: string): Promise<Cluster> {
  return connectCluster({ kubeconfig, retrySeconds: 5 });
}

/** Plans and applies objects. */
export async function applied(
  cluster: Cluster,
  desired: DesiredState,
  options: PlanOptions & ApplyPlanOptions = {},
): Promise<Applied> {
  const { prune, waitSeconds, ...planOptions } = options;
  const plan = await planObjects(cluster, desired, planOptions);
  const events = await all(
    applyPlan(plan, { ...(prune && { prune }), ...(waitSeconds !== undefined && { waitSeconds }) }),
  );
  return { plan, events, summary: summaryOf(events) };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export function summaryOf(events: readonly ApplyEvent[]): ApplySummary {
  const done = events.at(-1);
  if (done?.type !== "done") throw new Error("an apply did not come to its end");
  return done.summary;
}

/** What a plan does, a line per object that is not as it is: `change ConfigMap shop/words`. */
export function actions({ items }: Plan): string[] {
  return items.filter(({ action }) => action !== "none").map(lineOf);
}

function lineOf({ action, ref, conflicts, refusal }: PlanItem): string {
  const state = refusal ? ` refused: ${refusal.reason}` : conflicts.length > 0 ? " in conflict" : "";
  return `${action} ${ref.kind} ${ref.namespace === undefined ? "" : `${ref.namespace}/`}${ref.name}${state}`;
}

/** What happened, a line per event but the last: `created ConfigMap shop/words`. */
export function happened(events: readonly ApplyEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === "done") return [];
    const { kind, namespace, name } = event.ref;
    return `${event.type} ${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
  });
}

/** @throws Error for an object that is not there */
export async function live(
  plane: { readonly get: (path: string) => Promise<{ readonly code: number; readonly body: unknown }> },
  path: string,
  // biome-ignore lint/suspicious/noExplicitAny: an object of any kind
): Promise<any> {
  const { code, body } = await plane.get(path);
  if (code !== 200) throw new Error(`${path}: ${code}`);
  return body;
}
