import {
  checkBindingConditions,
  checkDeviceQualifiedName,
  checkDeviceTaint,
  checkEntries,
  checkPoolName,
  checkPositive,
} from "./devices.ts";
import {
  type Fields,
  fieldsOf,
  flagOf,
  has,
  keysOf,
  listOf,
  numberOf,
  optionalText,
  textOf,
} from "./fields.ts";
import { checkDnsLabel, checkDnsSubdomain } from "./name-forms.ts";
import { utf8Length } from "./object-meta.ts";
import { checkNotNegative, missing, quoted, type Report } from "./report.ts";
import { checkRequestPolicy } from "./request-policy.ts";
import { checkNodeSelector } from "./scheduling.ts";
import { checkDriverName } from "./volume.ts";

const MOST_DEVICES = 128;
/** With taints or counters. */
const MOST_ADVANCED_DEVICES = 64;
const MOST_ATTRIBUTES = 32;
const MOST_COUNTER_SETS = 8;
const MOST_COUNTERS = 32;
const MOST_CONSUMED = 2;
const MOST_TAINTS = 16;
const LONGEST_VALUE = 64;
const LONGEST_KEY = 96;
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

/** Reports what the API server refuses in a ResourceSlice beyond its metadata. Lists of attribute values are off by default. */
export function checkResourceSlice(slice: Fields, report: Report): void {
  const spec = fieldsOf(slice, "spec") ?? {};
  checkDriverName(textOf(spec, "driver"), "spec.driver", report);
  const pool = fieldsOf(spec, "pool") ?? {};
  checkPoolName(textOf(pool, "name"), "spec.pool.name", report);
  checkPositive(pool, "resourceSliceCount", "spec.pool", report);
  checkNotNegative(numberOf(pool, "generation"), "spec.pool.generation", report);
  const places = checkWhere(spec, "spec", true, report);
  if (places === 0) missing(report, "spec", "write nodeName, or where else the devices are");
  if (places > 1) report("spec", "devices are in one place, and several are named", "leave one of them");
  if (has(spec, "sharedCounters") && has(spec, "devices"))
    report("spec", "sharedCounters and devices exclude each other", "write two slices");
  const devices = listOf(spec, "devices");
  const isAdvanced = devices.some(
    (device) => listOf(device, "taints").length > 0 || listOf(device, "consumesCounters").length > 0,
  );
  checkEntries(
    devices,
    isAdvanced ? MOST_ADVANCED_DEVICES : MOST_DEVICES,
    "spec.devices",
    report,
    (device, at) => checkDevice(device, flagOf(spec, "perDeviceNodeSelection") === true, at, report),
    (device) => textOf(device, "name"),
  );
  checkEntries(
    listOf(spec, "sharedCounters"),
    MOST_COUNTER_SETS,
    "spec.sharedCounters",
    report,
    (set, at) => checkCounters(set, "name", at, report),
    (set) => textOf(set, "name"),
  );
}

/** Reports places of devices that the API server refuses, and counts them. */
function checkWhere(holder: Fields, path: string, isSlice: boolean, report: Report): number {
  let places = 0;
  const node = optionalText(holder, "nodeName");
  if (node) {
    places++;
    checkDnsSubdomain(node, `${path}.nodeName`, report);
  } else if (node === "") report(`${path}.nodeName`, "the node has no name", "write its name, or remove it");
  const selector = fieldsOf(holder, "nodeSelector");
  if (selector) {
    places++;
    checkNodeSelector(selector, `${path}.nodeSelector`, report);
    if (isSlice && listOf(selector, "nodeSelectorTerms").length !== 1)
      report(`${path}.nodeSelector.nodeSelectorTerms`, "a slice has one term", "write one term");
  }
  for (const field of isSlice ? ["allNodes", "perDeviceNodeSelection"] : ["allNodes"]) {
    const flag = flagOf(holder, field);
    if (flag) places++;
    if (flag === false) report(`${path}.${field}`, "it is true or absent", "remove it");
  }
  return places;
}

function checkDevice(device: Fields, choosesNodes: boolean, path: string, report: Report): void {
  checkDnsLabel(textOf(device, "name"), `${path}.name`, report);
  const [attributes, capacities] = [keysOf(device, "attributes"), keysOf(device, "capacity")];
  const count = attributes.length + capacities.length;
  if (count > MOST_ATTRIBUTES)
    report(path, `at most ${MOST_ATTRIBUTES} attributes and capacities, not ${count}`, "remove some");
  for (const field of ["attributes", "capacity"] as const) {
    const entries = fieldsOf(device, field) ?? {};
    for (const name of field === "attributes" ? attributes : capacities) {
      const where = `${path}.${field}[${name}]`;
      checkDeviceQualifiedName(name, `${path}.${field}`, report, where);
      const at = `${path}.${field}[${shortened(name)}]`;
      const entry = fieldsOf(entries, name) ?? {};
      if (field === "attributes") checkAttribute(entry, at, report);
      else if (flagOf(device, "allowMultipleAllocations"))
        checkRequestPolicy(entry, `${at}.requestPolicy`, report);
      else if (has(entry, "requestPolicy"))
        report(
          `${at}.requestPolicy`,
          "only what several can have at once has a requestPolicy",
          "write allowMultipleAllocations: true, or remove it",
        );
    }
  }
  checkEntries(listOf(device, "taints"), MOST_TAINTS, `${path}.taints`, report, (taint, at) =>
    checkDeviceTaint(taint, at, report),
  );
  checkEntries(
    listOf(device, "consumesCounters"),
    MOST_CONSUMED,
    `${path}.consumesCounters`,
    report,
    (set, at) => checkCounters(set, "counterSet", at, report),
    (set) => textOf(set, "counterSet"),
  );
  checkDevicePlace(device, choosesNodes, path, report);
  checkBindingConditions(device, path, report);
}

function checkDevicePlace(device: Fields, choosesNodes: boolean, path: string, report: Report): void {
  const fields = ["nodeName", "nodeSelector", "allNodes"];
  if (!choosesNodes) {
    if (fields.some((field) => has(device, field)))
      report(
        path,
        `${fields.join(", ")} need perDeviceNodeSelection: true in the slice`,
        "write where all devices are in the slice",
      );
    return;
  }
  const places = checkWhere(device, path, false, report);
  if (places !== 1)
    report(path, `one of ${fields.join(", ")} says where the device is, not ${places}`, "write one of them");
}

function checkAttribute(attribute: Fields, path: string, report: Report): void {
  const given = ["bool", "int", "string", "version"].filter((field) => has(attribute, field));
  if (given.length !== 1)
    report(
      path,
      `an attribute has one value, not ${given.length}`,
      "write one of bool, int, string, version",
    );
  for (const field of ["string", "version"]) {
    const value = optionalText(attribute, field);
    if (value === undefined) continue;
    if (utf8Length(value) > LONGEST_VALUE)
      report(`${path}.${field}`, `a value has at most ${LONGEST_VALUE} bytes`, "write a shorter one");
    else if (field === "version" && !SEMVER.test(value))
      report(`${path}.version`, `${quoted(value)} is no semantic version`, "write a version like 1.2.3");
  }
}

function checkCounters(set: Fields, nameField: string, path: string, report: Report): void {
  const name = textOf(set, nameField);
  if (name === "") missing(report, `${path}.${nameField}`, "write the name of the counters");
  else checkDnsLabel(name, `${path}.${nameField}`, report);
  const counters = keysOf(set, "counters");
  const at = `${path}.counters`;
  if (counters.length === 0) missing(report, at, "write counters: { memory: { value: 1Gi } }");
  if (counters.length > MOST_COUNTERS)
    report(at, `at most ${MOST_COUNTERS}, not ${counters.length}`, "remove some");
  else for (const counter of counters) checkDnsLabel(counter, at, report, `${at}[${counter}]`);
}

/** As the server writes long keys into paths. */
function shortened(key: string): string {
  if (key.length <= LONGEST_KEY) return key;
  const left = LONGEST_KEY - "...".length;
  return `${key.slice(0, Math.floor((left + 1) / 2))}...${key.slice(key.length - Math.floor(left / 2))}`;
}
