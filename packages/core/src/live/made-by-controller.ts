import type { Resource } from "../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";

/** Whether a controller made the object: it repeats what its owner says, or what a Service does. */
export function isMadeByController(object: Resource): boolean {
  return controllerOf(object) !== undefined || isMadeEndpoints(object);
}

/** The uid of the object's controller. */
export function controllerOf({ metadata }: Resource): string | undefined {
  const controller = listOf(metadata.ownerReferences)
    .map(fieldsOf)
    .find((owner: Fields) => owner.controller === true);
  return controller && textOf(controller.uid);
}

/** Whether these are the Endpoints or the EndpointSlice that controllers keep for a Service with a selector. */
export function isMadeEndpoints({ kind, metadata: { labels = {}, annotations = {} } }: Resource): boolean {
  if (kind === "EndpointSlice")
    return labels["endpointslice.kubernetes.io/managed-by"] === "endpointslice-controller.k8s.io";
  return (
    kind === "Endpoints" &&
    ("endpoints.kubernetes.io/managed-by" in labels ||
      "endpoints.kubernetes.io/last-change-trigger-time" in annotations)
  );
}
