import { type Block, type BlockBuilder, defineBlock, type Step } from "@ashlar/core";
import { configurationDocument, flagsOf, kopsDocument } from "./api-server.ts";
import { formOf, type OidcInput, type OidcIntent, oidcIntent } from "./intent.ts";
import { kubeconfigDocument, kubectlSteps } from "./kubeconfig.ts";

/**
 * Logins through OIDC: what the API server must know (a file of AuthenticationConfiguration, or flags, also as part of a kops
 * spec), and a kubeconfig that logs in. Gives documents and steps, no objects.
 *
 * @throws {IntentError} with every finding
 * @example
 * oidc({
 *   issuer: "https://iam.k8s.strix.kr/realms/master",
 *   clientId: "kubernetes",
 *   kubectl: { cluster: "k8s.strix.kr", namespace: "dev" },
 * })
 */
export const oidc: BlockBuilder<OidcInput> = defineBlock({
  name: "iam/oidc",
  intent: oidcIntent,
  build: buildOidc,
});

/** Total on a valid intent. */
function buildOidc(intent: OidcIntent): Block {
  const isFile = formOf(intent) === "file";
  const flags = isFile ? [`--authentication-config=${intent.configurationFile}`] : flagsOf(intent);
  const { kubectl } = intent;
  return {
    resources: [],
    patches: [],
    documents: [
      ...(isFile ? [configurationDocument(intent)] : []),
      { path: "kube-apiserver/oidc-flags.txt", text: `${flags.join("\n")}\n` },
      ...(intent.kops ? [kopsDocument(intent)] : []),
      ...(kubectl ? [kubeconfigDocument(intent, kubectl)] : []),
    ],
    steps: [...(intent.kops ? kopsSteps() : []), ...(kubectl ? kubectlSteps(intent, kubectl) : [])],
    claims: [],
  };
}

function kopsSteps(): Step[] {
  const when = "When a short restart of each control-plane node is fine: clients retry, workloads go on.";
  return [
    {
      title: "Merge kops/oidc.yaml into the cluster's spec",
      argv: ["kops", "edit", "cluster"],
      why: "kops writes the API server's flags from spec.kubeAPIServer.",
      when: "Any time: nothing changes before the next two steps.",
      verify: "kops get cluster -o yaml has the oidc… fields.",
      undo: "kops edit cluster, and remove them.",
    },
    {
      title: "Write the new configuration",
      argv: ["kops", "update", "cluster", "--yes"],
      why: "The nodes read it when they start.",
      when,
      verify: "kops update cluster says that nothing is left to change.",
    },
    {
      title: "Restart the control plane with it",
      argv: ["kops", "rolling-update", "cluster", "--yes", "--instance-group-roles=control-plane"],
      why: "Flags of a running API server do not change.",
      when,
      verify: "kops validate cluster is content, and a login through the issuer works.",
    },
  ];
}
