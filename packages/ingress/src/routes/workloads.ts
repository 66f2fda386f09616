import type { Resource } from "@ashlar/core";
import { type Fields, fieldsOf, listOf, own, textOf } from "./fields.ts";
import { labelsOf, type RouteSet } from "./route-set.ts";

/** A Pod, or a workload that makes pods: what a Service may select. */
export interface Workload {
  readonly resource: Resource;
  readonly namespace: string;
  readonly labels: Fields;
  /** The pod's spec. */
  readonly spec: Fields;
  /** Where the spec stands in the object: `spec.template.spec`. */
  readonly path: string;
  /** How many pods it makes: 0 when it is scaled down. */
  readonly replicas: number;
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: string;
}

/** Selects workloads by the selector of a Service; an empty one selects nothing. */
export type SelectWorkloads = (namespace: string, selector: Fields) => readonly Workload[];

const MAKERS: readonly (readonly [group: string, kind: string])[] = [
  ["apps", "Deployment"],
  ["apps", "StatefulSet"],
  ["apps", "DaemonSet"],
  ["apps", "ReplicaSet"],
  ["", "ReplicationController"],
];

/** The pods of a set that have not ended, and the workloads that make pods. */
export function workloadsOf(set: RouteSet): Workload[] {
  const found: Workload[] = [];
  for (const pod of set.all("", "Pod")) {
    const phase = fieldsOf(pod.status).phase;
    if (phase !== "Succeeded" && phase !== "Failed")
      found.push(workloadOf(set, pod, pod.metadata, pod.spec, "spec"));
  }
  for (const [group, kind] of MAKERS)
    for (const maker of set.all(group, kind)) {
      // A ReplicaSet of a Deployment, and one that is left over from a roll-out, is told by its owner.
      if (listOf(fieldsOf(maker.metadata).ownerReferences).length > 0) continue;
      const template = fieldsOf(fieldsOf(maker.spec).template);
      found.push(workloadOf(set, maker, template.metadata, template.spec, "spec.template.spec"));
    }
  return found;
}

/** Indexes pods and workloads by each label pair, so that selecting does not read them all. */
export function selectWorkloads(workloads: readonly Workload[]): SelectWorkloads {
  const byPair = new Map<string, Workload[]>();
  for (const workload of workloads)
    for (const [key, value] of Object.entries(workload.labels)) {
      const pair = pairKey(workload.namespace, key, value);
      const list = byPair.get(pair);
      if (list) list.push(workload);
      else byPair.set(pair, [workload]);
    }
  return (namespace, selector) => {
    const entries = Object.entries(selector);
    const [first] = entries;
    if (first === undefined) return [];
    const near = byPair.get(pairKey(namespace, ...first)) ?? [];
    return near.filter(({ labels }) => entries.every(([key, value]) => own(labels, key) === value));
  };
}

/** The number of a target port in a workload's pods: by number as it is, by name as a container declares it. */
export function portOf(workload: Workload, target: number | string, protocol: string): number | undefined {
  if (typeof target === "number") return target;
  return workload.ports.find((port) => port.name === target && port.protocol === protocol)?.number;
}

function workloadOf(
  set: RouteSet,
  resource: Resource,
  metadata: unknown,
  specValue: unknown,
  path: string,
): Workload {
  const spec = fieldsOf(specValue);
  const sidecars = listOf(spec.initContainers).filter((c) => fieldsOf(c).restartPolicy === "Always");
  const ports = [...listOf(spec.containers), ...sidecars].flatMap((container) =>
    listOf(fieldsOf(container).ports).flatMap((value) => {
      const { name, containerPort, protocol } = fieldsOf(value);
      if (typeof containerPort !== "number") return [];
      return [{ name: textOf(name), number: containerPort, protocol: textOf(protocol) || "TCP" }];
    }),
  );
  const replicas = resource.kind === "Pod" || resource.kind === "DaemonSet" ? 1 : replicasOf(resource);
  const namespace = set.namespaceOf(resource);
  return { resource, namespace, labels: labelsOf(metadata), spec, path, replicas, ports };
}

function replicasOf(resource: Resource): number {
  const { replicas } = fieldsOf(resource.spec);
  return typeof replicas === "number" ? replicas : 1;
}

function pairKey(namespace: string, key: string, value: unknown): string {
  return `${namespace}\n${key}\n${typeof value === "string" ? value : ""}`;
}
