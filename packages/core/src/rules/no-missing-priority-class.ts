import type { Rule } from "../inventory.ts";
import { missingObjects } from "./references/missing-object.ts";
import { PRIORITY_CLASS } from "./references/target.ts";

/** Pods of a PriorityClass that neither the set nor Kubernetes has. */
export const noMissingPriorityClass: Rule = {
  code: "core/no-missing-priority-class",
  check: (inventory) =>
    missingObjects(inventory, {
      code: "core/no-missing-priority-class",
      targets: [PRIORITY_CLASS],
      effect: () => "its pods are refused",
      isElsewhere: ({ name }) => BUILTIN.includes(name),
    }),
};

/** kube-apiserver makes them when it starts. */
const BUILTIN: readonly string[] = ["system-cluster-critical", "system-node-critical"];
