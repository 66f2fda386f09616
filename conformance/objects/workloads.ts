import type { Resource } from "@ashlar/core";

// Every object is accepted by the real server. They use as many fields as can stand together.

const labels = { app: "web", "app.kubernetes.io/part-of": "shop" };

const httpGet = {
  path: "/healthz",
  port: "http",
  scheme: "HTTP",
  httpHeaders: [{ name: "X-Probe", value: "1" }],
};

const container = {
  name: "web",
  image: "registry.example.com/shop/web:1.4.2",
  imagePullPolicy: "IfNotPresent",
  command: ["/bin/web"],
  args: ["--port=8080"],
  workingDir: "/srv",
  ports: [
    { name: "http", containerPort: 8080, protocol: "TCP" },
    { name: "dns-udp", containerPort: 5353, protocol: "UDP", hostPort: 0 },
  ],
  env: [
    { name: "MODE", value: "production" },
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "web", key: "password", optional: true } } },
    { name: "COLOUR", valueFrom: { configMapKeyRef: { name: "web", key: "colour" } } },
    { name: "POD_IP", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } },
    { name: "CPUS", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } },
  ],
  envFrom: [
    { prefix: "APP_", configMapRef: { name: "web" } },
    { secretRef: { name: "web", optional: false } },
  ],
  resources: {
    requests: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "1Gi" },
    limits: { cpu: 1, memory: "128Mi" },
  },
  volumeMounts: [
    { name: "config", mountPath: "/etc/web", readOnly: true },
    { name: "scratch", mountPath: "/tmp", subPath: "web", mountPropagation: "None" },
  ],
  livenessProbe: {
    httpGet,
    initialDelaySeconds: 5,
    periodSeconds: 10,
    timeoutSeconds: 2,
    failureThreshold: 3,
  },
  readinessProbe: { tcpSocket: { port: 8080 }, successThreshold: 2 },
  startupProbe: { exec: { command: ["true"] }, terminationGracePeriodSeconds: 20 },
  lifecycle: { preStop: { sleep: { seconds: 5 } }, postStart: { exec: { command: ["true"] } } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 1000,
    capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  stdin: false,
  tty: false,
};

const affinity = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }] },
      ],
    },
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 10,
        preference: { matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["n1"] }] },
      },
    ],
  },
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: {
          topologyKey: "kubernetes.io/hostname",
          labelSelector: { matchLabels: { app: "web" } },
        },
      },
    ],
  },
};

const volumes = [
  {
    name: "config",
    configMap: { name: "web", defaultMode: 420, items: [{ key: "colour", path: "colour", mode: 256 }] },
  },
  { name: "scratch", emptyDir: { sizeLimit: "1Gi", medium: "Memory" } },
  { name: "keys", secret: { secretName: "web", optional: true } },
  { name: "node", hostPath: { path: "/var/log", type: "Directory" } },
  { name: "data", persistentVolumeClaim: { claimName: "data", readOnly: true } },
  {
    name: "all",
    projected: {
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: 3600, audience: "vault" } },
        { downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
      ],
    },
  },
  { name: "share", nfs: { server: "10.0.0.9", path: "/export" } },
  { name: "driver", csi: { driver: "csi.example.com", volumeAttributes: { tier: "hot" } } },
];

const podSpec = {
  serviceAccountName: "web",
  automountServiceAccountToken: false,
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  dnsPolicy: "None",
  dnsConfig: {
    nameservers: ["10.96.0.10"],
    searches: ["default.svc"],
    options: [{ name: "ndots", value: "2" }],
  },
  hostAliases: [{ ip: "10.0.0.1", hostnames: ["db.internal"] }],
  nodeSelector: { "kubernetes.io/arch": "amd64" },
  tolerations: [{ key: "gpu", operator: "Equal", value: "yes", effect: "NoExecute", tolerationSeconds: 60 }],
  imagePullSecrets: [{ name: "registry" }],
  priorityClassName: "system-cluster-critical",
  securityContext: {
    fsGroup: 2000,
    runAsGroup: 3000,
    supplementalGroups: [1, 2],
    sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: labels },
    },
  ],
  affinity,
  initContainers: [{ name: "wait", image: "busybox:1.37", restartPolicy: "Always" }],
  containers: [container],
  volumes,
};

const template = { metadata: { labels, annotations: { "example.com/checksum": "abc" } }, spec: podSpec };
const selector = { matchLabels: { app: "web" }, matchExpressions: [{ key: "app", operator: "Exists" }] };
const jobPod = {
  metadata: { labels: { job: "report" } },
  spec: {
    restartPolicy: "Never",
    containers: [{ name: "report", image: "busybox:1.37", command: ["true"] }],
  },
};

/** Pods and what makes pods. */
export const workloads: readonly Resource[] = [
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "web",
      namespace: "default",
      labels,
      annotations: { note: "hand-made" },
      finalizers: ["example.com/hold"],
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "web",
          uid: "1a",
          controller: true,
          blockOwnerDeletion: false,
        },
      ],
    },
    spec: podSpec,
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default", labels },
    spec: {
      replicas: 3,
      revisionHistoryLimit: 5,
      minReadySeconds: 10,
      progressDeadlineSeconds: 600,
      paused: false,
      selector,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
      template,
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db", namespace: "default" },
    spec: {
      serviceName: "db",
      replicas: 2,
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Delete" },
      ordinals: { start: 1 },
      selector,
      template,
      volumeClaimTemplates: [
        {
          metadata: { name: "store" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "10Gi" } },
            storageClassName: "fast",
          },
        },
      ],
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "default" },
    spec: {
      selector,
      template,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "web-1", namespace: "default" },
    spec: { replicas: 1, minReadySeconds: 0, selector, template },
  },
  {
    apiVersion: "v1",
    kind: "ReplicationController",
    metadata: { name: "old", namespace: "default" },
    spec: { replicas: 1, selector: { app: "web" }, template },
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "report", namespace: "default" },
    spec: {
      parallelism: 2,
      completions: 4,
      completionMode: "Indexed",
      backoffLimit: 3,
      activeDeadlineSeconds: 600,
      ttlSecondsAfterFinished: 3600,
      suspend: true,
      podFailurePolicy: {
        rules: [
          { action: "FailJob", onExitCodes: { containerName: "report", operator: "In", values: [1, 42] } },
        ],
      },
      template: jobPod,
    },
  },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "nightly", namespace: "default" },
    spec: {
      schedule: "30 2 * * *",
      timeZone: "Asia/Seoul",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 120,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 2,
      suspend: false,
      jobTemplate: { metadata: { labels }, spec: { backoffLimit: 1, template: jobPod } },
    },
  },
  {
    apiVersion: "v1",
    kind: "PodTemplate",
    metadata: { name: "web", namespace: "default" },
    template,
  },
];
