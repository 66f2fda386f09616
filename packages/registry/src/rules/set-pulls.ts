import type { Inventory } from "@ashlar/core";
import { type PullsModel, pullsModel } from "../pulls/model.ts";

const models = new WeakMap<Inventory, PullsModel>();

/** The model of a set, the same one for every rule that is given this inventory. */
export function setPulls(inventory: Inventory): PullsModel {
  const known = models.get(inventory);
  if (known) return known;
  const { resources, partial, whole, sealed } = inventory;
  const model = pullsModel(resources, {
    ...(partial && { partial }),
    ...(whole && { whole }),
    ...(sealed && { sealed }),
  });
  models.set(inventory, model);
  return model;
}
