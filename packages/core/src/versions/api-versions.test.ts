import { expect, test } from "vitest";
import { apiLife, apiStateAt, retiredApiLives } from "./api-versions.ts";
import { compareMinor, minorVersion } from "./minor-version.ts";

/** What a kube-apiserver 1.36.3 without any flag serves, as its discovery says. */
const SERVED_BY_1_36: Readonly<Record<string, string>> = {
  v1: "Binding ConfigMap Event LimitRange Namespace Node PersistentVolumeClaim PersistentVolume Pod PodTemplate ReplicationController ResourceQuota Secret ServiceAccount Service",
  "apiregistration.k8s.io/v1": "APIService",
  "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
  "events.k8s.io/v1": "Event",
  "autoscaling/v2": "HorizontalPodAutoscaler",
  "autoscaling/v1": "HorizontalPodAutoscaler",
  "batch/v1": "CronJob Job",
  "certificates.k8s.io/v1": "CertificateSigningRequest",
  "networking.k8s.io/v1": "IngressClass Ingress IPAddress NetworkPolicy ServiceCIDR",
  "policy/v1": "PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1": "ClusterRoleBinding ClusterRole RoleBinding Role",
  "storage.k8s.io/v1":
    "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass",
  "admissionregistration.k8s.io/v1":
    "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
  "apiextensions.k8s.io/v1": "CustomResourceDefinition",
  "scheduling.k8s.io/v1": "PriorityClass",
  "coordination.k8s.io/v1": "Lease",
  "node.k8s.io/v1": "RuntimeClass",
  "discovery.k8s.io/v1": "EndpointSlice",
  "resource.k8s.io/v1": "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice",
  "flowcontrol.apiserver.k8s.io/v1": "FlowSchema PriorityLevelConfiguration",
};
const served = Object.entries(SERVED_BY_1_36).flatMap(([apiVersion, kinds]) =>
  kinds.split(" ").map((kind) => [apiVersion, kind] as const),
);

test.each(served)("1.36 serves %s %s, and so the table says", (apiVersion, kind) => {
  const life = apiLife(apiVersion, kind);
  expect(life === undefined ? "served" : apiStateAt(life, "1.36")).toBe("served");
});

test("what the table gives up is not among what 1.36 serves, or is served with a warning", () => {
  const names = new Set(served.map(([apiVersion, kind]) => `${apiVersion} ${kind}`));
  for (const life of retiredApiLives()) {
    const state = apiStateAt(life, "1.36");
    const name = `${life.apiVersion} ${life.kind}`;
    expect(names.has(name), name).toBe(false);
    expect(["removed", "off", "deprecated"], name).toContain(state);
  }
});

test("releases of a life follow each other, and replacements lead to an end", () => {
  for (const life of retiredApiLives()) {
    const releases = [life.since, life.deprecated, life.removed].filter((r) => r !== undefined);
    expect(releases, life.apiVersion + life.kind).toEqual([...releases].sort(compareMinor));
    let to = life.replacement;
    for (let steps = 0; to !== undefined; steps++) {
      expect(steps).toBeLessThan(3);
      to = apiLife(to.apiVersion, to.kind)?.replacement;
    }
  }
});

test("names of object methods are no kinds", () => {
  expect(apiLife("constructor", "toString")).toBeUndefined();
  expect(apiLife("batch/v1", "constructor")).toBeUndefined();
});

test.each([
  ["1.36", "1.36"],
  ["v1.36.3", "1.36"],
  ["1.30.1+k3s1", "1.30"],
  ["v1.29-eks", "1.29"],
  ["1", undefined],
  ["latest", undefined],
  ["1.x", undefined],
  ["99999.1", undefined],
])("minorVersion(%j) is %j", (text, expected) => {
  expect(minorVersion(text)).toBe(expected);
});
