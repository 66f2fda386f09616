import type { Resource } from "@ashlar/core";

// Fields that cannot stand together with those of conformance/objects, and kinds of volumes, Services and Secrets besides.

const pod = (name: string, spec: object, annotations: object = {}): Resource => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", labels: { app: name }, annotations } as Resource["metadata"],
  spec: { containers: [{ name: "main", image: "busybox:1.37" }], ...spec },
});
const service = (name: string, spec: object): Resource => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec,
});
const secret = (name: string, type: string, data: object, annotations: object = {}): Resource => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "default", annotations } as Resource["metadata"],
  type,
  stringData: data,
});
const jobTemplate = {
  metadata: { labels: { app: "batch" } },
  spec: { restartPolicy: "OnFailure", containers: [{ name: "main", image: "busybox:1.37" }] },
};

/** More right objects of the kinds whose values are checked. */
export const moreRightObjects: readonly Resource[] = [
  pod(
    "host",
    {
      hostNetwork: true,
      hostPID: true,
      os: { name: "linux" },
      dnsPolicy: "ClusterFirstWithHostNet",
      restartPolicy: "OnFailure",
      activeDeadlineSeconds: 60,
      preemptionPolicy: "Never",
      hostname: "host",
      subdomain: "pods",
      readinessGates: [{ conditionType: "example.com/ready" }],
      resources: { requests: { cpu: "2", memory: "1Gi" }, limits: { cpu: "2", memory: "1Gi" } },
      securityContext: {
        fsGroupChangePolicy: "OnRootMismatch",
        supplementalGroupsPolicy: "Strict",
        seLinuxChangePolicy: "Recursive",
        seccompProfile: { type: "Localhost", localhostProfile: "profiles/web.json" },
        appArmorProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "main",
          image: "busybox:1.37",
          ports: [
            { name: "http", containerPort: 80 },
            { name: "https", containerPort: 443, hostPort: 443, hostIP: "10.0.0.1" },
          ],
          resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }],
          livenessProbe: { grpc: { port: 9000, service: "health" } },
          securityContext: {
            privileged: true,
            procMount: "Default",
            appArmorProfile: { type: "Localhost", localhostProfile: "web" },
          },
          volumeMounts: [
            { name: "node", mountPath: "/node", mountPropagation: "Bidirectional" },
            { name: "gone", mountPath: "/gone", readOnly: true, recursiveReadOnly: "IfPossible" },
            { name: "image", mountPath: "/image", subPathExpr: "$(POD)/x" },
          ],
          volumeDevices: [{ name: "disk", devicePath: "/dev/disk" }],
          resources: {
            requests: { "example.com/gpu": 1, "hugepages-2Mi": "4Mi", memory: "64Mi" },
            limits: { "example.com/gpu": 1, "hugepages-2Mi": "4Mi", memory: "64Mi" },
          },
        },
      ],
      volumes: [
        { name: "node", hostPath: { path: "/run" } },
        { name: "gone", gitRepo: { repository: "https://example.com/x.git", directory: "x" } },
        { name: "image", image: { reference: "busybox:1.37", pullPolicy: "IfNotPresent" } },
        { name: "disk", persistentVolumeClaim: { claimName: "disk" } },
        { name: "aws", awsElasticBlockStore: { volumeID: "vol-1", partition: 1, fsType: "ext4" } },
        {
          name: "scratch",
          ephemeral: {
            volumeClaimTemplate: {
              metadata: { labels: { app: "host" }, annotations: { note: "x" } },
              spec: { accessModes: ["ReadWriteOncePod"], resources: { requests: { storage: "1Gi" } } },
            },
          },
        },
        {
          name: "facts",
          downwardAPI: {
            defaultMode: 420,
            items: [
              { path: "name", fieldRef: { fieldPath: "metadata.name" }, mode: 256 },
              { path: "team", fieldRef: { fieldPath: "metadata.annotations['team']" } },
              {
                path: "cpu",
                resourceFieldRef: { containerName: "main", resource: "limits.memory", divisor: "1Mi" },
              },
            ],
          },
        },
        {
          name: "all",
          projected: {
            defaultMode: 420,
            sources: [
              { secret: { name: "a", items: [{ key: "a", path: "a/b" }] } },
              { configMap: { name: "b", items: [{ key: "b", path: "c" }] } },
            ],
          },
        },
      ],
    },
    { "controller.kubernetes.io/pod-deletion-cost": "-5", note: "x" },
  ),
  pod("claims", {
    resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "gpu" }],
    schedulingGates: [{ name: "example.com/wait" }],
    containers: [
      {
        name: "main",
        image: "busybox:1.37",
        restartPolicy: "Never",
        restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [42] } }],
        resources: { claims: [{ name: "gpu", request: "one" }] },
        env: [
          { name: "TOKEN", valueFrom: { fileKeyRef: { volumeName: "files", path: "env", key: "TOKEN" } } },
        ],
      },
    ],
    volumes: [{ name: "files", emptyDir: {} }],
    hostUsers: false,
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: "kubernetes.io/hostname",
            namespaces: ["default"],
            namespaceSelector: { matchLabels: { team: "shop" } },
            labelSelector: { matchExpressions: [{ key: "tier", operator: "In", values: ["a"] }] },
            matchLabelKeys: ["pod-template-hash"],
            mismatchLabelKeys: ["tenant"],
          },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 2,
        minDomains: 2,
        topologyKey: "zone",
        whenUnsatisfiable: "DoNotSchedule",
        nodeAffinityPolicy: "Honor",
        nodeTaintsPolicy: "Ignore",
        labelSelector: { matchLabels: { tier: "a" } },
        matchLabelKeys: ["pod-template-hash"],
      },
      { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector: {} },
    ],
    tolerations: [{ operator: "Exists" }, { key: "a", effect: "NoSchedule" }],
  }),
  service("plain", { ports: [{ port: 80 }], selector: { app: "web" } }),
  service("headless", { clusterIP: "None", selector: { app: "web" }, ports: [{ name: "a", port: 1 }] }),
  service("outside", { type: "ExternalName", externalName: "db.example.com", ports: [{ port: 5432 }] }),
  service("node", {
    type: "NodePort",
    externalTrafficPolicy: "Cluster",
    trafficDistribution: "PreferClose",
    ports: [
      { name: "a", port: 80, nodePort: 30080 },
      { name: "b", port: 80, protocol: "UDP", nodePort: 30080 },
      { name: "c", port: 443, targetPort: "https" },
    ],
  }),
  secret("tls", "kubernetes.io/tls", { "tls.crt": "a", "tls.key": "b" }),
  secret("basic", "kubernetes.io/basic-auth", { username: "a", password: "b" }),
  secret("ssh", "kubernetes.io/ssh-auth", { "ssh-privatekey": "a" }),
  secret("pull", "kubernetes.io/dockerconfigjson", { ".dockerconfigjson": '{"auths":{}}' }),
  secret("old-pull", "kubernetes.io/dockercfg", { ".dockercfg": "{}" }),
  secret("token", "kubernetes.io/service-account-token", {}, { "kubernetes.io/service-account.name": "web" }),
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "small", namespace: "default" },
    spec: {
      selector: { matchLabels: { app: "small" } },
      strategy: { type: "Recreate" },
      template: {
        metadata: { labels: { app: "small", tier: "a" } },
        spec: { containers: [{ name: "main", image: "busybox:1.37", ports: [{ containerPort: 80 }] }] },
      },
    },
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "once", namespace: "default" },
    spec: { template: jobTemplate },
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "indexed", namespace: "default", labels: { app: "batch" } },
    spec: {
      completionMode: "Indexed",
      completions: 10,
      parallelism: 3,
      backoffLimitPerIndex: 1,
      maxFailedIndexes: 2,
      podReplacementPolicy: "Failed",
      successPolicy: { rules: [{ succeededIndexes: "0,2-5", succeededCount: 3 }] },
      podFailurePolicy: {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          { action: "FailIndex", onExitCodes: { operator: "NotIn", values: [0, 3] } },
        ],
      },
      template: { ...jobTemplate, spec: { ...jobTemplate.spec, restartPolicy: "Never" } },
    },
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "manual", namespace: "default" },
    spec: { manualSelector: true, selector: { matchLabels: { app: "batch" } }, template: jobTemplate },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "clone", namespace: "default" },
    spec: {
      accessModes: ["ReadWriteOncePod"],
      resources: { requests: { storage: "1Gi" } },
      dataSource: { kind: "PersistentVolumeClaim", name: "data" },
      volumeAttributesClassName: "gold",
    },
  },
  {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "scopes", namespace: "default" },
    spec: { hard: { pods: "10" }, scopes: ["BestEffort", "NotTerminating"] },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "max", namespace: "default" },
    spec: { maxUnavailable: 1, selector: { matchExpressions: [{ key: "a", operator: "Exists" }] } },
  },
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "all", namespace: "default" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      maxReplicas: 3,
      metrics: [
        {
          type: "Object",
          object: {
            describedObject: { apiVersion: "v1", kind: "Service", name: "web" },
            metric: { name: "hits" },
            target: { type: "Value", value: "10" },
          },
        },
        {
          type: "External",
          external: { metric: { name: "queue" }, target: { type: "AverageValue", averageValue: "30" } },
        },
        {
          type: "ContainerResource",
          containerResource: {
            name: "memory",
            container: "main",
            target: { type: "AverageValue", averageValue: "1Gi" },
          },
        },
      ],
      behavior: { scaleUp: { tolerance: "50m", policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] } },
    },
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "six", namespace: "default" },
    addressType: "IPv6",
    endpoints: [{ addresses: ["2001:db8::1"] }],
    ports: [],
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "names", namespace: "default" },
    addressType: "FQDN",
    endpoints: [{ addresses: ["db.example.com"], hints: { forNodes: [{ name: "n1" }] } }],
    ports: [{ name: "a" }, { name: "b", protocol: "UDP" }],
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: "old",
      namespace: "default",
      annotations: { "kubernetes.io/ingress.class": "nginx" },
    },
    spec: {
      rules: [
        {
          host: "*.example.com",
          http: {
            paths: [
              {
                pathType: "ImplementationSpecific",
                backend: { service: { name: "web", port: { name: "http" } } },
              },
            ],
          },
        },
      ],
      tls: [{ hosts: ["*.example.com"] }],
    },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "own" },
    spec: {
      controller: "example.com/own",
      parameters: { kind: "Settings", name: "own", scope: "Namespace", namespace: "default" },
    },
  },
];
