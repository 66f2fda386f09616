import type { Requirement, Resource } from "@ashlar/core";
import { requirementsOf } from "@ashlar/core";
import { type IpRange, parseIp } from "../policy/ip.ts";
import type { Protocol } from "../policy/normal.ts";
import { asFields, asObjects, asStrings, asText, type Fields, scopedName } from "./resources.ts";
import type { Family } from "./unit.ts";
import { isPortNumber } from "./workloads.ts";

/** A Service, as far as it decides where a connection ends. */
export interface ServiceFacts {
  /** `prod/web` */
  readonly name: string;
  readonly namespace: string;
  readonly resource: Resource;
  /** `undefined`: no selector; the addresses come from EndpointSlices or Endpoints. */
  readonly selector?: readonly Requirement[];
  /** clusterIP None: clients connect to the pods themselves, ports are not translated. */
  readonly headless: boolean;
  /** Target of a Service of type ExternalName. */
  readonly externalName?: string;
  readonly ports: readonly ServicePort[];
  readonly clusterIps: readonly IpRange[];
  /** Families that it serves; empty when it does not say. */
  readonly families: readonly Family[];
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** A port of the pod, by number or name. */
  readonly target: number | string;
}

/** Addresses behind a Service without selector, with their ports by the Service's port names. */
export interface Backends {
  /** `prod/db` */
  readonly service: string;
  readonly addresses: readonly string[];
  readonly ports: readonly { readonly name: string; readonly number: number; readonly protocol: Protocol }[];
}

export function readService(resource: Resource, defaultNamespace: string): ServiceFacts {
  const { namespace, name } = scopedName(resource, defaultNamespace);
  const spec = asFields(resource.spec) ?? {};
  const selector = asStrings(spec.selector) ?? {};
  const ips = [spec.clusterIP, ...(Array.isArray(spec.clusterIPs) ? spec.clusterIPs : [])];
  const families = Array.isArray(spec.ipFamilies) ? spec.ipFamilies : [];
  return {
    name: `${namespace}/${name}`,
    namespace,
    resource,
    headless: spec.clusterIP === "None",
    ports: asObjects(spec.ports)
      .map(readServicePort)
      .filter((port) => port !== undefined),
    clusterIps: ips.map((ip) => parseIp(asText(ip))).filter((ip) => ip !== undefined),
    families: families.map((f) => (f === "IPv6" ? 6 : 4)),
    ...(Object.keys(selector).length > 0 && { selector: requirementsOf({ matchLabels: selector }) }),
    ...(spec.type === "ExternalName" && { externalName: asText(spec.externalName) }),
  };
}

/** Addresses of an Endpoints or EndpointSlice object; `undefined` when it is of no Service. */
export function readBackends(resource: Resource, defaultNamespace: string): Backends[] {
  const { namespace, name } = scopedName(resource, defaultNamespace);
  if (resource.kind === "EndpointSlice") {
    const service = asText(asFields(asFields(resource.metadata)?.labels)?.["kubernetes.io/service-name"]);
    if (service === "") return [];
    const addresses = asObjects(resource.endpoints).flatMap((e) => asAddresses(e.addresses));
    return [{ service: `${namespace}/${service}`, addresses, ports: readBackendPorts(resource.ports) }];
  }
  return asObjects(resource.subsets).map((subset) => ({
    service: `${namespace}/${name}`,
    addresses: asObjects(subset.addresses).map((a) => asText(a.ip)),
    ports: readBackendPorts(subset.ports),
  }));
}

function readServicePort(fields: Fields): ServicePort | undefined {
  const protocol = readProtocol(fields.protocol);
  if (!isPortNumber(fields.port) || protocol === undefined) return undefined;
  const given = fields.targetPort;
  const target = isPortNumber(given) || (typeof given === "string" && given !== "") ? given : fields.port;
  const name = asText(fields.name);
  return { port: fields.port, protocol, target, ...(name !== "" && { name }) };
}

function readBackendPorts(ports: unknown): Backends["ports"] {
  return asObjects(ports).flatMap(({ name, port, protocol }) => {
    const known = readProtocol(protocol);
    return isPortNumber(port) && known !== undefined
      ? [{ name: asText(name), number: port, protocol: known }]
      : [];
  });
}

function asAddresses(value: unknown): string[] {
  return Array.isArray(value) ? value.map(asText) : [];
}

/** A protocol as the API writes it, TCP when absent; `undefined` when it is none. */
export function readProtocol(value: unknown): Protocol | undefined {
  const protocol = value ?? "TCP";
  return protocol === "TCP" || protocol === "UDP" || protocol === "SCTP" ? protocol : undefined;
}
