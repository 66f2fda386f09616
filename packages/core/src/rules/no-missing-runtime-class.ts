import type { Rule } from "../inventory.ts";
import { missingObjects } from "./references/missing-object.ts";
import { RUNTIME_CLASS } from "./references/target.ts";

/** Pods of a RuntimeClass that is not there. */
export const noMissingRuntimeClass: Rule = {
  code: "core/no-missing-runtime-class",
  check: (inventory) =>
    missingObjects(inventory, {
      code: "core/no-missing-runtime-class",
      targets: [RUNTIME_CLASS],
      effect: () => "its pods are refused",
    }),
};
