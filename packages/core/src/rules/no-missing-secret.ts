import type { Rule } from "../inventory.ts";
import { isMadeByIngress, secretsMadeElsewhere } from "./references/made-secrets.ts";
import { missingKeys } from "./references/missing-key.ts";
import { missingObjects } from "./references/missing-object.ts";
import type { Reference } from "./references/reference.ts";
import { setIndex } from "./references/set-index.ts";
import { SECRET } from "./references/target.ts";

const CODE = "core/no-missing-secret";

/** A pod, ServiceAccount or Ingress that reads a Secret, or a key of one, that is not there. */
export const noMissingSecret: Rule = {
  code: CODE,
  check(inventory) {
    const { isPartial } = setIndex(inventory);
    const isMade = secretsMadeElsewhere(inventory.resources, isPartial);
    return missingObjects(inventory, {
      code: CODE,
      targets: [SECRET],
      effect,
      isElsewhere: (reference) =>
        isMade(reference.namespace, reference.name) ||
        (reference.by === "tls" && (isPartial(reference.from) || isMadeByIngress(reference.from))),
      inspect: (reference, object) => missingKeys(inventory, CODE, reference, object),
    });
  },
};

function effect({ by }: Reference): string {
  if (by === "tls") return "the host is served with the controller's own certificate, if at all";
  return by === "imagePullSecrets" ? "private images cannot be pulled" : "its containers do not start";
}
