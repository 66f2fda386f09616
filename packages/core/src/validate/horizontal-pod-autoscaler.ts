import { type Fields, fieldsOf, has, listOf, numberOf, optionalText, textOf } from "./fields.ts";
import { checkDnsLabel, checkPathSegment } from "./name-forms.ts";
import { parseQuantity } from "./quantity.ts";
import { checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";
import { checkContainerResource } from "./resource-requirements.ts";

const NOTHING: Fields = {};
const LONGEST_WINDOW = 3600;
const LONGEST_PERIOD = 1800;
/** Types of metrics and the fields that hold them, in the order in which the server looks. */
const SOURCES: readonly (readonly [type: string, field: string])[] = [
  ["Object", "object"],
  ["External", "external"],
  ["Pods", "pods"],
  ["Resource", "resource"],
  ["ContainerResource", "containerResource"],
];

/** Reports what the API server refuses in a HorizontalPodAutoscaler (autoscaling/v2) beyond its metadata. */
export function checkHorizontalPodAutoscaler(autoscaler: Fields, report: Report): void {
  const spec = fieldsOf(autoscaler, "spec") ?? NOTHING;
  const least = numberOf(spec, "minReplicas") ?? 1;
  const most = numberOf(spec, "maxReplicas") ?? 0;
  if (least < 1) report("spec.minReplicas", `minReplicas must be 1 or more, not ${least}`, "write 1");
  if (most < 1 || most < least)
    report(
      "spec.maxReplicas",
      `maxReplicas must be 1 or more and at least minReplicas (${least}), not ${most}`,
      "raise it",
    );
  checkTarget(fieldsOf(spec, "scaleTargetRef") ?? NOTHING, true, "spec.scaleTargetRef", report);
  const metrics = listOf(spec, "metrics");
  metrics.forEach((metric, i) => {
    checkMetric(metric, `spec.metrics[${i}]`, report);
  });
  if (least === 0 && !metrics.some((m) => ["Object", "External"].includes(textOf(m, "type"))))
    report("spec.metrics", "to scale to zero takes an Object or External metric", "write minReplicas: 1");
  const behavior = fieldsOf(spec, "behavior") ?? NOTHING;
  for (const direction of ["scaleUp", "scaleDown"]) {
    const rules = fieldsOf(behavior, direction);
    if (rules) checkScalingRules(rules, `spec.behavior.${direction}`, report);
  }
}

/** What the converter reads the metrics of autoscaling/v1 from; they are not looked at. */
const V1_METRICS = "autoscaling.alpha.kubernetes.io/";

/** The same of autoscaling/v1: its one metric is that of the CPU. */
export function checkHorizontalPodAutoscalerV1(autoscaler: Fields, report: Report): void {
  const { targetCPUUtilizationPercentage: cpu, ...spec } = fieldsOf(autoscaler, "spec") ?? NOTHING;
  const annotations = fieldsOf(fieldsOf(autoscaler, "metadata") ?? NOTHING, "annotations") ?? NOTHING;
  if (Object.keys(annotations).some((key) => key.startsWith(V1_METRICS))) return;
  const target = { type: "Utilization", averageUtilization: cpu };
  const metrics = typeof cpu === "number" ? [{ type: "Resource", resource: { name: "cpu", target } }] : [];
  checkHorizontalPodAutoscaler({ spec: { ...spec, metrics } }, (path, message, hint, more) => {
    const isOfCpu = path.startsWith("spec.metrics[0]");
    report(path, message, hint, isOfCpu ? { where: "spec.targetCPUUtilizationPercentage" } : more);
  });
}

function checkTarget(ref: Fields, needsGroup: boolean, path: string, report: Report): void {
  for (const field of ["kind", "name"]) {
    const text = textOf(ref, field);
    if (text === "") missing(report, `${path}.${field}`, `write the ${field} of the workload`);
    else checkPathSegment(text, `${path}.${field}`, report);
  }
  const version = textOf(ref, "apiVersion");
  const isCoreWorkload = textOf(ref, "kind") === "ReplicationController";
  const hasGroup = version.includes("/") && !version.startsWith("/");
  if (version.split("/").length > 2 || (needsGroup && !isCoreWorkload && !hasGroup))
    report(`${path}.apiVersion`, `${quoted(version)} names no API group`, "write apiVersion: apps/v1");
}

function checkMetric(metric: Fields, path: string, report: Report): void {
  const type = textOf(metric, "type");
  const given = SOURCES.filter(([, field]) => has(metric, field));
  checkOneOf(
    type,
    SOURCES.map(([name]) => name),
    `${path}.type`,
    report,
  );
  const [, expected] = SOURCES.find(([name]) => name === type) ?? [];
  if (expected !== undefined && !has(metric, expected))
    missing(report, `${path}.${expected}`, `a metric of type ${type} has it`);
  const first = given[0]?.[1];
  if (first !== undefined) checkSource(first, fieldsOf(metric, first) ?? NOTHING, `${path}.${first}`, report);
  if (given.length > 1)
    for (const [, field] of given)
      if (field !== expected)
        report(`${path}.${field}`, `a metric of type ${type} has no ${field}`, `remove ${field}`);
}

function checkSource(field: string, source: Fields, path: string, report: Report): void {
  const target = fieldsOf(source, "target") ?? NOTHING;
  const gives = (name: string) => has(target, name);
  checkMetricTarget(target, `${path}.target`, report);
  switch (field) {
    case "object":
      checkTarget(fieldsOf(source, "describedObject") ?? NOTHING, false, `${path}.describedObject`, report);
      checkIdentifier(source, path, report);
      if (!gives("value") && !gives("averageValue"))
        missing(report, `${path}.target.averageValue`, "write value or averageValue");
      break;
    case "external":
      checkIdentifier(source, path, report);
      if (!gives("value") && !gives("averageValue"))
        missing(report, `${path}.target.averageValue`, "write value or averageValue");
      if (gives("value") && gives("averageValue"))
        report(`${path}.target.value`, "value and averageValue exclude each other", "leave one of them");
      break;
    case "pods":
      checkIdentifier(source, path, report);
      if (!gives("averageValue")) missing(report, `${path}.target.averageValue`, "write averageValue");
      break;
    default:
      checkResourceSource(field, source, path, report);
      if (!gives("averageUtilization") && !gives("averageValue"))
        missing(report, `${path}.target.averageUtilization`, "write averageUtilization or averageValue");
      if (gives("averageUtilization") && gives("averageValue"))
        report(
          `${path}.target.averageValue`,
          "averageUtilization and averageValue exclude each other",
          "leave one of them",
        );
  }
}

function checkResourceSource(field: string, source: Fields, path: string, report: Report): void {
  const name = textOf(source, "name");
  if (name === "") missing(report, `${path}.name`, "write cpu or memory");
  if (field !== "containerResource") return;
  if (name !== "") checkContainerResource(name, `${path}.name`, report);
  const container = textOf(source, "container");
  if (container === "") missing(report, `${path}.container`, "write the container's name");
  else checkDnsLabel(container, `${path}.container`, report);
}

function checkIdentifier(source: Fields, path: string, report: Report): void {
  const metric = fieldsOf(source, "metric") ?? NOTHING;
  const name = textOf(metric, "name");
  if (name === "") missing(report, `${path}.metric.name`, "write the metric's name");
  else checkPathSegment(name, `${path}.metric.name`, report);
}

function checkMetricTarget(target: Fields, path: string, report: Report): void {
  checkOneOf(textOf(target, "type"), ["Utilization", "Value", "AverageValue"], `${path}.type`, report);
  for (const field of ["value", "averageValue"]) {
    if (!has(target, field)) continue;
    const quantity = parseQuantity(target[field]);
    if (quantity && quantity.nanos <= 0n)
      report(`${path}.${field}`, "it must be more than 0", "write a positive quantity");
  }
  const utilization = numberOf(target, "averageUtilization");
  if (utilization !== undefined && utilization < 1)
    report(
      `${path}.averageUtilization`,
      `it must be 1 or more, not ${utilization}`,
      "write a percentage of the requests, like 80",
    );
}

function checkScalingRules(rules: Fields, path: string, report: Report): void {
  const window = numberOf(rules, "stabilizationWindowSeconds");
  if (window !== undefined)
    checkRange(window, 0, LONGEST_WINDOW, `${path}.stabilizationWindowSeconds`, report);
  const select = optionalText(rules, "selectPolicy");
  if (select !== undefined) checkOneOf(select, ["Disabled", "Max", "Min"], `${path}.selectPolicy`, report);
  const policies = listOf(rules, "policies");
  if (Array.isArray(rules.policies) && policies.length === 0)
    missing(report, `${path}.policies`, "write at least one policy, or leave the list out");
  policies.forEach((policy, i) => {
    const at = `${path}.policies[${i}]`;
    checkOneOf(textOf(policy, "type"), ["Percent", "Pods"], `${at}.type`, report);
    const value = numberOf(policy, "value") ?? 0;
    if (value <= 0) report(`${at}.value`, `it must be 1 or more, not ${value}`, "write 1 or more");
    checkRange(numberOf(policy, "periodSeconds") ?? 0, 1, LONGEST_PERIOD, `${at}.periodSeconds`, report);
  });
  if (!has(rules, "tolerance")) return;
  const tolerance = parseQuantity(rules.tolerance);
  if (tolerance && tolerance.nanos < 0n)
    report(`${path}.tolerance`, "it must be 0 or more", "write a quantity like 50m");
}
