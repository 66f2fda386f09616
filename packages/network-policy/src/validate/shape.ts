/** How the API server decodes a JSON value: the Go types of its API, as data. */
export type Shape =
  | { readonly kind: "string" | "int32" | "int64" | "bool" | "intOrString" | "time" | "anything" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape }
  | { readonly kind: "struct"; readonly fields: Readonly<Record<string, Shape>> };

const string: Shape = { kind: "string" };
const int32: Shape = { kind: "int32" };
const int64: Shape = { kind: "int64" };
const bool: Shape = { kind: "bool" };
const intOrString: Shape = { kind: "intOrString" };
const time: Shape = { kind: "time" };
const anything: Shape = { kind: "anything" };
const list = (of: Shape): Shape => ({ kind: "list", of });
const map = (of: Shape): Shape => ({ kind: "map", of });
const struct = (fields: Readonly<Record<string, Shape>>): Shape => ({ kind: "struct", fields });

/** ObjectMeta of meta/v1. */
export const objectMetaShape: Shape = struct({
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid: string,
  resourceVersion: string,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: int64,
  labels: map(string),
  annotations: map(string),
  ownerReferences: list(
    struct({
      apiVersion: string,
      kind: string,
      name: string,
      uid: string,
      controller: bool,
      blockOwnerDeletion: bool,
    }),
  ),
  finalizers: list(string),
  managedFields: list(
    struct({
      manager: string,
      operation: string,
      apiVersion: string,
      time,
      fieldsType: string,
      fieldsV1: anything,
      subresource: string,
    }),
  ),
});

/** LabelSelector of meta/v1. */
export const labelSelectorShape: Shape = struct({
  matchLabels: map(string),
  matchExpressions: list(struct({ key: string, operator: string, values: list(string) })),
});

const port = struct({ protocol: string, port: intOrString, endPort: int32 });
const peer = struct({
  podSelector: labelSelectorShape,
  namespaceSelector: labelSelectorShape,
  ipBlock: struct({ cidr: string, except: list(string) }),
});

/** NetworkPolicy of networking.k8s.io/v1. Its `status` is gone since Kubernetes 1.28. */
export const networkPolicyShape: Shape = struct({
  apiVersion: string,
  kind: string,
  metadata: objectMetaShape,
  spec: struct({
    podSelector: labelSelectorShape,
    ingress: list(struct({ ports: list(port), from: list(peer) })),
    egress: list(struct({ ports: list(port), to: list(peer) })),
    policyTypes: list(string),
  }),
});

/**
 * Where in a shape a field of this name is known: `["spec.ingress[].ports", "spec.egress[].ports"]` for `ports`.
 */
export function placesOf(field: string, shape: Shape, path = ""): string[] {
  switch (shape.kind) {
    case "list":
      return placesOf(field, shape.of, `${path}[]`);
    case "struct":
      return Object.entries(shape.fields).flatMap(([name, of]) => {
        const at = path === "" ? name : `${path}.${name}`;
        return name === field ? [at, ...placesOf(field, of, at)] : placesOf(field, of, at);
      });
    default:
      return [];
  }
}
