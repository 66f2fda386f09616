import { type Fields, fieldsOf, has, listOf, numberOf, textMapOf, textOf } from "./fields.ts";
import { checkAtMostAll, checkIntOrPercent, intOrPercent } from "./int-or-percent.ts";
import { checkLabelSelector, isEmptySelector, isUsableSelector, selects } from "./label-selector.ts";
import { checkDnsLabel } from "./name-forms.ts";
import { checkClaimSpec } from "./persistent-volume-claim.ts";
import { checkAlwaysRestarts, checkPodTemplate, templateLabels } from "./pod-template.ts";
import { checkNotNegative, checkOneOf, missing, quoted, type Report } from "./report.ts";

const NOTHING: Fields = {};
const TEMPLATE = "spec.template";

/** Reports what the API server refuses in a Deployment beyond its metadata (apps ValidateDeploymentSpec). */
export function checkDeployment(deployment: Fields, report: Report): void {
  const spec = fieldsOf(deployment, "spec") ?? NOTHING;
  checkNumbers(
    spec,
    ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"],
    report,
  );
  checkTemplateOf(spec, "Deployment", report);
  const deadline = numberOf(spec, "progressDeadlineSeconds") ?? 600;
  const ready = numberOf(spec, "minReadySeconds") ?? 0;
  if (deadline <= ready)
    report(
      "spec.progressDeadlineSeconds",
      `progressDeadlineSeconds (${deadline}) must be greater than minReadySeconds (${ready})`,
      "raise it, or lower minReadySeconds",
    );
  checkDeploymentStrategy(fieldsOf(spec, "strategy") ?? NOTHING, report);
}

function checkDeploymentStrategy(strategy: Fields, report: Report): void {
  const type = textOf(strategy, "type") || "RollingUpdate";
  const path = "spec.strategy";
  const rolling = fieldsOf(strategy, "rollingUpdate");
  checkOneOf(type, ["Recreate", "RollingUpdate"], path, report, `${path}.type`);
  if (type === "Recreate" && rolling)
    report(
      `${path}.rollingUpdate`,
      "rollingUpdate is for type RollingUpdate, not Recreate",
      "remove rollingUpdate, or write type: RollingUpdate",
    );
  if (type !== "RollingUpdate" || !rolling) return;
  const unavailable = rolling.maxUnavailable ?? "25%";
  const surge = rolling.maxSurge ?? "25%";
  checkIntOrPercent(unavailable, `${path}.rollingUpdate.maxUnavailable`, report);
  checkIntOrPercent(surge, `${path}.rollingUpdate.maxSurge`, report);
  checkAtMostAll(unavailable, `${path}.rollingUpdate.maxUnavailable`, report);
  if (intOrPercent(unavailable) === 0 && intOrPercent(surge) === 0)
    report(
      `${path}.rollingUpdate.maxUnavailable`,
      "maxUnavailable and maxSurge are both 0: nothing could ever be updated",
      "write maxSurge: 1",
    );
}

/** Reports what the API server refuses in a ReplicaSet beyond its metadata. */
export function checkReplicaSet(replicaSet: Fields, report: Report): void {
  const spec = fieldsOf(replicaSet, "spec") ?? NOTHING;
  checkNumbers(spec, ["replicas", "minReadySeconds"], report);
  checkTemplateOf(spec, "ReplicaSet", report);
}

/** Selector and template of a Deployment or ReplicaSet: where the selector is wrong, the template is not looked at. */
function checkTemplateOf(spec: Fields, kind: string, report: Report): void {
  const selector = fieldsOf(spec, "selector");
  const template = fieldsOf(spec, "template") ?? NOTHING;
  checkRequiredSelector(selector, kind, report);
  if (selector && !isUsableSelector(selector)) {
    report("spec.selector", "the selector cannot be read", "correct what is said about its parts");
    return;
  }
  checkSelected(selector, template, report);
  checkPodTemplate(template, TEMPLATE, report);
  checkAlwaysRestarts(template, kind, TEMPLATE, report);
}

function checkRequiredSelector(selector: Fields | undefined, kind: string, report: Report): void {
  if (selector === undefined) {
    missing(report, "spec.selector", "write matchLabels: the labels of the template that never change");
    return;
  }
  checkLabelSelector(selector, "spec.selector", report);
  if (isEmptySelector(selector))
    report(
      "spec.selector",
      `the selector of a ${kind} must not be empty`,
      "write matchLabels: the labels of the template",
    );
}

/** Reports a selector that does not select the pods of its own template. */
function checkSelected(selector: Fields | undefined, template: Fields, report: Report): void {
  if (selector !== undefined && selects(selector, templateLabels(template))) return;
  report(
    `${TEMPLATE}.metadata.labels`,
    "spec.selector does not select the pods of the template",
    "give the template the labels of spec.selector.matchLabels",
  );
}

/** Reports what the API server refuses in a ReplicationController; its selector is the labels of the template when absent. */
export function checkReplicationController(controller: Fields, report: Report): void {
  const spec = fieldsOf(controller, "spec") ?? NOTHING;
  const template = fieldsOf(spec, "template");
  const labels = templateLabels(template ?? NOTHING);
  const own = textMapOf(spec, "selector") ?? {};
  const matchLabels = Object.keys(own).length > 0 ? own : labels;
  checkNumbers(spec, ["replicas", "minReadySeconds"], report);
  if (Object.keys(matchLabels).length === 0)
    missing(report, "spec.selector", "write the labels of the template that never change");
  if (!template) {
    missing(report, TEMPLATE, "write the pod to run");
    return;
  }
  checkSelected({ matchLabels }, template, report);
  checkPodTemplate(template, TEMPLATE, report);
  checkAlwaysRestarts(template, "ReplicationController", TEMPLATE, report);
}

/** Reports what the API server refuses in a PodTemplate beyond its metadata. */
export function checkPodTemplateObject(object: Fields, report: Report): void {
  checkPodTemplate(fieldsOf(object, "template") ?? NOTHING, "template", report);
}

/** Reports what the API server refuses in a DaemonSet beyond its metadata. */
export function checkDaemonSet(daemonSet: Fields, report: Report): void {
  const spec = fieldsOf(daemonSet, "spec") ?? NOTHING;
  const selector = fieldsOf(spec, "selector");
  const template = fieldsOf(spec, "template") ?? NOTHING;
  checkNumbers(spec, ["minReadySeconds", "revisionHistoryLimit"], report);
  checkLabelSelector(selector, "spec.selector", report);
  if (selector === undefined || isUsableSelector(selector)) checkSelected(selector, template, report);
  if (selector && isEmptySelector(selector))
    report(
      "spec.selector",
      "the selector of a DaemonSet must not be empty",
      "write matchLabels: the labels of the template",
    );
  checkPodTemplate(template, TEMPLATE, report);
  checkAlwaysRestarts(template, "DaemonSet", TEMPLATE, report);
  const strategy = fieldsOf(spec, "updateStrategy") ?? NOTHING;
  const type = textOf(strategy, "type") || "RollingUpdate";
  checkOneOf(type, ["RollingUpdate", "OnDelete"], "spec.updateStrategy", report, "spec.updateStrategy.type");
  if (type === "RollingUpdate")
    checkDaemonRollingUpdate(
      fieldsOf(strategy, "rollingUpdate") ?? NOTHING,
      "spec.updateStrategy.rollingUpdate",
      report,
    );
}

function checkDaemonRollingUpdate(rolling: Fields, path: string, report: Report): void {
  const unavailable = rolling.maxUnavailable ?? 1;
  const surge = rolling.maxSurge ?? 0;
  for (const [field, value] of [
    ["maxUnavailable", unavailable],
    ["maxSurge", surge],
  ] as const) {
    checkIntOrPercent(value, `${path}.${field}`, report);
    checkAtMostAll(value, `${path}.${field}`, report);
  }
  const [hasUnavailable, hasSurge] = [intOrPercent(unavailable) !== 0, intOrPercent(surge) !== 0];
  if (hasUnavailable && hasSurge)
    report(
      `${path}.maxSurge`,
      "maxSurge and maxUnavailable exclude each other",
      "write maxUnavailable: 0 beside maxSurge",
    );
  if (!hasUnavailable && !hasSurge)
    report(
      `${path}.maxUnavailable`,
      "maxUnavailable and maxSurge are both 0: nothing could ever be updated",
      "write maxUnavailable: 1",
    );
}

/** Reports what the API server refuses in a StatefulSet beyond its metadata. */
export function checkStatefulSet(statefulSet: Fields, report: Report): void {
  const spec = fieldsOf(statefulSet, "spec") ?? NOTHING;
  const selector = fieldsOf(spec, "selector");
  const template = fieldsOf(spec, "template") ?? NOTHING;
  const claims = listOf(spec, "volumeClaimTemplates");
  const management = textOf(spec, "podManagementPolicy");
  if (management !== "")
    checkOneOf(management, ["OrderedReady", "Parallel"], "spec.podManagementPolicy", report);
  checkStatefulStrategy(fieldsOf(spec, "updateStrategy") ?? NOTHING, "spec.updateStrategy", report);
  const retention = fieldsOf(spec, "persistentVolumeClaimRetentionPolicy") ?? NOTHING;
  for (const field of ["whenDeleted", "whenScaled"])
    checkOneOf(
      textOf(retention, field) || "Retain",
      ["Retain", "Delete"],
      `spec.persistentVolumeClaimRetentionPolicy.${field}`,
      report,
    );
  claims.forEach((claim, i) => {
    checkClaimSpec(fieldsOf(claim, "spec") ?? NOTHING, `spec.volumeClaimTemplates[${i}].spec`, report);
  });
  checkNumbers(spec, ["replicas", "minReadySeconds"], report);
  checkNotNegative(numberOf(fieldsOf(spec, "ordinals") ?? NOTHING, "start"), "spec.ordinals.start", report);
  const service = textOf(spec, "serviceName");
  if (service !== "") checkDnsLabel(service, "spec.serviceName", report);
  checkRequiredSelector(selector, "StatefulSet", report);
  if (selector && !isUsableSelector(selector))
    report("spec.selector", "the selector cannot be read", "correct what is said about its parts");
  else {
    checkSelected(selector, template, report);
    // Host names are the pods' own.
    const pod = { ...fieldsOf(template, "spec"), hostname: "", subdomain: "" };
    checkPodTemplate(
      { ...template, spec: pod },
      TEMPLATE,
      report,
      volumesWith(claims, listOf(pod, "volumes")),
    );
  }
  checkAlwaysRestarts(template, "StatefulSet", TEMPLATE, report);
}

/** The volumes of a pod with those of its claims, which come first and replace others of the same name. */
function volumesWith(claims: readonly Fields[], volumes: readonly Fields[]): readonly Fields[] {
  if (claims.length === 0) return volumes;
  const names = new Set(claims.map((claim) => textOf(fieldsOf(claim, "metadata") ?? NOTHING, "name")));
  return [
    ...[...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...volumes.filter((volume) => !names.has(textOf(volume, "name"))),
  ];
}

function checkStatefulStrategy(strategy: Fields, path: string, report: Report): void {
  const type = textOf(strategy, "type") || "RollingUpdate";
  checkOneOf(type, ["RollingUpdate", "OnDelete"], path, report, `${path}.type`);
  if (type === "OnDelete" && has(strategy, "rollingUpdate"))
    report(
      `${path}.rollingUpdate`,
      `rollingUpdate is for type RollingUpdate, not ${quoted(type)}`,
      "remove rollingUpdate",
    );
  if (type === "RollingUpdate")
    checkNotNegative(
      numberOf(fieldsOf(strategy, "rollingUpdate") ?? NOTHING, "partition"),
      `${path}.rollingUpdate.partition`,
      report,
    );
}

function checkNumbers(spec: Fields, fields: readonly string[], report: Report): void {
  for (const field of fields) checkNotNegative(numberOf(spec, field), `spec.${field}`, report);
}
