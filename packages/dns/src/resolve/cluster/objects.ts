import type { Resource, ResourceRef } from "@ashlar/core";
import { refOf } from "@ashlar/core";
import { parseAddress } from "../addresses.ts";
import { fqdn } from "../names.ts";
import { asFields, asObjects, asStrings, asText, type Fields } from "./fields.ts";

/** A Service as CoreDNS keeps it (plugin/kubernetes/object/service.go). */
export interface ServiceFacts {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly type: string;
  readonly externalName: string;
  /** `[""]`: the cluster chooses it, and the set does not say what. `["None"]`: headless. */
  readonly clusterIps: readonly string[];
  /** The cluster IPs as records; without a host where the cluster chooses it. */
  readonly addresses: readonly ServiceAddress[];
  /** Absent: the cluster's own. */
  readonly ipFamilies?: readonly string[];
  readonly dualStack: boolean;
  /** External IPs, then addresses and host names of the load balancer. */
  readonly externalIps: readonly string[];
  readonly ports: readonly ServicePort[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly publishNotReady: boolean;
  readonly evidence: readonly ResourceRef[];
}

export interface ServiceAddress {
  readonly type: "A" | "AAAA" | "CNAME";
  readonly host?: string;
}

/** A port of -1 stands for "none". */
export interface ServicePort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

/** The ready endpoints of one EndpointSlice, as CoreDNS keeps them. */
export interface SliceFacts {
  /** `service.namespace` */
  readonly service: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly EndpointAddress[];
  readonly ports: readonly ServicePort[];
  readonly evidence: readonly ResourceRef[];
}

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname: string;
  /** The pod's name, unless it is too long for a label. */
  readonly target: string;
  readonly zone: string;
}

export interface PodFacts {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ips: readonly string[];
  readonly spec: Fields;
  readonly phase: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly evidence: readonly ResourceRef[];
}

const NO_PORT: readonly ServicePort[] = [{ name: "", protocol: "", port: -1 }];

export function readService(resource: Resource): ServiceFacts {
  const spec = asFields(resource.spec) ?? {};
  const { name, namespace } = nameOf(resource);
  const given = asTexts(spec.clusterIPs);
  const selector = asStrings(spec.selector);
  const ports = asObjects(spec.ports).map((port) => ({
    name: asText(port.name),
    protocol: asText(port.protocol) || "TCP",
    port: typeof port.port === "number" ? port.port : -1,
    ...((typeof port.targetPort === "number" || typeof port.targetPort === "string") && {
      targetPort: port.targetPort,
    }),
  }));
  const ingress = asObjects(asFields(asFields(resource.status)?.loadBalancer)?.ingress);
  const families = asTexts(spec.ipFamilies);
  const clusterIps = given.length > 0 ? given : [asText(spec.clusterIP)];
  const dualStack = ["PreferDualStack", "RequireDualStack"].includes(asText(spec.ipFamilyPolicy));
  const usual = families.length > 0 ? families : dualStack ? ["IPv4", "IPv6"] : ["IPv4"];
  return {
    name,
    namespace,
    labels: labelsOf(resource),
    type: asText(spec.type) || "ClusterIP",
    externalName: asText(spec.externalName),
    clusterIps,
    addresses: clusterIps.flatMap((ip) => addressesOf(ip, usual)),
    ...(families.length > 0 && { ipFamilies: families }),
    dualStack,
    externalIps: [
      ...asTexts(spec.externalIPs),
      ...ingress.map((entry) => asText(entry.ip) || asText(entry.hostname)),
    ],
    ports: ports.length > 0 ? ports : NO_PORT,
    ...(selector && Object.keys(selector).length > 0 && { selector }),
    publishNotReady: spec.publishNotReadyAddresses === true,
    evidence: [refOf(resource)],
  };
}

/** What is not an address is taken for a name, as CoreDNS does. */
function addressesOf(ip: string, families: readonly string[]): readonly ServiceAddress[] {
  if (ip === "") return families.map((family) => ({ type: family === "IPv6" ? "AAAA" : "A" }));
  const address = parseAddress(ip);
  return [address ? { type: address.type, host: address.text } : { type: "CNAME", host: fqdn(ip) }];
}

export function readSlice(resource: Resource): SliceFacts {
  const { namespace } = nameOf(resource);
  const labels = labelsOf(resource);
  const ports = asObjects(resource.ports).map(portOfSlice);
  const endpoints = asObjects(resource.endpoints).filter(
    (endpoint) => asFields(endpoint.conditions)?.ready !== false,
  );
  return {
    service: `${labels["kubernetes.io/service-name"] ?? ""}.${namespace}`,
    namespace,
    labels,
    addresses: endpoints.flatMap((endpoint) => {
      const pod = asText(asFields(endpoint.targetRef)?.name);
      const [hostname, target] = [asText(endpoint.hostname), pod.length < 64 ? pod : ""];
      const zone = asText(endpoint.zone).toLowerCase();
      return asTexts(endpoint.addresses).map((ip) => ({ ip, hostname, target, zone }));
    }),
    ports: ports.length > 0 ? ports : NO_PORT,
    evidence: [refOf(resource)],
  };
}

/** Endpoints written by hand: the control plane mirrors them to EndpointSlices. */
export function readEndpoints(resource: Resource): SliceFacts[] {
  const { name, namespace } = nameOf(resource);
  return asObjects(resource.subsets).map((subset) => {
    const ports = asObjects(subset.ports).map(portOfSlice);
    return {
      service: `${name}.${namespace}`,
      namespace,
      labels: labelsOf(resource),
      addresses: asObjects(subset.addresses).map((address) => ({
        ip: asText(address.ip),
        hostname: asText(address.hostname),
        target: asText(asFields(address.targetRef)?.name),
        zone: "",
      })),
      ports: ports.length > 0 ? ports : NO_PORT,
      evidence: [refOf(resource)],
    };
  });
}

export function readPod(resource: Resource): PodFacts {
  const status = asFields(resource.status) ?? {};
  const { name, namespace } = nameOf(resource);
  const listed = asObjects(status.podIPs).map((entry) => asText(entry.ip));
  const own = asText(status.podIP);
  return {
    name,
    namespace,
    labels: labelsOf(resource),
    ips: (listed.length > 0 ? listed : [own]).filter((ip) => ip !== ""),
    spec: asFields(resource.spec) ?? {},
    phase: asText(status.phase),
    ready: asObjects(status.conditions).some(({ type, status: is }) => type === "Ready" && is === "True"),
    terminating: asText(asFields(resource.metadata)?.deletionTimestamp) !== "",
    evidence: [refOf(resource)],
  };
}

export function nameOf(resource: Resource): { readonly name: string; readonly namespace: string } {
  const metadata = asFields(resource.metadata) ?? {};
  return { name: asText(metadata.name), namespace: asText(metadata.namespace) || "default" };
}

export function labelsOf(resource: Resource): Readonly<Record<string, string>> {
  return asStrings(asFields(resource.metadata)?.labels) ?? {};
}

/** The API server fills in TCP. */
function portOfSlice(port: Fields): ServicePort {
  return {
    name: asText(port.name),
    protocol: asText(port.protocol) || "TCP",
    port: typeof port.port === "number" ? port.port : -1,
  };
}

function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
