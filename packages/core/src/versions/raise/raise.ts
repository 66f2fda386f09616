import type { PatchOperation } from "../../finding.ts";
import { isRecord } from "../../json.ts";
import { jsonPatchBetween } from "../../repair/json-patch-between.ts";
import { type ApiLife, apiLife, apiStateAt } from "../api-versions.ts";
import { DEFAULT_KUBERNETES, minorVersion } from "../minor-version.ts";
import { raiseWebhooks } from "./admission-webhooks.ts";
import { raiseAutoscaler } from "./autoscaling.ts";
import { raiseCertificate, raiseIssuer } from "./cert-manager.ts";
import { raiseCustomResourceDefinition } from "./custom-resource-definition.ts";
import { raiseEndpointSlice } from "./endpoint-slice.ts";
import { raiseIngress } from "./ingress.ts";
import { raiseRbac } from "./rbac.ts";
import { type Fields, Refusal } from "./refusal.ts";
import { raiseDisruptionBudget, raiseFlowControl, raiseSigningRequest } from "./smaller-groups.ts";
import { raiseCronJob, raiseWorkload } from "./workloads.ts";

/** What became of an object of a removed API version. */
export type Raised =
  | { readonly ok: true; readonly patch: readonly PatchOperation[] }
  | {
      readonly ok: false;
      /** Why somebody has to decide, and what to do; one sentence without a full stop. */
      readonly refused: string;
    };

export interface RaiseOptions {
  /** The Kubernetes version that the object is for: `1.36`. Default: the newest that Ashlar knows. */
  readonly kubernetes?: string;
}

type Raiser = (object: Fields) => Fields;

/**
 * The complete rewrite of an object from an API version that the cluster does not serve any more to the one that it does:
 * fields that moved, fields that became required, and defaults that changed, written out so that the object means what it
 * meant. Refused, with the reason, where the old object does not tell what the new one has to say.
 *
 * @param options.kubernetes a text that is no version counts as the default
 * @returns `undefined` when the version is still served, or was never known here
 * @example
 * raise(cronJob, { kubernetes: "1.36" })
 * // { ok: true, patch: [{ op: "replace", path: "/apiVersion", value: "batch/v1" }] }
 */
export function raise(resource: unknown, options: RaiseOptions = {}): Raised | undefined {
  if (!isRecord(resource)) return undefined;
  const { apiVersion, kind } = resource;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  try {
    const raiser = OTHER_GROUPS.get(`${apiVersion} ${kind}`) ?? builtIn(apiVersion, kind, options);
    return raiser && { ok: true, patch: jsonPatchBetween(resource, raiser(resource)) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, refused: error.message };
    throw error;
  }
}

/** @throws Refusal when the version is gone and nothing takes its place */
function builtIn(apiVersion: string, kind: string, { kubernetes }: RaiseOptions): Raiser | undefined {
  const release = minorVersion(kubernetes ?? DEFAULT_KUBERNETES) ?? DEFAULT_KUBERNETES;
  const life = apiLife(apiVersion, kind);
  if (life === undefined || apiStateAt(life, release) !== "removed") return undefined;
  const { replacement } = life;
  if (!replacement) throw new Refusal(`${kind} of ${apiVersion} is gone without a successor${advice(life)}`);
  const target = apiLife(replacement.apiVersion, replacement.kind);
  if (target?.since !== undefined && apiStateAt(target, release) === "not yet")
    throw new Refusal(
      `${kind} of ${apiVersion} is gone in Kubernetes ${release}, and ${replacement.apiVersion} comes with ${target.since}: ask for ${target.since} or later`,
    );
  const raiser = RAISERS.get(`${apiVersion} ${kind}`);
  if (!raiser)
    throw new Refusal(
      `${kind} of ${apiVersion} became ${replacement.apiVersion} ${replacement.kind}${advice(life)}`,
    );
  return raiser;
}

function advice({ moves }: ApiLife): string {
  return moves.length > 0 ? `: ${moves.join("; ")}` : ": write the object anew";
}

/** For kinds whose fields and defaults are the same in the version that takes their place. */
function to(apiVersion: string): Raiser {
  return (object) => ({ ...object, apiVersion });
}

const RBAC = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];
const WORKLOADS = ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"];
const STORAGE = [
  "StorageClass",
  "CSIDriver",
  "CSINode",
  "VolumeAttachment",
  "CSIStorageCapacity",
  "VolumeAttributesClass",
];
const ADMISSION = "admissionregistration.k8s.io";

/** Which rewrite is for which kinds of which API versions. */
const TABLE: readonly (readonly [versions: readonly string[], kinds: readonly string[], raiser: Raiser])[] = [
  [["extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"], WORKLOADS, raiseWorkload],
  [["apps/v1beta1", "apps/v1beta2"], ["ControllerRevision"], to("apps/v1")],
  [["extensions/v1beta1"], ["NetworkPolicy"], to("networking.k8s.io/v1")],
  [["extensions/v1beta1", "networking.k8s.io/v1beta1"], ["Ingress"], raiseIngress],
  [
    ["networking.k8s.io/v1beta1", "networking.k8s.io/v1alpha1"],
    ["IngressClass", "IPAddress", "ServiceCIDR"],
    to("networking.k8s.io/v1"),
  ],
  [["batch/v1beta1", "batch/v2alpha1"], ["CronJob"], raiseCronJob],
  [["policy/v1beta1"], ["PodDisruptionBudget"], raiseDisruptionBudget],
  [["autoscaling/v2beta1", "autoscaling/v2beta2"], ["HorizontalPodAutoscaler"], raiseAutoscaler],
  [["rbac.authorization.k8s.io/v1alpha1", "rbac.authorization.k8s.io/v1beta1"], RBAC, raiseRbac],
  [["storage.k8s.io/v1alpha1", "storage.k8s.io/v1beta1"], STORAGE, to("storage.k8s.io/v1")],
  [
    ["scheduling.k8s.io/v1alpha1", "scheduling.k8s.io/v1beta1"],
    ["PriorityClass"],
    to("scheduling.k8s.io/v1"),
  ],
  [
    [`${ADMISSION}/v1beta1`],
    ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
    raiseWebhooks,
  ],
  [
    [`${ADMISSION}/v1alpha1`, `${ADMISSION}/v1beta1`],
    ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
    to(`${ADMISSION}/v1`),
  ],
  [["apiextensions.k8s.io/v1beta1"], ["CustomResourceDefinition"], raiseCustomResourceDefinition],
  [["apiregistration.k8s.io/v1beta1"], ["APIService"], to("apiregistration.k8s.io/v1")],
  [["certificates.k8s.io/v1beta1"], ["CertificateSigningRequest"], raiseSigningRequest],
  [["coordination.k8s.io/v1beta1"], ["Lease"], to("coordination.k8s.io/v1")],
  [["authentication.k8s.io/v1beta1"], ["TokenReview"], to("authentication.k8s.io/v1")],
  [["discovery.k8s.io/v1beta1"], ["EndpointSlice"], raiseEndpointSlice],
  [["node.k8s.io/v1beta1"], ["RuntimeClass"], to("node.k8s.io/v1")],
  [
    ["v1beta1", "v1beta2", "v1beta3"].map((version) => `flowcontrol.apiserver.k8s.io/${version}`),
    ["FlowSchema", "PriorityLevelConfiguration"],
    raiseFlowControl,
  ],
];

const RAISERS: ReadonlyMap<string, Raiser> = new Map(
  TABLE.flatMap(([versions, kinds, raiser]) =>
    versions.flatMap((version) => kinds.map((kind): [string, Raiser] => [`${version} ${kind}`, raiser])),
  ),
);

/** Groups that are no part of Kubernetes: their old versions are gone whatever the cluster's release is. */
const OTHER_GROUPS: ReadonlyMap<string, Raiser> = new Map([
  ["certmanager.k8s.io/v1alpha1 Issuer", raiseIssuer],
  ["certmanager.k8s.io/v1alpha1 ClusterIssuer", raiseIssuer],
  ["certmanager.k8s.io/v1alpha1 Certificate", raiseCertificate],
]);
