import { type Finding, type Rule, refKey, refOf } from "@ashlar/core";
import { validateNetworkPolicy } from "../validate/validate-network-policy.ts";

/**
 * A NetworkPolicy that the API server refuses: it protects nothing. Of one that is there as a patch alone the metadata is
 * looked at: elsewhere a field may be wrong only for want of another one, which the patch does not tell.
 */
export const validNetworkPolicy: Rule = {
  code: "network-policy/valid-network-policy",
  check({ resources, locate, partial = [] }) {
    const patches = new Set(partial.map(refKey));
    return resources.flatMap((resource) => {
      const findings = validateNetworkPolicy(resource, locate);
      if (findings.length === 0 || !patches.has(refKey(refOf(resource)))) return findings;
      return findings.filter(isOfMetadata);
    });
  },
};

function isOfMetadata({ path = "" }: Finding): boolean {
  return path === "metadata" || path.startsWith("metadata.");
}
