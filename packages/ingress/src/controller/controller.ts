import { type BlockBuilder, defineBlock } from "@ashlar/core";
import { buildController } from "./build.ts";
import { type ControllerInput, controllerIntent } from "./intent.ts";

/**
 * Settings of the ingress controller as a patch of the ConfigMap that its chart owns; each with its reason.
 *
 * @throws {IntentError} with every finding
 * @example
 * controller({
 *   kind: "ingress-nginx",
 *   configMap: "nginx-ingress-controller",
 *   namespace: "default",
 *   proxyBufferSize: "64k", // cookies of OIDC logins
 *   proxyBodySize: "1g", // pushed images
 * })
 */
export const controller: BlockBuilder<ControllerInput> = defineBlock({
  name: "ingress/controller",
  intent: controllerIntent,
  build: buildController,
});
