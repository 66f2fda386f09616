import { apiGroup, findingAbout, type Rule } from "@ashlar/core";

/** Policies of other APIs that change who reaches whom, and that the model does not read. */
const UNMODELLED: Readonly<Record<string, readonly string[]>> = {
  "policy.networking.k8s.io": ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"],
  "cilium.io": ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"],
  "crd.projectcalico.org": [
    "NetworkPolicy",
    "GlobalNetworkPolicy",
    "StagedNetworkPolicy",
    "StagedGlobalNetworkPolicy",
  ],
  "projectcalico.org": [
    "NetworkPolicy",
    "GlobalNetworkPolicy",
    "StagedNetworkPolicy",
    "StagedGlobalNetworkPolicy",
  ],
  "crd.antrea.io": ["NetworkPolicy", "ClusterNetworkPolicy"],
};

/** The set holds a policy that verdicts about the network leave out. */
export const noUnmodelledPolicy: Rule = {
  code: "network-policy/no-unmodelled-policy",
  check: ({ resources, locate }) =>
    resources
      .filter((r) => UNMODELLED[apiGroup(String(r.apiVersion))]?.includes(String(r.kind)))
      .map((policy) =>
        findingAbout(policy, locate, {
          code: "network-policy/no-unmodelled-policy",
          severity: "warning",
          message: `${policy.kind} of ${apiGroup(policy.apiVersion)} is not modelled: verdicts and proofs speak of networking.k8s.io NetworkPolicies alone`,
          hint: "read every answer about what it selects as if it were not there",
          path: "kind",
        }),
      ),
};
