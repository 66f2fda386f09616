import { clusterDns, externalNames, kubeDnsRemoval } from "@ashlar/dns/blocks";
import type { ParsedPlatform } from "./intent.ts";
import type { Part } from "./part.ts";

/** The blocks behind `dns`: the Corefile, and the Services that stand for names outside. */
export function dnsParts({ dns, versions }: ParsedPlatform): Part[] {
  if (dns === undefined) return [];
  const { external, fromKubeDns, ...options } = dns;
  const { coredns } = versions;
  const domain = (options as { readonly clusterDomain?: unknown }).clusterDomain;
  return [
    {
      built: clusterDns.safe({ ...options, ...(coredns !== undefined && { coredns }) }),
      path: (path) => (path === "coredns" ? "versions.coredns" : `dns.${path}`),
    },
    ...(fromKubeDns === undefined
      ? []
      : [
          {
            // The ConfigMap's own step reads it anew.
            built: kubeDnsRemoval.safe({ ...fromKubeDns, reload: false }),
            path: (path: string) => `dns.fromKubeDns.${path}`,
          },
        ]),
    ...(Object.keys(external).length === 0
      ? []
      : [
          {
            built: externalNames.safe({
              names: external,
              ...(domain !== undefined && { clusterDomain: domain }),
            }),
            path: (path: string) => `dns.${path.replace(/^names/, "external")}`,
          },
        ]),
  ];
}
