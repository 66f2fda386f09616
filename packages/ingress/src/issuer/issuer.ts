import { type BlockBuilder, defineBlock } from "@ashlar/core";
import { buildIssuer } from "./build.ts";
import { type IssuerInput, issuerIntent } from "./intent.ts";

/**
 * A ClusterIssuer of cert-manager (cert-manager.io/v1) for an ACME v2 server: challenges over http or in Route 53, with an access key
 * in a Secret, a ServiceAccount that AWS trusts, or what cert-manager's pod has anyway.
 *
 * @throws {IntentError} with every finding
 * @example
 * issuer({
 *   email: "info@strix.co.kr",
 *   server: "production",
 *   solvers: [
 *     { http01: { ingressClass: "nginx" } },
 *     { route53: { region: "ap-northeast-2" }, zones: ["strix.kr"] },
 *   ],
 * })
 */
export const issuer: BlockBuilder<IssuerInput> = defineBlock({
  name: "ingress/issuer",
  intent: issuerIntent,
  build: buildIssuer,
});
