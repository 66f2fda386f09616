import { type Fields, fieldsOf, has, optionalText } from "./fields.ts";
import { checkAtMostAll, checkIntOrPercent } from "./int-or-percent.ts";
import { checkLabelSelector } from "./label-selector.ts";
import { checkOneOf, type Report } from "./report.ts";

/** Reports what the API server refuses in a PodDisruptionBudget beyond its metadata. */
export function checkPodDisruptionBudget(budget: Fields, report: Report): void {
  const spec = fieldsOf(budget, "spec") ?? {};
  if (has(spec, "minAvailable") && has(spec, "maxUnavailable"))
    report("spec", "minAvailable and maxUnavailable exclude each other", "leave one of them");
  for (const field of ["minAvailable", "maxUnavailable"]) {
    checkIntOrPercent(spec[field], `spec.${field}`, report);
    checkAtMostAll(spec[field], `spec.${field}`, report);
  }
  checkLabelSelector(fieldsOf(spec, "selector"), "spec.selector", report);
  const policy = optionalText(spec, "unhealthyPodEvictionPolicy");
  if (policy !== undefined)
    checkOneOf(policy, ["AlwaysAllow", "IfHealthyBudget"], "spec.unhealthyPodEvictionPolicy", report);
}
