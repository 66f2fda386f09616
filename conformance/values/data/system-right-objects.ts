import type { Resource } from "@ashlar/core";

/** A certificate request of `/CN=conformance`, made with openssl; its key is gone. */
const REQUEST = [
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIUU1IZ0NBUUF3RmpFVU1CSUdBMVVFQXd3TFkyOXVabTl5",
  "YldGdVkyVXdXVEFUQmdjcWhrak9QUUlCQmdncQpoa2pPUFFNQkJ3TkNBQVNEZXh0dmlCWjBDUmgxR0dGQ05oaC96T0szMURr",
  "ZHRtT1lxQ0trMkdrODRIRUdHUUN5CmpxREpoN2cwaVlJWXN1c0hBNVQxc05xaGZaV3VXWm0rYVZmbG9BQXdDZ1lJS29aSXpq",
  "MEVBd0lEU0FBd1JRSWcKUWpjYkZnemgweWFQbDYyRDNIKytQVnRBbmhGL3hMcklPR2Y1QXZFREZQQUNJUURGUHpSQnpuT2RP",
  "ZmZhNkFWYwpnN2JiejRmaHRxNWMzQnl3ZDJqU2x6cWZEUT09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=",
].join("");
const rule = {
  operations: ["CREATE", "UPDATE"],
  apiGroups: ["apps"],
  apiVersions: ["v1"],
  resources: ["deployments"],
};

/** Right objects of the kinds that a cluster's own components write more often than people. */
export const systemRightObjects: readonly Resource[] = [
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicy",
    metadata: { name: "set.example.test" },
    spec: {
      failurePolicy: "Fail",
      reinvocationPolicy: "Never",
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      matchConstraints: {
        matchPolicy: "Equivalent",
        resourceRules: [{ ...rule, resourceNames: ["web"] }],
        excludeResourceRules: [{ ...rule, operations: ["DELETE"] }],
      },
      matchConditions: [{ name: "all", expression: "true" }],
      variables: [{ name: "kind", expression: "request.kind.kind" }],
      mutations: [
        { patchType: "ApplyConfiguration", applyConfiguration: { expression: "Object{}" } },
        {
          patchType: "JSONPatch",
          jsonPatch: { expression: "[JSONPatch{op: 'add', path: '/metadata/labels/a', value: 'b'}]" },
        },
      ],
    },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicyBinding",
    metadata: { name: "set" },
    spec: {
      policyName: "set.example.test",
      paramRef: { name: "limits", namespace: "default", parameterNotFoundAction: "Allow" },
      matchResources: { resourceRules: [rule] },
    },
  },
  {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1.example.test", labels: { zone: "a" } },
    spec: {
      podCIDR: "10.1.0.0/24",
      podCIDRs: ["10.1.0.0/24", "2001:db8::/64"],
      taints: [
        { key: "dedicated", value: "db", effect: "NoSchedule" },
        { key: "dedicated", effect: "NoExecute" },
      ],
    },
    status: {
      capacity: { cpu: "4", memory: "8Gi", pods: "110", "example.com/gpu": "2" },
      allocatable: { cpu: "3500m", memory: "7Gi", pods: "110" },
      declaredFeatures: ["A", "B/c"],
    },
  } as Resource,
  {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "web.17", namespace: "default" },
    involvedObject: { apiVersion: "v1", kind: "Pod", name: "web", namespace: "default" },
    reason: "Started",
    message: "started",
    type: "Normal",
    count: 2,
    source: { component: "kubelet", host: "n1" },
    firstTimestamp: "2026-11-23T00:00:00Z",
    lastTimestamp: "2026-11-23T00:01:00Z",
  } as Resource,
  {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "web.18", namespace: "default" },
    involvedObject: { apiVersion: "v1", kind: "Pod", name: "web", namespace: "default" },
    eventTime: "2026-11-23T00:00:00.000000Z",
    action: "Binding",
    reason: "Scheduled",
    message: "it fits",
    reportingComponent: "example.test/scheduler",
    reportingInstance: "scheduler-1",
    series: { count: 1, lastObservedTime: "2026-11-23T00:00:00.000000Z" },
  } as Resource,
  {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "web.19", namespace: "default" },
    regarding: { apiVersion: "v1", kind: "Pod", name: "web", namespace: "default" },
    eventTime: "2026-11-23T00:00:00.000000Z",
    type: "Warning",
    action: "Binding",
    reason: "Scheduled",
    note: "it fits",
    reportingController: "example.test/scheduler",
    reportingInstance: "scheduler-1",
    series: { count: 2, lastObservedTime: "2026-11-23T00:00:00.000000Z" },
  } as Resource,
  {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: { name: "db-1", namespace: "default" },
    revision: 1,
    data: { spec: { replicas: 1 } },
  } as Resource,
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata: { name: "robots" },
    spec: {
      matchingPrecedence: 500,
      priorityLevelConfiguration: { name: "robots" },
      distinguisherMethod: { type: "ByNamespace" },
      rules: [
        {
          subjects: [
            { kind: "ServiceAccount", serviceAccount: { name: "*", namespace: "robots" } },
            { kind: "User", user: { name: "robot" } },
            { kind: "Group", group: { name: "robots" } },
          ],
          resourceRules: [
            {
              verbs: ["list", "watch"],
              apiGroups: [""],
              resources: ["pods"],
              namespaces: ["robots", "default"],
            },
            { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true },
          ],
          nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/api/*", "/"] }],
        },
      ],
    },
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "PriorityLevelConfiguration",
    metadata: { name: "robots" },
    spec: {
      type: "Limited",
      limited: {
        nominalConcurrencyShares: 10,
        lendablePercent: 50,
        borrowingLimitPercent: 20,
        limitResponse: { type: "Queue", queuing: { queues: 64, handSize: 6, queueLengthLimit: 50 } },
      },
    },
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSINode",
    metadata: { name: "n1" },
    spec: {
      drivers: [
        {
          name: "csi.example.test",
          nodeID: "n1",
          topologyKeys: ["zone", "example.test/rack"],
          allocatable: { count: 10 },
        },
        { name: "CSI.other.test", nodeID: "n1" },
      ],
    },
  } as Resource,
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIStorageCapacity",
    metadata: { name: "csisc-1", namespace: "default" },
    storageClassName: "fast",
    capacity: "100Gi",
    maximumVolumeSize: "10Gi",
    nodeTopology: { matchLabels: { zone: "a" } },
  } as Resource,
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttachment",
    metadata: { name: "csi-1" },
    spec: { attacher: "csi.example.test", nodeName: "n1", source: { persistentVolumeName: "pv-1" } },
  } as Resource,
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttachment",
    metadata: { name: "csi-inline" },
    spec: {
      attacher: "csi.example.test",
      nodeName: "n1",
      source: {
        inlineVolumeSpec: {
          accessModes: ["ReadWriteOnce"],
          persistentVolumeReclaimPolicy: "Retain",
          volumeMode: "Filesystem",
          csi: { driver: "csi.example.test", volumeHandle: "v1" },
        },
      },
    },
  } as Resource,
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttributesClass",
    metadata: { name: "gold" },
    driverName: "csi.example.test",
    parameters: { iops: "4000" },
  } as Resource,
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "ServiceCIDR",
    metadata: { name: "more" },
    spec: { cidrs: ["10.97.0.0/24", "2001:db8:1::/112"] },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IPAddress",
    metadata: { name: "10.96.0.42" },
    spec: { parentRef: { resource: "services", namespace: "default", name: "web" } },
  } as Resource,
  {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "robot" },
    spec: {
      request: REQUEST,
      signerName: "kubernetes.io/kube-apiserver-client",
      expirationSeconds: 3600,
      usages: ["client auth", "digital signature"],
    },
  },
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "DeviceClass",
    metadata: { name: "gpu.example.test" },
    spec: {
      selectors: [{ cel: { expression: "device.driver == 'gpu.example.test'" } }],
      config: [{ opaque: { driver: "gpu.example.test", parameters: { mode: "shared" } } }],
      extendedResourceName: "example.test/gpu",
    },
  } as Resource,
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaim",
    metadata: { name: "gpu", namespace: "default" },
    spec: {
      devices: {
        requests: [
          {
            name: "one",
            exactly: {
              deviceClassName: "gpu.example.test",
              selectors: [{ cel: { expression: "true" } }],
              allocationMode: "ExactCount",
              count: 2,
              tolerations: [
                { key: "example.test/broken", operator: "Exists", effect: "NoExecute" },
                { key: "a", operator: "Equal", value: "b" },
              ],
            },
          },
          {
            name: "any",
            firstAvailable: [
              { name: "large", deviceClassName: "large", allocationMode: "All" },
              { name: "small", deviceClassName: "small", count: 1 },
            ],
          },
        ],
        constraints: [
          { requests: ["one", "any"], matchAttribute: "example.test/numa" },
          { distinctAttribute: "example.test/slot" },
        ],
        config: [{ requests: ["any/large"], opaque: { driver: "gpu.example.test", parameters: { a: 1 } } }],
      },
    },
  } as Resource,
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaimTemplate",
    metadata: { name: "gpu", namespace: "default" },
    spec: {
      metadata: { labels: { app: "web" }, annotations: { "example.test/a": "b" } },
      spec: { devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu" } }] } },
    },
  } as Resource,
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata: { name: "n1-gpu" },
    spec: {
      driver: "gpu.example.test",
      nodeName: "n1",
      pool: { name: "n1/gpus", generation: 1, resourceSliceCount: 2 },
      devices: [
        {
          name: "gpu-0",
          attributes: {
            model: { string: "a" },
            "example.test/version": { version: "1.2.3-rc.1+b" },
            index: { int: 0 },
            shared: { bool: true },
          },
          capacity: { memory: { value: "16Gi" } },
          taints: [{ key: "example.test/broken", value: "a", effect: "NoSchedule" }],
          consumesCounters: [{ counterSet: "gpu-0", counters: { memory: { value: "8Gi" } } }],
          bindingConditions: ["example.test/ready"],
          bindingFailureConditions: ["example.test/failed"],
        },
        {
          name: "gpu-1",
          allowMultipleAllocations: true,
          capacity: {
            memory: {
              value: "16",
              requestPolicy: { default: "2", validRange: { min: "2", max: "10", step: "2" } },
            },
            "example.test/cores": {
              value: "8",
              requestPolicy: { default: "1", validValues: ["1", "2", "4"] },
            },
          },
        },
      ],
    },
  } as Resource,
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata: { name: "counters" },
    spec: {
      driver: "gpu.example.test",
      nodeSelector: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }],
      },
      pool: { name: "zone", generation: 0, resourceSliceCount: 2 },
      sharedCounters: [{ name: "gpu-0", counters: { memory: { value: "16Gi" }, cores: { value: "8" } } }],
    },
  } as Resource,
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata: { name: "each" },
    spec: {
      driver: "nic.example.test",
      perDeviceNodeSelection: true,
      pool: { name: "nics", generation: 0, resourceSliceCount: 1 },
      devices: [
        { name: "a", nodeName: "n1" },
        { name: "b", allNodes: true },
      ],
    },
  } as Resource,
];
