import type { Resource } from "../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";

/** Whether an object is as its controller shall make it, and what is missing when not. */
export interface Readiness {
  readonly ready: boolean;
  /** `1 of 3 pods are available`; present when not ready. */
  readonly reason?: string;
  /** It will not become ready by waiting. */
  readonly failed?: boolean;
}

const READY: Readiness = { ready: true };

/** Kinds for which readiness is known besides those with a condition `Ready`. */
const BY_KIND: Readonly<Record<string, (object: Resource) => Readiness>> = {
  Deployment: deployment,
  ReplicaSet: (object) => replicas(object, "readyReplicas"),
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  Job: job,
  Pod: pod,
  PersistentVolumeClaim: claim,
  CustomResourceDefinition: (object) => byCondition(object, "Established"),
  APIService: (object) => byCondition(object, "Available"),
  Namespace: ({ status }) =>
    textOf(fieldsOf(status).phase) === "Terminating" ? waiting("it is being deleted") : READY,
};

/**
 * Whether an object is ready, by its status. Objects without a status to tell are.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export function readiness(object: Resource): Readiness {
  const status = fieldsOf(object.status);
  const { generation } = object.metadata;
  const seen = status.observedGeneration;
  if (typeof seen === "number" && typeof generation === "number" && seen < generation)
    return waiting("its controller has not seen the change yet");
  const known = BY_KIND[object.kind];
  if (known) return known(object);
  // Issuers, Certificates, Gateways of the newer kind: those that have the condition tell by it.
  return condition(object, "Ready") ? byCondition(object, "Ready") : READY;
}

export function hasCondition(object: Resource, type: string): boolean {
  return textOf(condition(object, type)?.status) === "True";
}

function condition(object: Resource, type: string): Fields | undefined {
  return listOf(fieldsOf(object.status).conditions)
    .map(fieldsOf)
    .find((one) => one.type === type);
}

function byCondition(object: Resource, type: string): Readiness {
  if (hasCondition(object, type)) return READY;
  const { reason, message } = condition(object, type) ?? {};
  const told = [textOf(reason), textOf(message)].filter((text) => text !== "").join(": ");
  return waiting(told || `it has no condition ${type} yet`);
}

function waiting(reason: string): Readiness {
  return { ready: false, reason };
}

function failed(reason: string): Readiness {
  return { ready: false, failed: true, reason };
}

function count(fields: Fields, name: string, absent = 0): number {
  const value = fields[name];
  return typeof value === "number" ? value : absent;
}

function deployment(object: Resource): Readiness {
  const progressing = condition(object, "Progressing");
  if (textOf(progressing?.reason) === "ProgressDeadlineExceeded") return failed(textOf(progressing?.message));
  const status = fieldsOf(object.status);
  const wanted = count(fieldsOf(object.spec), "replicas", 1);
  if (typeof status.observedGeneration !== "number") return waiting("its controller has not seen it yet");
  if (count(status, "updatedReplicas") < wanted) {
    const paused = fieldsOf(object.spec).paused === true ? ", and it is paused" : "";
    return waiting(`${count(status, "updatedReplicas")} of ${wanted} pods are of the new kind${paused}`);
  }
  if (count(status, "replicas") > count(status, "updatedReplicas"))
    return waiting("old pods are still ending");
  if (count(status, "availableReplicas") < wanted)
    return waiting(`${count(status, "availableReplicas")} of ${wanted} pods are available`);
  return READY;
}

function replicas(object: Resource, field: string): Readiness {
  const wanted = count(fieldsOf(object.spec), "replicas", 1);
  const have = count(fieldsOf(object.status), field);
  return have < wanted ? waiting(`${have} of ${wanted} pods are ready`) : READY;
}

function statefulSet(object: Resource): Readiness {
  const spec = fieldsOf(object.spec);
  const status = fieldsOf(object.status);
  if (typeof status.observedGeneration !== "number") return waiting("its controller has not seen it yet");
  const ready = replicas(object, "readyReplicas");
  if (!ready.ready || textOf(fieldsOf(spec.updateStrategy).type) === "OnDelete") return ready;
  const wanted =
    count(spec, "replicas", 1) - count(fieldsOf(fieldsOf(spec.updateStrategy).rollingUpdate), "partition");
  return count(status, "updatedReplicas") < wanted
    ? waiting(`${count(status, "updatedReplicas")} of ${wanted} pods are of the new kind`)
    : READY;
}

function daemonSet(object: Resource): Readiness {
  const status = fieldsOf(object.status);
  if (typeof status.observedGeneration !== "number") return waiting("its controller has not seen it yet");
  const wanted = count(status, "desiredNumberScheduled");
  const isOnDelete = textOf(fieldsOf(fieldsOf(object.spec).updateStrategy).type) === "OnDelete";
  if (!isOnDelete && count(status, "updatedNumberScheduled") < wanted)
    return waiting(`${count(status, "updatedNumberScheduled")} of ${wanted} pods are of the new kind`);
  return count(status, "numberAvailable") < wanted
    ? waiting(`${count(status, "numberAvailable")} of ${wanted} pods are available`)
    : READY;
}

function job(object: Resource): Readiness {
  if (hasCondition(object, "Complete") || fieldsOf(object.spec).suspend === true) return READY;
  const failure = condition(object, "Failed");
  if (textOf(failure?.status) === "True") return failed(`it failed: ${textOf(failure?.message)}`);
  return waiting("it is not complete");
}

function pod(object: Resource): Readiness {
  const { phase } = fieldsOf(object.status);
  if (phase === "Succeeded" || hasCondition(object, "Ready")) return READY;
  const trouble = podTrouble(object);
  if (phase === "Failed") return failed(trouble ?? "it failed");
  return waiting(trouble ?? `it is ${textOf(phase) || "Pending"}`);
}

function claim({ status }: Resource): Readiness {
  const { phase } = fieldsOf(status);
  // One that binds with its first pod waits for it: nothing is missing.
  return phase === "Lost" ? failed("its volume is lost") : READY;
}

/** Why a pod does not run, in the kubelet's or scheduler's words. */
export function podTrouble(pod: Resource): string | undefined {
  const status = fieldsOf(pod.status);
  const states = [...listOf(status.initContainerStatuses), ...listOf(status.containerStatuses)].map(fieldsOf);
  for (const { name, state, ready } of states) {
    const { waiting: waits, terminated } = fieldsOf(state);
    const { reason, message, exitCode } = { ...fieldsOf(terminated), ...fieldsOf(waits) };
    if (ready === true || textOf(reason) === "" || reason === "Completed") continue;
    if (["ContainerCreating", "PodInitializing"].includes(textOf(reason))) continue;
    const told = [textOf(reason), textOf(message)].filter((text) => text !== "").join(": ");
    return `container ${textOf(name)}: ${told}${typeof exitCode === "number" ? ` (exit code ${exitCode})` : ""}`;
  }
  const scheduled = condition(pod, "PodScheduled");
  if (textOf(scheduled?.status) === "False") return textOf(scheduled?.message) || textOf(scheduled?.reason);
  return textOf(status.message) || undefined;
}
