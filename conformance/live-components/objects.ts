/** Small objects in namespace `default`, for tests of the components that a live cluster is made of. */
import type { Resource } from "@ashlar/core";

export const PODS = "/api/v1/namespaces/default/pods";
export const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

type Words = Readonly<Record<string, string>>;

export function pod(name: string, labels: Words = {}, annotations: Words = {}, spec: object = {}): Resource {
  const containers = [{ name: "main", image: "registry.test/app:1" }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels, annotations },
    spec: { containers, restartPolicy: "Never", ...spec },
  };
}

export function deployment(name: string): Resource {
  const selector = { matchLabels: { app: name } };
  const template = {
    metadata: { labels: { app: name } },
    spec: pod(name, {}, {}, { restartPolicy: "Always" }).spec,
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: { replicas: 2, selector, template },
  };
}

/** @param labels of its pod */
export function job(name: string, labels: Words = {}): Resource {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "default" },
    spec: { backoffLimit: 0, template: { metadata: { labels }, spec: pod(name).spec } },
  };
}

export function configMap(name: string, labels: Words = {}, namespace = "default"): Resource {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, labels },
    data: { text: "x".repeat(500) },
  };
}
