import { type BlockBuilder, defineBlock } from "@ashlar/core";
import { buildRegistries } from "./build.ts";
import { type RegistriesInput, registriesIntent } from "./intent.ts";

/**
 * Registries behind a login: for each namespace a Secret to pull with (sealed: no value is in the block), the ServiceAccounts that
 * use it as patches, and the promise that pods of the namespace pull from the registry.
 *
 * @throws {IntentError} with every finding
 * @example
 * registries({
 *   "registry.k8s.strix.kr": {
 *     auth: { username: "puller", password: { from: "env", name: "REGISTRY_PASSWORD" } },
 *     pullIn: ["default", "prod", "dev"],
 *     secretName: "local-docker-registry-secret",
 *   },
 * })
 */
export const registries: BlockBuilder<RegistriesInput> = defineBlock({
  name: "registry/registries",
  intent: registriesIntent,
  build: buildRegistries,
});
