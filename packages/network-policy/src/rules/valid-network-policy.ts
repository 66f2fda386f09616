import type { Rule } from "@ashlar/core";
import { validateNetworkPolicy } from "../validate/validate-network-policy.ts";

/** A NetworkPolicy that the API server refuses: it protects nothing. */
export const validNetworkPolicy: Rule = {
  code: "network-policy/valid-network-policy",
  check: ({ resources, locate }) => resources.flatMap((resource) => validateNetworkPolicy(resource, locate)),
};
