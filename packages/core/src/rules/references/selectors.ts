import { isRecord } from "../../json.ts";
import { type LabelSelector, meets, type Requirement, requirementsOf } from "../../labels.ts";
import { type Fields, listOf, textOf } from "./json-values.ts";

/**
 * The requirements of a selector written as a plain map of labels (Service, ReplicationController). `undefined` when it
 * is empty, absent or not what the API takes.
 */
export function mapRequirements(selector: unknown): readonly Requirement[] | undefined {
  if (!isRecord(selector) || Object.values(selector).some((value) => typeof value !== "string"))
    return undefined;
  const requirements = requirementsOf({ matchLabels: selector as Readonly<Record<string, string>> });
  return requirements.length === 0 ? undefined : requirements;
}

/** The same of a LabelSelector (`matchLabels`, `matchExpressions`). */
export function selectorRequirements(selector: unknown): readonly Requirement[] | undefined {
  if (!isRecord(selector)) return undefined;
  const { matchLabels, matchExpressions } = selector;
  const isMap = matchLabels === undefined || matchLabels === null || isRecord(matchLabels);
  if (!isMap || Object.values(matchLabels ?? {}).some((value) => typeof value !== "string")) return undefined;
  if (!listOf(matchExpressions).every(isExpression)) return undefined;
  const requirements = requirementsOf({
    matchLabels: matchLabels ?? {},
    matchExpressions: listOf(matchExpressions),
  } as LabelSelector);
  return requirements.length === 0 ? undefined : requirements;
}

/** `app=web`, `tier in (a, b)`, `!canary`: as kubectl's `-l` takes it. */
export function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "In":
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(", ")})`;
    case "NotIn":
      return `${key} notin (${values.join(", ")})`;
  }
}

/** Whether labels of any JSON meet a requirement; a value that is no text meets nothing that wants one. */
export function fieldsMeet(labels: Fields, requirement: Requirement): boolean {
  return meets(labels as Readonly<Record<string, string>>, requirement);
}

/** The same of labels of which some are not known: one that is not there may have any value. */
export function mightMeet(labels: Fields, requirement: Requirement): boolean {
  return !Object.hasOwn(labels, requirement.key) || fieldsMeet(labels, requirement);
}

const OPERATORS: readonly string[] = ["In", "NotIn", "Exists", "DoesNotExist"];

function isExpression(value: unknown): boolean {
  if (!isRecord(value) || typeof value.key !== "string" || !OPERATORS.includes(textOf(value.operator)))
    return false;
  const { values } = value;
  return values === undefined || values === null || isTexts(values);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
