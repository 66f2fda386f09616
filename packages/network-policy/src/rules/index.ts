import type { Rule } from "@ashlar/core";
import { noCniDeviation } from "./no-cni-deviation.ts";
import { noUnmodelledPolicy } from "./no-unmodelled-policy.ts";
import { validNetworkPolicy } from "./valid-network-policy.ts";

/** The rules of this package. */
export const networkPolicyRules: readonly Rule[] = [validNetworkPolicy, noCniDeviation, noUnmodelledPolicy];
