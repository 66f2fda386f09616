import type { Rule } from "../inventory.ts";
import { fieldsOf, textOf } from "./references/json-values.ts";
import { missingObjects } from "./references/missing-object.ts";
import { setIndex } from "./references/set-index.ts";
import { STORAGE_CLASS } from "./references/target.ts";

/** A PersistentVolumeClaim, or a template of one, of a StorageClass that is not there. */
export const noMissingStorageClass: Rule = {
  code: "core/no-missing-storage-class",
  check(inventory) {
    // A class that volumes of the set carry binds them to claims, whether there is an object of that name or not.
    const { ofKind, isPartial } = setIndex(inventory);
    const volumes = ofKind("PersistentVolume");
    const carried = new Set(volumes.map(({ spec }) => textOf(fieldsOf(spec).storageClassName)));
    const carriesUnknown = carried.has("") && volumes.some(isPartial);
    return missingObjects(inventory, {
      code: "core/no-missing-storage-class",
      targets: [STORAGE_CLASS],
      effect: () => "the claim stays Pending",
      isElsewhere: ({ name }) => carriesUnknown || carried.has(name),
    });
  },
};
