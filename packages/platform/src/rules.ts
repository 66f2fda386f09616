import type { Rule } from "@ashlar/core";
import { uniqueResource } from "@ashlar/core";
import { networkPolicyRules } from "@ashlar/network-policy";

/** Every rule of every package, in the order in which they are documented. */
export const rules: readonly Rule[] = [uniqueResource, ...networkPolicyRules];
