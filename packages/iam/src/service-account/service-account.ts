import { type BlockBuilder, defineBlock } from "@ashlar/core";
import { buildServiceAccount } from "./build.ts";
import { type ServiceAccountInput, serviceAccountIntent } from "./intent.ts";

/**
 * A ServiceAccount with its roles, as bindings named NAME@NAMESPACE:ROLE, and the way to its token. Promises that each role works.
 *
 * @throws {IntentError} with every finding
 * @example
 * serviceAccount({
 *   name: "jenkins-agent",
 *   namespace: "dev",
 *   roles: { namespaces: { dev: ["admin"] } },
 *   imagePullSecrets: ["local-docker-registry-secret"],
 * })
 */
export const serviceAccount: BlockBuilder<ServiceAccountInput> = defineBlock({
  name: "iam/service-account",
  intent: serviceAccountIntent,
  build: buildServiceAccount,
});
