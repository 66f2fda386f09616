/** An error that `check` has on a real set, and why it is true. */
export interface TrueError {
  readonly file: string;
  readonly code: string;
  /** `KIND NAME`; absent when nothing in the file is an object. */
  readonly object?: string;
  readonly because: string;
}

const NO_NAMESPACE =
  "the subject is a ServiceAccount without a namespace, which the API server refuses; the tests of Kubernetes add it when they load the file";

/** Every error on the real sets. */
export const TRUE_ERRORS: readonly TrueError[] = [
  {
    file: "gateway-api/config/crd/experimental/kustomization.yaml",
    code: "core/valid-object",
    because: "a file of kustomize, no object",
  },
  {
    file: "kubernetes/cluster/addons/fluentd-gcp/fluentd-gcp-ds.yaml",
    code: "core/no-template",
    because: "a template: the scripts of Kubernetes fill it in",
  },
  {
    file: "kubernetes/cluster/addons/metadata-agent/stackdriver/metadata-agent.yaml",
    code: "core/no-template",
    because: "a template: the scripts of Kubernetes fill it in",
  },
  {
    file: "kubernetes/cluster/addons/node-problem-detector/npd.yaml",
    code: "core/valid-structure",
    object: "DaemonSet node-problem-detector",
    because: "nodeSelectors is no field (nodeSelector is): the pods run on every node",
  },
  {
    file: "kubernetes/cluster/addons/dns/nodelocaldns/nodelocaldns.yaml",
    code: "dns/valid-plugin",
    object: "ConfigMap node-local-dns",
    because: "a template: __PILLAR__… is filled in first, and CoreDNS does not start with it as it is",
  },
  {
    file: "kubernetes/hack/testdata/deployment-label-change3.yaml",
    code: "core/valid-value",
    object: "Deployment nginx",
    because: "made to be refused: the selector does not select the template",
  },
  {
    file: "kubernetes/hack/testdata/invalid-deployment-unknown-and-duplicate-fields.yaml",
    code: "core/unique-key",
    object: "Deployment invalid-nginx-deployment",
    because: "made to be refused: replicas stands twice",
  },
  {
    file: "kubernetes/hack/testdata/invalid-pod.yaml",
    code: "core/valid-value",
    object: "Pod test",
    because: "made to be refused: a container without a name",
  },
  {
    file: "kubernetes/hack/testdata/kustomize/kustomization.yaml",
    code: "core/valid-object",
    because: "a file of kustomize, no object",
  },
  {
    file: "kubernetes/hack/testdata/multi-resource-3.yaml",
    code: "core/valid-value",
    object: "Pod POD-B",
    because: "made to be refused: a name in capitals",
  },
  {
    file: "kubernetes/hack/testdata/pod-apply-status.yaml",
    code: "core/valid-value",
    object: "Pod test-pod",
    because: "a status alone, for the status subresource: no Pod that could be created",
  },
  {
    file: "kubernetes/hack/testdata/recursive/deployment/deployment/nginx-broken.yaml",
    code: "core/valid-object",
    because: "made to be refused: ind in place of kind",
  },
  {
    file: "kubernetes/hack/testdata/recursive/pod-modify/pod/busybox-broken.yaml",
    code: "core/valid-object",
    because: "made to be refused: ind in place of kind",
  },
  {
    file: "kubernetes/hack/testdata/recursive/pod/pod/busybox-broken.yaml",
    code: "core/valid-object",
    because: "made to be refused: ind in place of kind",
  },
  {
    file: "kubernetes/hack/testdata/recursive/rc/rc/busybox-broken.yaml",
    code: "core/valid-object",
    because: "made to be refused: ind in place of kind",
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/auth/encrypt/encryption-config.yaml",
    code: "core/valid-object",
    because: "a configuration file of the API server, no object: it has no metadata",
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/auth/encrypt/kind.yaml",
    code: "core/valid-object",
    because: "a configuration file of kind, no object: it has no metadata",
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/serviceloadbalancer/netexecsvc.yaml",
    code: "core/valid-structure",
    object: "Service netexec",
    because: "Type is no field (type is)",
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/storage-csi/external-snapshot-metadata/backup-client-rbac.yaml",
    code: "core/valid-value",
    object: "ClusterRoleBinding backup-app-cluster-role-binding",
    because: NO_NAMESPACE,
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/storage-csi/gce-pd/csi-controller-rbac.yaml",
    code: "core/valid-value",
    object: "ClusterRoleBinding csi-gce-pd-controller-attacher-binding",
    because: NO_NAMESPACE,
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/storage-csi/gce-pd/csi-controller-rbac.yaml",
    code: "core/valid-value",
    object: "ClusterRoleBinding csi-gce-pd-controller-provisioner-binding",
    because: NO_NAMESPACE,
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/storage-csi/gce-pd/csi-controller-rbac.yaml",
    code: "core/valid-value",
    object: "ClusterRoleBinding csi-gce-pd-controller-snapshotter-binding",
    because: NO_NAMESPACE,
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/storage-csi/gce-pd/csi-controller-rbac.yaml",
    code: "core/valid-value",
    object: "ClusterRoleBinding csi-gce-pd-resizer-binding",
    because: NO_NAMESPACE,
  },
  {
    file: "kubernetes/test/e2e/testing-manifests/storage-csi/gce-pd/csi-controller-rbac.yaml",
    code: "core/valid-value",
    object: "ClusterRoleBinding psp-csi-controller-driver-registrar-role",
    because: NO_NAMESPACE,
  },
  {
    file: "kubernetes/test/fixtures/doc-yaml/admin/high-availability/kube-scheduler.yaml",
    code: "core/valid-value",
    object: "Pod kube-scheduler",
    because: "mounts a volume that the pod does not have",
  },
  {
    file: "kubernetes/test/fixtures/pkg/kubectl/cmd/auth/rbac-v1beta1.yaml",
    code: "core/no-removed-api",
    object: "ClusterRole testing-CR",
    because: "removed in 1.22: made to be refused by kubectl auth reconcile",
  },
  {
    file: "kubernetes/test/fixtures/pkg/kubectl/cmd/convert/appsdeployment.yaml",
    code: "core/no-removed-api",
    object: "Deployment nginx-deployment",
    because: "removed in 1.16: for kubectl convert",
  },
  {
    file: "kubernetes/test/fixtures/pkg/kubectl/cmd/convert/extensionsdeployment.yaml",
    code: "core/no-removed-api",
    object: "Deployment nginx-deployment",
    because: "removed in 1.16: for kubectl convert",
  },
  {
    file: "kubernetes/test/fixtures/pkg/kubectl/cmd/convert/serviceandingress.yaml",
    code: "core/no-removed-api",
    object: "Ingress test-ingress",
    because: "removed in 1.22: for kubectl convert",
  },
  {
    file: "kubernetes/test/fixtures/pkg/kubectl/cmd/convert/v1beta1ingress.yaml",
    code: "core/no-removed-api",
    object: "Ingress example",
    because: "removed in 1.22: for kubectl convert",
  },
  {
    file: "kubernetes/test/fixtures/pkg/kubectl/cmd/expose/appsv1deployment-no-selectors.yaml",
    code: "core/valid-value",
    object: "Deployment expose-test-deployment",
    because: "made to be refused: it has no selector",
  },
];
