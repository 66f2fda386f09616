import { isLabelKey, isLabelValue, type LabelSelector, suggest } from "@ashlar/core";
import { type Problem, quoted } from "./problem.ts";

const LABEL_KEY =
  "an optional DNS prefix and \"/\", then at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends";
const LABEL_VALUE =
  "empty, or at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends";
const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"];

/**
 * What the API server refuses in a decoded label selector (meta/v1 ValidateLabelSelector). Paths are the server's: it
 * names the whole of `matchLabels` for a bad key or value in it.
 */
export function labelSelectorProblems(selector: LabelSelector, path: string): Problem[] {
  return [
    ...labelsProblems(selector.matchLabels ?? {}, `${path}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((expression, i) =>
      expressionProblems(expression, `${path}.matchExpressions[${i}]`),
    ),
  ];
}

/** What the API server refuses in a mapping of labels (meta/v1 ValidateLabels): `metadata.labels`, `matchLabels`. */
export function labelsProblems(labels: Readonly<Record<string, string>>, path: string): Problem[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const where = `${path}[${key}]`;
    const problems: Problem[] = [];
    if (!isLabelKey(key)) problems.push({ ...labelKeyProblem(key, path), where });
    if (!isLabelValue(value)) problems.push({ ...labelValueProblem(value, path, key), where });
    return problems;
  });
}

/** A key that is no label key; annotations and finalizers follow the same form. */
export function labelKeyProblem(key: string, path: string): Problem {
  return {
    path,
    message: `${quoted(key)} is not a label key: expected ${LABEL_KEY}`,
    hint: `write a key like app or example.com/app`,
  };
}

function labelValueProblem(value: string, path: string, key: string): Problem {
  return {
    path,
    message: `${quoted(value)} is not a value that the label ${quoted(key)} can have: expected ${LABEL_VALUE}`,
    hint: "use a shorter or simpler value; free text belongs into an annotation",
  };
}

interface Expression {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

function expressionProblems({ key = "", operator = "", values = [] }: Expression, path: string): Problem[] {
  const problems: Problem[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      problems.push({
        path: `${path}.values`,
        message: `operator ${operator} needs at least one value for ${quoted(key)}, and there is none`,
        hint:
          operator === "In"
            ? "list the values, or write operator Exists for any value"
            : "list the values, or write operator DoesNotExist for none",
      });
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      problems.push({
        path: `${path}.values`,
        message: `operator ${operator} takes no values, and ${values.length} ${values.length === 1 ? "is" : "are"} given`,
        hint: `remove values, or write operator ${operator === "Exists" ? "In" : "NotIn"}`,
      });
  } else
    problems.push({
      path: `${path}.operator`,
      message: `${quoted(operator)} is not an operator: expected ${OPERATORS.join(", ")}`,
      hint: suggest(operator, OPERATORS),
    });
  if (!isLabelKey(key)) problems.push(labelKeyProblem(key, `${path}.key`));
  values.forEach((value, i) => {
    if (!isLabelValue(value)) problems.push(labelValueProblem(value, `${path}.values[${i}]`, key));
  });
  return problems;
}
