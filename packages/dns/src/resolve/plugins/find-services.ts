import type { ResourceRef } from "@ashlar/core";
import { parseAddress } from "../addresses.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { EndpointAddress, ServiceFacts, ServicePort, SliceFacts } from "../cluster/objects.ts";
import { fqdn } from "../names.ts";
import { EMPTY, type Found, MISSING, type Target, unknownTargets } from "./found.ts";
import type { KubernetesConfig } from "./kubernetes-config.ts";
import type { KubernetesRequest } from "./kubernetes-request.ts";

/** What a name below `svc` stands for (plugin/kubernetes/kubernetes.go, findServices, of CoreDNS 1.15.0). */
export function findServices(
  request: KubernetesRequest,
  zone: string,
  config: KubernetesConfig,
  cluster: Cluster,
): Found {
  if (request.service === "") return EMPTY;
  const { key } = request;
  const service = cluster.services.get(key);
  if (!service) return MISSING;
  const { evidence } = service;
  const isExternal = service.type === "ExternalName";
  const isHeadless = service.clusterIps[0] === "None";
  const slices = config.noEndpoints ? [] : cluster.slices.get(key);
  if (config.ignoreEmptyService && !isExternal && !isHeadless) {
    if (!slices) return unknownEndpoints(service);
    if (slices.every((slice) => slice.addresses.length === 0)) return { ...MISSING, evidence };
  }
  if (request.zone !== "" && !isHeadless) return { ...MISSING, evidence };
  if (isExternal) return externalName(request, service);
  const owner = zone === "." ? `${key}.svc.` : `${key}.svc.${zone}`;
  if (isHeadless || request.endpoint !== "")
    return slices ? endpoints(request, service, slices, owner, config) : unknownEndpoints(service);

  const targets: Target[] = [];
  let missing = true;
  for (const port of service.ports) {
    if (!isPort(request, port)) continue;
    missing = false;
    for (const { type, host } of service.addresses)
      targets.push(
        host === undefined ? { type, port: port.port, owner } : { type, host, port: port.port, owner },
      );
  }
  return missing ? { ...MISSING, evidence } : { targets, evidence };
}

function externalName(request: KubernetesRequest, { externalName: host, evidence }: ServiceFacts): Found {
  const hasParts = request.endpoint !== "" || request.port !== "" || request.protocol !== "";
  if (hasParts || parseAddress(host)) return { ...MISSING, evidence };
  return { targets: [{ type: "CNAME", host: fqdn(host), port: 0, owner: "" }], evidence };
}

function endpoints(
  request: KubernetesRequest,
  service: ServiceFacts,
  slices: readonly SliceFacts[],
  owner: string,
  config: KubernetesConfig,
): Found {
  const evidence: ResourceRef[] = [...service.evidence];
  const targets: Target[] = [];
  const add = (zone: string) => {
    for (const slice of slices) {
      const before = targets.length;
      for (const address of slice.addresses) {
        if (zone !== "" && address.zone !== zone) continue;
        const host = endpointName(address, config.endpointPodNames);
        if (request.endpoint !== "" && host.toLowerCase() !== request.endpoint) continue;
        const ip = parseAddress(address.ip);
        for (const port of slice.ports) {
          if (!isPort(request, port)) continue;
          const name = host === "" ? owner : `${host.toLowerCase()}.${owner}`;
          targets.push({
            type: ip?.type ?? "CNAME",
            host: ip?.text ?? fqdn(address.ip),
            port: port.port,
            owner: name,
          });
        }
      }
      if (targets.length > before) evidence.push(...slice.evidence);
    }
  };
  add(request.zone);
  if (targets.length === 0 && request.zone !== "" && request.prefersZone) add("");
  if (targets.length === 0 && request.zone === "") return { ...MISSING, evidence };
  return { targets, evidence };
}

/** The label of an endpoint: its host name, its pod's name by option, or its address with dashes. */
export function endpointName({ hostname, target, ip }: EndpointAddress, podNames: boolean): string {
  if (hostname !== "") return hostname;
  if (podNames && target !== "") return target;
  if (ip.includes(".")) return ip.replaceAll(".", "-");
  const dashed = ip.replaceAll(":", "-");
  return dashed.endsWith("-") ? `${dashed}0` : dashed;
}

function isPort({ port, protocol }: KubernetesRequest, { name, protocol: its }: ServicePort): boolean {
  return (port === "" || port === name.toLowerCase()) && (protocol === "" || protocol === its.toLowerCase());
}

function unknownEndpoints({ name, namespace, evidence }: ServiceFacts): Found {
  return unknownTargets(
    `nothing tells the endpoints of Service ${namespace}/${name}: the set has neither its EndpointSlices nor pods of it with addresses`,
    evidence,
  );
}
