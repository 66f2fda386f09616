import type { Rule } from "../inventory.ts";
import { missingObjects } from "./references/missing-object.ts";
import { INGRESS_CLASS } from "./references/target.ts";

/** An Ingress of a class that no IngressClass defines: no controller takes it. */
export const noMissingIngressClass: Rule = {
  code: "core/no-missing-ingress-class",
  check: (inventory) =>
    missingObjects(inventory, {
      code: "core/no-missing-ingress-class",
      targets: [INGRESS_CLASS],
      effect: () => "no controller serves it",
    }),
};
