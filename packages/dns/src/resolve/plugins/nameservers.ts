import { parseAddress } from "../addresses.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ServiceFacts, SliceFacts } from "../cluster/objects.ts";
import { fqdn, joinNames } from "../names.ts";
import { endpointName } from "./find-services.ts";
import { type Found, type Target, unknownTargets } from "./found.ts";
import type { KubernetesConfig } from "./kubernetes-config.ts";

/** CoreDNS's own addresses, loopback left out; `undefined`: not known. A server that binds to addresses has none. */
export type Nameservers = readonly string[] | undefined;

/**
 * The name servers that a zone of the cluster tells: the Services whose endpoints have one of CoreDNS's addresses, or these
 * addresses themselves (plugin/kubernetes/ns.go of CoreDNS 1.15.0). Where the addresses are not known, the Services that select
 * the pods of CoreDNS in kube-system.
 */
export function nameserverTargets(
  addresses: Nameservers,
  cluster: Cluster,
  config: KubernetesConfig,
  zone: string,
): Found {
  if (!addresses) return usualTargets(cluster, zone);
  const slices = config.noEndpoints ? [] : addresses.flatMap((ip) => cluster.slicesByIp.get(ip) ?? []);
  if (slices.length === 0)
    return { targets: addresses.map((ip) => target(ip, joinNames("ns.dns", zone))), evidence: [] };
  const pairs = slices.flatMap((slice) => {
    const service = cluster.services.get(slice.service);
    return service ? [{ slice, service }] : [];
  });
  return {
    targets: pairs.flatMap(({ slice, service }) => targetsOf(service, slice, config, zone)),
    evidence: pairs.flatMap(({ service }) => service.evidence),
  };
}

function usualTargets(cluster: Cluster, zone: string): Found {
  const service = [...cluster.services.values()].find(
    ({ namespace, selector }) => namespace === "kube-system" && selector?.["k8s-app"] === "kube-dns",
  );
  if (!service || service.clusterIps[0] === "None")
    return unknownTargets(
      "nothing tells the addresses of CoreDNS: the set has no Service in kube-system that selects k8s-app: kube-dns",
    );
  return { targets: clusterIpsOf(service, zone), evidence: service.evidence };
}

function targetsOf(
  service: ServiceFacts,
  slice: SliceFacts,
  config: KubernetesConfig,
  zone: string,
): Target[] {
  if (service.clusterIps[0] !== "None") return clusterIpsOf(service, zone);
  const owner = joinNames(service.name, service.namespace, "svc", zone);
  return slice.addresses.map((address) =>
    target(address.ip, `${endpointName(address, config.endpointPodNames)}.${owner}`),
  );
}

function clusterIpsOf({ name, namespace, clusterIps }: ServiceFacts, zone: string): Target[] {
  return clusterIps.map((ip) => target(ip, joinNames(name, namespace, "svc", zone)));
}

function target(ip: string, owner: string): Target {
  const address = ip === "" ? undefined : parseAddress(ip);
  return { type: address?.type ?? "A", port: 0, owner: fqdn(owner), ...(address && { host: address.text }) };
}
