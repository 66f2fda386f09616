import { type Fields, fieldsOf, has, optionalText, textMapOf, textOf } from "./fields.ts";
import { checkDnsLabel, checkDnsSubdomain } from "./name-forms.ts";
import { checkPathWithin } from "./paths.ts";
import { checkAccessModes, checkVolumeMode } from "./persistent-volume-claim.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";
import { readQuantities } from "./resource-requirements.ts";
import { checkNodeSelector } from "./scheduling.ts";
import { checkDisk, checkDriverName, checkHostPath, checkNfs } from "./volume.ts";

type CheckSource = (source: Fields, path: string, report: Report) => void;

const vendor = (): void => undefined;

/** Kinds of volumes in the server's order: of several, the first counts and the others are refused. */
const SOURCES: readonly (readonly [kind: string, check: CheckSource, serverName?: string])[] = [
  ["hostPath", checkHostPath],
  ["gcePersistentDisk", checkDisk("pdName"), "persistentDisk"],
  ["awsElasticBlockStore", checkDisk("volumeID")],
  ["glusterfs", vendor],
  ["flocker", vendor],
  ["nfs", checkNfs],
  ["rbd", vendor],
  ["quobyte", vendor],
  ["cephfs", vendor],
  ["iscsi", vendor],
  ["cinder", vendor],
  ["fc", vendor],
  ["flexVolume", vendor],
  ["azureFile", vendor],
  ["vsphereVolume", vendor],
  ["photonPersistentDisk", vendor],
  ["portworxVolume", vendor],
  ["azureDisk", vendor],
  ["scaleIO", vendor],
  ["local", checkLocal],
  ["storageos", vendor],
  ["csi", checkCsi],
];
const CSI_SECRETS = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
];
const MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";
/** Volumes that take mount options in an annotation. */
const MOUNTED =
  "gcePersistentDisk awsElasticBlockStore glusterfs nfs rbd quobyte iscsi cinder cephfs azureFile vsphereVolume azureDisk photonPersistentDisk".split(
    " ",
  );

/** Reports what the API server refuses in a PersistentVolume beyond its metadata. Insides of volumes of vendors are not looked at. */
export function checkPersistentVolume(volume: Fields, report: Report): void {
  const spec = fieldsOf(volume, "spec") ?? {};
  checkVolume(spec, "spec", report);
  checkCapacity(spec, report);
  const reclaim = textOf(spec, "persistentVolumeReclaimPolicy");
  const policy = "spec.persistentVolumeReclaimPolicy";
  if (reclaim !== "") checkOneOf(reclaim, ["Delete", "Recycle", "Retain"], policy, report);
  const affinity = fieldsOf(spec, "nodeAffinity");
  if (affinity) {
    const required = fieldsOf(affinity, "required");
    if (required) checkNodeSelector(required, "spec.nodeAffinity.required", report);
    else missing(report, "spec.nodeAffinity.required", "write which nodes reach the volume");
  }
  const storageClass = textOf(spec, "storageClassName");
  if (storageClass !== "") checkDnsSubdomain(storageClass, "spec.storageClassName", report);
  checkVolumeMode(spec, "spec", report);
  checkAttributesClass(spec, report);
  const annotations = textMapOf(fieldsOf(volume, "metadata") ?? {}, "annotations") ?? {};
  if (Object.hasOwn(annotations, MOUNT_OPTIONS) && !MOUNTED.some((kind) => has(spec, kind)))
    report(
      `metadata.annotations.${MOUNT_OPTIONS}`,
      "volumes of this kind take no mount options in an annotation",
      "write spec.mountOptions",
      { where: `metadata.annotations[${MOUNT_OPTIONS}]` },
    );
}

/** Reports what the API server refuses in the volume that a VolumeAttachment holds itself: a CSI volume, and little of its spec. */
export function checkInlineVolume(spec: Fields, path: string, report: Report): void {
  checkVolume(spec, path, report);
  for (const field of ["claimRef", "capacity", "nodeAffinity", "storageClassName"]) {
    const value = spec[field];
    if (value != null && value !== "" && !(field === "capacity" && Object.keys(value).length === 0))
      report(`${path}.${field}`, `a volume in a VolumeAttachment has no ${field}`, "remove it");
  }
  if (!has(spec, "csi")) missing(report, `${path}.csi`, "write the CSI volume");
  for (const [field, only] of [
    ["persistentVolumeReclaimPolicy", "Retain"],
    ["volumeMode", "Filesystem"],
  ] as const) {
    const value = field === "volumeMode" ? optionalText(spec, field) : textOf(spec, field) || undefined;
    if (value !== undefined && value !== only)
      report(`${path}.${field}`, `it can be ${only} alone, not ${quoted(value)}`, `write ${only}`);
  }
}

/** What both kinds of spec share. */
function checkVolume(spec: Fields, path: string, report: Report): void {
  checkAccessModes(spec, path, report);
  checkSources(spec, path, report);
  const root = textOf(fieldsOf(spec, "hostPath") ?? {}, "path");
  if (textOf(spec, "persistentVolumeReclaimPolicy") === "Recycle" && /^\/(\.?\/)*\.?$/.test(root))
    report(
      `${path}.persistentVolumeReclaimPolicy`,
      "what is on the whole node cannot be recycled",
      "write Retain",
    );
}

/** Looked at in PersistentVolumes alone. */
function checkAttributesClass(spec: Fields, report: Report): void {
  const name = optionalText(spec, "volumeAttributesClassName");
  if (name === undefined) return;
  if (name === "") missing(report, "spec.volumeAttributesClassName", "write its name, or remove it");
  else checkDnsSubdomain(name, "spec.volumeAttributesClassName", report);
  if (!has(spec, "csi"))
    missing(report, "spec.csi", "volumeAttributesClassName is for CSI volumes: remove it");
}

function checkCapacity(spec: Fields, report: Report): void {
  const capacity = readQuantities(spec, "capacity");
  const names = Object.keys(fieldsOf(spec, "capacity") ?? {});
  if (!names.includes("storage") || names.length > 1)
    report(
      "spec.capacity",
      "a volume has a capacity of storage, and no other",
      "write capacity: { storage: 10Gi }",
    );
  for (const [name, quantity] of capacity)
    if (quantity.nanos <= 0n)
      report(`spec.capacity[${name}]`, "the capacity must be more than 0", "write a quantity like 10Gi");
}

function checkSources(spec: Fields, path: string, report: Report): void {
  let first: string | undefined;
  for (const [kind, check, serverName = kind] of SOURCES) {
    const source = fieldsOf(spec, kind);
    if (source === undefined) continue;
    // The server takes a second one of this kind.
    if (first === undefined || kind === "flexVolume") {
      check(source, `${path}.${serverName}`, report);
      if (kind === "local" && !has(spec, "nodeAffinity"))
        missing(report, `${path}.nodeAffinity`, "a local volume is on some nodes only: write on which");
    } else
      report(
        `${path}.${kind === "cephfs" ? "cephFS" : kind}`,
        `a volume has one source, and this one has ${first} too`,
        "leave one of them",
        { where: `${path}.${kind}` },
      );
    first ??= kind;
  }
  if (first === undefined) missing(report, path, "write where the volume is: csi, nfs, local or the like");
}

function checkLocal(source: Fields, path: string, report: Report): void {
  const file = textOf(source, "path");
  if (file === "") missing(report, `${path}.path`, "write the path on the node");
  else checkPathWithin(file, `${path}.path`, report);
}

function checkCsi(source: Fields, path: string, report: Report): void {
  checkDriverName(textOf(source, "driver"), `${path}.driver`, report);
  if (textOf(source, "volumeHandle") === "")
    missing(report, `${path}.volumeHandle`, "write what the driver calls the volume");
  for (const field of CSI_SECRETS) {
    const ref = fieldsOf(source, field);
    if (!ref) continue;
    const [name, namespace] = [textOf(ref, "name"), textOf(ref, "namespace")];
    if (name === "") missing(report, `${path}.${field}.name`, "write the Secret's name");
    else checkDnsSubdomain(name, `${path}.${field}.name`, report);
    if (namespace === "") missing(report, `${path}.${field}.namespace`, "write the Secret's namespace");
    else checkDnsLabel(namespace, `${path}.${field}.namespace`, report);
  }
}
