import { type Fields, fieldsOf, flagOf, listOf, numberOf, optionalText, textOf, textsOf } from "./fields.ts";
import { checkRelativePath } from "./paths.ts";
import { checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";

const MAX_ID = 2 ** 31 - 1;
const PROFILE_TYPES = ["Localhost", "RuntimeDefault", "Unconfined"];
const MAX_PROFILE_BYTES = 4095;

/** Reports what the API server refuses in `securityContext` of a container. */
export function checkSecurityContext(
  context: Fields,
  hostUsers: boolean,
  path: string,
  report: Report,
): void {
  checkIds(context, ["runAsUser", "runAsGroup"], path, report);
  const procMount = optionalText(context, "procMount");
  if (procMount !== undefined) {
    checkOneOf(procMount, ["Default", "Unmasked"], `${path}.procMount`, report);
    if (hostUsers && procMount === "Unmasked")
      report(
        `${path}.procMount`,
        "Unmasked needs the pod's hostUsers: false",
        "write hostUsers: false in the pod",
      );
  }
  checkSeccompProfile(fieldsOf(context, "seccompProfile"), `${path}.seccompProfile`, report);
  if (flagOf(context, "allowPrivilegeEscalation") === false) {
    if (flagOf(context, "privileged"))
      report(
        path,
        "allowPrivilegeEscalation: false and privileged: true exclude each other",
        "remove privileged, or allowPrivilegeEscalation",
      );
    if (textsOf(fieldsOf(context, "capabilities") ?? {}, "add").includes("CAP_SYS_ADMIN"))
      report(
        path,
        "allowPrivilegeEscalation: false and the capability CAP_SYS_ADMIN exclude each other",
        "remove the capability, or allowPrivilegeEscalation",
      );
  }
  checkAppArmorProfile(fieldsOf(context, "appArmorProfile"), `${path}.appArmorProfile`, report);
}

/** Reports what the API server refuses in `securityContext` of a pod; `spec` holds the host's namespaces that it shares. */
export function checkPodSecurityContext(spec: Fields, path: string, report: Report): void {
  const context = fieldsOf(spec, "securityContext");
  if (flagOf(spec, "shareProcessNamespace") && flagOf(spec, "hostPID"))
    report(
      `${path}.securityContext.shareProcessNamespace`,
      "shareProcessNamespace and hostPID exclude each other",
      "leave one of them",
      { where: `${path}.shareProcessNamespace` },
    );
  if (context === undefined) return;
  const at = `${path}.securityContext`;
  checkIds(context, ["fsGroup", "runAsUser", "runAsGroup"], at, report);
  const groups = context.supplementalGroups;
  if (Array.isArray(groups))
    groups.forEach((group, i) => {
      if (typeof group === "number") checkRange(group, 0, MAX_ID, `${at}.supplementalGroups[${i}]`, report);
    });
  checkSysctls(context, spec, `${at}.sysctls`, report);
  checkChoice(context, "fsGroupChangePolicy", ["Always", "OnRootMismatch"], at, report);
  checkChoice(context, "supplementalGroupsPolicy", ["Merge", "Strict"], at, report);
  checkChoice(context, "seLinuxChangePolicy", ["MountOption", "Recursive"], at, report);
  checkSeccompProfile(fieldsOf(context, "seccompProfile"), `${at}.seccompProfile`, report);
  checkAppArmorProfile(fieldsOf(context, "appArmorProfile"), `${at}.appArmorProfile`, report);
}

function checkChoice(
  object: Fields,
  field: string,
  allowed: readonly string[],
  path: string,
  report: Report,
): void {
  const value = optionalText(object, field);
  if (value !== undefined) checkOneOf(value, allowed, `${path}.${field}`, report);
}

function checkIds(context: Fields, fields: readonly string[], path: string, report: Report): void {
  for (const field of fields) {
    const id = numberOf(context, field);
    if (id !== undefined) checkRange(id, 0, MAX_ID, `${path}.${field}`, report);
  }
}

function checkSysctls(context: Fields, spec: Fields, path: string, report: Report): void {
  const seen = new Set<string>();
  listOf(context, "sysctls").forEach((sysctl, i) => {
    const name = textOf(sysctl, "name");
    const at = `${path}[${i}].name`;
    if (name === "") missing(report, at, "write the name of the kernel parameter");
    else if (
      name.length > 253 ||
      name.split(/[./]/).some((part) => !/^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(part))
    )
      report(
        at,
        `${quoted(name)} cannot name a kernel parameter`,
        "write a name like net.ipv4.ip_local_port_range",
      );
    else if (seen.has(name)) report(at, `${quoted(name)} is set twice`, "remove one of them");
    seen.add(name);
    const dotted = name.replaceAll("/", ".");
    if (flagOf(spec, "hostNetwork") && dotted.startsWith("net."))
      report(at, "the pod has no network of its own (hostNetwork)", "remove it, or hostNetwork");
    if (flagOf(spec, "hostIPC") && isIpcSysctl(dotted))
      report(at, "the pod has no IPC of its own (hostIPC)", "remove it, or hostIPC");
  });
}

function isIpcSysctl(name: string): boolean {
  return (
    name.startsWith("kernel.shm") ||
    name.startsWith("kernel.msg") ||
    name === "kernel.sem" ||
    name.startsWith("fs.mqueue.")
  );
}

function checkSeccompProfile(profile: Fields | undefined, path: string, report: Report): void {
  if (profile === undefined) return;
  const type = textOf(profile, "type");
  const file = optionalText(profile, "localhostProfile");
  if (type === "") missing(report, `${path}.type`, "write RuntimeDefault");
  else checkOneOf(type, PROFILE_TYPES, `${path}.type`, report);
  if (type !== "Localhost") {
    if (file !== undefined)
      report(
        `${path}.localhostProfile`,
        "it is for type Localhost only",
        "remove it, or write type: Localhost",
      );
  } else if (file === undefined)
    missing(report, `${path}.localhostProfile`, "write the profile's path on the node");
  else checkRelativePath(file, `${path}.localhostProfile`, report);
}

function checkAppArmorProfile(profile: Fields | undefined, path: string, report: Report): void {
  if (profile === undefined) return;
  const type = textOf(profile, "type");
  const name = optionalText(profile, "localhostProfile");
  const at = `${path}.localhostProfile`;
  if (type === "") missing(report, `${path}.type`, "write RuntimeDefault");
  else if (type !== "Localhost") {
    checkOneOf(type, PROFILE_TYPES, `${path}.type`, report);
    if (name !== undefined && PROFILE_TYPES.includes(type))
      report(at, "it is for type Localhost only", "remove it, or write type: Localhost");
  } else if (name === undefined || name === "") missing(report, at, "write the profile's name on the node");
  else if (name.trim() !== name || name.length > MAX_PROFILE_BYTES)
    report(at, `${quoted(name)} is padded with spaces or too long`, "write the profile's name");
}
