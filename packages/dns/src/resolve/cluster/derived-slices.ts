import { asFields, asObjects, asText } from "./fields.ts";
import type { EndpointAddress, PodFacts, ServiceFacts, ServicePort, SliceFacts } from "./objects.ts";

/**
 * The EndpointSlices that the control plane makes of a Service's pods (k8s.io/endpointslice, Kubernetes 1.36): one for each address
 * family and set of ports. `undefined`: no pod at hand is selected, or one of them has no address yet, so nobody can tell.
 */
export function deriveSlices(service: ServiceFacts, pods: readonly PodFacts[]): SliceFacts[] | undefined {
  const { selector } = service;
  if (!selector) return [];
  const selected = pods.filter(
    ({ labels, phase }) =>
      Object.entries(selector).every(([key, value]) => labels[key] === value) &&
      phase !== "Succeeded" &&
      phase !== "Failed",
  );
  if (selected.length === 0 || selected.some((pod) => pod.ips.length === 0)) return undefined;
  const slices = new Map<string, { addresses: EndpointAddress[]; ports: ServicePort[]; pods: PodFacts[] }>();
  for (const pod of selected) {
    const isReady = service.publishNotReady || (pod.ready && !pod.terminating);
    if (!isReady) continue;
    const ports = portsOf(service, pod);
    for (const ip of pod.ips.filter((address) => isServed(service, address))) {
      const key = `${ip.includes(":")} ${JSON.stringify(ports)}`;
      const slice = slices.get(key) ?? { addresses: [], ports, pods: [] };
      slice.addresses.push({
        ip,
        hostname: hostnameOf(service, pod),
        target: pod.name.length < 64 ? pod.name : "",
        zone: "",
      });
      slice.pods.push(pod);
      slices.set(key, slice);
    }
  }
  return [...slices.values()].map(({ addresses, ports, pods: of }) => ({
    service: `${service.name}.${service.namespace}`,
    namespace: service.namespace,
    labels: service.labels,
    addresses,
    ports: ports.length > 0 ? ports : [{ name: "", protocol: "", port: -1 }],
    evidence: of.flatMap((pod) => pod.evidence),
  }));
}

/** A Service that names no families takes those of the pod's first address, as a cluster of one family does. */
function isServed({ ipFamilies, dualStack }: ServiceFacts, ip: string): boolean {
  const family = ip.includes(":") ? "IPv6" : "IPv4";
  if (ipFamilies) return ipFamilies.includes(family);
  return dualStack || family === "IPv4";
}

function hostnameOf(service: ServiceFacts, { spec }: PodFacts): string {
  return asText(spec.subdomain) === service.name ? asText(spec.hostname) : "";
}

/** The Service's ports with the pod's numbers; one whose name no container declares is left out. */
function portsOf(service: ServiceFacts, { spec }: PodFacts): ServicePort[] {
  const declared = asObjects(spec.containers).flatMap((container) => asObjects(asFields(container)?.ports));
  return service.ports.flatMap(({ name, protocol, port, targetPort = port }) => {
    if (port === -1) return [];
    if (typeof targetPort === "number")
      return [{ name, protocol, port: targetPort === 0 ? port : targetPort }];
    const found = declared.find(
      (entry) => entry.name === targetPort && (asText(entry.protocol) || "TCP") === protocol,
    );
    const number = found?.containerPort;
    return typeof number === "number" ? [{ name, protocol, port: number }] : [];
  });
}
