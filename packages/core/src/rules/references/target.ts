/** A kind that others refer to by name. */
export interface Target {
  readonly kind: string;
  readonly group: string;
  readonly namespaced: boolean;
  /** The group that the kind was in before. */
  readonly formerGroup?: string;
}

export const SECRET: Target = { kind: "Secret", group: "", namespaced: true };
export const CONFIG_MAP: Target = { kind: "ConfigMap", group: "", namespaced: true };
export const SERVICE_ACCOUNT: Target = { kind: "ServiceAccount", group: "", namespaced: true };
export const CLAIM: Target = { kind: "PersistentVolumeClaim", group: "", namespaced: true };
export const SERVICE: Target = { kind: "Service", group: "", namespaced: true };
export const NAMESPACE: Target = { kind: "Namespace", group: "", namespaced: false };
export const ROLE: Target = { kind: "Role", group: "rbac.authorization.k8s.io", namespaced: true };
export const CLUSTER_ROLE: Target = {
  kind: "ClusterRole",
  group: "rbac.authorization.k8s.io",
  namespaced: false,
};
export const INGRESS_CLASS: Target = {
  kind: "IngressClass",
  group: "networking.k8s.io",
  namespaced: false,
};
export const STORAGE_CLASS: Target = { kind: "StorageClass", group: "storage.k8s.io", namespaced: false };
export const PRIORITY_CLASS: Target = {
  kind: "PriorityClass",
  group: "scheduling.k8s.io",
  namespaced: false,
};
export const RUNTIME_CLASS: Target = { kind: "RuntimeClass", group: "node.k8s.io", namespaced: false };
export const DEPLOYMENT: Target = {
  kind: "Deployment",
  group: "apps",
  namespaced: true,
  formerGroup: "extensions",
};
export const REPLICA_SET: Target = {
  kind: "ReplicaSet",
  group: "apps",
  namespaced: true,
  formerGroup: "extensions",
};
export const STATEFUL_SET: Target = { kind: "StatefulSet", group: "apps", namespaced: true };
export const REPLICATION_CONTROLLER: Target = { kind: "ReplicationController", group: "", namespaced: true };
