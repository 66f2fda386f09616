/** ClusterRoles that kube-apiserver 1.36.3 makes when it starts (its own RBAC bootstrap policy, read from a live server). */
const CLUSTER_ROLES: ReadonlySet<string> = new Set([
  "cluster-admin",
  "system:discovery",
  "system:monitoring",
  "system:basic-user",
  "system:public-info-viewer",
  "admin",
  "edit",
  "view",
  "system:aggregate-to-admin",
  "system:aggregate-to-edit",
  "system:aggregate-to-view",
  "system:heapster",
  "system:node",
  "system:node-problem-detector",
  "system:node-bootstrapper",
  "system:auth-delegator",
  "system:kube-aggregator",
  "system:kube-controller-manager",
  "system:kube-dns",
  "system:persistent-volume-provisioner",
  "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
  "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
  "system:volume-scheduler",
  "system:certificates.k8s.io:legacy-unknown-approver",
  "system:certificates.k8s.io:kubelet-serving-approver",
  "system:certificates.k8s.io:kube-apiserver-client-approver",
  "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver",
  "system:service-account-issuer-discovery",
  "system:kubelet-api-admin",
  "system:node-proxier",
  "system:kube-scheduler",
]);

/** The same, `system:controller:…`: one for each controller of kube-controller-manager. */
const CONTROLLERS: ReadonlySet<string> = new Set([
  "attachdetach-controller",
  "clusterrole-aggregation-controller",
  "cronjob-controller",
  "daemon-set-controller",
  "deployment-controller",
  "disruption-controller",
  "endpoint-controller",
  "endpointslice-controller",
  "endpointslicemirroring-controller",
  "expand-controller",
  "ephemeral-volume-controller",
  "resource-claim-controller",
  "device-taint-eviction-controller",
  "generic-garbage-collector",
  "horizontal-pod-autoscaler",
  "job-controller",
  "namespace-controller",
  "node-controller",
  "persistent-volume-binder",
  "pod-garbage-collector",
  "replicaset-controller",
  "replication-controller",
  "resourcequota-controller",
  "route-controller",
  "service-account-controller",
  "service-controller",
  "service-cidrs-controller",
  "statefulset-controller",
  "ttl-controller",
  "certificate-controller",
  "pvc-protection-controller",
  "pv-protection-controller",
  "volumeattributesclass-protection-controller",
  "ttl-after-finished-controller",
  "root-ca-cert-publisher",
  "validatingadmissionpolicy-status-controller",
  "legacy-service-account-token-cleaner",
  "selinux-warning-controller",
]);

/** The same for Roles, as `namespace/name`. */
const ROLES: ReadonlySet<string> = new Set([
  "kube-public/system:controller:bootstrap-signer",
  "kube-system/extension-apiserver-authentication-reader",
  "kube-system/system:controller:bootstrap-signer",
  "kube-system/system:controller:cloud-provider",
  "kube-system/system:controller:token-cleaner",
  "kube-system/system::leader-locking-kube-controller-manager",
  "kube-system/system::leader-locking-kube-scheduler",
]);

/** ServiceAccounts in kube-system that the bootstrap policy binds: kube-controller-manager makes them. */
const SYSTEM_ACCOUNTS: ReadonlySet<string> = new Set([
  "attachdetach-controller",
  "bootstrap-signer",
  "certificate-controller",
  "cloud-provider",
  "clusterrole-aggregation-controller",
  "cronjob-controller",
  "daemon-set-controller",
  "deployment-controller",
  "device-taint-eviction-controller",
  "disruption-controller",
  "endpoint-controller",
  "endpointslice-controller",
  "endpointslicemirroring-controller",
  "ephemeral-volume-controller",
  "expand-controller",
  "generic-garbage-collector",
  "horizontal-pod-autoscaler",
  "job-controller",
  "kube-controller-manager",
  "kube-dns",
  "kube-scheduler",
  "leader-election-controller",
  "legacy-service-account-token-cleaner",
  "namespace-controller",
  "node-controller",
  "persistent-volume-binder",
  "pod-garbage-collector",
  "pv-protection-controller",
  "pvc-protection-controller",
  "replicaset-controller",
  "replication-controller",
  "resource-claim-controller",
  "resourcequota-controller",
  "root-ca-cert-publisher",
  "route-controller",
  "selinux-warning-controller",
  "service-account-controller",
  "service-cidrs-controller",
  "service-controller",
  "statefulset-controller",
  "token-cleaner",
  "ttl-after-finished-controller",
  "ttl-controller",
  "validatingadmissionpolicy-status-controller",
  "volumeattributesclass-protection-controller",
]);

const CONTROLLER_PREFIX = "system:controller:";

/** Whether every cluster has the role; `namespace` is absent for a ClusterRole. */
export function isBuiltinRole(namespace: string | undefined, name: string): boolean {
  if (namespace !== undefined) return ROLES.has(`${namespace}/${name}`);
  if (name.startsWith(CONTROLLER_PREFIX)) return CONTROLLERS.has(name.slice(CONTROLLER_PREFIX.length));
  return CLUSTER_ROLES.has(name);
}

/** Whether every cluster has the ServiceAccount: `default` in each namespace, the controllers' in kube-system. */
export function isBuiltinServiceAccount(namespace: string | undefined, name: string): boolean {
  return name === "default" || (namespace === "kube-system" && SYSTEM_ACCOUNTS.has(name));
}

/** The names of the built-in ClusterRoles that people bind: all but those of controllers. */
export const builtinClusterRoles: readonly string[] = [...CLUSTER_ROLES];
