import { suggest } from "../did-you-mean.ts";
import { isLabelKey, isLabelValue, type LabelSelector, meets, requirementsOf } from "../labels.ts";
import { type Fields, keysOf, listOf, textMapOf, textOf, textsOf } from "./fields.ts";
import { checkQualifiedName } from "./name-forms.ts";
import { missing, quoted, type Report } from "./report.ts";

const LABEL_VALUE =
  "empty, or at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends";
const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"];

/**
 * Reports what the API server refuses in a mapping of labels (meta/v1 ValidateLabels): `metadata.labels`, `matchLabels`,
 * `nodeSelector`. The server names the whole mapping; `where` names the key.
 */
export function checkLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: string,
  report: Report,
  place = path,
): void {
  for (const key in labels) {
    if (!isLabelKey(key)) checkQualifiedName(key, path, report, `${place}[${key}]`);
    if (!isLabelValue(labels[key]!)) checkLabelValue(labels[key]!, path, report, `${place}[${key}]`);
  }
}

/** Reports what cannot be the value of a label. */
export function checkLabelValue(value: string, path: string, report: Report, where = path): void {
  if (!isLabelValue(value))
    report(
      path,
      `${quoted(value)} cannot be the value of a label: expected ${LABEL_VALUE}`,
      "use a shorter or simpler value; free text belongs into an annotation",
      { where },
    );
}

/** Reports what the API server refuses in a label selector (meta/v1 ValidateLabelSelector). */
export function checkLabelSelector(selector: Fields | undefined, path: string, report: Report): void {
  if (selector === undefined) return;
  checkLabels(textMapOf(selector, "matchLabels"), `${path}.matchLabels`, report);
  listOf(selector, "matchExpressions").forEach((expression, i) => {
    checkExpression(expression, `${path}.matchExpressions[${i}]`, report);
  });
}

function checkExpression(expression: Fields, path: string, report: Report): void {
  const operator = textOf(expression, "operator");
  const values = textsOf(expression, "values");
  checkOperatorValues(operator, values, path, report);
  if (!OPERATORS.includes(operator))
    report(
      `${path}.operator`,
      `${quoted(operator)} is not an operator: expected ${OPERATORS.join(", ")}`,
      suggest(operator, OPERATORS),
    );
  checkQualifiedName(textOf(expression, "key"), `${path}.key`, report);
  values.forEach((value, i) => {
    checkLabelValue(value, `${path}.values[${i}]`, report);
  });
}

/** Reports values where the operator takes none, and none where it needs some. */
export function checkOperatorValues(
  operator: string,
  values: readonly string[],
  path: string,
  report: Report,
): void {
  if ((operator === "In" || operator === "NotIn") && values.length === 0)
    missing(
      report,
      `${path}.values`,
      `list the values, or write operator ${operator === "In" ? "Exists" : "DoesNotExist"}`,
    );
  if ((operator === "Exists" || operator === "DoesNotExist") && values.length > 0)
    report(
      `${path}.values`,
      `operator ${operator} takes no values, and ${values.length} given`,
      `remove values, or write operator ${operator === "Exists" ? "In" : "NotIn"}`,
    );
}

/** Whether a selector can be evaluated at all: what it says of keys, operators and values is right. */
export function isUsableSelector(selector: Fields): boolean {
  let usable = true;
  checkLabelSelector(selector, "", () => {
    usable = false;
  });
  return usable;
}

/** Whether a selector says nothing, and so selects everything. */
export function isEmptySelector(selector: Fields): boolean {
  return keysOf(selector, "matchLabels").length === 0 && listOf(selector, "matchExpressions").length === 0;
}

/** Whether a usable selector selects these labels. */
export function selects(selector: Fields, labels: Readonly<Record<string, string>>): boolean {
  const matchLabels = textMapOf(selector, "matchLabels");
  const matchExpressions = listOf(selector, "matchExpressions").map((expression) => ({
    key: textOf(expression, "key"),
    operator: textOf(expression, "operator"),
    values: textsOf(expression, "values"),
  }));
  const read: LabelSelector = { ...(matchLabels && { matchLabels }), matchExpressions };
  return requirementsOf(read).every((requirement) => meets(labels, requirement));
}
