import { type BlockBuilder, defineBlock } from "@ashlar/core";
import { buildNexus } from "./build.ts";
import { type NexusInput, nexusIntent } from "./intent.ts";

/**
 * Nexus with logins by Keycloak: keycloak.json in a sealed Secret, and the mount in the Deployment that helm made, as a patch by
 * names. `retention` becomes the document `nexus/cleanup-policies.json`, in the fields of Nexus' cleanup policies.
 *
 * Nexus itself is not run by our tests (no registry of packages has it), and its keycloak plugin is archived: that the plugin is in
 * the image is the user's to see to.
 *
 * @throws {IntentError} with every finding
 * @example
 * nexus({
 *   issuer: "https://iam.k8s.strix.kr/realms/master",
 *   clientSecret: { from: "env", name: "NEXUS_CLIENT_SECRET" },
 *   retention: { temporary: { tags: ".*\/manifests/tmp-.*", lastPushedDays: 3 } },
 * })
 */
export const nexus: BlockBuilder<NexusInput> = defineBlock({
  name: "registry/nexus",
  intent: nexusIntent,
  build: buildNexus,
});
