import { type Fields, fieldsOf, listOf, textMapOf, textOf } from "./fields.ts";
import { checkLabels } from "./label-selector.ts";
import { checkDnsLabel } from "./name-forms.ts";
import { missing, type Report } from "./report.ts";
import { checkContainerResource, checkResourceRequirements } from "./resource-requirements.ts";
import { checkTolerations } from "./scheduling.ts";

const NO_CLAIMS: ReadonlySet<string> = new Set();

/** Reports what the API server refuses in a RuntimeClass beyond its metadata. */
export function checkRuntimeClass(runtimeClass: Fields, report: Report): void {
  const handler = textOf(runtimeClass, "handler");
  if (handler === "") missing(report, "handler", "write what the container runtime of the nodes calls it");
  else checkDnsLabel(handler, "handler", report);
  const overhead = fieldsOf(runtimeClass, "overhead");
  if (overhead) {
    const limits = { limits: overhead.podFixed };
    // The server names the overhead as if it were limits.
    const placed: Report = (path, message, hint) =>
      report(path, message, hint, { where: path.replace("overhead.limits", "overhead.podFixed") });
    checkResourceRequirements(limits, "overhead", NO_CLAIMS, checkContainerResource, placed);
  }
  const scheduling = fieldsOf(runtimeClass, "scheduling");
  if (!scheduling) return;
  checkLabels(textMapOf(scheduling, "nodeSelector"), "scheduling.nodeSelector", report);
  const tolerations = listOf(scheduling, "tolerations");
  checkTolerations(tolerations, "scheduling.tolerations", report);
  const seen = new Set<string>();
  tolerations.forEach((toleration, i) => {
    const key = JSON.stringify(
      ["key", "operator", "value", "effect"].map((field) => textOf(toleration, field)),
    );
    if (seen.has(key)) report(`scheduling.tolerations[${i}]`, "the toleration is there already", "remove it");
    seen.add(key);
  });
}
