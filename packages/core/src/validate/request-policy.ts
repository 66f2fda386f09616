import { type Fields, fieldsOf, has } from "./fields.ts";
import { parseQuantity, type Quantity, units } from "./quantity.ts";
import { missing, quoted, type Report } from "./report.ts";

const MOST_VALUES = 10;
const ZERO: Quantity = { nanos: 0n, format: "decimal" };

/** Reports what the API server refuses in the `requestPolicy` of a device's capacity. */
export function checkRequestPolicy(capacity: Fields, path: string, report: Report): void {
  const policy = fieldsOf(capacity, "requestPolicy");
  if (!policy) return;
  const most = quantityOf(capacity, "value") ?? ZERO;
  const usual = quantityOf(policy, "default");
  const values = Array.isArray(policy.validValues) ? (policy.validValues as readonly unknown[]) : [];
  const range = fieldsOf(policy, "validRange");
  if (values.length > 0 && range)
    report(path, "validValues and validRange exclude each other", "leave one of them");
  else if ((values.length > 0 || range) && !usual)
    missing(report, `${path}.default`, "write what a request gets that says nothing");
  else if (values.length > 0 && usual) checkValues(values, usual, most, `${path}.validValues`, report);
  else if (range && usual) checkRange(range, usual, most, `${path}.validRange`, report);
}

/** Structure is checked elsewhere: what is no quantity counts as absent. */
function quantityOf(holder: Fields, field: string): Quantity | undefined {
  return has(holder, field) ? parseQuantity(holder[field]) : undefined;
}

function checkValues(
  values: readonly unknown[],
  usual: Quantity,
  most: Quantity,
  path: string,
  report: Report,
): void {
  const read = values.map((value) => parseQuantity(value ?? 0) ?? ZERO);
  read.forEach((value, i) => {
    if (i > 0 && read[i - 1]!.nanos > value.nanos)
      report(`${path}[${i}]`, "the values are not in ascending order", "sort them");
  });
  if (read.length > MOST_VALUES)
    report(path, `at most ${MOST_VALUES} values, not ${read.length}`, "write a range");
  else {
    const seen = new Set<bigint>();
    read.forEach((value, i) => {
      if (value.nanos > most.nanos)
        report(`${path}[${i}]`, `${quoted(String(values[i]))} is more than there is`, "write less");
      if (seen.has(units(value))) report(`${path}[${i}]`, "the value is there twice", "remove one");
      seen.add(units(value));
    });
  }
  if (read.length > MOST_VALUES || !read.some((value) => value.nanos === usual.nanos))
    report(path, "the default is none of the values", "write it into the list, or another default");
}

function checkRange(range: Fields, usual: Quantity, most: Quantity, path: string, report: Report): void {
  const [min, max, step] = ["min", "max", "step"].map((field) => quantityOf(range, field));
  if (!min) {
    missing(report, `${path}.min`, "write the least that can be asked for");
    return;
  }
  if (min.nanos > most.nanos) report(`${path}.min`, "the least is more than there is", "write less");
  if (usual.nanos < min.nanos) report(`${path}.min`, "the default is less than the least", "write less");
  if (max) {
    if (min.nanos > max.nanos) report(`${path}.max`, "the most is less than the least", "write more");
    if (max.nanos > most.nanos) report(`${path}.max`, "the most is more than there is", "write less");
    if (usual.nanos > max.nanos) report(`${path}.max`, "the default is more than the most", "write more");
  }
  if (!step) return;
  const at = `${path}.step`;
  if (min.nanos + step.nanos > most.nanos) report(at, "one step is more than there is", "write less");
  const each = units(step);
  // The server divides by it, and its handler ends.
  if (each === 0n) report(at, "a step is more than 0", "write more, or remove it");
  else
    for (const value of [usual, ...(max ? [max] : [])])
      if ((units(value) - units(min)) % each !== 0n)
        report(at, "default and most are no whole steps away from the least", "write another step");
}
