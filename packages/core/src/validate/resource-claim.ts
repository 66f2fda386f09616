import {
  checkDeviceConfiguration,
  checkDeviceSelector,
  checkDeviceToleration,
  checkEntries,
  checkFullName,
} from "./devices.ts";
import { type Fields, fieldsOf, listOf, numberOf, optionalText, textOf, textsOf } from "./fields.ts";
import { checkDnsLabel, checkDnsSubdomain } from "./name-forms.ts";
import { checkTemplateMetadata } from "./object-meta.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";
import { isExtendedResource } from "./resource-requirements.ts";

const MOST = 32;
const MOST_ALTERNATIVES = 8;

/** Reports what the API server refuses in a ResourceClaim beyond its metadata. */
export function checkResourceClaim(claim: Fields, report: Report): void {
  checkClaimSpec(fieldsOf(claim, "spec") ?? {}, "spec", report);
}

/** Reports what the API server refuses in a ResourceClaimTemplate beyond its metadata. */
export function checkResourceClaimTemplate(template: Fields, report: Report): void {
  const spec = fieldsOf(template, "spec") ?? {};
  checkTemplateMetadata(fieldsOf(spec, "metadata") ?? {}, "spec.metadata", report);
  checkClaimSpec(fieldsOf(spec, "spec") ?? {}, "spec.spec", report);
}

/** Reports what the API server refuses in a DeviceClass beyond its metadata. */
export function checkDeviceClass(deviceClass: Fields, report: Report): void {
  const spec = fieldsOf(deviceClass, "spec") ?? {};
  checkSelectors(spec, "spec", report);
  checkEntries(listOf(spec, "config"), MOST, "spec.config", report, (config, at) =>
    checkDeviceConfiguration(config, at, report),
  );
  const resource = optionalText(spec, "extendedResourceName");
  if (resource !== undefined && !isExtendedResource(resource))
    report(
      "spec.extendedResourceName",
      `${quoted(resource)} is no extended resource`,
      "write a name like example.com/gpu",
    );
}

function checkClaimSpec(spec: Fields, path: string, report: Report): void {
  const devices = fieldsOf(spec, "devices") ?? {};
  const at = `${path}.devices`;
  const requests = listOf(devices, "requests");
  const names = requestNames(requests);
  checkEntries(
    requests,
    MOST,
    `${at}.requests`,
    report,
    (request, place) => checkRequest(request, place, report),
    (request) => textOf(request, "name"),
  );
  checkEntries(listOf(devices, "constraints"), MOST, `${at}.constraints`, report, (constraint, place) => {
    checkRequestRefs(constraint, names, place, report);
    const [match, distinct] = ["matchAttribute", "distinctAttribute"].map((f) => optionalText(constraint, f));
    if (match !== undefined) checkFullName(match, `${place}.matchAttribute`, report);
    else if (distinct !== undefined) checkFullName(distinct, `${place}.distinctAttribute`, report);
    else missing(report, place, "write matchAttribute or distinctAttribute");
  });
  checkEntries(listOf(devices, "config"), MOST, `${at}.config`, report, (config, place) => {
    checkRequestRefs(config, names, place, report);
    checkDeviceConfiguration(config, place, report);
  });
}

/** What `requests` elsewhere can name: `gpu`, `gpu/large`. */
function requestNames(requests: readonly Fields[]): ReadonlySet<string> {
  const byName = new Map(requests.map((request) => [textOf(request, "name"), request]));
  return new Set(
    [...byName].flatMap(([name, request]) => [
      name,
      ...listOf(request, "firstAvailable").map((sub) => `${name}/${textOf(sub, "name")}`),
    ]),
  );
}

function checkRequestRefs(holder: Fields, names: ReadonlySet<string>, path: string, report: Report): void {
  checkEntries(
    textsOf(holder, "requests"),
    MOST,
    `${path}.requests`,
    report,
    (name, at) => {
      const parts = name.split("/");
      if (parts.length <= 2) for (const part of parts) checkDnsLabel(part, at, report);
      if (parts.length > 2 || !names.has(name))
        report(at, `the claim has no request ${quoted(name)}`, "write the name of one of its requests");
    },
    (name) => name,
  );
}

function checkRequest(request: Fields, path: string, report: Report): void {
  checkDnsLabel(textOf(request, "name"), `${path}.name`, report);
  const exactly = fieldsOf(request, "exactly");
  const alternatives = listOf(request, "firstAvailable");
  if (!exactly && alternatives.length === 0) missing(report, path, "write exactly or firstAvailable");
  else if (exactly && alternatives.length > 0)
    report(path, "exactly and firstAvailable exclude each other", "leave one of them");
  else if (exactly) checkDeviceRequest(exactly, `${path}.exactly`, report);
  else
    checkEntries(
      alternatives,
      MOST_ALTERNATIVES,
      `${path}.firstAvailable`,
      report,
      (alternative, at) => {
        checkDnsLabel(textOf(alternative, "name"), `${at}.name`, report);
        checkDeviceRequest(alternative, at, report);
      },
      (alternative) => textOf(alternative, "name"),
    );
}

function checkDeviceRequest(request: Fields, path: string, report: Report): void {
  const deviceClass = textOf(request, "deviceClassName");
  if (deviceClass === "") missing(report, `${path}.deviceClassName`, "write the name of a DeviceClass");
  else checkDnsSubdomain(deviceClass, `${path}.deviceClassName`, report);
  checkSelectors(request, path, report);
  const mode = textOf(request, "allocationMode") || "ExactCount";
  const count = numberOf(request, "count") ?? 0;
  checkOneOf(mode, ["All", "ExactCount"], `${path}.allocationMode`, report);
  if (mode === "All" && count !== 0)
    report(`${path}.count`, "All devices have no count", "remove count, or write allocationMode: ExactCount");
  if (mode === "ExactCount" && count < 0)
    report(`${path}.count`, `it must be 1 or more, not ${count}`, "write how many devices");
  listOf(request, "tolerations").forEach((toleration, i) => {
    checkDeviceToleration(toleration, `${path}.tolerations[${i}]`, report);
  });
}

function checkSelectors(holder: Fields, path: string, report: Report): void {
  checkEntries(listOf(holder, "selectors"), MOST, `${path}.selectors`, report, (selector, at) =>
    checkDeviceSelector(selector, at, report),
  );
}
