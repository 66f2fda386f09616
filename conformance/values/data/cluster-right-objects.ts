import type { Resource } from "@ashlar/core";

const volume = (name: string, spec: object, annotations: object = {}): Resource =>
  ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations },
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], ...spec },
  }) as Resource;
const rule = {
  operations: ["CREATE", "UPDATE"],
  apiGroups: ["apps"],
  apiVersions: ["v1"],
  resources: ["deployments", "deployments/scale"],
};

/** Right objects of the kinds that a cluster's administrator writes. */
export const clusterRightObjects: readonly Resource[] = [
  volume("host", {
    hostPath: { path: "/data", type: "DirectoryOrCreate" },
    persistentVolumeReclaimPolicy: "Recycle",
  }),
  volume(
    "nfs",
    {
      nfs: { server: "nfs.example.test", path: "/export" },
      mountOptions: ["hard"],
      accessModes: ["ReadWriteMany"],
    },
    { "volume.beta.kubernetes.io/mount-options": "hard" },
  ),
  volume("local", {
    local: { path: "/mnt/disk", fsType: "ext4" },
    volumeMode: "Block",
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] },
          { matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] },
        ],
      },
    },
  }),
  volume("disk", { awsElasticBlockStore: { volumeID: "vol-1", partition: 1 } }),
  volume("csi", {
    accessModes: ["ReadWriteOncePod"],
    volumeAttributesClassName: "gold",
    csi: {
      driver: "csi.example.test",
      volumeHandle: "v1",
      controllerPublishSecretRef: { name: "a", namespace: "default" },
      nodePublishSecretRef: { name: "b", namespace: "default" },
    },
    claimRef: { kind: "PersistentVolumeClaim", namespace: "default", name: "data" },
  }),
  {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "external", namespace: "default" },
    subsets: [
      {
        addresses: [{ ip: "10.0.0.1" }, { ip: "2001:db8::1", nodeName: "n1", hostname: "b" }],
        notReadyAddresses: [{ ip: "10.0.0.2" }],
        ports: [
          { name: "http", port: 80, appProtocol: "kubernetes.io/h2c" },
          { name: "dns", port: 53, protocol: "UDP" },
        ],
      },
      { notReadyAddresses: [{ ip: "10.0.0.3" }] },
    ],
  },
  {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "gvisor" },
    handler: "runsc",
    overhead: { podFixed: { cpu: "100m", memory: "64Mi" } },
    scheduling: {
      nodeSelector: { runtime: "gvisor" },
      tolerations: [
        { key: "runtime", operator: "Equal", value: "gvisor", effect: "NoSchedule" },
        { key: "runtime", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
      ],
    },
  },
  { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: "plain" }, handler: "runc" },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    metadata: { name: "csi.example.test" },
    spec: {
      attachRequired: false,
      podInfoOnMount: true,
      fsGroupPolicy: "File",
      volumeLifecycleModes: ["Persistent", "Ephemeral"],
      storageCapacity: true,
      tokenRequests: [{ audience: "vault", expirationSeconds: 3600 }, { audience: "" }],
      serviceAccountTokenInSecrets: true,
      seLinuxMount: true,
      nodeAllocatableUpdatePeriodSeconds: 60,
    },
  },
  {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.metrics.example.test" },
    spec: {
      group: "metrics.example.test",
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name: "metrics", namespace: "kube-system", port: 8443 },
    },
  },
  {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.local.example.test" },
    spec: { group: "local.example.test", version: "v1", groupPriorityMinimum: 20000, versionPriority: 1000 },
  },
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "shops.example.test" },
    spec: {
      group: "example.test",
      scope: "Cluster",
      names: { plural: "shops", kind: "Shop", categories: ["all"] },
      conversion: {
        strategy: "Webhook",
        webhook: {
          conversionReviewVersions: ["v1"],
          clientConfig: { service: { name: "convert", namespace: "default", path: "/convert" } },
        },
      },
      versions: [
        {
          name: "v1alpha1",
          served: true,
          storage: false,
          deprecated: true,
          deprecationWarning: "use v1",
          schema: { openAPIV3Schema: { type: "object" } },
          additionalPrinterColumns: [{ name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }],
        },
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", description: "a shop" } },
          subresources: { scale: { specReplicasPath: ".spec.a", statusReplicasPath: ".status.a" } },
          additionalPrinterColumns: [{ name: "A", type: "integer", format: "int32", jsonPath: ".spec.a" }],
        },
      ],
    },
  },
  {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "old", namespace: "default" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 5,
      targetCPUUtilizationPercentage: 80,
    },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "set" },
    webhooks: [
      {
        name: "set.example.test",
        admissionReviewVersions: ["v1", "v1beta1", "v2"],
        sideEffects: "NoneOnDryRun",
        reinvocationPolicy: "IfNeeded",
        matchPolicy: "Exact",
        clientConfig: { url: "https://hooks.example.test:8443/set" },
        rules: [rule, { ...rule, resources: ["*/*"], scope: "*" }],
        objectSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] },
      },
      {
        name: "also.example.test",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        clientConfig: { service: { name: "hook", namespace: "default", path: "/a.b/c" } },
        rules: [{ operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*", "pods/exec"] }],
      },
    ],
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "limits.example.test" },
    spec: {
      failurePolicy: "Ignore",
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      matchConstraints: {
        matchPolicy: "Exact",
        namespaceSelector: { matchLabels: { env: "prod" } },
        resourceRules: [{ ...rule, resourceNames: ["web"] }],
        excludeResourceRules: [{ ...rule, scope: "Namespaced" }],
      },
      matchConditions: [{ name: "all", expression: "true" }],
      variables: [{ name: "kind", expression: "request.kind.kind" }],
      validations: [
        { expression: "true", message: "no", reason: "Forbidden" },
        { expression: "true", messageExpression: "'no'" },
      ],
      auditAnnotations: [{ key: "seen", valueExpression: "'yes'" }],
    },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "limits" },
    spec: {
      policyName: "limits.example.test",
      validationActions: ["Deny", "Audit"],
      paramRef: { name: "limits", namespace: "default", parameterNotFoundAction: "Deny" },
      matchResources: { objectSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } },
    },
  },
];
