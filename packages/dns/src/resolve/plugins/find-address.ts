import type { Cluster } from "../cluster/cluster.ts";
import { joinNames } from "../names.ts";
import { endpointName } from "./find-services.ts";
import { type Found, MISSING, type Target, unknownTargets } from "./found.ts";
import { exposureOf, type KubernetesConfig } from "./kubernetes-config.ts";

/** The names of an address: that of the Service with this cluster IP, else of all endpoints (plugin/kubernetes/reverse.go). */
export function findAddress(ip: string, config: KubernetesConfig, cluster: Cluster): Found {
  const isOpen = (namespace: string) =>
    config.namespaces.size === 0 || exposureOf(config, cluster, namespace) === "exposed";
  const name = (host: string): Target => ({ type: "CNAME", host, port: 0, owner: host });
  const service = cluster.servicesByIp.get(ip)?.find(({ namespace }) => isOpen(namespace));
  if (service) {
    const host = joinNames(service.name, service.namespace, "svc", config.primaryZone);
    return { targets: [name(host)], evidence: service.evidence };
  }
  const slices = config.noEndpoints ? [] : (cluster.slicesByIp.get(ip) ?? []);
  const open = slices.filter(({ namespace }) => isOpen(namespace));
  const targets = open.flatMap((slice) =>
    slice.addresses
      .filter((address) => address.ip === ip)
      .map((address) =>
        name(
          joinNames(endpointName(address, config.endpointPodNames), slice.service, "svc", config.primaryZone),
        ),
      ),
  );
  if (targets.length > 0) return { targets, evidence: open.flatMap((slice) => slice.evidence) };
  if (cluster.hasOpenClusterIps || (cluster.hasOpenEndpoints && !config.noEndpoints))
    return unknownTargets(`some Services at hand have no address yet, and ${ip} may become one of theirs`);
  return MISSING;
}
