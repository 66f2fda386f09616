import { type Fields, fieldsOf, isUnset, mapItems, Refusal, without } from "./refusal.ts";

/**
 * HorizontalPodAutoscaler of autoscaling/v2beta1 and v2beta2 as autoscaling/v2. v2beta2 has the fields of v2; metrics of
 * v2beta1 say `metricName` and `target…` where v2 says `metric` and `target`. A target of a removed API version is raised too:
 * the autoscaler finds its target by group. `status` has another shape and is dropped: the controller writes it.
 */
export function raiseAutoscaler(object: Fields): Fields {
  const raised = { ...without(object, "status"), apiVersion: "autoscaling/v2" };
  if (isUnset(object.spec)) return raised;
  const spec = fieldsOf(object.spec, "spec");
  const withTarget = isUnset(spec.scaleTargetRef)
    ? spec
    : { ...spec, scaleTargetRef: raiseTarget(fieldsOf(spec.scaleTargetRef, "spec.scaleTargetRef")) };
  if (object.apiVersion === "autoscaling/v2beta2") return { ...raised, spec: withTarget };
  return { ...raised, spec: mapItems(withTarget, "metrics", "spec.metrics", raiseMetric) };
}

const OLD_WORKLOADS = /^(extensions\/v1beta1|apps\/v1beta[12]) (Deployment|ReplicaSet|StatefulSet)$/;

function raiseTarget(target: Fields): Fields {
  return OLD_WORKLOADS.test(`${target.apiVersion} ${target.kind}`)
    ? { ...target, apiVersion: "apps/v1" }
    : target;
}

function raiseMetric(metric: Fields, path: string): Fields {
  const raised = Object.entries(metric).map(([source, value]): [string, unknown] => {
    const raiser = source === "type" ? undefined : SOURCES[source];
    return raiser
      ? [source, raiser(fieldsOf(value, `${path}.${source}`), `${path}.${source}`)]
      : [source, value];
  });
  return Object.fromEntries(raised);
}

const SOURCES: Readonly<Record<string, (source: Fields, path: string) => Fields>> = Object.assign(
  Object.create(null),
  {
    resource: (source: Fields, path: string) => ({
      name: source.name,
      target: targetOf(source, path, { targetAverageUtilization: UTILIZATION, targetAverageValue: AVERAGE }),
    }),
    containerResource: (source: Fields, path: string) => ({
      name: source.name,
      container: source.container,
      target: targetOf(source, path, { targetAverageUtilization: UTILIZATION, targetAverageValue: AVERAGE }),
    }),
    pods: (source: Fields, path: string) => ({
      metric: metricOf(source.metricName, source.selector),
      target: targetOf(source, path, { targetAverageValue: AVERAGE }),
    }),
    object: (source: Fields, path: string) => ({
      describedObject: source.target,
      metric: metricOf(source.metricName, source.selector),
      target: targetOf(source, path, { averageValue: AVERAGE, targetValue: VALUE }),
    }),
    external: (source: Fields, path: string) => ({
      metric: metricOf(source.metricName, source.metricSelector),
      target: targetOf(source, path, { targetAverageValue: AVERAGE, targetValue: VALUE }),
    }),
  },
);

interface Target {
  readonly type: string;
  readonly field: string;
}
const UTILIZATION: Target = { type: "Utilization", field: "averageUtilization" };
const AVERAGE: Target = { type: "AverageValue", field: "averageValue" };
const VALUE: Target = { type: "Value", field: "value" };

function metricOf(name: unknown, selector: unknown): Fields {
  return isUnset(selector) ? { name } : { name, selector };
}

function targetOf(source: Fields, path: string, fields: Readonly<Record<string, Target>>): Fields {
  const given = Object.entries(fields).filter(([old]) => !isUnset(source[old]) && !isZero(source[old]));
  const [only] = given;
  if (only === undefined || given.length > 1)
    throw new Refusal(
      `${path} needs exactly one of ${Object.keys(fields).join(" and ")}: autoscaling/v2 has one target`,
    );
  const [old, { type, field }] = only;
  return { type, [field]: source[old] };
}

/** `targetValue: 0` stands beside an average in objects that a server wrote: the old field was no pointer. */
function isZero(value: unknown): boolean {
  return value === 0 || value === "0";
}
