/** What a platform file loads: builders and the words of claims, without the model. */
export { clusterDns } from "./cluster-dns/cluster-dns.ts";
export type { clusterDnsIntent } from "./cluster-dns/intent.ts";
export { externalNames } from "./external-name/external-names.ts";
export type { KubeDnsRemovalInput } from "./kube-dns/intent.ts";
export { kubeDnsRemoval } from "./kube-dns/kube-dns-removal.ts";
export { parseResolvesClaim } from "./resolve/claims/parse-claim.ts";
