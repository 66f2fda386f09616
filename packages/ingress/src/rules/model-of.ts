import { type Inventory, type Resource, refKey, refOf } from "@ashlar/core";
import { type RoutesModel, routesModel } from "../routes/model.ts";

const models = new WeakMap<readonly Resource[], RoutesModel>();

/** The routes of an inventory, read once for all rules. */
export function modelOf({ resources, locate, whole }: Inventory): RoutesModel {
  let model = models.get(resources);
  if (model === undefined) {
    model = routesModel(resources, { ...(locate && { locate }), ...(whole && { whole }) });
    models.set(resources, model);
  }
  return model;
}

/** Whether an object is there as a patch alone: what it does not say is unknown. */
export function partialObjects({ partial = [] }: Inventory): (resource: Resource) => boolean {
  const keys = new Set(partial.map(refKey));
  return (resource) => keys.size > 0 && keys.has(refKey(refOf(resource)));
}
