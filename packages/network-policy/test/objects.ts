import type { Resource } from "@ashlar/core";

/** Small objects for tests, as they would be written in YAML. */
export function namespace(name: string, labels: Record<string, string> = {}): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

export interface PodParts {
  readonly labels?: Record<string, string>;
  readonly ips?: readonly string[];
  readonly ports?: readonly unknown[];
  readonly spec?: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
}

/** A running pod; `path` is `namespace/name`. */
export function pod(
  path: string,
  { labels = {}, ips = [], ports = [], spec, status, metadata }: PodParts = {},
): Resource {
  const [namespace, name] = path.split("/") as [string, string];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels, ...metadata },
    spec: { containers: [{ name: "main", ports }], ...spec },
    status: { phase: "Running", podIP: ips[0], podIPs: ips.map((ip) => ({ ip })), ...status },
  };
}

/** A workload with a pod template; CronJobs keep it deeper. */
export function workload(
  kind: string,
  path: string,
  { labels = {}, ports = [], spec = {}, metadata }: PodParts = {},
): Resource {
  const [namespace, name] = path.split("/") as [string, string];
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", ports }], ...spec } };
  const apiVersion = kind === "ReplicationController" ? "v1" : kind.endsWith("Job") ? "batch/v1" : "apps/v1";
  return {
    apiVersion,
    kind,
    metadata: { namespace, name, ...metadata },
    spec: kind === "CronJob" ? { jobTemplate: { spec: { template } } } : { template },
  };
}

export function policy(path: string, spec: unknown): Resource {
  const [namespace, name] = path.split("/") as [string, string];
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { namespace, name }, spec };
}

export function service(path: string, spec: unknown): Resource {
  const [namespace, name] = path.split("/") as [string, string];
  return { apiVersion: "v1", kind: "Service", metadata: { namespace, name }, spec };
}

/** `ownerReferences` of an object that a controller made. */
export function ownedBy(kind: string, name: string) {
  return { ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: "1", controller: true }] };
}
