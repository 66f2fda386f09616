import { isLabelValue } from "../labels.ts";
import { isDnsLabel } from "../names.ts";
import {
  entryOf,
  type Fields,
  fieldsOf,
  flagOf,
  has,
  numberOf,
  optionalText,
  textMapOf,
  textOf,
} from "./fields.ts";
import { checkPodFailurePolicy, checkSuccessPolicy } from "./job-policy.ts";
import { checkLabelSelector, isUsableSelector, selects } from "./label-selector.ts";
import { checkDomainPath } from "./name-forms.ts";
import { effectiveName } from "./object-meta.ts";
import { checkPodTemplate, templateLabels } from "./pod-template.ts";
import { checkNotNegative, checkOneOf, missing, quoted, type Report } from "./report.ts";

const NOTHING: Fields = {};
const MAX_INDEXED_PARALLELISM = 100_000;
const MANY_COMPLETIONS = 100_000;
const MAX_FAILED_OF_MANY = 10_000;
/** Labels that the server gives to a Job's pods. */
const UID_LABELS = ["controller-uid", "batch.kubernetes.io/controller-uid"];
const NAME_LABELS = ["job-name", "batch.kubernetes.io/job-name"];

/** Reports what the API server refuses in a Job beyond its metadata (batch ValidateJob). */
export function checkJob(job: Fields, report: Report): void {
  const spec = fieldsOf(job, "spec") ?? NOTHING;
  const metadata = fieldsOf(job, "metadata") ?? NOTHING;
  const name = textOf(metadata, "name");
  const completions = numberOf(spec, "completions") ?? (has(spec, "parallelism") ? undefined : 1);
  const template = fieldsOf(spec, "template") ?? NOTHING;
  const selector = fieldsOf(spec, "selector");
  const labels = templateLabels(template);
  if (flagOf(spec, "manualSelector")) {
    if (selector === undefined) missing(report, "spec.selector", "write it, or remove manualSelector");
    if (selector === undefined || (isUsableSelector(selector) && !selects(selector, labels)))
      notSelected(report);
  } else {
    checkGeneratedSelector(selector, labels, name, report);
    checkNameAsLabel(job, metadata, report);
  }
  checkLabelSelector(selector, "spec.selector", report);
  checkJobSpec({ ...spec, completions }, "spec", report);
  const indexed =
    textOf(spec, "completionMode") === "Indexed" && completions !== undefined && completions > 0;
  if (indexed && name !== "" && !isDnsLabel(`${name}-${completions - 1}`))
    report(
      "metadata.name",
      `pods of an indexed Job are named ${quoted(`${name}-${completions - 1}`)}, which is no DNS label`,
      "write a shorter name, without dots",
    );
}

function notSelected(report: Report): void {
  report(
    "spec.template.metadata.labels",
    "spec.selector does not select the pods of the template",
    "remove spec.selector: the server makes one",
  );
}

/** The server makes selector and labels; what somebody else writes there must not contradict. */
function checkGeneratedSelector(
  selector: Fields | undefined,
  labels: Readonly<Record<string, string>>,
  name: string,
  report: Report,
): void {
  const path = "spec.template.metadata.labels";
  for (const label of UID_LABELS)
    if (entryOf(labels, label) !== undefined)
      report(`${path}[${label}]`, "the server sets this label", "remove it");
  for (const label of NAME_LABELS) {
    const value = entryOf(labels, label);
    if (value !== undefined && value !== name && name !== "")
      report(
        `${path}[${label}]`,
        `it must be the Job's name, not ${quoted(value)}`,
        "remove it: the server sets it",
      );
  }
  if (selector === undefined || !isUsableSelector(selector)) return;
  const own = {
    [UID_LABELS[0]!]: "",
    [UID_LABELS[1]!]: "",
    [NAME_LABELS[0]!]: name,
    [NAME_LABELS[1]!]: name,
  };
  if (!selects(selector, own))
    report("spec.selector", "the server makes the selector of a Job", "remove spec.selector");
  if (!selects(selector, { ...own, ...labels })) notSelected(report);
}

/** The server gives the Job's name to its pods as a label, and to the Job itself when it takes its labels from the template. */
function checkNameAsLabel(job: Fields, metadata: Fields, report: Report): void {
  const name = effectiveName(metadata);
  const template = fieldsOf(fieldsOf(job, "spec") ?? NOTHING, "template") ?? NOTHING;
  const missingLabel = NAME_LABELS.some((label) => entryOf(templateLabels(template), label) === undefined);
  if (isLabelValue(name) || !missingLabel) return;
  const shared = takesTemplateLabels(metadata) && has(fieldsOf(template, "metadata") ?? NOTHING, "labels");
  for (const path of shared ? ["spec.template.labels", "metadata.labels"] : ["spec.template.labels"])
    report(
      path,
      `the name ${quoted(name)} becomes a label of the pods, and cannot be one`,
      "write a name of at most 63 characters",
      { where: "metadata.name" },
    );
}

function takesTemplateLabels(metadata: Fields): boolean {
  return Object.keys(textMapOf(metadata, "labels") ?? NOTHING).length === 0;
}

/** Reports what the API server refuses in the spec of a Job, be it one's own or a CronJob's. */
export function checkJobSpec(spec: Fields, path: string, report: Report): void {
  for (const field of [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
  ])
    checkNotNegative(numberOf(spec, field), `${path}.${field}`, report);
  if (has(spec, "maxFailedIndexes") && !has(spec, "backoffLimitPerIndex"))
    missing(report, `${path}.backoffLimitPerIndex`, "maxFailedIndexes needs it");
  const manager = optionalText(spec, "managedBy");
  if (manager !== undefined) {
    checkDomainPath(manager, `${path}.managedBy`, report);
    if (manager.length > 63)
      report(`${path}.managedBy`, "it has at most 63 characters", "write a shorter name");
  }
  const mode = optionalText(spec, "completionMode") ?? "NonIndexed";
  checkOneOf(mode, ["NonIndexed", "Indexed"], `${path}.completionMode`, report);
  if (mode === "Indexed") checkIndexed(spec, path, report);
  if (mode === "NonIndexed")
    for (const field of ["backoffLimitPerIndex", "maxFailedIndexes"])
      if (has(spec, field))
        report(
          `${path}.${field}`,
          "it needs completionMode Indexed",
          `remove it, or write completionMode: Indexed`,
        );
  const failure = fieldsOf(spec, "podFailurePolicy");
  if (failure) checkPodFailurePolicy(failure, spec, `${path}.podFailurePolicy`, report);
  const success = fieldsOf(spec, "successPolicy");
  if (success && mode !== "Indexed")
    report(
      `${path}.successPolicy`,
      "it needs completionMode Indexed",
      "remove it, or write completionMode: Indexed",
    );
  else if (success)
    checkSuccessPolicy(success, numberOf(spec, "completions") ?? 0, `${path}.successPolicy`, report);
  const replacement = optionalText(spec, "podReplacementPolicy");
  if (replacement !== undefined)
    checkOneOf(
      replacement,
      failure ? ["Failed"] : ["Failed", "TerminatingOrFailed"],
      `${path}.podReplacementPolicy`,
      report,
    );
  const template = fieldsOf(spec, "template") ?? NOTHING;
  checkPodTemplate(template, `${path}.template`, report);
  checkEnds(template, failure !== undefined, `${path}.template.spec.restartPolicy`, report);
}

/** Pods of a Job end: they are not restarted always. */
function checkEnds(template: Fields, hasFailurePolicy: boolean, path: string, report: Report): void {
  const policy = textOf(fieldsOf(template, "spec") ?? NOTHING, "restartPolicy");
  if (policy === "" || policy === "Always")
    report(
      path,
      "pods of a Job end: restartPolicy must be Never or OnFailure",
      "write restartPolicy: Never or OnFailure",
    );
  else if (policy !== "OnFailure" && policy !== "Never")
    checkOneOf(policy, ["OnFailure", "Never"], path, report);
  else if (hasFailurePolicy && policy !== "Never")
    report(path, "podFailurePolicy needs restartPolicy Never", "write Never");
}

function checkIndexed(spec: Fields, path: string, report: Report): void {
  const completions = numberOf(spec, "completions");
  const parallelism = numberOf(spec, "parallelism");
  const failed = numberOf(spec, "maxFailedIndexes");
  const atMost = (field: string, value: number | undefined, most: number) => {
    if (value !== undefined && value > most)
      report(`${path}.${field}`, `it must be at most ${most}, not ${value}`, "write less");
  };
  if (completions === undefined) missing(report, `${path}.completions`, "an indexed Job needs it");
  atMost("parallelism", parallelism, MAX_INDEXED_PARALLELISM);
  atMost("maxFailedIndexes", failed, Math.min(MANY_COMPLETIONS, completions ?? MANY_COMPLETIONS));
  if (completions === undefined || completions <= MANY_COMPLETIONS || !has(spec, "backoffLimitPerIndex"))
    return;
  if (failed === undefined)
    missing(report, `${path}.maxFailedIndexes`, `more than ${MANY_COMPLETIONS} completions need it`);
  atMost("parallelism", parallelism, MAX_FAILED_OF_MANY);
  atMost("maxFailedIndexes", failed, MAX_FAILED_OF_MANY);
}

/** The metadata of a Job or ReplicationController; the server takes its labels from the template where there are none. */
export function metadataOfTemplate(job: Fields): Fields {
  const metadata = fieldsOf(job, "metadata") ?? NOTHING;
  if (!takesTemplateLabels(metadata)) return metadata;
  const template = fieldsOf(fieldsOf(job, "spec") ?? NOTHING, "template") ?? NOTHING;
  return { ...metadata, labels: templateLabels(template) };
}
