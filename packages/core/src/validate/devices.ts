import { isLabelValue } from "../labels.ts";
import { type Fields, fieldsOf, has, numberOf, textOf, textsOf } from "./fields.ts";
import { checkLabelValue } from "./label-selector.ts";
import { checkDnsSubdomain, checkQualifiedName } from "./name-forms.ts";
import { utf8Length } from "./object-meta.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";
import { checkDriverName } from "./volume.ts";

const EFFECTS = ["NoExecute", "NoSchedule", "None"];
const MOST_CONDITIONS = 4;
const LONGEST_EXPRESSION = 10 * 1024;
const LONGEST_PARAMETERS = 10 * 1024;
const LONGEST_ID = 32;

/** Reports too many entries, alone; else what `check` finds in each, and entries with the key of an earlier one. */
export function checkEntries<T>(
  entries: readonly T[],
  most: number,
  path: string,
  report: Report,
  check: (entry: T, path: string) => void,
  keyOf?: (entry: T) => string,
): void {
  if (entries.length > most) {
    report(path, `at most ${most}, not ${entries.length}`, "remove some");
    return;
  }
  const seen = new Set<string>();
  entries.forEach((entry, i) => {
    check(entry, `${path}[${i}]`);
    if (!keyOf) return;
    const key = keyOf(entry);
    if (seen.has(key)) report(`${path}[${i}]`, `${quoted(key)} is there twice`, "remove one of them");
    seen.add(key);
  });
}

/** Reports what the API server refuses in `selectors` of devices; CEL is not compiled. */
export function checkDeviceSelector(selector: Fields, path: string, report: Report): void {
  const cel = fieldsOf(selector, "cel");
  if (!cel) {
    missing(report, `${path}.cel`, "write cel: { expression: … }");
    return;
  }
  const expression = textOf(cel, "expression");
  if (expression === "") missing(report, `${path}.cel.expression`, "write an expression of CEL");
  if (utf8Length(expression) > LONGEST_EXPRESSION)
    report(`${path}.cel.expression`, `at most ${LONGEST_EXPRESSION} bytes`, "write a shorter expression");
}

/** Reports what the API server refuses in the part of a `config` that a driver reads. */
export function checkDeviceConfiguration(config: Fields, path: string, report: Report): void {
  const opaque = fieldsOf(config, "opaque");
  if (!opaque) {
    missing(report, `${path}.opaque`, "write opaque: { driver: …, parameters: … }");
    return;
  }
  checkDriverName(textOf(opaque, "driver"), `${path}.opaque.driver`, report);
  const at = `${path}.opaque.parameters`;
  const parameters = fieldsOf(opaque, "parameters");
  if (!has(opaque, "parameters")) missing(report, at, "write what the driver reads, as a mapping");
  else if (!parameters) report(at, "what a driver reads is a mapping", "write a mapping");
  else if (bytesOf(parameters) > LONGEST_PARAMETERS)
    report(at, `at most ${LONGEST_PARAMETERS} bytes of JSON`, "write less");
}

/** The bytes of a value as JSON, counted without recursion and no further than it matters. */
function bytesOf(value: unknown): number {
  let bytes = 0;
  const rest = [value];
  while (rest.length > 0 && bytes <= LONGEST_PARAMETERS) {
    const next = rest.pop();
    if (typeof next !== "object" || next === null) {
      bytes += utf8Length(JSON.stringify(next) ?? "");
      continue;
    }
    // Brackets, colons and the commas between.
    const keys = Array.isArray(next) ? [] : Object.keys(next);
    const values = Object.values(next);
    bytes += 2 + Math.max(0, values.length - 1) + keys.length;
    for (const item of [...keys, ...values]) rest.push(item);
  }
  return bytes;
}

/** Reports what the API server refuses in a taint of a device. */
export function checkDeviceTaint(taint: Fields, path: string, report: Report): void {
  const [value, effect] = [textOf(taint, "value"), textOf(taint, "effect")];
  checkQualifiedName(textOf(taint, "key"), `${path}.key`, report);
  if (!isLabelValue(value)) checkLabelValue(value, `${path}.value`, report);
  if (effect === "") missing(report, `${path}.effect`, `write one of ${EFFECTS.join(", ")}`);
  else checkOneOf(effect, EFFECTS, `${path}.effect`, report);
}

/** Reports what the API server refuses in a toleration of devices' taints. */
export function checkDeviceToleration(toleration: Fields, path: string, report: Report): void {
  const [key, value, effect] = ["key", "value", "effect"].map((field) => textOf(toleration, field)) as [
    string,
    string,
    string,
  ];
  if (key !== "") checkQualifiedName(key, `${path}.key`, report);
  // The server's default.
  const operator = textOf(toleration, "operator") || "Equal";
  checkOneOf(operator, ["Equal", "Exists"], `${path}.operator`, report);
  if (operator === "Exists" && value !== "")
    report(`${path}.value`, "operator Exists takes no value", "remove value, or write operator: Equal");
  if (operator === "Equal") checkLabelValue(value, `${path}.value`, report);
  if (effect !== "") checkOneOf(effect, EFFECTS, `${path}.effect`, report);
}

/** Reports what is no name of a pool of devices: DNS names between slashes. */
export function checkPoolName(name: string, path: string, report: Report): void {
  if (name === "") {
    missing(report, path, "write the name of the pool, like that of its node");
    return;
  }
  if (name.length > 253) report(path, "a pool's name has at most 253 characters", "write a shorter name");
  for (const part of name.split("/")) checkDnsSubdomain(part, path, report);
}

/** Reports what is no name of an attribute or capacity: an identifier, with the domain of its driver in front or without. */
export function checkDeviceQualifiedName(name: string, path: string, report: Report, where = path): void {
  const at: Report = (place, message, hint) => report(place, message, hint, { where });
  const parts = name.split("/");
  // The server looks at no name with more slashes.
  if (parts.length > 2) return;
  if (parts.length === 2) {
    if (parts[0] === "") at(path, `${quoted(name)} has no domain`, "write a name like example.com/memory");
    else checkDriverName(parts[0]!, path, at);
  }
  const id = parts.at(-1)!;
  if (id.length > LONGEST_ID || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(id))
    at(
      path,
      `${quoted(name)} is no name of an attribute: expected at most ${LONGEST_ID} letters, digits and '_', no digit first`,
      "write a name like memory or example.com/memory",
    );
}

/** Reports a name of an attribute that has no domain. */
export function checkFullName(name: string, path: string, report: Report): void {
  checkDeviceQualifiedName(name, path, report);
  if (!name.includes("/"))
    report(path, `${quoted(name)} has no domain`, "write the domain of the driver in front, and a /");
}

/** Reports conditions for the binding of pods that the API server refuses. */
export function checkBindingConditions(device: Fields, path: string, report: Report): void {
  const [before, failed] = ["bindingConditions", "bindingFailureConditions"] as const;
  const [conditions, failures] = [textsOf(device, before), textsOf(device, failed)];
  const others = new Set(conditions);
  for (const [field, names] of [
    [before, conditions],
    [failed, failures],
  ] as const) {
    checkEntries(names, MOST_CONDITIONS, `${path}.${field}`, report, (name, at) =>
      checkQualifiedName(name, at, report),
    );
    const seen = new Set<string>();
    names.forEach((name, i) => {
      const at = `${path}.${field}[${i}]`;
      if (seen.has(name)) report(at, `${quoted(name)} is there twice`, "remove one of them");
      seen.add(name);
      if (field === failed && others.has(name))
        report(at, `${quoted(name)} is in ${before} too`, "leave it in one of the two");
    });
  }
  if ((conditions.length === 0) !== (failures.length === 0)) {
    const field = conditions.length === 0 ? before : failed;
    report(`${path}.${field}`, `${before} and ${failed} need each other`, `write ${field} too`);
  }
}

/** Reports a number that is not more than zero. */
export function checkPositive(object: Fields, field: string, path: string, report: Report): void {
  const value = numberOf(object, field) ?? 0;
  if (value <= 0) report(`${path}.${field}`, `it must be 1 or more, not ${value}`, "write 1 or more");
}
