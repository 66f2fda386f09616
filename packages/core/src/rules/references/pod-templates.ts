import type { PathSegment } from "../../field-path.ts";
import { isRecord } from "../../json.ts";
import { apiGroup, type Resource } from "../../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";

/** What an object says of the pods that it is or makes. */
export interface PodTemplate {
  readonly owner: Resource;
  /** `undefined` when the manifest names none: kubectl's context decides. */
  readonly namespace: string | undefined;
  readonly labels: Fields;
  readonly spec: Fields;
  /** Where the template stands in its owner: `[]` for a Pod, `["spec", "template"]` for a Deployment. */
  readonly path: readonly PathSegment[];
  /** Init and ephemeral ones included, in that order of lists. */
  readonly containers: readonly Container[];
}

/** One container of a pod, of any of the three lists. */
export interface Container {
  readonly name: string;
  readonly fields: Fields;
  readonly path: readonly PathSegment[];
  /** Whether it runs while the pod serves: init containers only when `restartPolicy` is `Always` (sidecars). */
  readonly serves: boolean;
}

const WORKLOADS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["apps", "extensions"],
  ReplicaSet: ["apps", "extensions"],
  DaemonSet: ["apps", "extensions"],
  StatefulSet: ["apps"],
  ReplicationController: [""],
  Job: ["batch"],
};
const TEMPLATE = ["spec", "template"];
const CRON_TEMPLATE = ["spec", "jobTemplate", "spec", "template"];

/**
 * The pods of an object: a Pod, the template of every built-in workload, and of custom resources that hold one in the same
 * place (`spec.template.spec.containers`: Argo Rollouts, Knative, OpenShift). `undefined` when it makes none.
 */
export function podTemplateOf(owner: Resource): PodTemplate | undefined {
  const group = apiGroup(textOf(owner.apiVersion));
  const kind = textOf(owner.kind);
  if (kind === "Pod" && group === "") return template(owner, owner, []);
  if (kind === "PodTemplate" && group === "") return template(owner, owner.template, ["template"]);
  if (kind === "CronJob" && group === "batch") {
    const job = fieldsOf(fieldsOf(fieldsOf(owner.spec).jobTemplate).spec);
    return template(owner, job.template, CRON_TEMPLATE);
  }
  const found = fieldsOf(owner.spec).template;
  const isWorkload = Object.hasOwn(WORKLOADS, kind) && WORKLOADS[kind]?.includes(group);
  if (!isWorkload && !Array.isArray(fieldsOf(fieldsOf(found).spec).containers)) return undefined;
  return template(owner, found, TEMPLATE);
}

/** Whether an object of this kind makes pods, or is one, whatever it says. */
export function makesPods(owner: Resource): boolean {
  const [group, kind] = [apiGroup(textOf(owner.apiVersion)), textOf(owner.kind)];
  if (kind === "Pod") return group === "";
  if (kind === "CronJob") return group === "batch";
  return (
    (Object.hasOwn(WORKLOADS, kind) && WORKLOADS[kind]?.includes(group)) || podTemplateOf(owner) !== undefined
  );
}

function containersOf(spec: Fields, path: readonly PathSegment[]): Container[] {
  return (["containers", "initContainers", "ephemeralContainers"] as const).flatMap((list) =>
    listOf(spec[list]).flatMap((container, i): Container[] => {
      if (!isRecord(container)) return [];
      const serves =
        list === "containers" || (list === "initContainers" && container.restartPolicy === "Always");
      return [{ name: textOf(container.name), fields: container, path: [...path, "spec", list, i], serves }];
    }),
  );
}

function template(owner: Resource, value: unknown, path: readonly PathSegment[]): PodTemplate | undefined {
  if (!isRecord(value)) return undefined;
  const labels = fieldsOf(fieldsOf(value.metadata).labels);
  const spec = fieldsOf(value.spec);
  return { owner, namespace: namespaceOf(owner), labels, spec, path, containers: containersOf(spec, path) };
}
