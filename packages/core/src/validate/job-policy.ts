import { type Fields, fieldsOf, has, listOf, numberOf, optionalText, textOf } from "./fields.ts";
import { checkQualifiedName } from "./name-forms.ts";
import { checkNotNegative, checkOneOf, missing, quoted, type Report } from "./report.ts";

const MAX_RULES = 20;
const MAX_VALUES = 255;
const MAX_INDEXES_BYTES = 65536;
const NOTHING: Fields = {};

/** Reports what the API server refuses in `podFailurePolicy` of a Job. */
export function checkPodFailurePolicy(policy: Fields, spec: Fields, path: string, report: Report): void {
  const rules = listOf(policy, "rules");
  const pod = fieldsOf(fieldsOf(spec, "template") ?? NOTHING, "spec") ?? NOTHING;
  const containers = [...listOf(pod, "containers"), ...listOf(pod, "initContainers")].map((c) =>
    textOf(c, "name"),
  );
  if (rules.length > MAX_RULES)
    report(`${path}.rules`, `at most ${MAX_RULES} rules, not ${rules.length}`, "remove some");
  rules.forEach((rule, i) => {
    const at = `${path}.rules[${i}]`;
    const action = textOf(rule, "action");
    checkOneOf(action, ["Count", "FailIndex", "FailJob", "Ignore"], `${at}.action`, report);
    if (action === "FailIndex" && !has(spec, "backoffLimitPerIndex"))
      report(
        `${at}.action`,
        "FailIndex needs backoffLimitPerIndex",
        "write backoffLimitPerIndex, or another action",
      );
    const exitCodes = fieldsOf(rule, "onExitCodes");
    const conditions = listOf(rule, "onPodConditions");
    if (exitCodes) checkExitCodes(exitCodes, containers, `${at}.onExitCodes`, report);
    if (conditions.length > MAX_RULES)
      report(
        `${at}.onPodConditions`,
        `at most ${MAX_RULES} conditions, not ${conditions.length}`,
        "remove some",
      );
    conditions.forEach((condition, j) => {
      checkQualifiedName(textOf(condition, "type"), `${at}.onPodConditions[${j}].type`, report);
      checkOneOf(
        textOf(condition, "status") || "True",
        ["False", "True", "Unknown"],
        `${at}.onPodConditions[${j}].status`,
        report,
      );
    });
    if ((exitCodes !== undefined) === conditions.length > 0)
      report(
        at,
        "a rule is about exit codes or about conditions",
        "write one of onExitCodes and onPodConditions",
      );
  });
}

function checkExitCodes(
  requirement: Fields,
  containers: readonly string[],
  path: string,
  report: Report,
): void {
  const operator = textOf(requirement, "operator");
  checkOneOf(operator, ["In", "NotIn"], `${path}.operator`, report);
  const container = optionalText(requirement, "containerName");
  if (container !== undefined && !containers.includes(container))
    report(
      `${path}.containerName`,
      `the template has no container ${quoted(container)}`,
      `write one of ${containers.slice(0, 8).join(", ")}`,
    );
  const given = requirement.values;
  const values = Array.isArray(given) ? given.map((v) => (typeof v === "number" ? v : 0)) : [];
  if (values.length === 0 || values.length > MAX_VALUES)
    report(`${path}.values`, `1 to ${MAX_VALUES} values, not ${values.length}`, "list the exit codes");
  const seen = new Set<number>();
  values.forEach((value, i) => {
    if (operator === "In" && value === 0) report(`${path}.values[${i}]`, "0 is no failure", "remove it");
    if (seen.has(value)) report(`${path}.values[${i}]`, `${value} is there twice`, "remove it");
    seen.add(value);
    if (i > 0 && values[i - 1]! > value) report(`${path}.values`, "the values must be in order", "sort them");
  });
}

/** Reports what the API server refuses in `successPolicy` of an indexed Job. */
export function checkSuccessPolicy(policy: Fields, completions: number, path: string, report: Report): void {
  const rules = listOf(policy, "rules");
  if (rules.length === 0) missing(report, `${path}.rules`, "write at least one rule");
  if (rules.length > MAX_RULES)
    report(`${path}.rules`, `at most ${MAX_RULES} rules, not ${rules.length}`, "remove some");
  rules.forEach((rule, i) => {
    const at = `${path}.rules[${i}]`;
    const count = numberOf(rule, "succeededCount");
    const indexes = optionalText(rule, "succeededIndexes");
    if (count === undefined && indexes === undefined)
      missing(report, at, "write succeededCount or succeededIndexes");
    const total = indexes === undefined ? undefined : countIndexes(indexes, completions);
    if (indexes !== undefined && (indexes.length > MAX_INDEXES_BYTES || total === undefined))
      report(
        `${at}.succeededIndexes`,
        `${quoted(indexes)} is no list of indexes in order, below ${completions}`,
        "write indexes like 0,2-5",
      );
    if (count === undefined) return;
    checkNotNegative(count, `${at}.succeededCount`, report);
    if (count > completions || (indexes !== undefined && count > (total ?? 0)))
      report(
        `${at}.succeededCount`,
        "it must be at most completions, and the number of succeededIndexes",
        "write less",
      );
  });
}

/** How many indexes a list like `0,2-5` names; undefined when it is none, or not in order. */
function countIndexes(text: string, completions: number): number | undefined {
  if (text === "") return 0;
  let total = 0;
  let last = -1;
  for (const [n, part] of text.split(",").entries()) {
    const match = /^([+]?[0-9]{1,15})(?:-([+]?[0-9]{1,15}))?$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const end = match[2] === undefined ? first : Number(match[2]);
    if (first >= completions || end >= completions || (match[2] !== undefined && first >= end))
      return undefined;
    if (n > 0 && last >= first) return undefined;
    total += end - first + 1;
    last = end;
  }
  return total;
}
