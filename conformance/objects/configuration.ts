import type { Resource } from "@ashlar/core";

/** Namespaces, configuration, quotas, storage and autoscaling. */
export const configuration: readonly Resource[] = [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "shop", labels: { team: "shop" } },
    spec: { finalizers: ["kubernetes"] },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "web", namespace: "default" },
    immutable: false,
    data: { colour: "blue", "app.properties": "a=1\nb=2\n" },
    binaryData: { icon: "iVBORw0KGgo=" },
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "web", namespace: "default" },
    type: "Opaque",
    immutable: true,
    data: { password: "aHVudGVyMg==" },
    stringData: { token: "abc" },
  },
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "web", namespace: "default" },
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: "registry" }],
    secrets: [{ name: "web", namespace: "default", kind: "Secret" }],
  },
  {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "limits", namespace: "default" },
    spec: {
      limits: [
        {
          type: "Container",
          default: { cpu: "500m", memory: "256Mi" },
          defaultRequest: { cpu: "100m" },
          max: { cpu: 4 },
          min: { cpu: "10m" },
          maxLimitRequestRatio: { cpu: "40" },
        },
        { type: "PersistentVolumeClaim", max: { storage: "100Gi" } },
      ],
    },
  },
  {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "quota", namespace: "default" },
    spec: {
      hard: { pods: "1000", "requests.cpu": 16 },
      scopeSelector: {
        matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["high"] }],
      },
    },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "default" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      volumeMode: "Filesystem",
      storageClassName: "fast",
      resources: { requests: { storage: "8Gi" }, limits: { storage: "16Gi" } },
      selector: { matchLabels: { tier: "ssd" } },
      dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "before" },
    },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "disk-1" },
    spec: {
      capacity: { storage: "8Gi" },
      accessModes: ["ReadWriteOnce", "ReadOnlyMany"],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "fast",
      mountOptions: ["noatime"],
      csi: {
        driver: "csi.example.com",
        volumeHandle: "vol-1",
        fsType: "ext4",
        volumeAttributes: { zone: "a" },
      },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }],
        },
      },
    },
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "csi.example.com",
    parameters: { type: "gp3", iops: "3000" },
    reclaimPolicy: "Delete",
    allowVolumeExpansion: true,
    volumeBindingMode: "WaitForFirstConsumer",
    mountOptions: ["discard"],
    allowedTopologies: [
      { matchLabelExpressions: [{ key: "topology.kubernetes.io/zone", values: ["a", "b"] }] },
    ],
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web", namespace: "default" },
    spec: {
      minAvailable: "50%",
      selector: { matchLabels: { app: "web" } },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  },
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "default" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
        {
          type: "Pods",
          pods: {
            metric: { name: "queue", selector: { matchLabels: { q: "mail" } } },
            target: { type: "AverageValue", averageValue: "1k" },
          },
        },
      ],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 300,
          selectPolicy: "Max",
          policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
        },
      },
    },
  },
  {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: "high" },
    value: 1000,
    globalDefault: false,
    preemptionPolicy: "Never",
    description: "for what earns money",
  },
  {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "leader", namespace: "default" },
    spec: {
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      acquireTime: "2026-11-01T12:00:00.123456Z",
      renewTime: "2026-11-01T12:00:05.000000Z",
      leaseTransitions: 1,
    },
  },
];
