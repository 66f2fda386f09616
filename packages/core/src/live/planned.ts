import { type Resource, refKey, refOf } from "../resource.ts";
import { textOf } from "../rules/references/json-values.ts";
import { controllerOf, isMadeEndpoints } from "./made-by-controller.ts";
import { type Plan, type PlanStep, stateOf } from "./plan-state.ts";

/** A cluster before and after a plan, for models that tell what the change means. */
export interface AroundPlan {
  readonly before: readonly Resource[];
  /** What is refused or in conflict is as before. Holds the values of Secrets that the plan writes. */
  readonly after: readonly Resource[];
}

/** Kinds whose change changes which pods there are, or whom a Service finds. */
const MAKES_PODS = new Set([
  "Pod",
  "ReplicationController",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
  "CronJob",
  "Service",
]);

/**
 * The objects of the cluster, and as they will be after a plan. What controllers made of the objects that change is in neither: it goes
 * with them, and both sets are to tell the same of what does not change.
 *
 * @param objects of the cluster
 * @param prune whether what the platform has no more will be removed
 */
export function objectsAround(
  plan: Plan,
  objects: readonly Resource[],
  { prune = false }: { readonly prune?: boolean } = {},
): AroundPlan {
  const steps = stateOf(plan).steps.filter(
    ({ item, live, after }) =>
      item.action !== "none" && (item.action === "prune" ? prune : after !== undefined && after !== live),
  );
  const before = withoutMade(objects, steps);
  const byKey = new Map(before.map((resource) => [refKey(refOf(resource)), resource]));
  for (const { item, after } of steps)
    if (item.action === "prune") byKey.delete(refKey(item.ref));
    else byKey.set(refKey(item.ref), after!);
  return { before, after: [...byKey.values()] };
}

/** Without pods and other things of what changes, at any remove, and without endpoints where any pod or Service does. */
function withoutMade(objects: readonly Resource[], steps: readonly PlanStep[]): readonly Resource[] {
  const namespaces = new Set(
    steps.filter(({ item }) => MAKES_PODS.has(item.ref.kind)).map(({ item }) => item.ref.namespace),
  );
  const made = new Map<string, Resource[]>();
  for (const object of objects) {
    const uid = controllerOf(object);
    if (!uid) continue;
    const siblings = made.get(uid);
    if (siblings) siblings.push(object);
    else made.set(uid, [object]);
  }
  const gone = new Set<Resource>();
  const goes = (uid: string) => {
    for (const object of made.get(uid) ?? []) {
      if (gone.has(object)) continue;
      gone.add(object);
      goes(textOf(object.metadata.uid));
    }
  };
  for (const { live } of steps) if (live) goes(textOf(live.metadata.uid));
  return objects.filter(
    (object) => !gone.has(object) && !(isMadeEndpoints(object) && namespaces.has(object.metadata.namespace)),
  );
}
