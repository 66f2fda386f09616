import { meets, type Requirement, type Resource } from "@ashlar/core";
import { addTo } from "./add-to.ts";
import { deriveSlices } from "./derived-slices.ts";
import { asFields, asText } from "./fields.ts";
import {
  labelsOf,
  nameOf,
  type PodFacts,
  readEndpoints,
  readPod,
  readService,
  readSlice,
  type ServiceFacts,
  type SliceFacts,
} from "./objects.ts";

/** What the kubernetes plugin knows of a cluster, in its own indexes. */
export interface Cluster {
  /** By `service.namespace`. */
  readonly services: ReadonlyMap<string, ServiceFacts>;
  /** By cluster IP. */
  readonly servicesByIp: ReadonlyMap<string, readonly ServiceFacts[]>;
  /** By external IP. */
  readonly servicesByExternalIp: ReadonlyMap<string, readonly ServiceFacts[]>;
  /** By `service.namespace`; absent: the set does not tell the endpoints of that Service. */
  readonly slices: ReadonlyMap<string, readonly SliceFacts[]>;
  /** By address of an endpoint that is ready. */
  readonly slicesByIp: ReadonlyMap<string, readonly SliceFacts[]>;
  /** By address; pods that ended are not in it. */
  readonly podsByIp: ReadonlyMap<string, readonly PodFacts[]>;
  readonly pods: readonly PodFacts[];
  /** Every namespace that exists, with its labels where the set has them. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>> | undefined>;
  /** Services of which the set does not tell the cluster IP. */
  readonly hasOpenClusterIps: boolean;
  /** Services of which the set does not tell the endpoints. */
  readonly hasOpenEndpoints: boolean;
}

/** Namespaces that the API server makes. */
const OWN_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** The Service that the API server makes for itself. */
const API_SERVICE: Resource = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "kubernetes", namespace: "default" },
  spec: { type: "ClusterIP", ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: 6443 }] },
};

/** The facts of a set whose Lists are opened. A namespace exists when its object or anything in it is in the set. */
export function readCluster(resources: readonly Resource[]): Cluster {
  const services = new Map<string, ServiceFacts>();
  const slices = new Map<string, SliceFacts[]>();
  const mirrored = new Map<string, SliceFacts[]>();
  const pods: PodFacts[] = [];
  const namespaces = new Map<string, Readonly<Record<string, string>> | undefined>(
    OWN_NAMESPACES.map((name) => [name, undefined]),
  );
  const keep = (service: ServiceFacts) => services.set(`${service.name}.${service.namespace}`, service);
  keep(readService(API_SERVICE));
  let isDump = false;
  for (const resource of resources) {
    const { name, namespace } = nameOf(resource);
    if (asText(asFields(resource.metadata)?.namespace) !== "" && !namespaces.has(namespace))
      namespaces.set(namespace, undefined);
    switch (`${resource.apiVersion} ${resource.kind}`) {
      case "v1 Namespace":
        namespaces.set(name, labelsOf(resource));
        break;
      case "v1 Service":
        keep(readService(resource));
        break;
      case "v1 Pod":
        pods.push(readPod(resource));
        break;
      case "v1 Endpoints":
        for (const slice of readEndpoints(resource)) addTo(mirrored, slice.service, slice);
        break;
      case "discovery.k8s.io/v1 EndpointSlice":
      case "discovery.k8s.io/v1beta1 EndpointSlice": {
        const slice = readSlice(resource);
        addTo(slices, slice.service, slice);
        isDump = true;
        break;
      }
      default:
    }
  }
  const hasOpenEndpoints = fillSlices({ services, slices, mirrored, pods, isDump });
  return { services, slices, pods, namespaces, hasOpenEndpoints, ...indexesOf(services, slices, pods) };
}

/** What is left of a cluster for one who sees only objects with certain labels. */
export function selectCluster(cluster: Cluster, labels: readonly Requirement[]): Cluster {
  if (labels.length === 0) return cluster;
  const isSeen = (object: { readonly labels: Readonly<Record<string, string>> }) =>
    labels.every((requirement) => meets(object.labels, requirement));
  const services = new Map([...cluster.services].filter(([, service]) => isSeen(service)));
  const slices = new Map([...cluster.slices].map(([key, list]) => [key, list.filter(isSeen)]));
  const pods = cluster.pods.filter(isSeen);
  return { ...cluster, services, slices, pods, ...indexesOf(services, slices, pods) };
}

/** Endpoints of Services without an EndpointSlice. `true`: of some nobody can tell. */
function fillSlices({
  services,
  slices,
  mirrored,
  pods,
  isDump,
}: {
  readonly services: ReadonlyMap<string, ServiceFacts>;
  readonly slices: Map<string, SliceFacts[]>;
  readonly mirrored: ReadonlyMap<string, SliceFacts[]>;
  readonly pods: readonly PodFacts[];
  /** The set has EndpointSlices, so those of each Service are there. */
  readonly isDump: boolean;
}): boolean {
  const byNamespace = new Map<string, PodFacts[]>();
  for (const pod of pods) addTo(byNamespace, pod.namespace, pod);
  let open = false;
  for (const [key, service] of services) {
    if (slices.has(key) || service.type === "ExternalName") continue;
    if (key === "kubernetes.default" && !isDump) {
      open = true;
      continue;
    }
    const known = service.selector
      ? deriveSlices(service, byNamespace.get(service.namespace) ?? [])
      : (mirrored.get(key) ?? []);
    if (known || isDump) slices.set(key, known ?? []);
    else open = true;
  }
  return open;
}

function indexesOf(
  services: ReadonlyMap<string, ServiceFacts>,
  slices: ReadonlyMap<string, readonly SliceFacts[]>,
  pods: readonly PodFacts[],
) {
  const servicesByIp = new Map<string, ServiceFacts[]>();
  const servicesByExternalIp = new Map<string, ServiceFacts[]>();
  const slicesByIp = new Map<string, SliceFacts[]>();
  const podsByIp = new Map<string, PodFacts[]>();
  let hasOpenClusterIps = false;
  for (const service of services.values()) {
    for (const ip of service.clusterIps) {
      if (ip === "" && service.type !== "ExternalName") hasOpenClusterIps = true;
      else if (ip !== "" && ip !== "None") addTo(servicesByIp, ip, service);
    }
    for (const ip of service.externalIps) addTo(servicesByExternalIp, ip, service);
  }
  for (const list of slices.values())
    for (const slice of list)
      for (const ip of new Set(slice.addresses.map((address) => address.ip))) addTo(slicesByIp, ip, slice);
  for (const pod of pods)
    if (!["Succeeded", "Failed", "Unknown"].includes(pod.phase) && !pod.terminating)
      for (const ip of pod.ips) addTo(podsByIp, ip, pod);
  return { servicesByIp, servicesByExternalIp, slicesByIp, podsByIp, hasOpenClusterIps };
}
