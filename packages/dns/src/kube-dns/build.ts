import {
  type Block,
  type Document,
  type PatchOperation,
  type Step,
  shellCommand,
  writeYamlValue,
} from "@ashlar/core";
import type { KubeDnsRemovalIntent } from "./intent.ts";

const NAMESPACE = "--namespace=kube-system";

type Autoscaler = Exclude<KubeDnsRemovalIntent["autoscaler"], false>;

/** The steps from kube-dns to CoreDNS, in their order, and the part of the kops spec. */
export function buildKubeDnsRemoval(intent: KubeDnsRemovalIntent): Block {
  const { autoscaler, kops, reload, coredns } = intent;
  return {
    resources: [],
    patches: [],
    documents: kops ? [kopsSpec(kops)] : [],
    steps: [
      ...(kops ? [updateCluster(kops.cluster)] : []),
      waitForCoreDns(coredns),
      ...(autoscaler ? [scaleCoreDns(autoscaler, coredns)] : []),
      removal(intent),
      ...(reload ? [restart(coredns)] : []),
    ],
    claims: [],
  };
}

function kopsSpec({ corefile }: NonNullable<KubeDnsRemovalIntent["kops"]>): Document {
  const kubeDNS = { provider: "CoreDNS", ...(corefile !== undefined && { externalCoreFile: corefile }) };
  return { path: "kops/kube-dns.yaml", text: writeYamlValue({ spec: { kubeDNS } }) };
}

function updateCluster(cluster: string): Step {
  return {
    title: "Let kops install CoreDNS",
    argv: ["kops", "update", "cluster", cluster, "--yes"],
    why: "With kubeDNS.provider CoreDNS kops installs CoreDNS behind the Service kube-dns; it does not take kube-dns away.",
    when: "after kops/kube-dns.yaml was put into the cluster's spec (kops edit cluster); the nodes need no rolling update",
    verify: "kubectl get deployment coredns --namespace=kube-system finds it",
    undo: "set kubeDNS.provider back to KubeDNS and run the same command",
  };
}

function waitForCoreDns(coredns: string): Step {
  return {
    title: "Wait for CoreDNS",
    argv: ["kubectl", "rollout", "status", `deployment/${coredns}`, NAMESPACE, "--timeout=3m"],
    why: "CoreDNS and kube-dns stand behind the same Service; kube-dns may only go when CoreDNS answers.",
    when: "any time",
    verify: 'the last line says "successfully rolled out"',
  };
}

function scaleCoreDns(autoscaler: Autoscaler, coredns: string): Step {
  const { deployment, target } = autoscaler;
  const [old, fresh] = [`--target=${target}`, `--target=deployment/${coredns}`];
  return {
    title: "Let the autoscaler scale CoreDNS",
    argv: patchCommand(deployment, autoscalerPatch(autoscaler, old, fresh)),
    why: `The autoscaler sets the replicas of ${target}, and nobody those of CoreDNS. Only its --target changes; the patch is refused as a whole when the container or the old target is not where it is expected.`,
    when: "when CoreDNS is ready; the autoscaler's pod is replaced, and the replicas stay as they are meanwhile",
    verify: `kubectl rollout status deployment/${deployment} ${NAMESPACE} ends with "successfully rolled out"; a refused patch says "the server rejected our request" (look at the Deployment and set index, field or target)`,
    undo: shellCommand(patchCommand(deployment, autoscalerPatch(autoscaler, fresh, old))),
  };
}

function patchCommand(deployment: string, patch: readonly PatchOperation[]): Step["argv"] {
  return [
    "kubectl",
    "patch",
    `deployment/${deployment}`,
    NAMESPACE,
    "--type=json",
    `--patch=${JSON.stringify(patch)}`,
  ];
}

/** JSON patch: a `replace` of a path that is not there would add it, so two tests come first. */
function autoscalerPatch(
  { container, field, index }: Autoscaler,
  old: string,
  fresh: string,
): readonly PatchOperation[] {
  const first = "/spec/template/spec/containers/0";
  const item = `${first}/${field}/${index}`;
  return [
    { op: "test", path: `${first}/name`, value: container },
    { op: "test", path: item, value: old },
    { op: "replace", path: item, value: fresh },
  ];
}

function removal({ deployment, autoscaler }: KubeDnsRemovalIntent): Step {
  return {
    title: "Delete kube-dns",
    argv: ["kubectl", "delete", "deployment", deployment, NAMESPACE],
    why: "As long as its pods run, the Service sends half of the queries to them, and they know nothing of the Corefile.",
    when: `when CoreDNS is ready${autoscaler ? " and the autoscaler scales it" : ""}; the Service kube-dns stays, since every pod asks its address`,
    verify:
      "kubectl get endpointslices --namespace=kube-system --selector=kubernetes.io/service-name=kube-dns has the addresses of CoreDNS's pods, and no other",
    undo: "install the kube-dns add-on again with the tool that made the cluster",
  };
}

function restart(coredns: string): Step {
  return {
    title: "Restart CoreDNS after a change of its Corefile",
    argv: ["kubectl", "rollout", "restart", `deployment/${coredns}`, NAMESPACE],
    why: "New pods start with the new Corefile, one after the other, and old ones stay until they are ready. The signal SIGUSR1 cannot be sent: CoreDNS's image has had no kill since 1.2.0. Deleting all pods at once leaves the cluster without DNS.",
    when: "only when the Corefile has no reload, or when the change cannot wait for it (about two minutes)",
    verify: `kubectl rollout status deployment/${coredns} ${NAMESPACE} --timeout=3m ends with "successfully rolled out"`,
  };
}
