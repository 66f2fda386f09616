/** A Kubernetes object as plain JSON. Specific kinds are typed by the interfaces of kubernetes-models (`import type`). */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The part of `metadata` that Ashlar reads; see the Kubernetes API's ObjectMeta. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Names one object: what a finding is about, what a patch is for. `namespace` is absent on cluster-scoped objects. */
export interface ResourceRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A position in a text file; `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Finds where a field of an object was written. `path` is a field path as the API server prints it
 * (`spec.ingress[0].from[1].ipBlock.cidr`, `metadata.labels[app.kubernetes.io/name]`); a path that is not in the
 * text gives the place of its nearest ancestor. `undefined`: the object came from no text.
 */
export type Locate = (resource: object, path: string) => Place | undefined;

/** The name of an object as data. Missing or malformed parts become empty strings, so that broken input can be named. */
export function refOf(resource: Resource): ResourceRef {
  const metadata = (resource.metadata ?? {}) as Partial<ObjectMeta>;
  const ref = {
    apiVersion: text(resource.apiVersion),
    kind: text(resource.kind),
    name: text(metadata.name),
  };
  return metadata.namespace === undefined ? ref : { ...ref, namespace: text(metadata.namespace) };
}

/** One line for people: `NetworkPolicy prod/namespace-ingress`. */
export function formatRef(ref: ResourceRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? "" : `${ref.namespace}/`}${ref.name}`;
}

/** The identity of an object across API versions of one group: `networking.k8s.io/NetworkPolicy/prod/namespace-ingress`. */
export function refKey(ref: ResourceRef): string {
  return `${apiGroup(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ""}/${ref.name}`;
}

/** The API group of an apiVersion: `networking.k8s.io/v1` → `networking.k8s.io`, `v1` → `""` (core). */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
