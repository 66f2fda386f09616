import type { Rule } from "../inventory.ts";
import { isBuiltinServiceAccount } from "./references/builtin-roles.ts";
import { missingObjects } from "./references/missing-object.ts";
import { SERVICE_ACCOUNT } from "./references/target.ts";

/** A pod that runs as, or a binding for, a ServiceAccount that is not there. */
export const noMissingServiceAccount: Rule = {
  code: "core/no-missing-service-account",
  check: (inventory) =>
    missingObjects(inventory, {
      code: "core/no-missing-service-account",
      targets: [SERVICE_ACCOUNT],
      effect: ({ by }) => (by === "subjects" ? "the role goes to nobody" : "its pods are not created"),
      isElsewhere: ({ namespace, name }) => isBuiltinServiceAccount(namespace, name),
    }),
};
