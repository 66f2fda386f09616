import { isRecord } from "../../json.ts";
import { meets, requirementsOf } from "../../labels.ts";
import { type Fields, fieldsOf, isUnset, Refusal, withDefaults, without } from "./refusal.ts";

/** "As many as there are": what the old versions took for a limit that is not given. */
const NO_LIMIT = 2147483647;

/**
 * Deployments, DaemonSets, ReplicaSets and StatefulSets of extensions/v1beta1, apps/v1beta1 and apps/v1beta2 as apps/v1.
 * Defaults that changed are written out (pkg/apis/{extensions/v1beta1,apps/v1beta1,apps/v1beta2}/defaults.go of Kubernetes),
 * so that the object means what it meant.
 */
export function raiseWorkload(object: Fields): Fields {
  const { apiVersion, kind } = object;
  const given = fieldsOf(object.spec, "spec");
  if (!isUnset(given.rollbackTo))
    throw new Refusal(
      "spec.rollbackTo asks for a rollback each time it is applied, which apps/v1 lacks: remove it, and use kubectl rollout undo",
    );
  const labels = templateLabels(given);
  const hadLabelDefaults = apiVersion !== "apps/v1beta2";
  const selector = selectorOf(given, labels, hadLabelDefaults);
  const spec = {
    ...withOldDefaults(`${apiVersion} ${kind}`, without(given, "templateGeneration", "rollbackTo")),
    selector,
  };
  const metadata = fieldsOf(object.metadata, "metadata");
  const takesLabels =
    hadLabelDefaults && Object.keys(fieldsOf(metadata.labels, "metadata.labels")).length === 0;
  return {
    ...object,
    apiVersion: "apps/v1",
    ...(takesLabels && { metadata: { ...metadata, labels } }),
    spec,
  };
}

function templateLabels(spec: Fields): Readonly<Record<string, string>> {
  const template = fieldsOf(spec.template, "spec.template");
  const metadata = fieldsOf(template.metadata, "spec.template.metadata");
  const labels = fieldsOf(metadata.labels, "spec.template.metadata.labels");
  for (const [key, value] of Object.entries(labels))
    if (typeof value !== "string")
      throw new Refusal(`spec.template.metadata.labels[${key}] must be text: put it in quotes first`);
  if (Object.keys(labels).length === 0)
    throw new Refusal(
      "apps/v1 needs spec.selector, and the pod template has no labels: add labels and a selector",
    );
  return labels as Readonly<Record<string, string>>;
}

function selectorOf(spec: Fields, labels: Readonly<Record<string, string>>, defaulted: boolean): unknown {
  if (isUnset(spec.selector)) {
    if (defaulted) return { matchLabels: labels };
    throw new Refusal(
      "spec.selector is missing, which apps/v1beta2 needed too: write the labels of its pods",
    );
  }
  const selector = fieldsOf(spec.selector, "spec.selector");
  const requirements = isSelector(selector) ? requirementsOf(selector) : [];
  if (requirements.length === 0)
    throw new Refusal(
      "spec.selector selects by nothing, which apps/v1 refuses: write the labels of its pods",
    );
  if (!requirements.every((requirement) => meets(labels, requirement)))
    throw new Refusal("spec.selector does not match the labels of the pod template: make them agree first");
  return selector;
}

function isSelector(selector: Fields): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return isRecord(matchLabels) && Array.isArray(matchExpressions) && matchExpressions.every(isExpression);
}

function isExpression(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { key, operator, values = [] } = value;
  return typeof key === "string" && typeof operator === "string" && Array.isArray(values);
}

function withOldDefaults(version: string, spec: Fields): Fields {
  switch (version) {
    case "extensions/v1beta1 Deployment": {
      const limits = { revisionHistoryLimit: NO_LIMIT, progressDeadlineSeconds: NO_LIMIT };
      return withDefaults({ ...spec, ...oneAtATime(spec) }, limits);
    }
    case "apps/v1beta1 Deployment":
      return withDefaults(spec, { revisionHistoryLimit: 2 });
    case "extensions/v1beta1 DaemonSet":
    case "apps/v1beta1 StatefulSet": {
      const strategy = fieldsOf(spec.updateStrategy, "spec.updateStrategy");
      if (!isUnset(strategy.type) && strategy.type !== "") return spec;
      if (!isUnset(strategy.rollingUpdate))
        throw new Refusal(
          `spec.updateStrategy has rollingUpdate without a type, which meant OnDelete in ${version.split(" ")[0]}: write the type that is meant`,
        );
      return { ...spec, updateStrategy: { type: "OnDelete" } };
    }
    default:
      return spec;
  }
}

/** extensions/v1beta1 replaced one pod at a time; apps/v1 replaces a quarter of them. */
function oneAtATime(spec: Fields): Fields {
  const strategy = fieldsOf(spec.strategy, "spec.strategy");
  if (strategy.type === "Recreate") return {};
  const rollingUpdate = fieldsOf(strategy.rollingUpdate, "spec.strategy.rollingUpdate");
  return {
    strategy: {
      ...withDefaults(strategy, { type: "RollingUpdate" }),
      rollingUpdate: withDefaults(rollingUpdate, { maxUnavailable: 1, maxSurge: 1 }),
    },
  };
}

/** CronJob of batch/v1beta1 and batch/v2alpha1 as batch/v1: the same fields, but no time zone inside the schedule. */
export function raiseCronJob(object: Fields): Fields {
  const { schedule } = fieldsOf(object.spec, "spec");
  if (typeof schedule === "string" && schedule.includes("TZ"))
    throw new Refusal("spec.schedule holds a time zone, which batch/v1 refuses: move it to spec.timeZone");
  return { ...object, apiVersion: "batch/v1" };
}
