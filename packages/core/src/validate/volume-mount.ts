import { type Fields, fieldsOf, flagOf, has, listOf, optionalText, textOf } from "./fields.ts";
import { checkRelativePath } from "./paths.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"];
const RECURSIVE_READ_ONLY = ["Disabled", "Enabled", "IfPossible"];

/** Reports what the API server refuses in `volumeMounts` and `volumeDevices` of a container. */
export function checkMounts(
  container: Fields,
  volumes: ReadonlyMap<string, Fields>,
  path: string,
  report: Report,
): void {
  const mounts = listOf(container, "volumeMounts");
  const devices = listOf(container, "volumeDevices");
  if (mounts.length > 0)
    checkVolumeMounts(mounts, devices, container, volumes, `${path}.volumeMounts`, report);
  if (devices.length > 0) checkVolumeDevices(devices, mounts, volumes, `${path}.volumeDevices`, report);
}

function checkVolumeMounts(
  mounts: readonly Fields[],
  devices: readonly Fields[],
  container: Fields,
  volumes: ReadonlyMap<string, Fields>,
  path: string,
  report: Report,
): void {
  const taken = new Set<string>();
  const deviceNames = namesOf(devices, "name");
  const devicePaths = namesOf(devices, "devicePath");
  mounts.forEach((mount, i) => {
    const at = `${path}[${i}]`;
    const name = textOf(mount, "name");
    const file = textOf(mount, "mountPath");
    checkVolumeName(name, volumes, `${at}.name`, report);
    if (file === "") missing(report, `${at}.mountPath`, "write the path in the container");
    if (taken.has(file))
      report(
        `${at}.mountPath`,
        `something is mounted at ${quoted(file)} already`,
        "give each mount its own path",
      );
    taken.add(file);
    if (deviceNames.has(name))
      report(
        `${at}.name`,
        `the volume ${quoted(name)} is used as a device too`,
        "mount it or use it as a device",
      );
    if (devicePaths.has(file))
      report(`${at}.mountPath`, `a device is at ${quoted(file)} already`, "give each its own path");
    checkSubPaths(mount, path, at, report);
    checkPropagation(mount, container, path, at, report);
    checkRecursiveReadOnly(mount, `${path}.recursiveReadOnly`, `${at}.recursiveReadOnly`, report);
  });
}

/** So many volumes are named where another is not found. */
const SHOWN = 8;
const NO_NAMES: ReadonlySet<string> = new Set();

function namesOf(entries: readonly Fields[], field: string): ReadonlySet<string> {
  return entries.length === 0 ? NO_NAMES : new Set(entries.map((entry) => textOf(entry, field)));
}

function checkVolumeName(
  name: string,
  volumes: ReadonlyMap<string, Fields>,
  path: string,
  report: Report,
): void {
  if (name === "") missing(report, path, "write the name of a volume of this pod");
  else if (!volumes.has(name))
    report(
      path,
      `the pod has no right volume ${quoted(name)}${volumes.size > 0 ? `, but ${firstOf(volumes)}` : ""}`,
      "write the name of a volume of this pod, or add the volume",
    );
}

function firstOf(volumes: ReadonlyMap<string, Fields>): string {
  const names: string[] = [];
  for (const name of volumes.keys()) if (names.push(name) === SHOWN) break;
  return `${names.join(", ")}${volumes.size > SHOWN ? ", …" : ""}`;
}

/** The server leaves the index of the mount out here. */
function checkSubPaths(mount: Fields, path: string, at: string, report: Report): void {
  const subPath = textOf(mount, "subPath");
  const expression = textOf(mount, "subPathExpr");
  if (subPath !== "") checkRelativePath(subPath, `${path}.subPath`, report, `${at}.subPath`);
  if (expression === "") return;
  if (subPath !== "")
    report(`${at}.subPathExpr`, "subPath and subPathExpr exclude each other", "leave one of them");
  checkRelativePath(expression, `${path}.subPathExpr`, report, `${at}.subPathExpr`);
}

function checkPropagation(mount: Fields, container: Fields, path: string, at: string, report: Report): void {
  const propagation = optionalText(mount, "mountPropagation");
  if (propagation === undefined) return;
  const [named, where] = [`${path}.mountPropagation`, `${at}.mountPropagation`];
  checkOneOf(propagation, PROPAGATIONS, named, report, where);
  if (propagation === "Bidirectional" && !flagOf(fieldsOf(container, "securityContext") ?? {}, "privileged"))
    report(
      named,
      "Bidirectional is for privileged containers only",
      "write HostToContainer, or securityContext.privileged: true",
      { where },
    );
}

function checkRecursiveReadOnly(mount: Fields, path: string, where: string, report: Report): void {
  const mode = optionalText(mount, "recursiveReadOnly");
  if (mode === undefined || mode === "Disabled") return;
  checkOneOf(mode, RECURSIVE_READ_ONLY, path, report, where);
  if (!RECURSIVE_READ_ONLY.includes(mode)) return;
  if (!flagOf(mount, "readOnly"))
    report(path, "it needs readOnly: true", "write readOnly: true beside it", { where });
  if ((optionalText(mount, "mountPropagation") ?? "None") !== "None")
    report(path, "it excludes mountPropagation", "remove mountPropagation", { where });
}

function checkVolumeDevices(
  devices: readonly Fields[],
  mounts: readonly Fields[],
  volumes: ReadonlyMap<string, Fields>,
  path: string,
  report: Report,
): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  const mountNames = namesOf(mounts, "name");
  const mountPaths = namesOf(mounts, "mountPath");
  devices.forEach((device, i) => {
    const at = `${path}[${i}]`;
    const name = textOf(device, "name");
    const file = textOf(device, "devicePath");
    checkVolumeName(name, volumes, `${at}.name`, report);
    const volume = volumes.get(name);
    if (volume && !has(volume, "persistentVolumeClaim") && !has(volume, "ephemeral"))
      report(
        `${at}.name`,
        "only persistentVolumeClaim and ephemeral volumes can be devices",
        "mount it instead",
      );
    if (names.has(name)) report(`${at}.name`, `${quoted(name)} is used twice`, "use each volume once");
    if (name !== "") names.add(name);
    if (file === "") missing(report, `${at}.devicePath`, "write the device's path in the container");
    if (paths.has(file))
      report(`${at}.devicePath`, `${quoted(file)} is used twice`, "give each device its own path");
    if (file.split("/").includes(".."))
      report(`${at}.devicePath`, 'it must not contain ".."', "write it without ..");
    else paths.add(file);
    if (mountNames.has(name))
      report(`${at}.name`, `the volume ${quoted(name)} is mounted too`, "mount it or use it as a device");
    if (mountPaths.has(file))
      report(`${at}.devicePath`, `something is mounted at ${quoted(file)} already`, "give each its own path");
  });
}
