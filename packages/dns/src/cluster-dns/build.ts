import { type Block, type Resource, unwrap } from "@ashlar/core";
import { buildCorefile, type ServerData } from "../corefile/write.ts";
import { clusterDnsClaims } from "./claims.ts";
import { clusterServers } from "./corefile.ts";
import type { ClusterDnsIntent } from "./intent.ts";
import { nodeLocalServers } from "./node-local.ts";
import { clusterDnsSteps } from "./steps.ts";

/** The ConfigMap of CoreDNS, that of NodeLocal DNSCache when asked for, how to put them into effect, and what they promise. */
export function buildClusterDns(intent: ClusterDnsIntent): Block {
  const { nodeLocal } = intent;
  return {
    resources: [
      corefileMap("coredns", clusterServers(intent)),
      ...(nodeLocal ? [corefileMap("node-local-dns", nodeLocalServers(intent, nodeLocal))] : []),
    ],
    patches: [],
    documents: [],
    steps: clusterDnsSteps(intent),
    claims: clusterDnsClaims(intent),
  };
}

function corefileMap(name: string, servers: readonly ServerData[]): Resource {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "kube-system" },
    data: { Corefile: unwrap(`the Corefile of ${name}`, buildCorefile(servers)) },
  };
}
