import { isLabelKey } from "../labels.ts";
import { type Fields, fieldsOf, has, textOf } from "./fields.ts";
import {
  checkConfigKey,
  checkDnsLabel,
  checkDnsSubdomain,
  checkEnvName,
  checkQualifiedName,
} from "./name-forms.ts";
import { checkPathWithin } from "./paths.ts";
import { parseQuantity, type Quantity } from "./quantity.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const ENV_FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const CONTAINER_AMOUNTS = [
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
];
const SOURCES = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/** Reports what the API server refuses in `env` of a container (core ValidateEnv). */
export function checkEnv(env: readonly Fields[], path: string, report: Report): void {
  env.forEach((variable, i) => {
    const at = `${path}[${i}]`;
    const name = textOf(variable, "name");
    if (name === "") missing(report, `${at}.name`, "write the variable's name");
    else checkEnvName(name, `${at}.name`, report);
    const source = fieldsOf(variable, "valueFrom");
    if (source) checkValueFrom(source, textOf(variable, "value"), `${at}.valueFrom`, report);
  });
}

function checkValueFrom(source: Fields, value: string, path: string, report: Report): void {
  const fieldRef = fieldsOf(source, "fieldRef");
  if (fieldRef) checkFieldRef(fieldRef, ENV_FIELDS, `${path}.fieldRef`, report);
  const amount = fieldsOf(source, "resourceFieldRef");
  if (amount) checkResourceFieldRef(amount, false, `${path}.resourceFieldRef`, report);
  for (const field of ["configMapKeyRef", "secretKeyRef"]) {
    const ref = fieldsOf(source, field);
    if (ref) checkKeyRef(ref, `${path}.${field}`, report);
  }
  const file = fieldsOf(source, "fileKeyRef");
  if (file) checkFileKeyRef(file, `${path}.fileKeyRef`, report);
  const given = SOURCES.filter((field) => has(source, field));
  if (given.length === 0)
    report(path, "valueFrom names no source", `write one of ${SOURCES.join(", ")}, or value in its place`);
  else if (value !== "")
    report(path, "value and valueFrom exclude each other, and both are given", "remove one of them");
  else if (given.length > 1)
    report(path, `valueFrom takes one source, not ${given.join(" and ")}`, "leave one of them");
}

function checkKeyRef(ref: Fields, path: string, report: Report): void {
  checkDnsSubdomain(textOf(ref, "name"), `${path}.name`, report);
  const key = textOf(ref, "key");
  if (key === "") missing(report, `${path}.key`, "write the key of the ConfigMap or Secret");
  else checkConfigKey(key, `${path}.key`, report);
}

function checkFileKeyRef(ref: Fields, path: string, report: Report): void {
  const key = textOf(ref, "key");
  if (key === "") missing(report, `${path}.key`, "write the name of the variable in the file");
  else checkEnvName(key, `${path}.key`, report);
  const volume = textOf(ref, "volumeName");
  if (volume === "") missing(report, `${path}.volumeName`, "write the name of an emptyDir volume");
  else checkDnsLabel(volume, `${path}.volumeName`, report);
  const file = textOf(ref, "path");
  if (file === "") missing(report, `${path}.path`, "write the file's path in the volume");
  else checkPathWithin(file, `${path}.path`, report);
}

/** Reports what the API server refuses in a `fieldRef`: fields of the pod that cannot be had. */
export function checkFieldRef(ref: Fields, supported: readonly string[], path: string, report: Report): void {
  const field = textOf(ref, "fieldPath");
  const version = textOf(ref, "apiVersion") || "v1";
  if (field === "") {
    missing(report, `${path}.fieldPath`, "write a field of the pod, like metadata.name");
    return;
  }
  const [, holder, key] = /^(.+?)\['(.*)'\]$/s.exec(field) ?? [];
  if (version === "v1" && holder !== undefined && key !== undefined) {
    if (holder === "metadata.labels") checkQualifiedName(key, path, report);
    else if (holder === "metadata.annotations") {
      if (!isLabelKey(key.toLowerCase())) checkQualifiedName(key, path, report);
    } else
      report(
        `${path}.fieldPath`,
        `${quoted(holder)} has no keys`,
        "write metadata.labels['key'] or metadata.annotations['key']",
      );
    return;
  }
  const known = field === "spec.host" ? "spec.nodeName" : field;
  if (version !== "v1")
    report(
      `${path}.fieldPath`,
      `pods have no version ${quoted(version)}`,
      "write apiVersion: v1, or nothing",
    );
  else if (!supported.includes(known))
    checkOneOf(
      known,
      [...supported, "metadata.labels['KEY']", "metadata.annotations['KEY']"],
      `${path}.fieldPath`,
      report,
    );
}

/** Reports what the API server refuses in a `resourceFieldRef`: an amount of a container that cannot be had. */
export function checkResourceFieldRef(ref: Fields, ofVolume: boolean, path: string, report: Report): void {
  const resource = textOf(ref, "resource");
  if (ofVolume && textOf(ref, "containerName") === "")
    missing(report, `${path}.containerName`, "write the container's name");
  else if (resource === "")
    missing(report, `${path}.resource`, "write limits.memory, requests.cpu or the like");
  else if (!/^(limits|requests)\.hugepages-/.test(resource))
    checkOneOf(resource, CONTAINER_AMOUNTS, `${path}.resource`, report);
  const divisor = has(ref, "divisor") ? parseQuantity(ref.divisor) : undefined;
  if (divisor === undefined || divisor.nanos === 0n) return;
  const [, amount] =
    /^(?:limits|requests)\.(cpu$|memory$|ephemeral-storage$|hugepages-)/.exec(resource) ?? [];
  if (amount === undefined) return;
  const isRight = amount === "cpu" ? isCpuDivisor(divisor) : isByteDivisor(divisor);
  if (!isRight)
    report(
      `${path}.divisor`,
      `${resource} cannot be divided by this`,
      amount === "cpu" ? "write 1 or 1m" : "write 1, 1k, 1M, 1G, 1Ki, 1Mi or 1Gi",
    );
}

function isCpuDivisor({ nanos }: Quantity): boolean {
  return nanos === 10n ** 9n || nanos === 10n ** 6n;
}

function isByteDivisor({ nanos, format }: Quantity): boolean {
  const one = 10n ** 9n;
  if (nanos === one) return true;
  const base = format === "binary" ? 1024n : 1000n;
  return format !== "exponent" && [1n, 2n, 3n, 4n, 5n, 6n].some((power) => nanos === one * base ** power);
}

/** Reports what the API server refuses in `envFrom`; for the number of sources it names the whole list. */
export function checkEnvFrom(sources: readonly Fields[], path: string, report: Report): void {
  sources.forEach((source, i) => {
    const at = `${path}[${i}]`;
    const prefix = textOf(source, "prefix");
    if (prefix !== "") checkEnvName(prefix, `${at}.prefix`, report);
    const given = ["configMapRef", "secretRef"].filter((field) => has(source, field));
    for (const field of given) {
      const name = textOf(fieldsOf(source, field) ?? {}, "name");
      if (name === "") missing(report, `${at}.${field}.name`, "write the object's name");
      else checkDnsSubdomain(name.replace(/-$/, "a"), `${at}.${field}.name`, report);
    }
    if (given.length !== 1)
      report(
        path,
        `each entry takes one of configMapRef and secretRef, not ${given.length}`,
        "write one in each entry",
        {
          where: at,
        },
      );
  });
}
