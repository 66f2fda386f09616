export { structureProblems } from "../schema/check-structure.ts";
export { type CustomSchemas, customSchemas } from "../schema/custom-schemas.ts";
export type { StructureProblem } from "../schema/words.ts";
export type { Problem as ValueProblem } from "../validate/report.ts";
export { validateObject } from "../validate/validate-object.ts";

import type { Rule } from "../inventory.ts";
import { noDuplicateEnv } from "./no-duplicate-env.ts";
import { noDuplicatePort } from "./no-duplicate-port.ts";
import { noDuplicateRoute } from "./no-duplicate-route.ts";
import { noMissingClaim } from "./no-missing-claim.ts";
import { noMissingConfigMap } from "./no-missing-config-map.ts";
import { noMissingIngressClass } from "./no-missing-ingress-class.ts";
import { noMissingNamespace } from "./no-missing-namespace.ts";
import { noMissingPriorityClass } from "./no-missing-priority-class.ts";
import { noMissingProbePort } from "./no-missing-probe-port.ts";
import { noMissingRole } from "./no-missing-role.ts";
import { noMissingRuntimeClass } from "./no-missing-runtime-class.ts";
import { noMissingScaleTarget } from "./no-missing-scale-target.ts";
import { noMissingSecret } from "./no-missing-secret.ts";
import { noMissingService } from "./no-missing-service.ts";
import { noMissingServiceAccount } from "./no-missing-service-account.ts";
import { noMissingStorageClass } from "./no-missing-storage-class.ts";
import { noMissingTargetPort } from "./no-missing-target-port.ts";
import { noNegativeGracePeriod } from "./no-negative-grace-period.ts";
import { noRemovedApi } from "./no-removed-api.ts";
import { noSecretInPlainSight } from "./no-secret-in-plain-sight.ts";
import { noSelectorWithoutNamespaces } from "./no-selector-without-namespaces.ts";
import { noSelectorWithoutPods } from "./no-selector-without-pods.ts";
import { noTlsHostWithoutRule } from "./no-tls-host-without-rule.ts";
import { noUnknownRight } from "./no-unknown-right.ts";
import { uniqueResource } from "./unique-resource.ts";
import { validImage } from "./valid-image.ts";
import { validStructure } from "./valid-structure.ts";
import { validValue } from "./valid-value.ts";

/** What holds for any set of Kubernetes objects: one object at a time, then how they refer to each other. */
export const coreRules: readonly Rule[] = [
  validStructure,
  validValue,
  noRemovedApi,
  uniqueResource,
  noMissingNamespace,
  noMissingServiceAccount,
  noMissingRole,
  noMissingSecret,
  noMissingConfigMap,
  noMissingClaim,
  noMissingService,
  noMissingIngressClass,
  noMissingStorageClass,
  noMissingPriorityClass,
  noMissingRuntimeClass,
  noMissingScaleTarget,
  noMissingTargetPort,
  noMissingProbePort,
  noDuplicatePort,
  noDuplicateEnv,
  noDuplicateRoute,
  noTlsHostWithoutRule,
  noSelectorWithoutPods,
  noSelectorWithoutNamespaces,
  noSecretInPlainSight,
  noUnknownRight,
  validImage,
  noNegativeGracePeriod,
];
