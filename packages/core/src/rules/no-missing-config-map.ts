import type { Rule } from "../inventory.ts";
import { missingKeys } from "./references/missing-key.ts";
import { missingObjects } from "./references/missing-object.ts";
import { CONFIG_MAP } from "./references/target.ts";

const CODE = "core/no-missing-config-map";

/** A pod that reads a ConfigMap, or a key of one, that is not there. */
export const noMissingConfigMap: Rule = {
  code: CODE,
  check: (inventory) =>
    missingObjects(inventory, {
      code: CODE,
      targets: [CONFIG_MAP],
      effect: () => "its containers do not start",
      isElsewhere: ({ name }) => PUBLISHED.includes(name),
      inspect: (reference, object) => missingKeys(inventory, CODE, reference, object),
    }),
};

/** In every namespace: kube-controller-manager's root-ca-cert-publisher and service-ca publisher (OpenShift). */
const PUBLISHED: readonly string[] = ["kube-root-ca.crt", "openshift-service-ca.crt"];
