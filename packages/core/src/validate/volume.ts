import { type Fields, fieldsOf, has, listOf, numberOf, textOf } from "./fields.ts";
import { checkDnsLabel, checkDnsSubdomain } from "./name-forms.ts";
import { checkTemplateMetadata } from "./object-meta.ts";
import { checkPathWithin, checkRelativePath } from "./paths.ts";
import { checkClaimSpec } from "./persistent-volume-claim.ts";
import { checkProjection } from "./projected-volume.ts";
import { parseQuantity } from "./quantity.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";
import { checkDownwardFile, checkKeyToPath, checkMode } from "./volume-file.ts";

type CheckSource = (source: Fields, path: string, report: Report) => void;

/** Kinds of volumes, in the server's order: of several, the first counts and the others are refused. */
const SOURCES: readonly (readonly [kind: string, check: CheckSource, serverName?: string])[] = [
  ["emptyDir", checkEmptyDir],
  ["hostPath", checkHostPath],
  ["gitRepo", checkGitRepo],
  ["gcePersistentDisk", checkDisk("pdName"), "persistentDisk"],
  ["awsElasticBlockStore", checkDisk("volumeID")],
  ["secret", checkKeys("secretName")],
  ["nfs", checkNfs],
  ["iscsi", unchecked],
  ["glusterfs", unchecked],
  ["flocker", unchecked],
  ["persistentVolumeClaim", checkClaimName],
  ["rbd", unchecked],
  ["cinder", unchecked],
  ["cephfs", unchecked],
  ["quobyte", unchecked],
  ["downwardAPI", checkDownwardApi],
  ["fc", unchecked],
  ["flexVolume", unchecked],
  ["configMap", checkKeys("name")],
  ["azureFile", unchecked],
  ["vsphereVolume", unchecked],
  ["photonPersistentDisk", unchecked],
  ["portworxVolume", unchecked],
  ["azureDisk", unchecked],
  ["storageos", unchecked],
  ["projected", checkProjection],
  ["scaleIO", unchecked],
  ["csi", checkCsi],
  ["ephemeral", checkEphemeral],
  ["image", checkImage],
];

/** How the server names a second source of these kinds. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = { cephfs: "cephFS", downwardAPI: "downwarAPI" };

/**
 * Reports what the API server refuses in `volumes` of a pod (core ValidateVolumes), and gives the volumes that are right, by
 * name: the server takes the others as absent. The insides of volumes of storage vendors are not looked at.
 */
export function checkVolumes(
  volumes: readonly Fields[],
  podName: string,
  isPod: boolean,
  path: string,
  report: Report,
): ReadonlyMap<string, Fields> {
  const right = new Map<string, Fields>();
  const created = new Set(
    podName === ""
      ? []
      : volumes.filter((v) => has(v, "ephemeral")).map((v) => `${podName}-${textOf(v, "name")}`),
  );
  volumes.forEach((volume, i) => {
    const at = `${path}[${i}]`;
    const name = textOf(volume, "name");
    let isRight = true;
    const note: Report = (...problem) => {
      isRight = false;
      report(...problem);
    };
    checkSources(volume, at, isPod, note);
    if (name === "") missing(note, `${at}.name`, "write the volume's name");
    else checkDnsLabel(name, `${at}.name`, note);
    if (has(volume, "ephemeral") && podName !== "" && name !== "")
      checkDnsSubdomain(`${podName}-${name}`, `${at}.name`, note);
    if (right.has(name))
      note(`${at}.name`, `a volume ${quoted(name)} is there already`, "give each volume its own name");
    if (isRight) right.set(name, volume);
    const claim = textOf(fieldsOf(volume, "persistentVolumeClaim") ?? {}, "claimName");
    if (created.has(claim))
      report(
        `${at}.persistentVolumeClaim.claimName`,
        `the claim ${quoted(claim)} is made for an ephemeral volume of this pod`,
        "name another claim",
      );
  });
  return right;
}

const PLACE_OF = new Map(SOURCES.map(([kind], place) => [kind, place]));

function checkSources(volume: Fields, path: string, isPod: boolean, report: Report): void {
  const places: number[] = [];
  for (const field in volume) {
    const place = PLACE_OF.get(field);
    if (place !== undefined && has(volume, field)) places.push(place);
  }
  const [first, ...more] = places.sort((a, b) => a - b).map((place) => SOURCES[place]!);
  if (first === undefined) return;
  const [kind, check, serverName = kind] = first;
  const source = fieldsOf(volume, kind) ?? {};
  check(source, `${path}.${serverName}`, report);
  if (kind === "image" && isPod && textOf(source, "reference") === "")
    missing(report, `${path}.image.reference`, "write the image");
  for (const [other] of more)
    report(
      `${path}.${NAMED_OTHERWISE[other] ?? other}`,
      `a volume has one source, and this one has ${kind} too`,
      "leave one of them",
      { where: `${path}.${other}` },
    );
}

/** What a vendor's driver wants is its own affair. */
function unchecked(): void {}

function checkEmptyDir(source: Fields, path: string, report: Report): void {
  if (!has(source, "sizeLimit")) return;
  const limit = parseQuantity(source.sizeLimit);
  if (limit && limit.nanos < 0n)
    report(`${path}.sizeLimit`, "the limit must be 0 or more", "write a positive quantity");
}

const HOST_PATH_TYPES = [
  "DirectoryOrCreate",
  "Directory",
  "FileOrCreate",
  "File",
  "Socket",
  "CharDevice",
  "BlockDevice",
];

export function checkHostPath(source: Fields, path: string, report: Report): void {
  const file = textOf(source, "path");
  if (file === "") {
    missing(report, `${path}.path`, "write the path on the node");
    return;
  }
  checkPathWithin(file, `${path}.path`, report);
  const type = textOf(source, "type");
  if (type !== "") checkOneOf(type, HOST_PATH_TYPES, `${path}.type`, report);
}

function checkGitRepo(source: Fields, path: string, report: Report): void {
  if (textOf(source, "repository") === "")
    missing(report, `${path}.repository`, "write the repository's URL");
  checkRelativePath(textOf(source, "directory"), `${path}.directory`, report);
}

export function checkDisk(idField: string): CheckSource {
  return (source, path, report) => {
    if (textOf(source, idField) === "") missing(report, `${path}.${idField}`, "write the disk's id");
    const partition = numberOf(source, "partition") ?? 0;
    if (partition < 0 || partition > 255)
      report(
        `${path}.partition`,
        `partition must be 0 to 255, not ${partition}`,
        "write the partition's number",
      );
  };
}

function checkKeys(nameField: string): CheckSource {
  return (source, path, report) => {
    if (textOf(source, nameField) === "") missing(report, `${path}.${nameField}`, "write the object's name");
    checkMode(source, "defaultMode", path, report);
    listOf(source, "items").forEach((item, i) => {
      checkKeyToPath(item, `${path}.items[${i}]`, report);
    });
  };
}

export function checkNfs(source: Fields, path: string, report: Report): void {
  if (textOf(source, "server") === "") missing(report, `${path}.server`, "write the server's name");
  const file = textOf(source, "path");
  if (!file.startsWith("/"))
    report(`${path}.path`, `${quoted(file)} must be an absolute path`, "begin it with /");
}

function checkClaimName(source: Fields, path: string, report: Report): void {
  if (textOf(source, "claimName") === "")
    missing(report, `${path}.claimName`, "write the name of a PersistentVolumeClaim");
}

function checkDownwardApi(source: Fields, path: string, report: Report): void {
  checkMode(source, "defaultMode", path, report);
  // The server leaves the index of the item out.
  listOf(source, "items").forEach((item) => {
    checkDownwardFile(item, path, report);
  });
}

function checkCsi(source: Fields, path: string, report: Report): void {
  checkDriverName(textOf(source, "driver"), `${path}.driver`, report);
  const secret = fieldsOf(source, "nodePublishSecretRef");
  if (!secret) return;
  const name = textOf(secret, "name");
  if (name === "") missing(report, `${path}.nodePublishSecretRef.name`, "write the Secret's name");
  else checkDnsSubdomain(name, `${path}.name`, report, `${path}.nodePublishSecretRef.name`);
}

/** Reports what is no name of a CSI driver. */
export function checkDriverName(driver: string, path: string, report: Report): void {
  if (driver === "") {
    missing(report, path, "write the name of the CSI driver");
    return;
  }
  if (driver.length > 63) report(path, "a driver's name has at most 63 characters", "write its name");
  checkDnsSubdomain(driver.toLowerCase(), path, report);
}

function checkEphemeral(source: Fields, path: string, report: Report): void {
  const template = fieldsOf(source, "volumeClaimTemplate");
  const at = `${path}.volumeClaimTemplate`;
  if (!template) {
    missing(report, at, "write the claim to make");
    return;
  }
  checkTemplateMetadata(fieldsOf(template, "metadata") ?? {}, `${at}.metadata`, report);
  checkClaimSpec(fieldsOf(template, "spec") ?? {}, `${at}.spec`, report);
}

function checkImage(source: Fields, path: string, report: Report): void {
  const policy = textOf(source, "pullPolicy");
  if (policy !== "") checkOneOf(policy, PULL_POLICIES, `${path}.pullPolicy`, report);
}

export const PULL_POLICIES: readonly string[] = ["Always", "IfNotPresent", "Never"];
