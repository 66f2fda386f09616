import { isRecord } from "../json.ts";
import { isLabelKey } from "../labels.ts";
import { isDnsLabel } from "../names.ts";
import { type Fields, listOf, textOf } from "./fields.ts";
import { checkDnsLabel, checkQualifiedName } from "./name-forms.ts";
import { millis, parseQuantity, type Quantity, units } from "./quantity.ts";
import { checkKnownKey, missing, quoted, type Report } from "./report.ts";

const NO_QUANTITIES: ReadonlyMap<string, Quantity> = new Map();
const CONTAINER_RESOURCES = ["cpu", "memory", "ephemeral-storage"];
const HUGE_PAGES = "hugepages-";

/** Reads a mapping of resources to quantities. What is no quantity is left out: structure is checked elsewhere. */
export function readQuantities(holder: Fields, field: string): ReadonlyMap<string, Quantity> {
  const list = holder[field];
  if (!isRecord(list)) return NO_QUANTITIES;
  const read = new Map<string, Quantity>();
  for (const name in list) {
    // Go reads a null in a mapping as the empty value: no quantity is zero.
    const quantity = parseQuantity(list[name] ?? 0);
    if (quantity) read.set(name, quantity);
  }
  return read;
}

/**
 * Reports what the API server refuses in `resources` of a container or pod (ValidateResourceRequirements): names that are no
 * resource, negative amounts, requests above their limits.
 *
 * @param limitsAreRequests whether the server makes a request of each limit that has none, which it then names too
 */
export function checkResourceRequirements(
  resources: Fields | undefined,
  path: string,
  podClaims: ReadonlySet<string>,
  checkName: (name: string, path: string, report: Report) => void,
  report: Report,
  limitsAreRequests = false,
): void {
  if (resources === undefined) return;
  const limits = readQuantities(resources, "limits");
  const requests = readQuantities(resources, "requests");
  if (limitsAreRequests)
    for (const [name, quantity] of limits)
      if (!requests.has(name)) {
        const copied: Report = (at, message, hint) =>
          report(at, message, hint, { where: `${path}.limits[${name}]` });
        checkResource(name, quantity, `${path}.requests[${name}]`, checkName, copied);
      }
  for (const [name, quantity] of limits)
    checkResource(name, quantity, `${path}.limits[${name}]`, checkName, report);
  for (const [name, quantity] of requests) {
    checkResource(name, quantity, `${path}.requests[${name}]`, checkName, report);
    checkAgainstLimit(name, quantity, limits.get(name), path, report);
  }
  const names = [...limits.keys(), ...requests.keys()];
  if (names.some((n) => n.startsWith(HUGE_PAGES)) && !names.includes("cpu") && !names.includes("memory"))
    report(path, "huge pages need cpu or memory beside them", "add a request or limit of cpu or memory");
  checkClaims(listOf(resources, "claims"), podClaims, `${path}.claims`, report);
}

function checkResource(
  name: string,
  quantity: Quantity,
  path: string,
  checkName: (name: string, path: string, report: Report) => void,
  report: Report,
): void {
  checkName(name, path, report);
  checkResourceQuantity(name, quantity, path, report);
  if (name.startsWith(HUGE_PAGES) && !isWholePages(name, quantity))
    report(path, `${name} must be a whole number of pages`, "write a multiple of the page size in its name");
}

/** Reports amounts below zero, and parts of what comes only whole. */
export function checkResourceQuantity(name: string, quantity: Quantity, path: string, report: Report): void {
  if (millis(quantity) < 0n) report(path, `${path} must be 0 or more`, "write a positive quantity");
  if (isWhole(name) && millis(quantity) % 1000n !== 0n)
    report(path, `${name} comes in whole numbers only`, "write a whole number");
}

const WHOLE = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];

function isWhole(name: string): boolean {
  return WHOLE.includes(name) || isExtendedResource(name);
}

function checkAgainstLimit(
  name: string,
  request: Quantity,
  limit: Quantity | undefined,
  path: string,
  report: Report,
): void {
  const overcommit = isNative(name) && !name.startsWith(HUGE_PAGES);
  if (limit === undefined) {
    if (!overcommit) missing(report, `${path}.limits`, `write a limit of ${name} that equals its request`);
  } else if (overcommit ? millis(request) > millis(limit) : millis(request) !== millis(limit))
    report(
      `${path}.requests`,
      `the request of ${name} must ${overcommit ? "not exceed" : "equal"} its limit`,
      overcommit ? "lower the request or raise the limit" : "write the same quantity in both",
      { where: `${path}.requests[${name}]` },
    );
}

function isWholePages(name: string, quantity: Quantity): boolean {
  const page = parseQuantity(name.slice(HUGE_PAGES.length));
  return (
    page !== undefined &&
    page.nanos > 0n &&
    millis(page) % 1000n === 0n &&
    units(quantity) % units(page) === 0n
  );
}

function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** Whether it names a resource that a device plugin or driver offers: `example.com/gpu`. */
export function isExtendedResource(name: string): boolean {
  return !isNative(name) && !name.startsWith("requests.") && isLabelKey(`requests.${name}`);
}

/** Reports what is no resource that a container can have. */
export function checkContainerResource(name: string, path: string, report: Report): void {
  checkQualifiedName(name, path, report);
  if (!isLabelKey(name) && name.includes("/") && isNative(name)) return;
  const known = name.includes("/")
    ? isNative(name) || isExtendedResource(name)
    : CONTAINER_RESOURCES.includes(name) || name.startsWith(HUGE_PAGES);
  if (!known && isLabelKey(name)) checkKnownKey(name, CONTAINER_RESOURCES, path, report);
}

/** Reports what is no resource that a whole pod can have. */
export function checkPodResource(name: string, path: string, report: Report): void {
  checkQualifiedName(name, path, report);
  if (isLabelKey(name) && !name.startsWith(HUGE_PAGES)) checkKnownKey(name, ["cpu", "memory"], path, report);
}

const QUOTA_RESOURCES = [
  ...CONTAINER_RESOURCES,
  "requests.cpu",
  "requests.memory",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  ...WHOLE,
];

/** Reports what is no resource that a ResourceQuota can count. */
export function checkQuotaResource(name: string, path: string, report: Report): void {
  checkQualifiedName(name, path, report);
  if (!isLabelKey(name) || name.includes("/") || /^(requests\.)?hugepages-/.test(name)) return;
  checkKnownKey(name, QUOTA_RESOURCES, path, report);
}

/** Reports what is no resource at all: LimitRanges of volumes. */
export function checkStandardResource(name: string, path: string, report: Report): void {
  checkQualifiedName(name, path, report);
  if (!isLabelKey(name) || name.includes("/") || /^(requests\.)?hugepages-/.test(name)) return;
  checkKnownKey(name, [...QUOTA_RESOURCES, "storage"], path, report);
}

function checkClaims(
  claims: readonly Fields[],
  podClaims: ReadonlySet<string>,
  path: string,
  report: Report,
): void {
  const seen = new Set<string>();
  const inParts = new Set<string>();
  claims.forEach((claim, i) => {
    const name = textOf(claim, "name");
    const request = textOf(claim, "request");
    const at = `${path}[${i}]`;
    if (name === "") {
      missing(report, at, "write the name of an entry of the pod's resourceClaims");
      return;
    }
    if (request !== "" && !seen.has(name) && !isDnsLabel(request))
      checkDnsLabel(request, `${at}.request`, report);
    const key = request === "" ? name : `${name}/${request}`;
    const covered = seen.has(name) || seen.has(key) || (request === "" && inParts.has(name));
    if (covered) report(at, `the claim ${quoted(key)} is named twice`, "remove one of them");
    seen.add(key);
    if (request !== "") inParts.add(name);
    if (!podClaims.has(name))
      report(
        at,
        `the pod has no claim ${quoted(name)}`,
        "write the name of an entry of the pod's resourceClaims",
      );
  });
}
