import { apiGroup, type Locate, type Resource, type ResourceRef, refOf } from "@ashlar/core";
import { type Fields, fieldsOf, own, textOf } from "./fields.ts";

/** The objects of a set that routes are made of, by kind and by name. */
export interface RouteSet {
  /** Every object of a kind, in the order of the set; of two with one name the later. */
  readonly all: (group: string, kind: string) => readonly Resource[];
  /** The object of that name; `namespace` is `""` for what is in none. */
  readonly find: (group: string, kind: string, namespace: string, name: string) => Resource | undefined;
  readonly namespaceOf: (resource: Resource) => string;
  readonly locate: Locate | undefined;
}

export const NETWORKING = "networking.k8s.io";
export const GATEWAY = "gateway.networking.k8s.io";
export const CERT_MANAGER = "cert-manager.io";

/** Groups that objects had in the past are read as the ones of today. */
const TODAY: Readonly<Record<string, string>> = {
  "extensions/Ingress": NETWORKING,
  "extensions/Deployment": "apps",
  "extensions/DaemonSet": "apps",
  "extensions/ReplicaSet": "apps",
};

const CLUSTER_SCOPED = new Set(["Namespace", "IngressClass", "GatewayClass", "ClusterIssuer"]);

/** Reads a set; Lists are opened, what is no object is left out. */
export function routeSet(
  resources: readonly Resource[],
  options: { readonly defaultNamespace?: string; readonly locate?: Locate } = {},
): RouteSet {
  const { defaultNamespace = "default", locate } = options;
  const kinds = new Map<string, Map<string, Resource>>();
  const namespaceOf = (resource: Resource) => {
    if (CLUSTER_SCOPED.has(textOf(resource.kind))) return "";
    return textOf(fieldsOf(resource.metadata).namespace) || defaultNamespace;
  };
  for (const resource of opened(resources)) {
    const kind = textOf(resource.kind);
    const group = apiGroup(textOf(resource.apiVersion));
    const key = `${own(TODAY, `${group}/${kind}`) ?? group}/${kind}`;
    const byName = kinds.get(key) ?? new Map<string, Resource>();
    kinds.set(key, byName);
    const name = `${namespaceOf(resource)}/${textOf(fieldsOf(resource.metadata).name)}`;
    byName.delete(name);
    byName.set(name, resource);
  }
  const lists = new Map<string, readonly Resource[]>();
  return {
    all(group, kind) {
      const key = `${group}/${kind}`;
      let list = lists.get(key);
      if (list === undefined) {
        list = [...(kinds.get(key)?.values() ?? [])];
        lists.set(key, list);
      }
      return list;
    },
    find: (group, kind, namespace, name) => kinds.get(`${group}/${kind}`)?.get(`${namespace}/${name}`),
    namespaceOf,
    locate,
  };
}

/** The objects, with Lists of any depth opened. Items of a typed list take kind and apiVersion from it. */
function opened(resources: readonly Resource[]): Resource[] {
  const found: Resource[] = [];
  const pending: { readonly value: unknown; readonly list?: Fields }[] = resources
    .map((value) => ({ value }))
    .reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, list } = next;
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    const fields = value as Fields;
    const kind = textOf(fields.kind);
    if (Array.isArray(fields.items) && (kind.endsWith("List") || kind === "")) {
      for (let i = fields.items.length - 1; i >= 0; i--)
        pending.push({ value: fields.items[i], list: fields });
    } else if (kind === "" && list !== undefined && textOf(list.kind) !== "List") {
      const itemKind = textOf(list.kind).slice(0, -"List".length);
      found.push({ ...fields, apiVersion: list.apiVersion, kind: itemKind } as unknown as Resource);
    } else found.push(fields as unknown as Resource);
  }
  return found;
}

/** The annotations of an object that are texts. */
export function annotationOf(resource: Resource, key: string): string {
  return textOf(own(fieldsOf(fieldsOf(resource.metadata).annotations), key));
}

/** The labels of an object or of a pod template's metadata. */
export function labelsOf(metadata: unknown): Fields {
  return fieldsOf(fieldsOf(metadata).labels);
}

/** The object's name as data, its namespace filled in. */
export function refIn(set: RouteSet, resource: Resource): ResourceRef {
  const { apiVersion, kind, name } = refOf(resource);
  const namespace = set.namespaceOf(resource);
  return namespace === "" ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
}
