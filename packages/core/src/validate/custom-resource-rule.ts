import { type Fields, optionalText, textOf } from "./fields.ts";
import { checkOneOf, missing, type Report } from "./report.ts";

/** Reports what the API server refuses in an entry of `x-kubernetes-validations` of a schema; CEL is not compiled. */
export function checkSchemaRule(rule: Fields, path: string, report: Report): void {
  const [text, message] = [textOf(rule, "rule").trim(), textOf(rule, "message")];
  const isLines = (value: string) => /[\n\r]/.test(value);
  if (text === "") missing(report, `${path}.rule`, "write a rule of CEL");
  else if (message !== "" && message.trim() === "")
    report(`${path}.message`, "it holds nothing but spaces", "write something, or remove it");
  else if (isLines(message.trim()))
    report(`${path}.message`, "a message is one line", "remove the line breaks");
  else if (isLines(text) && message.trim() === "")
    missing(report, `${path}.message`, "a rule of several lines has a message: write it");
  const expression = textOf(rule, "messageExpression");
  if (expression !== "" && expression.trim() === "")
    missing(report, `${path}.messageExpression`, "write an expression of CEL, or remove it");
  const reason = optionalText(rule, "reason");
  if (reason !== undefined)
    checkOneOf(
      reason,
      ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"],
      `${path}.reason`,
      report,
    );
}
