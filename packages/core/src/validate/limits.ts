import { type Fields, fieldsOf, has, keysOf, listOf, textOf, textsOf } from "./fields.ts";
import { checkQualifiedName } from "./name-forms.ts";
import { millis, type Quantity } from "./quantity.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";
import {
  checkContainerResource,
  checkQuotaResource,
  checkResourceQuantity,
  checkStandardResource,
  readQuantities,
} from "./resource-requirements.ts";

const LIMIT_TYPES = ["Container", "PersistentVolumeClaim", "Pod"];

/** Reports what the API server refuses in a LimitRange beyond its metadata (core ValidateLimitRange). */
export function checkLimitRange(limitRange: Fields, report: Report): void {
  const types = new Set<string>();
  listOf(fieldsOf(limitRange, "spec") ?? {}, "limits").forEach((limit, i) => {
    const path = `spec.limits[${i}]`;
    const type = textOf(limit, "type");
    if (type.includes("/")) checkQualifiedName(type, `${path}.type`, report);
    else checkOneOf(type, LIMIT_TYPES, `${path}.type`, report);
    if (types.has(type))
      report(`${path}.type`, `limits of type ${quoted(type)} are there already`, "put them together");
    types.add(type);
    checkLimit(limit, type, path, report);
  });
}

/** The server gives a LimitRange a name when it has none. */
export function limitRangeMetadata(limitRange: Fields): Fields {
  const metadata = fieldsOf(limitRange, "metadata") ?? {};
  return textOf(metadata, "name") === "" && textOf(metadata, "generateName") === ""
    ? { ...metadata, name: "generated" }
    : metadata;
}

type Amounts = ReadonlyMap<string, Quantity>;

function checkLimit(limit: Fields, type: string, path: string, report: Report): void {
  const checkName = type === "Pod" || type === "Container" ? checkContainerResource : checkStandardResource;
  const read = (field: string): Amounts => {
    for (const name of keysOf(limit, field)) checkName(name, `${path}.${field}[${name}]`, report);
    return readQuantities(limit, field);
  };
  const [max, min, ratio] = [read("max"), read("min"), read("maxLimitRequestRatio")];
  let defaults: Amounts = new Map();
  let requests: Amounts = new Map();
  if (type === "Pod") {
    for (const field of ["default", "defaultRequest"])
      if (keysOf(limit, field).length > 0)
        report(`${path}.${field}`, "limits of type Pod have no defaults", `remove ${field}`);
  } else [defaults, requests] = [read("default"), read("defaultRequest")];
  if (type === "Container") {
    // As the server fills in; it then names the copies too.
    const copy = (name: string, from: string, to: string) =>
      checkName(name, `${path}.${to}[${name}]`, (at, message, hint) =>
        report(at, message, hint, { where: `${path}.${from}[${name}]` }),
      );
    for (const name of max.keys()) if (!defaults.has(name)) copy(name, "max", "default");
    defaults = new Map([...max, ...defaults]);
    for (const [name, from] of [
      ...[...defaults.keys()].map((n) => [n, "default"] as const),
      ...[...min.keys()].map((n) => [n, "min"] as const),
    ])
      if (!requests.has(name)) copy(name, from, "defaultRequest");
    requests = new Map([...min, ...defaults, ...requests]);
  }
  if (type === "PersistentVolumeClaim" && !min.has("storage") && !max.has("storage"))
    missing(report, `${path}.limits`, "write min or max of storage", path);
  const names = new Set([...max, ...min, ...defaults, ...requests, ...ratio].map(([name]) => name));
  for (const name of names) checkOrder({ max, min, defaults, requests, ratio }, name, path, report);
}

interface Bounds {
  readonly max: Amounts;
  readonly min: Amounts;
  readonly defaults: Amounts;
  readonly requests: Amounts;
  readonly ratio: Amounts;
}

/** min ≤ defaultRequest ≤ default ≤ max, and a ratio that they allow. */
function checkOrder(
  { max, min, defaults, requests, ratio }: Bounds,
  name: string,
  path: string,
  report: Report,
): void {
  const above = (a: Amounts, b: Amounts) => {
    const [first, second] = [a.get(name), b.get(name)];
    return first !== undefined && second !== undefined && millis(first) > millis(second);
  };
  const wrong = (field: string, rule: string) =>
    report(`${path}.${field}[${name}]`, `${name}: ${rule}`, "correct one of the two");
  if (above(min, max)) wrong("min", "min must be at most max");
  if (above(min, requests)) wrong("defaultRequest", "defaultRequest must be at least min");
  if (above(requests, max)) wrong("defaultRequest", "defaultRequest must be at most max");
  if (above(requests, defaults)) wrong("defaultRequest", "defaultRequest must be at most default");
  if (above(min, defaults)) wrong("default", "default must be at least min");
  if (above(defaults, max)) wrong("default", "default must be at most max");
  const most = ratio.get(name);
  if (most === undefined) return;
  const [least, greatest] = [min.get(name), max.get(name)];
  if (millis(most) < 1000n) wrong("maxLimitRequestRatio", "the ratio must be 1 or more");
  // As the server computes it: what is divided by nothing is without bounds.
  if (least && greatest && Number(millis(most)) / 1000 > Number(millis(greatest)) / Number(millis(least)))
    wrong("maxLimitRequestRatio", "the ratio must be at most max divided by min");
}

const SCOPES: Readonly<Record<string, readonly string[] | undefined>> = {
  Terminating: undefined,
  NotTerminating: undefined,
  NotBestEffort: undefined,
  PriorityClass: undefined,
  CrossNamespacePodAffinity: undefined,
  BestEffort: ["pods"],
  VolumeAttributesClass: ["persistentvolumeclaims", "requests.storage"],
};
const POD_RESOURCES = [
  "pods",
  "cpu",
  "memory",
  "limits.cpu",
  "limits.memory",
  "requests.cpu",
  "requests.memory",
];
const CONFLICTING = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
];

/** Reports what the API server refuses in a ResourceQuota beyond its metadata (core ValidateResourceQuotaSpec). */
export function checkResourceQuota(quota: Fields, report: Report): void {
  const spec = fieldsOf(quota, "spec") ?? {};
  for (const [name, quantity] of readQuantities(spec, "hard")) {
    checkQuotaResource(name, `spec.hard[${name}]`, report);
    checkResourceQuantity(name, quantity, `spec.hard[${name}]`, report);
  }
  const hard = keysOf(spec, "hard").filter(isStandardQuota);
  const scopes = textsOf(spec, "scopes");
  const path = "spec.scopes";
  scopes.forEach((scope, i) => {
    if (!Object.hasOwn(SCOPES, scope)) checkOneOf(scope, Object.keys(SCOPES), path, report, `${path}[${i}]`);
    checkScope(scope, hard, path, report);
  });
  checkConflicts(scopes, report);
  const selector = fieldsOf(spec, "scopeSelector");
  if (!selector) return;
  const requirements = listOf(selector, "matchExpressions");
  for (const requirement of requirements) checkScopeRequirement(requirement, hard, report);
  checkConflicts(
    requirements.map((r) => textOf(r, "scopeName")),
    report,
  );
}

function isStandardQuota(name: string): boolean {
  let standard = !name.includes("/") || /^(requests\.)?hugepages-/.test(name);
  checkQuotaResource(name, "", () => {
    standard = false;
  });
  return standard;
}

function checkScope(scope: string, hard: readonly string[], path: string, report: Report): void {
  if (!Object.hasOwn(SCOPES, scope)) return;
  const counted = SCOPES[scope] ?? POD_RESOURCES;
  const other = hard.filter((name) => !counted.includes(name));
  if (other.length > 0)
    report(path, `the scope ${scope} is not for ${other.join(", ")}`, "write a quota of its own for these");
}

function checkConflicts(scopes: readonly string[], report: Report): void {
  for (const pair of CONFLICTING)
    if (pair.every((scope) => scopes.includes(scope)))
      report("spec.scopes", `${pair.join(" and ")} exclude each other`, "leave one of them");
}

/** The server leaves the index of the requirement out. */
function checkScopeRequirement(requirement: Fields, hard: readonly string[], report: Report): void {
  const path = "spec.scopeSelector.matchExpressions";
  const scope = textOf(requirement, "scopeName");
  const operator = textOf(requirement, "operator");
  const values = textsOf(requirement, "values");
  if (!Object.hasOwn(SCOPES, scope))
    report(
      `${path}.scopeName`,
      `${quoted(scope)} is no scope`,
      `write one of ${Object.keys(SCOPES).join(", ")}`,
    );
  checkScope(scope, hard, path, report);
  const takesValues =
    scope === "PriorityClass" || scope === "VolumeAttributesClass" || !Object.hasOwn(SCOPES, scope);
  if (!takesValues && operator !== "Exists")
    report(`${path}.operator`, `the scope ${scope} takes operator Exists only`, "write Exists");
  if (["In", "NotIn"].includes(operator)) {
    if (values.length === 0) missing(report, `${path}.values`, "list the values");
  } else if (["Exists", "DoesNotExist"].includes(operator)) {
    if (has(requirement, "values") && values.length > 0)
      report(`${path}.values`, `operator ${operator} takes no values`, "remove them");
  } else
    report(
      `${path}.operator`,
      `${quoted(operator)} is not an operator`,
      "write In, NotIn, Exists or DoesNotExist",
    );
}
