import { apiGroup, type Resource } from "@ashlar/core";
import { asFields, asObjects, asStrings, asText, type Fields } from "./resources.ts";
import type { DeclaredPort } from "./unit.ts";

/** What policies can see of a pod spec with its metadata: of a Pod, or of a workload's template. */
export interface PodFacts {
  readonly labels: Readonly<Record<string, string>>;
  /** Labels that the controller adds with a value that the template does not tell. */
  readonly opaque: readonly string[];
  readonly hostNetwork: boolean;
  readonly node?: string;
  readonly ports: readonly DeclaredPort[];
  readonly broken?: string;
}

interface WorkloadKind {
  readonly groups: readonly string[];
  readonly template: (spec: Fields) => unknown;
  readonly opaque: readonly string[];
}

const apps = ["apps", "extensions"];
const template = (spec: Fields) => spec.template;
const jobOpaque = ["controller-uid", "batch.kubernetes.io/controller-uid"];
const jobName = ["job-name", "batch.kubernetes.io/job-name"];
const jobIndex = "batch.kubernetes.io/job-completion-index";

/** The kinds that make pods, and the labels that their controllers add to each pod (kubernetes pkg/controller). */
const workloadKinds = new Map<string, WorkloadKind>([
  ["Deployment", { groups: apps, template, opaque: ["pod-template-hash"] }],
  ["ReplicaSet", { groups: apps, template, opaque: [] }],
  ["ReplicationController", { groups: [""], template, opaque: [] }],
  ["DaemonSet", { groups: apps, template, opaque: ["controller-revision-hash", "pod-template-generation"] }],
  [
    "StatefulSet",
    {
      groups: apps,
      template,
      opaque: [
        "controller-revision-hash",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
      ],
    },
  ],
  ["Job", { groups: ["batch"], template, opaque: jobOpaque }],
  [
    "CronJob",
    {
      groups: ["batch"],
      template: (spec) => asFields(asFields(spec.jobTemplate)?.spec)?.template,
      opaque: [...jobOpaque, ...jobName],
    },
  ],
]);

/** Whether an object makes pods. */
export function isWorkload(resource: Resource): boolean {
  return (
    workloadKinds.get(asText(resource.kind))?.groups.includes(apiGroup(asText(resource.apiVersion))) === true
  );
}

/** What is known of the pods that a workload makes, before they exist. */
export function templateFacts(workload: Resource): PodFacts {
  const kind = workloadKinds.get(asText(workload.kind))!;
  const podTemplate = asFields(kind.template(asFields(workload.spec) ?? {}));
  if (podTemplate === undefined) return { ...podFacts({}, {}), broken: "it has no pod template" };
  const facts = podFacts(asFields(podTemplate.metadata) ?? {}, asFields(podTemplate.spec) ?? {});
  if (workload.kind !== "Job") return { ...facts, opaque: kind.opaque };
  const name = asText(asFields(workload.metadata)?.name);
  const index = asFields(workload.spec)?.completionMode === "Indexed" ? [jobIndex] : [];
  if (name === "") return { ...facts, opaque: [...kind.opaque, ...jobName, ...index] };
  const named = Object.fromEntries(jobName.map((key) => [key, name]));
  return { ...facts, labels: { ...facts.labels, ...named }, opaque: [...kind.opaque, ...index] };
}

/** What is known of a pod from its metadata and spec. */
export function podFacts(metadata: Fields, spec: Fields): PodFacts {
  const labels = asStrings(metadata.labels);
  // Only init containers that run beside the others (sidecars) still listen when the pod serves.
  const sidecars = asObjects(spec.initContainers).filter((c) => c.restartPolicy === "Always");
  const declared = [...asObjects(spec.containers), ...sidecars].flatMap((c) =>
    asObjects(c.ports).map(readPort),
  );
  const node = asText(spec.nodeName);
  const facts = {
    labels: labels ?? {},
    opaque: [],
    hostNetwork: spec.hostNetwork === true,
    ports: declared.filter((port) => port !== undefined),
    ...(node !== "" && { node }),
  };
  if (labels === undefined) return { ...facts, broken: "its labels are not a map of strings" };
  if (declared.includes(undefined)) return { ...facts, broken: "it declares a port that is no port" };
  return facts;
}

/** A Job that is over makes no more pods. */
export function isFinishedJob(workload: Resource): boolean {
  if (workload.kind !== "Job") return false;
  const conditions = asObjects(asFields(workload.status)?.conditions);
  return conditions.some((c) => (c.type === "Complete" || c.type === "Failed") && c.status === "True");
}

function readPort({ name, containerPort, ...rest }: Fields): DeclaredPort | undefined {
  const protocol = rest.protocol ?? "TCP";
  const known = protocol === "TCP" || protocol === "UDP" || protocol === "SCTP";
  if (!known || !isPortNumber(containerPort)) return undefined;
  return { number: containerPort, protocol, ...(typeof name === "string" && name !== "" && { name }) };
}

/** Whether a value is a number from 1 to 65535. */
export function isPortNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65535;
}
