import type { Rule } from "../inventory.ts";
import { noDuplicatePort } from "./no-duplicate-port.ts";
import { noMissingClaim } from "./no-missing-claim.ts";
import { noMissingConfigMap } from "./no-missing-config-map.ts";
import { noMissingIngressClass } from "./no-missing-ingress-class.ts";
import { noMissingNamespace } from "./no-missing-namespace.ts";
import { noMissingProbePort } from "./no-missing-probe-port.ts";
import { noMissingRole } from "./no-missing-role.ts";
import { noMissingSecret } from "./no-missing-secret.ts";
import { noMissingService } from "./no-missing-service.ts";
import { noMissingServiceAccount } from "./no-missing-service-account.ts";
import { noMissingTargetPort } from "./no-missing-target-port.ts";
import { noRemovedApi } from "./no-removed-api.ts";
import { noSecretInPlainSight } from "./no-secret-in-plain-sight.ts";
import { noSelectorWithoutNamespaces } from "./no-selector-without-namespaces.ts";
import { noSelectorWithoutPods } from "./no-selector-without-pods.ts";
import { uniqueResource } from "./unique-resource.ts";
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
  noMissingTargetPort,
  noMissingProbePort,
  noDuplicatePort,
  noSelectorWithoutPods,
  noSelectorWithoutNamespaces,
  noSecretInPlainSight,
];
