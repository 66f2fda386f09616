import type { Rule } from "../inventory.ts";
import { missingObjects } from "./references/missing-object.ts";
import { SCALABLE } from "./references/scale-references.ts";

/** A HorizontalPodAutoscaler of a workload that is not there. */
export const noMissingScaleTarget: Rule = {
  code: "core/no-missing-scale-target",
  check: (inventory) =>
    missingObjects(inventory, {
      code: "core/no-missing-scale-target",
      targets: SCALABLE,
      effect: () => "it scales nothing",
    }),
};
