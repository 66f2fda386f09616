const SELECTOR = "spec.selector is required, cannot change, and must match the labels of spec.template";
const WORKLOAD_DEFAULTS: readonly string[] = [
  SELECTOR,
  "spec.rollbackTo is gone",
  "spec.progressDeadlineSeconds is 600 when absent (was: none)",
  "spec.strategy.rollingUpdate.maxSurge and maxUnavailable are 25% when absent (was: 1)",
  "spec.revisionHistoryLimit is 10 when absent (extensions/v1beta1: all, apps/v1beta1: 2)",
];
const DAEMON_SET = [
  "spec.templateGeneration is gone",
  SELECTOR,
  "spec.updateStrategy.type is RollingUpdate when absent (extensions/v1beta1: OnDelete)",
];
const STATEFUL_SET = [
  SELECTOR,
  "spec.updateStrategy.type is RollingUpdate when absent (apps/v1beta1: OnDelete)",
];
const INGRESS = [
  "spec.backend becomes spec.defaultBackend",
  "backend.serviceName becomes backend.service.name",
  "backend.servicePort becomes backend.service.port.number, or .name for a name",
  "pathType is required for each path (ImplementationSpecific is what it was)",
];
const WEBHOOK = [
  "webhooks[].sideEffects is required: None or NoneOnDryRun",
  "webhooks[].admissionReviewVersions is required",
  "webhooks[].failurePolicy is Fail when absent (was: Ignore)",
  "webhooks[].matchPolicy is Equivalent when absent (was: Exact)",
  "webhooks[].timeoutSeconds is 10 when absent (was: 30)",
];
const CRD = [
  "spec.scope is required",
  "spec.version becomes spec.versions[]",
  "spec.validation becomes spec.versions[].schema, and each version needs a structural schema",
  "spec.subresources and spec.additionalPrinterColumns move into spec.versions[], JSONPath becomes jsonPath",
  "spec.conversion.webhookClientConfig becomes spec.conversion.webhook.clientConfig",
  "spec.conversion.conversionReviewVersions becomes spec.conversion.webhook.conversionReviewVersions",
  "spec.preserveUnknownFields must be false; use x-kubernetes-preserve-unknown-fields in the schema",
];
const PDB = ["an empty spec.selector ({}) selects all pods of the namespace (was: none)"];
const HPA_V2BETA1 = [
  "spec.metrics[].*.targetAverageUtilization becomes target: {type: Utilization, averageUtilization}",
  "targetAverageValue and targetValue become target: {type: AverageValue | Value, …}",
  "metricName and selector become metric: {name, selector}; the object's target becomes describedObject",
];
const CSR = [
  "spec.signerName is required, kubernetes.io/legacy-unknown is refused",
  "spec.usages is required, without duplicates",
];
const POD_SECURITY = [
  "label the Namespace instead: pod-security.kubernetes.io/enforce: privileged | baseline | restricted",
];
const PRIORITY_LEVEL = ["spec.limited.assuredConcurrencyShares becomes nominalConcurrencyShares"];
const RBAC = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];
const FLOW = ["FlowSchema", "PriorityLevelConfiguration"];
const ADMISSION_POLICY = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];
const MUTATING_POLICY = ["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"];
const DEVICES = ["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"];
const HPA = "HorizontalPodAutoscaler";
const ADMISSION = "admissionregistration.k8s.io";
const NETWORKING = "networking.k8s.io";
const RBAC_V1 = "rbac.authorization.k8s.io/v1";
const FLOW_V = "flowcontrol.apiserver.k8s.io";
const APPS = "apps/v1";

/** Kinds of one API version that share their fate. */
export type RetiredApis = readonly [
  apiVersion: string,
  kinds: string | readonly string[],
  since: string | undefined,
  deprecated: string,
  removed: string | undefined,
  to: string | undefined,
  moves?: readonly string[],
];

/**
 * Sources: the lifecycle methods of k8s.io/api 0.36.3 and 0.30.2, k8s.io/apiextensions-apiserver and k8s.io/kube-aggregator
 * (`APILifecycleIntroduced`, `…Deprecated`, `…Removed`), and the Kubernetes deprecation guide for what left them and
 * for the fields that move.
 */
export const RETIRED_APIS: readonly RetiredApis[] = [
  ["extensions/v1beta1", "ThirdPartyResource", undefined, "1.7", "1.8", "apiextensions.k8s.io/v1"],
  ["extensions/v1beta1", ["Deployment"], "1.1", "1.8", "1.16", APPS, WORKLOAD_DEFAULTS],
  ["extensions/v1beta1", "ReplicaSet", "1.2", "1.8", "1.16", APPS, [SELECTOR]],
  ["extensions/v1beta1", "DaemonSet", "1.1", "1.8", "1.16", APPS, DAEMON_SET],
  ["extensions/v1beta1", "NetworkPolicy", "1.3", "1.9", "1.16", `${NETWORKING}/v1`],
  ["extensions/v1beta1", "PodSecurityPolicy", undefined, "1.11", "1.16", undefined, POD_SECURITY],
  ["extensions/v1beta1", "Ingress", "1.1", "1.14", "1.22", `${NETWORKING}/v1`, INGRESS],
  ["apps/v1beta1", "Deployment", "1.6", "1.8", "1.16", APPS, WORKLOAD_DEFAULTS],
  ["apps/v1beta1", "StatefulSet", "1.5", "1.8", "1.16", APPS, STATEFUL_SET],
  ["apps/v1beta1", "ControllerRevision", "1.7", "1.8", "1.16", APPS],
  ["apps/v1beta2", ["Deployment", "ReplicaSet", "StatefulSet"], "1.8", "1.9", "1.16", APPS, [SELECTOR]],
  ["apps/v1beta2", "DaemonSet", "1.8", "1.9", "1.16", APPS, [DAEMON_SET[0]!, SELECTOR]],
  ["apps/v1beta2", "ControllerRevision", "1.8", "1.9", "1.16", APPS],
  [`${NETWORKING}/v1beta1`, "Ingress", "1.14", "1.19", "1.22", `${NETWORKING}/v1`, INGRESS],
  [`${NETWORKING}/v1beta1`, "IngressClass", "1.18", "1.19", "1.22", `${NETWORKING}/v1`],
  [`${NETWORKING}/v1beta1`, ["IPAddress", "ServiceCIDR"], "1.31", "1.34", "1.37", `${NETWORKING}/v1`],
  [`${NETWORKING}/v1alpha1`, ["IPAddress", "ServiceCIDR"], "1.27", "1.30", "1.33", `${NETWORKING}/v1`],
  ["batch/v2alpha1", "CronJob", undefined, "1.8", "1.21", "batch/v1"],
  ["batch/v1beta1", "CronJob", "1.8", "1.21", "1.25", "batch/v1"],
  ["policy/v1beta1", "PodDisruptionBudget", "1.5", "1.21", "1.25", "policy/v1", PDB],
  ["policy/v1beta1", "PodSecurityPolicy", "1.10", "1.21", "1.25", undefined, POD_SECURITY],
  ["autoscaling/v2beta1", HPA, "1.8", "1.22", "1.25", "autoscaling/v2", HPA_V2BETA1],
  ["autoscaling/v2beta2", HPA, "1.12", "1.23", "1.26", "autoscaling/v2"],
  ["rbac.authorization.k8s.io/v1alpha1", RBAC, "1.5", "1.17", "1.23", RBAC_V1],
  ["rbac.authorization.k8s.io/v1beta1", RBAC, "1.6", "1.17", "1.22", RBAC_V1],
  ["storage.k8s.io/v1beta1", ["StorageClass"], "1.4", "1.19", "1.22", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "CSIDriver", "1.14", "1.19", "1.22", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "CSINode", "1.14", "1.17", "1.22", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "VolumeAttachment", "1.10", "1.19", "1.22", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.21", "1.24", "1.27", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "VolumeAttributesClass", "1.31", "1.34", "1.37", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1alpha1", "CSIStorageCapacity", "1.19", "1.21", "1.24", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1alpha1", "VolumeAttachment", "1.9", "1.21", "1.24", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1alpha1", "VolumeAttributesClass", "1.29", "1.32", "1.35", "storage.k8s.io/v1"],
  ["scheduling.k8s.io/v1alpha1", "PriorityClass", undefined, "1.14", "1.23", "scheduling.k8s.io/v1"],
  ["scheduling.k8s.io/v1beta1", "PriorityClass", "1.11", "1.14", "1.22", "scheduling.k8s.io/v1"],
  [`${ADMISSION}/v1beta1`, "MutatingWebhookConfiguration", "1.9", "1.16", "1.22", `${ADMISSION}/v1`, WEBHOOK],
  [
    `${ADMISSION}/v1beta1`,
    "ValidatingWebhookConfiguration",
    "1.9",
    "1.16",
    "1.22",
    `${ADMISSION}/v1`,
    WEBHOOK,
  ],
  [`${ADMISSION}/v1alpha1`, ADMISSION_POLICY, "1.26", "1.29", "1.32", `${ADMISSION}/v1`],
  [`${ADMISSION}/v1beta1`, ADMISSION_POLICY, "1.28", "1.31", "1.34", `${ADMISSION}/v1`],
  [`${ADMISSION}/v1alpha1`, MUTATING_POLICY, "1.32", "1.35", "1.38", `${ADMISSION}/v1`],
  [`${ADMISSION}/v1beta1`, MUTATING_POLICY, "1.34", "1.37", "1.40", `${ADMISSION}/v1`],
  [
    "apiextensions.k8s.io/v1beta1",
    "CustomResourceDefinition",
    "1.7",
    "1.16",
    "1.22",
    "apiextensions.k8s.io/v1",
    CRD,
  ],
  ["apiregistration.k8s.io/v1beta1", "APIService", "1.7", "1.19", "1.22", "apiregistration.k8s.io/v1"],
  [
    "certificates.k8s.io/v1beta1",
    "CertificateSigningRequest",
    "1.12",
    "1.19",
    "1.22",
    "certificates.k8s.io/v1",
    CSR,
  ],
  [
    "certificates.k8s.io/v1alpha1",
    "ClusterTrustBundle",
    "1.26",
    "1.34",
    "1.37",
    "certificates.k8s.io/v1beta1",
  ],
  ["coordination.k8s.io/v1beta1", "Lease", "1.12", "1.19", "1.22", "coordination.k8s.io/v1"],
  ["coordination.k8s.io/v1alpha2", "LeaseCandidate", "1.32", "1.35", "1.38", "coordination.k8s.io/v1beta1"],
  ["authentication.k8s.io/v1beta1", "TokenReview", "1.4", "1.19", "1.22", "authentication.k8s.io/v1"],
  [
    "discovery.k8s.io/v1beta1",
    "EndpointSlice",
    "1.16",
    "1.21",
    "1.25",
    "discovery.k8s.io/v1",
    ["endpoints[].topology becomes nodeName, zone and deprecatedTopology"],
  ],
  [
    "events.k8s.io/v1beta1",
    "Event",
    "1.8",
    "1.22",
    "1.25",
    "events.k8s.io/v1",
    ["action, reason, reportingController and reportingInstance are required"],
  ],
  ["node.k8s.io/v1beta1", "RuntimeClass", "1.13", "1.22", "1.25", "node.k8s.io/v1"],
  [`${FLOW_V}/v1beta1`, FLOW, "1.20", "1.23", "1.26", `${FLOW_V}/v1`, PRIORITY_LEVEL],
  [`${FLOW_V}/v1beta2`, FLOW, "1.23", "1.26", "1.29", `${FLOW_V}/v1`, PRIORITY_LEVEL],
  [`${FLOW_V}/v1beta3`, FLOW, "1.26", "1.29", "1.32", `${FLOW_V}/v1`],
  [
    "settings.k8s.io/v1alpha1",
    "PodPreset",
    undefined,
    "1.19",
    "1.20",
    undefined,
    ["change pods with a mutating webhook or a MutatingAdmissionPolicy"],
  ],
  [
    "auditregistration.k8s.io/v1alpha1",
    "AuditSink",
    undefined,
    "1.18",
    "1.19",
    undefined,
    ["configure the audit backend of kube-apiserver"],
  ],
  [
    "storagemigration.k8s.io/v1alpha1",
    "StorageVersionMigration",
    "1.30",
    "1.33",
    "1.36",
    "storagemigration.k8s.io/v1beta1",
  ],
  ["resource.k8s.io/v1beta1", DEVICES, "1.32", "1.35", "1.38", "resource.k8s.io/v1"],
  ["resource.k8s.io/v1beta2", DEVICES, "1.33", "1.36", "1.39", "resource.k8s.io/v1"],

  ["certificates.k8s.io/v1beta1", "ClusterTrustBundle", "1.33", "1.37", "1.40", undefined],
  ["certificates.k8s.io/v1beta1", "PodCertificateRequest", "1.35", "1.38", "1.41", undefined],
  ["coordination.k8s.io/v1beta1", "LeaseCandidate", "1.33", "1.36", "1.39", undefined],
  ["resource.k8s.io/v1alpha3", "DeviceTaintRule", "1.33", "1.36", "1.39", "resource.k8s.io/v1beta2"],
  ["resource.k8s.io/v1beta2", "DeviceTaintRule", "1.36", "1.39", "1.42", undefined],
  ["storagemigration.k8s.io/v1beta1", "StorageVersionMigration", "1.35", "1.38", "1.41", undefined],
  [
    "v1",
    "Endpoints",
    "1.0",
    "1.33",
    undefined,
    "discovery.k8s.io/v1 EndpointSlice",
    [
      "subsets[].addresses and ports become endpoints[].addresses and ports, one slice per address type",
      "the label kubernetes.io/service-name names the Service",
    ],
  ],
  ["v1", "ComponentStatus", "1.0", "1.19", undefined, undefined, ["ask /readyz and /livez of the component"]],
];

/**
 * The first release of what is served today, where it is 1.16 or later: older ones are in every cluster that is left.
 * Source: `APILifecycleIntroduced` of k8s.io/api 0.36.3.
 */
export const SERVED_SINCE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "admissionregistration.k8s.io/v1": {
    MutatingAdmissionPolicy: "1.36",
    MutatingAdmissionPolicyBinding: "1.36",
    MutatingWebhookConfiguration: "1.16",
    ValidatingWebhookConfiguration: "1.16",
    ValidatingAdmissionPolicy: "1.30",
    ValidatingAdmissionPolicyBinding: "1.30",
  },
  "apiextensions.k8s.io/v1": { CustomResourceDefinition: "1.16" },
  "autoscaling/v2": { HorizontalPodAutoscaler: "1.23" },
  "batch/v1": { CronJob: "1.21" },
  "certificates.k8s.io/v1": { CertificateSigningRequest: "1.19" },
  "discovery.k8s.io/v1": { EndpointSlice: "1.21" },
  "events.k8s.io/v1": { Event: "1.19" },
  "flowcontrol.apiserver.k8s.io/v1": { FlowSchema: "1.29", PriorityLevelConfiguration: "1.29" },
  "networking.k8s.io/v1": {
    IPAddress: "1.33",
    ServiceCIDR: "1.33",
    Ingress: "1.19",
    IngressClass: "1.19",
  },
  "node.k8s.io/v1": { RuntimeClass: "1.20" },
  "policy/v1": { PodDisruptionBudget: "1.21" },
  "resource.k8s.io/v1": {
    DeviceClass: "1.34",
    ResourceClaim: "1.34",
    ResourceClaimTemplate: "1.34",
    ResourceSlice: "1.34",
  },
  "storage.k8s.io/v1": {
    CSIDriver: "1.18",
    CSINode: "1.17",
    CSIStorageCapacity: "1.24",
    VolumeAttributesClass: "1.34",
  },
};
