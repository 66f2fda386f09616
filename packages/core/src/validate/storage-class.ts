import { isLabelKey } from "../labels.ts";
import { type Fields, listOf, numberOf, optionalText, textMapOf, textOf, textsOf } from "./fields.ts";
import { checkQualifiedName } from "./name-forms.ts";
import { utf8Length } from "./object-meta.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const MAX_PARAMETERS = 512;
const MAX_PARAMETER_BYTES = 256 * 1024;

/** Reports what the API server refuses in a StorageClass beyond its metadata. */
export function checkStorageClass(storageClass: Fields, report: Report): void {
  checkDriver(storageClass, "provisioner", report);
  checkParameters(storageClass, report);
  const reclaim = textOf(storageClass, "reclaimPolicy");
  if (reclaim !== "") checkOneOf(reclaim, ["Delete", "Retain"], "reclaimPolicy", report);
  const binding = optionalText(storageClass, "volumeBindingMode");
  if (binding !== undefined)
    checkOneOf(binding, ["Immediate", "WaitForFirstConsumer"], "volumeBindingMode", report);
  checkTopologies(listOf(storageClass, "allowedTopologies"), report);
}

/** Reports what the API server refuses in a VolumeAttributesClass beyond its metadata. */
export function checkVolumeAttributesClass(attributesClass: Fields, report: Report): void {
  checkDriver(attributesClass, "driverName", report);
  checkParameters(attributesClass, report);
  if (Object.keys(textMapOf(attributesClass, "parameters") ?? {}).length === 0)
    missing(report, "parameters", "write at least one parameter");
}

function checkDriver(holder: Fields, field: string, report: Report): void {
  const driver = textOf(holder, field);
  if (driver === "") missing(report, field, "write the name of the CSI driver");
  else if (!isLabelKey(driver.toLowerCase())) checkQualifiedName(driver, field, report);
}

function checkParameters(holder: Fields, report: Report): void {
  const parameters = textMapOf(holder, "parameters") ?? {};
  const keys = Object.keys(parameters);
  const bytes = keys.reduce((sum, key) => sum + utf8Length(key) + utf8Length(parameters[key]!), 0);
  if (keys.includes("")) report("parameters", "a parameter has no name", "write its name");
  if (keys.length > MAX_PARAMETERS || bytes > MAX_PARAMETER_BYTES)
    report(
      "parameters",
      `at most ${MAX_PARAMETERS} parameters and ${MAX_PARAMETER_BYTES} bytes`,
      "write fewer",
    );
}

function checkTopologies(terms: readonly Fields[], report: Report): void {
  // A term that says nothing is refused too.
  const seen = new Set<string>([JSON.stringify([])]);
  terms.forEach((term, i) => {
    const path = `allowedTopologies[${i}]`;
    const keys = new Set<string>();
    const meaning: [string, string[]][] = [];
    listOf(term, "matchLabelExpressions").forEach((expression, j) => {
      const at = `${path}.matchLabelExpressions[${j}]`;
      const key = textOf(expression, "key");
      const values = textsOf(expression, "values");
      if (values.length === 0) missing(report, `${at}.values`, "list the values");
      const once = new Set<string>();
      values.forEach((value, k) => {
        if (once.has(value)) report(`${at}.values[${k}]`, `${quoted(value)} is there twice`, "remove one");
        once.add(value);
      });
      checkQualifiedName(key, `${at}.key`, report);
      if (keys.has(key)) report(`${at}.key`, `${quoted(key)} is there twice`, "put the values together");
      keys.add(key);
      meaning.push([key, [...new Set(values)].sort()]);
    });
    const said = JSON.stringify(meaning.sort());
    if (seen.has(said))
      report(`${path}.matchLabelExpressions`, "the term says nothing, or what another says", "remove it");
    seen.add(said);
  });
}

/** The two that Kubernetes makes itself (`SystemPriorityClasses` of its scheduling API). */
const SYSTEM_PRIORITIES: ReadonlyMap<string, number> = new Map([
  ["system-node-critical", 2_000_001_000],
  ["system-cluster-critical", 2_000_000_000],
]);

/** Reports what the API server refuses in a PriorityClass beyond its metadata. */
export function checkPriorityClass(priorityClass: Fields, report: Report): void {
  const metadata = priorityClass.metadata;
  const name = typeof metadata === "object" && metadata !== null ? textOf(metadata as Fields, "name") : "";
  const value = numberOf(priorityClass, "value") ?? 0;
  const isSystems = SYSTEM_PRIORITIES.get(name) === value && priorityClass.globalDefault !== true;
  if (name.startsWith("system-") && !isSystems)
    report("metadata.name", 'names with "system-" at the front are Kubernetes\' own', "write another name");
  else if (value > 1_000_000_000 && !isSystems)
    report(
      "value",
      `a priority is at most 1000000000, not ${value}`,
      "write less: what is above is Kubernetes' own",
    );
  const policy = optionalText(priorityClass, "preemptionPolicy");
  if (policy !== undefined) checkOneOf(policy, ["PreemptLowerPriority", "Never"], "preemptionPolicy", report);
}
