import { type BlockBuilder, defineBlock } from "@ashlar/core";
import { buildKubeDnsRemoval } from "./build.ts";
import { type KubeDnsRemovalInput, kubeDnsRemovalIntent } from "./intent.ts";

/**
 * From kube-dns to CoreDNS in a cluster that has both: the steps that let the autoscaler scale CoreDNS and take kube-dns away, how a
 * changed Corefile comes into effect, and the part of a kops spec that chooses CoreDNS.
 *
 * The autoscaler's change is a JSON patch whose tests fail where the Deployment is another one, so that it changes nothing there.
 *
 * @throws {IntentError} with every finding
 * @example kubeDnsRemoval({ kops: { cluster: "k8s.strix.kr" } })
 */
export const kubeDnsRemoval: BlockBuilder<KubeDnsRemovalInput> = defineBlock({
  name: "dns/kube-dns-removal",
  intent: kubeDnsRemovalIntent,
  build: buildKubeDnsRemoval,
});
