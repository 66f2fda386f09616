import { apiGroup, type Resource } from "../../resource.ts";
import { fieldsOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";
import type { Reference } from "./reference.ts";
import { DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET } from "./target.ts";

/** The built-in kinds that can be scaled. */
export const SCALABLE = [DEPLOYMENT, STATEFUL_SET, REPLICA_SET, REPLICATION_CONTROLLER] as const;

/** What a HorizontalPodAutoscaler scales, when it is of a built-in kind. */
export function scaleReferences(from: Resource): Reference[] {
  const { apiVersion, kind, name } = fieldsOf(fieldsOf(from.spec).scaleTargetRef);
  const group = apiGroup(textOf(apiVersion));
  const target = SCALABLE.find((t) => t.kind === kind && (t.group === group || t.formerGroup === group));
  if (target === undefined || textOf(name) === "") return [];
  const path = ["spec", "scaleTargetRef", "name"];
  const namespace = namespaceOf(from);
  return [{ from, path, target, namespace, name: textOf(name), by: "scaleTargetRef", optional: false }];
}
