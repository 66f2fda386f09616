import { isRecord } from "../json.ts";
import { apiGroup, type Resource } from "../resource.ts";
import { checkClusterRole, checkClusterRoleBinding, checkRole, checkRoleBinding } from "./access-control.ts";
import {
  checkAdmissionPolicy,
  checkAdmissionPolicyBinding,
  checkMutatingAdmissionPolicy,
  checkMutatingAdmissionPolicyBinding,
} from "./admission-policy.ts";
import { checkApiService } from "./api-service.ts";
import { checkCertificateSigningRequest } from "./certificate-signing-request.ts";
import { checkConfigMap, checkSecret } from "./config-data.ts";
import { checkControllerRevision } from "./controller-revision.ts";
import { checkCronJob } from "./cron-job.ts";
import { checkCsiDriver } from "./csi-driver.ts";
import { checkCsiNode, checkCsiStorageCapacity } from "./csi-node.ts";
import { checkCustomResourceDefinition } from "./custom-resource-definition.ts";
import { checkEndpointSlice } from "./endpoint-slice.ts";
import { checkEndpoints } from "./endpoints.ts";
import { checkCoreEvent, checkNewEvent } from "./event.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { checkFlowSchema } from "./flow-schema.ts";
import { checkHorizontalPodAutoscaler, checkHorizontalPodAutoscalerV1 } from "./horizontal-pod-autoscaler.ts";
import { checkIngress, checkIngressClass } from "./ingress.ts";
import { checkJob, metadataOfTemplate } from "./job.ts";
import { checkLease } from "./lease.ts";
import { checkLimitRange, checkResourceQuota, limitRangeMetadata } from "./limits.ts";
import { checkNamespace, namespaceMetadata } from "./namespace.ts";
import { checkNode } from "./node.ts";
import { checkObjectMeta, type NameForm } from "./object-meta.ts";
import { checkPersistentVolume } from "./persistent-volume.ts";
import { checkPersistentVolumeClaim } from "./persistent-volume-claim.ts";
import { checkPodDisruptionBudget } from "./pod-disruption-budget.ts";
import { checkPod } from "./pod-template.ts";
import { checkPriorityLevel } from "./priority-level.ts";
import type { Problem, Report } from "./report.ts";
import { checkDeviceClass, checkResourceClaim, checkResourceClaimTemplate } from "./resource-claim.ts";
import { checkResourceSlice } from "./resource-slice.ts";
import { checkRuntimeClass } from "./runtime-class.ts";
import { checkService } from "./service.ts";
import { checkServiceAddresses } from "./service-addresses.ts";
import { checkIpAddress, checkServiceCidr } from "./service-cidr.ts";
import { checkPriorityClass, checkStorageClass, checkVolumeAttributesClass } from "./storage-class.ts";
import { checkVolumeAttachment } from "./volume-attachment.ts";
import { checkMutatingWebhooks, checkWebhooks } from "./webhook-configuration.ts";
import {
  checkDaemonSet,
  checkDeployment,
  checkPodTemplateObject,
  checkReplicaSet,
  checkReplicationController,
  checkStatefulSet,
} from "./workload.ts";

/** How a kind is checked: its names, and all that is not metadata. */
interface KindCheck {
  readonly name: NameForm;
  readonly check?: (object: Fields, report: Report) => void;
  readonly metadata?: (object: Fields) => Fields;
  /** What the server looks at first, and alone when something is wrong with it. */
  readonly first?: (object: Fields, report: Report) => void;
  /** Kinds whose metadata the server looks at last, and only when the rest is right. */
  readonly metadataLast?: boolean;
  /** Kinds whose name's form the server looks at last, and only when the rest is right. */
  readonly nameLast?: boolean;
}

const KINDS: Readonly<Record<string, KindCheck>> = {
  "v1/Namespace": { name: "label", check: checkNamespace, metadata: namespaceMetadata },
  "v1/Pod": { name: "subdomain", check: checkPod },
  "v1/Service": { name: "label", first: checkServiceAddresses, check: checkService },
  "v1/ConfigMap": { name: "subdomain", check: checkConfigMap },
  "v1/Secret": { name: "subdomain", check: checkSecret },
  "v1/ServiceAccount": { name: "subdomain" },
  "v1/PersistentVolumeClaim": { name: "subdomain", check: checkPersistentVolumeClaim },
  "v1/ReplicationController": {
    name: "subdomain",
    check: checkReplicationController,
    metadata: metadataOfTemplate,
  },
  "v1/PersistentVolume": { name: "subdomain", check: checkPersistentVolume },
  "v1/Endpoints": { name: "subdomain", check: checkEndpoints },
  "v1/PodTemplate": { name: "subdomain", check: checkPodTemplateObject },
  "v1/LimitRange": { name: "subdomain", check: checkLimitRange, metadata: limitRangeMetadata },
  "v1/ResourceQuota": { name: "subdomain", check: checkResourceQuota },
  "apps/v1/Deployment": { name: "subdomain", check: checkDeployment },
  "apps/v1/ReplicaSet": { name: "subdomain", check: checkReplicaSet },
  "apps/v1/StatefulSet": { name: "label", check: checkStatefulSet },
  "apps/v1/DaemonSet": { name: "subdomain", check: checkDaemonSet },
  "batch/v1/Job": { name: "subdomain", check: checkJob, metadata: metadataOfTemplate },
  "batch/v1/CronJob": { name: "subdomain", check: checkCronJob },
  "networking.k8s.io/v1/Ingress": { name: "subdomain", check: checkIngress },
  "networking.k8s.io/v1/IngressClass": { name: "subdomain", check: checkIngressClass },
  "rbac.authorization.k8s.io/v1/Role": { name: "segment", check: checkRole },
  "rbac.authorization.k8s.io/v1/ClusterRole": { name: "segment", check: checkClusterRole },
  "rbac.authorization.k8s.io/v1/RoleBinding": { name: "segment", check: checkRoleBinding },
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": { name: "segment", check: checkClusterRoleBinding },
  "storage.k8s.io/v1/StorageClass": { name: "subdomain", check: checkStorageClass },
  "scheduling.k8s.io/v1/PriorityClass": { name: "subdomain", check: checkPriorityClass },
  "policy/v1/PodDisruptionBudget": { name: "segment", check: checkPodDisruptionBudget, metadataLast: true },
  "autoscaling/v2/HorizontalPodAutoscaler": { name: "subdomain", check: checkHorizontalPodAutoscaler },
  "autoscaling/v1/HorizontalPodAutoscaler": { name: "subdomain", check: checkHorizontalPodAutoscalerV1 },
  "coordination.k8s.io/v1/Lease": { name: "subdomain", check: checkLease },
  "node.k8s.io/v1/RuntimeClass": { name: "subdomain", check: checkRuntimeClass },
  "storage.k8s.io/v1/CSIDriver": { name: "subdomain", check: checkCsiDriver },
  "apiregistration.k8s.io/v1/APIService": { name: "segment", check: checkApiService },
  "apiextensions.k8s.io/v1/CustomResourceDefinition": {
    name: "subdomain",
    check: checkCustomResourceDefinition,
  },
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy": {
    name: "subdomain",
    check: checkAdmissionPolicy,
  },
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding": {
    name: "subdomain",
    check: checkAdmissionPolicyBinding,
  },
  "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration": {
    name: "subdomain",
    check: checkWebhooks,
  },
  "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration": {
    name: "subdomain",
    check: checkMutatingWebhooks,
  },
  "discovery.k8s.io/v1/EndpointSlice": { name: "subdomain", check: checkEndpointSlice },
  "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy": {
    name: "subdomain",
    check: checkMutatingAdmissionPolicy,
  },
  "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding": {
    name: "subdomain",
    check: checkMutatingAdmissionPolicyBinding,
  },
  "v1/Node": { name: "subdomain", check: checkNode },
  "v1/Event": { name: "segment", check: checkCoreEvent, metadataLast: true },
  "events.k8s.io/v1/Event": { name: "subdomain", check: checkNewEvent },
  "apps/v1/ControllerRevision": { name: "subdomain", check: checkControllerRevision },
  "flowcontrol.apiserver.k8s.io/v1/FlowSchema": { name: "subdomain", check: checkFlowSchema },
  "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration": {
    name: "subdomain",
    check: checkPriorityLevel,
  },
  "storage.k8s.io/v1/CSINode": { name: "subdomain", check: checkCsiNode },
  "storage.k8s.io/v1/CSIStorageCapacity": { name: "subdomain", check: checkCsiStorageCapacity },
  "storage.k8s.io/v1/VolumeAttachment": { name: "subdomain", check: checkVolumeAttachment },
  "storage.k8s.io/v1/VolumeAttributesClass": { name: "subdomain", check: checkVolumeAttributesClass },
  "resource.k8s.io/v1/DeviceClass": { name: "subdomain", check: checkDeviceClass },
  "resource.k8s.io/v1/ResourceClaim": { name: "subdomain", check: checkResourceClaim },
  "resource.k8s.io/v1/ResourceClaimTemplate": { name: "subdomain", check: checkResourceClaimTemplate },
  "resource.k8s.io/v1/ResourceSlice": { name: "subdomain", check: checkResourceSlice },
  "networking.k8s.io/v1/ServiceCIDR": { name: "subdomain", check: checkServiceCidr },
  "networking.k8s.io/v1/IPAddress": { name: "ip", check: checkIpAddress },
  "certificates.k8s.io/v1/CertificateSigningRequest": {
    name: "segment",
    check: checkCertificateSigningRequest,
    nameLast: true,
  },
};

/** Kinds that a rule of another package checks whole. */
const CHECKED_ELSEWHERE: readonly string[] = ["networking.k8s.io/v1/NetworkPolicy"];
const NO_METADATA: Fields = {};

/**
 * What kube-apiserver 1.36 refuses in an object on create beyond its structure: names, ranges, words that are no choice,
 * fields that exclude or need each other, selectors that do not select. Paths are the server's own (it leaves an index out
 * here and there); `where` is the place in the text when that is known better. No problems: the server accepts it, when its
 * structure is right too.
 *
 * Kinds without an entry here get their metadata checked alone. Not looked at: what needs the cluster (whether other objects
 * exist, addresses and ports in use), status, fields behind feature gates that are off by default, Windows, and the insides of
 * volumes of storage vendors, of CEL, of certificate requests, and of defaults, patterns and selectable fields of a CustomResourceDefinition.
 *
 * Source: pkg/apis/<group>/validation and defaults of Kubernetes 1.36.3; held against the server itself in
 * conformance/suites/values.test.ts.
 *
 * @param resource any JSON: nothing in it makes this throw; what has a wrong type is left to the check of structure
 * @example
 * validateObject({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "My_Config" } })[0]?.path // "metadata.name"
 */
export function validateObject(resource: Resource): Problem[] {
  if (!isRecord(resource)) return [];
  const { apiVersion, kind } = resource;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return [];
  const key = `${apiVersion}/${kind}`;
  if (CHECKED_ELSEWHERE.includes(key)) return [];
  const problems: Problem[] = [];
  const report: Report = (path, message, hint, more) => {
    problems.push({ path, message, hint, ...more });
  };
  const known = Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
  if (known === undefined) {
    const isCustom = isCustomGroup(apiGroup(apiVersion));
    checkObjectMeta(
      fieldsOf(resource, "metadata") ?? NO_METADATA,
      isCustom ? "subdomain" : "segment",
      report,
      !isCustom,
    );
    return problems;
  }
  known.first?.(resource, report);
  if (problems.length > 0) return problems;
  known.check?.(resource, report);
  if (known.metadataLast && problems.length > 0) return problems;
  const metadata = known.metadata?.(resource) ?? fieldsOf(resource, "metadata") ?? NO_METADATA;
  if (known.nameLast) checkObjectMeta(metadata, "any", report);
  if (!(known.nameLast && problems.length > 0))
    checkObjectMeta(metadata, known.name, report, !known.metadataLast);
  return problems;
}

/** Kubernetes' own groups have no dot or end in `k8s.io`; so do some that are not built in, which follow the same names. */
function isCustomGroup(group: string): boolean {
  return group.includes(".") && !group.endsWith(".k8s.io");
}
