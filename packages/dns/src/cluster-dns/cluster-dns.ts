import { type BlockBuilder, defineBlock } from "@ashlar/core";
import type * as z from "@ashlar/core/zod";
import { buildClusterDns } from "./build.ts";
import { clusterDnsIntent } from "./intent.ts";

/**
 * The Corefile of a cluster as the ConfigMap `coredns` in kube-system, for one version of CoreDNS: who answers Services, which zones
 * go to other servers (over TLS where asked), fixed names, and everything else upstream. Promises that the cluster's Services are
 * found and that each zone goes to its servers.
 *
 * A zone has a server block of its own. CoreDNS asks the block with the longest match alone, so fixed names of a zone are written into
 * the zone's block, and a zone that holds the cluster's own domain is refused. Before 1.4.0 the file is written as it was then:
 * `proxy`, and `upstream` for the targets of ExternalName Services.
 *
 * @throws {IntentError} with every finding: an option that this version does not have, a name server that leads back to CoreDNS, …
 * @example
 * clusterDns({ coredns: "1.15", upstream: ["8.8.8.8", "8.8.4.4"], zones: { "corp.test": ["10.0.0.2"] } })
 */
export const clusterDns: BlockBuilder<z.input<ReturnType<typeof clusterDnsIntent>>> = defineBlock({
  name: "dns/cluster-dns",
  intent: clusterDnsIntent,
  build: buildClusterDns,
});
