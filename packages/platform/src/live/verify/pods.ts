import { fieldsOf, listOf, podTemplateOf, type Resource, textOf } from "@ashlar/core";
import { type ApiType, type Cluster, LiveError, listObjects } from "@ashlar/core/live";
import { isBehind, type LiveService, liveService, type ServedPod, tcpPorts } from "./services.ts";

/** A pod that can be asked, or asked for. */
export interface LivePod {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
  /** Containers that run, the one that kubectl would take first. */
  readonly containers: readonly string[];
  /** `Deployment/web`, `StatefulSet/db`: whom it belongs to, and itself as `Pod/NAME`. */
  readonly owners: readonly string[];
  /** TCP ports that it says it listens on: of its containers, its readiness probes and the Services before it. */
  readonly ports: readonly number[];
  /** Those of them that its containers name. */
  readonly declared: readonly number[];
  /** TCP ports that its readiness says are open. */
  readonly open: readonly number[];
  /** Those of them that answer HTTP. */
  readonly http: readonly number[];
  /** Equal for pods that neither labels nor ports tell apart, but for the labels that controllers add. */
  readonly kind: string;
}

/** What a namespace has. */
export interface NamespacePods {
  /** Ready ones with an address of their own, by name. */
  readonly pods: readonly LivePod[];
  /** Pods that are there and cannot be asked: not ready. Neither those that have ended, nor those in the network of their node. */
  readonly others: number;
  /** Absent: they may not be listed. */
  readonly services?: readonly LiveService[];
  /** Why they could not be listed. */
  readonly problem?: string;
}

const PODS: ApiType = core("Pod", "pods");
const SERVICES: ApiType = core("Service", "services");

function core(kind: string, resource: string): ApiType {
  return { group: "", version: "v1", kind, resource, namespaced: true, verbs: [] };
}

/** The ready pods of a namespace. That the caller may not list them is told, never thrown. */
export async function readPods(cluster: Cluster, namespace: string): Promise<NamespacePods> {
  try {
    const [pods, services] = await Promise.all([
      listObjects(cluster, PODS, { namespace }),
      // Without them a pod has the ports that it names itself.
      listObjects(cluster, SERVICES, { namespace }).catch(notForbidden),
    ]);
    const ready = pods.flatMap((pod) => livePod(pod, namespace, services ?? []) ?? []);
    ready.sort((a, b) => (a.pod.name < b.pod.name ? -1 : 1));
    return {
      pods: ready.map(({ pod }) => pod),
      others: pods.filter(isPodOfClaims).length - ready.length,
      ...(services && { services: services.map((service) => liveService(service, ready)) }),
    };
  } catch (error) {
    if (!(error instanceof LiveError) || error.code !== "forbidden") throw error;
    return { pods: [], others: 0, problem: error.message };
  }
}

/** Claims speak of pods with an address of their own that run, or are about to. */
function isPodOfClaims({ spec, status }: Resource): boolean {
  const { phase } = fieldsOf(status);
  return fieldsOf(spec).hostNetwork !== true && phase !== "Succeeded" && phase !== "Failed";
}

function notForbidden(error: unknown): undefined {
  if (error instanceof LiveError && error.code === "forbidden") return undefined;
  throw error;
}

function livePod(pod: Resource, namespace: string, services: readonly Resource[]): ServedPod | undefined {
  const status = fieldsOf(pod.status);
  const template = podTemplateOf(pod);
  const { name, labels = {}, deletionTimestamp, annotations = {} } = pod.metadata as PodMeta;
  const ip = textOf(status.podIP);
  if (template === undefined || ip === "" || deletionTimestamp !== undefined || !isReady(status))
    return undefined;
  if (!isPodOfClaims(pod)) return undefined;
  const serving = template.containers.filter(({ serves }) => serves);
  const named = new Map<string, number>();
  const declared = serving.flatMap(({ fields }) =>
    listOf(fields.ports).flatMap((entry): number[] => {
      const { containerPort, protocol, name: portName } = fieldsOf(entry);
      if (typeof containerPort !== "number" || (textOf(protocol) || "TCP") !== "TCP") return [];
      // The first container that has the name wins.
      if (textOf(portName) !== "" && !named.has(textOf(portName))) named.set(textOf(portName), containerPort);
      return [containerPort];
    }),
  );
  const numberOf = (port: unknown): number[] => {
    const number = typeof port === "number" ? port : named.get(textOf(port));
    return number === undefined ? [] : [number];
  };
  const probes = serving.map(({ fields }) => fieldsOf(fields.readinessProbe));
  const http = probes.flatMap(({ httpGet }) => {
    const { port, host, scheme } = fieldsOf(httpGet);
    return textOf(host) === "" && scheme !== "HTTPS" ? numberOf(port) : [];
  });
  const open = probes.flatMap(({ httpGet, tcpSocket, grpc }) =>
    [httpGet, tcpSocket, grpc]
      .map(fieldsOf)
      .flatMap(({ port, host }) => (textOf(host) === "" ? numberOf(port) : [])),
  );
  const served = services.flatMap(({ spec }) => targetPorts(fieldsOf(spec), labels, numberOf));
  const ports = [...new Set([...declared, ...open, ...served])].sort((a, b) => a - b);
  const first = textOf(annotations["kubectl.kubernetes.io/default-container"]);
  const names = serving
    .map((container) => container.name)
    .sort((a, b) => Number(b === first) - Number(a === first));
  const found: LivePod = {
    ...{ namespace, name, ip, ports, declared, open, http },
    containers: names,
    owners: [`Pod/${name}`, ...ownersOf(pod, labels)],
    kind: JSON.stringify([namespace, ownLabels(labels), ports]),
  };
  return { pod: found, labels, numberOf };
}

interface PodMeta {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

function isReady(status: Readonly<Record<string, unknown>>): boolean {
  const ready = listOf(status.conditions)
    .map(fieldsOf)
    .find(({ type }) => type === "Ready");
  return status.phase === "Running" && ready?.status === "True";
}

/** The ports of a Service, as the pod has them; none when the Service is not for it. */
function targetPorts(
  { selector, ports }: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, string>>,
  numberOf: (port: unknown) => number[],
): number[] {
  if (!isBehind(selector, labels)) return [];
  return tcpPorts(ports).flatMap(({ port, targetPort }) => numberOf(targetPort ?? port));
}

/** Labels that controllers add to tell their pods and generations apart. */
const ADDED =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|statefulset\.kubernetes\.io\/.*|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.*)$/;

function ownLabels(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels)
    .filter(([key]) => !ADDED.test(key))
    .map(([key, value]) => `${key}=${value}`)
    .sort();
}

/** A Deployment owns by its ReplicaSets, a CronJob by its Jobs: both put a suffix to their name. */
function ownersOf(pod: Resource, labels: Readonly<Record<string, string>>): string[] {
  const { ownerReferences } = pod.metadata as { readonly ownerReferences?: unknown };
  return listOf(ownerReferences).flatMap((entry) => {
    const { kind, name } = fieldsOf(entry);
    const owner = textOf(name);
    const hash = labels["pod-template-hash"];
    const over: string[] = [];
    if (kind === "ReplicaSet" && hash !== undefined && owner.endsWith(`-${hash}`))
      over.push(`Deployment/${owner.slice(0, -hash.length - 1)}`);
    if (kind === "Job" && /-\d+$/.test(owner)) over.push(`CronJob/${owner.replace(/-\d+$/, "")}`);
    return [`${textOf(kind)}/${owner}`, ...over];
  });
}

/** One pod of each kind. */
export function onePerKind(pods: readonly LivePod[]): LivePod[] {
  return [...new Map([...pods].reverse().map((pod) => [pod.kind, pod])).values()].reverse();
}
