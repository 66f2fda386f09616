import { apiGroup, type Resource, refOf } from "./resource.ts";

/** What must exist before what: kinds in the order in which a cluster needs them. Kinds not named come with the workloads. */
const KIND_ORDER: readonly string[] = [
  "Namespace",
  "CustomResourceDefinition",
  "PriorityClass",
  "StorageClass",
  "IngressClass",
  "GatewayClass",
  "ResourceQuota",
  "LimitRange",
  "NetworkPolicy",
  "ServiceAccount",
  "Secret",
  "ConfigMap",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "Service",
  "EndpointSlice",
];
const LAST: readonly string[] = [
  "Ingress",
  "Gateway",
  "HTTPRoute",
  "APIService",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
];

/** Rank of a kind in the order of creation; equal ranks do not depend on each other. */
export function kindRank(kind: string): number {
  const index = KIND_ORDER.indexOf(kind);
  if (index >= 0) return index;
  const last = LAST.indexOf(kind);
  return last < 0 ? KIND_ORDER.length : KIND_ORDER.length + 1 + last;
}

/** Order of creation, then kind, namespace and name: the same bytes for the same set, however it was put together. */
export function sortResources<R extends Resource>(resources: readonly R[]): R[] {
  const keyed = resources.map((resource, index) => {
    const ref = refOf(resource);
    return {
      resource,
      index,
      rank: kindRank(ref.kind),
      key: [ref.kind, apiGroup(ref.apiVersion), ref.namespace ?? "", ref.name],
    };
  });
  keyed.sort((a, b) => a.rank - b.rank || compareKeys(a.key, b.key) || a.index - b.index);
  return keyed.map((k) => k.resource);
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as string, b[i] as string];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
