/** Small objects, for tests of what applying does to them. */
import type { Patch, Resource } from "@ashlar/core";

type Words = Readonly<Record<string, string>>;

export function namespace(name: string, labels?: Words): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, ...(labels && { labels }) } };
}

export function configMap(place: string, data: Words = { word: "one" }): Resource {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: placed(place), data };
}

export function patch(kind: string, place: string, fields: object, labels?: Words): Patch {
  return {
    merge: { apiVersion: "v1", kind, metadata: { ...placed(place), ...(labels && { labels }) }, ...fields },
    why: "a test of patches",
  };
}

export function service(place: string, ports: readonly object[] = [{ port: 80 }]): Resource {
  const { name } = placed(place);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: placed(place),
    spec: { selector: { app: name }, ports },
  };
}

interface WorkloadOptions {
  /** Of the pods. */
  readonly labels?: Words;
  readonly spec?: object;
  readonly container?: object;
  /** Of a pod. */
  readonly pod?: object;
}

/** A Deployment, StatefulSet, DaemonSet or Job. */
export function workload(
  kind: "Deployment" | "StatefulSet" | "DaemonSet" | "Job",
  place: string,
  { labels = {}, spec = {}, container = {}, pod = {} }: WorkloadOptions = {},
): Resource {
  const { name } = placed(place);
  const isJob = kind === "Job";
  const containers = [{ name: "main", image: "registry.test/app:1", ...container }];
  const template = {
    metadata: { labels: { app: name, ...labels } },
    spec: { containers, ...(isJob && { restartPolicy: "Never" }), ...pod },
  };
  return {
    apiVersion: isJob ? "batch/v1" : "apps/v1",
    kind,
    metadata: placed(place),
    spec: { ...(!isJob && { selector: { matchLabels: { app: name } } }), template, ...spec },
  };
}

/** The definition of a kind `Thing` of a group, whose spec holds anything. */
export function definition(group: string, kind = "Thing"): Resource {
  const plural = `${kind.toLowerCase()}s`;
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: anything } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}

export function thing(group: string, place: string, spec: object = { size: 1 }): Resource {
  return { apiVersion: `${group}/v1`, kind: "Thing", metadata: placed(place), spec };
}

/** `shop/words`, or `words` of no namespace. */
function placed(place: string): { readonly name: string; readonly namespace?: string } {
  const [first, second] = place.split("/");
  return second === undefined ? { name: first! } : { namespace: first!, name: second };
}
