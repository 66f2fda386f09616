import type { Rule } from "@ashlar/core";
import { coreRules } from "@ashlar/core/rules";
import { dnsRules } from "@ashlar/dns";
import { iamRules } from "@ashlar/iam";
import { ingressRules } from "@ashlar/ingress";
import { networkPolicyRules } from "@ashlar/network-policy";
import { registryRules } from "@ashlar/registry";

/** Every rule of every package. */
export const rules: readonly Rule[] = [
  ...coreRules,
  ...networkPolicyRules,
  ...iamRules,
  ...dnsRules,
  ...registryRules,
  ...ingressRules,
];
