import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { goModule } from "./go-module.ts";

const MODULE = {
  path: "sigs.k8s.io/kwok",
  version: "v0.8.0",
  sum: "h1:OTIOTwgROqPMovcTwxICx2eYQ4AwLpSx5EpjbDKF4SQ=",
};
const FILES = [
  "node/fast/node-initialize",
  "pod/fast/pod-ready",
  "pod/fast/pod-complete",
  "pod/fast/pod-delete",
];

/** The label of a pod that shall fail, and how. Taking it from a pod that is `Pending` heals the pod. */
export const FAIL_LABEL = "ashlar.test/fail";
/** The annotation of a pod that takes its time: `ashlar.test/after: 3s` before it is ready and, in a Job, before it is done. */
export const AFTER_ANNOTATION = "ashlar.test/after";

/** How a pod fails, in the words of a kubelet. */
interface Failure {
  readonly phase: "Pending" | "Running" | "Failed";
  /** Lines of each container's status; a template of kwok with the container as `.` and the pod as `$`. */
  readonly container: string;
  readonly event: { readonly reason: string; readonly message: string };
}

const crashed = (reason: string, exitCode: number) => `restartCount: 5
  lastState: {terminated: {exitCode: ${exitCode}, reason: ${reason}}}
  state:
    waiting:
      reason: CrashLoopBackOff
      message: {{ printf "back-off 5m0s restarting failed container=%s pod=%s_%s(%s)" .name $.metadata.name $.metadata.namespace $.metadata.uid | Quote }}`;

const waiting = (reason: string, message: string) => `restartCount: 0
  state: {waiting: {reason: ${reason}, message: {{ ${message} | Quote }}}}`;

/** The values of `FAIL_LABEL`. */
const FAILURES = {
  "image-pull": {
    phase: "Pending",
    container: waiting(
      "ImagePullBackOff",
      'printf "Back-off pulling image \\"%s\\": ErrImagePull: failed to resolve reference: not found" .image',
    ),
    event: { reason: "Failed", message: "Error: ImagePullBackOff" },
  },
  config: {
    phase: "Pending",
    container: waiting("CreateContainerConfigError", '"secret \\"absent\\" not found"'),
    event: { reason: "Failed", message: 'Error: secret "absent" not found' },
  },
  "crash-loop": {
    phase: "Running",
    container: crashed("Error", 1),
    event: { reason: "BackOff", message: "Back-off restarting failed container" },
  },
  "out-of-memory": {
    phase: "Running",
    container: crashed("OOMKilled", 137),
    event: { reason: "BackOff", message: "Back-off restarting failed container" },
  },
  "not-ready": {
    phase: "Running",
    container: "restartCount: 0\n  started: true\n  state: {running: {startedAt: {{ Now | Quote }}}}",
    event: { reason: "Unhealthy", message: "Readiness probe failed: HTTP probe failed with statuscode: 503" },
  },
  exit: {
    phase: "Failed",
    container:
      "restartCount: 0\n  state: {terminated: {exitCode: 1, reason: Error, startedAt: {{ Now | Quote }}, finishedAt: {{ Now | Quote }}}}",
    event: { reason: "Failed", message: "Error: container exited with code 1" },
  },
} as const satisfies Readonly<Record<string, Failure>>;

export type PodFailure = keyof typeof FAILURES;

/**
 * The configuration of kwok: the fast stages of its module, for pods without `FAIL_LABEL`, and a stage of ours for each way
 * to fail.
 */
export async function kwokStages(): Promise<string> {
  const folder = join(await goModule(MODULE), "kustomize", "stage");
  const theirs = await Promise.all(FILES.map((file) => readFile(join(folder, `${file}.yaml`), "utf8")));
  const ours = Object.entries(FAILURES).map(([name, failure]) => JSON.stringify(failureStage(name, failure)));
  return [...theirs.map(exceptFailing), ...ours].join("\n---\n");
}

/** A stage of pods that are not being deleted, made one of those that shall not fail, after the pod's own time. */
function exceptFailing(stage: string): string {
  if (!/name: pod-(ready|complete)/.test(stage)) return stage;
  const changed = stage
    .replace(
      "    matchExpressions:\n",
      `    matchExpressions:\n    - key: '.metadata.labels["${FAIL_LABEL}"]'\n      operator: 'DoesNotExist'\n`,
    )
    .replace(
      "\n  next:\n",
      `\n  delay:\n    durationMilliseconds: 0\n    durationFrom:\n      expressionFrom: '.metadata.annotations["${AFTER_ANNOTATION}"]'\n  next:\n`,
    );
  if (!changed.includes(FAIL_LABEL) || !changed.includes(AFTER_ANNOTATION))
    throw new Error(`a stage of ${MODULE.path}@${MODULE.version} is not as expected:\n${stage}`);
  return changed;
}

function failureStage(name: string, { phase, container, event }: Failure) {
  const unready = ["Ready", "ContainersReady"].map(
    (type) => `- type: ${type}
  status: "False"
  lastTransitionTime: {{ Now | Quote }}
  reason: ContainersNotReady
  message: "containers with unready status: [{{ range $i, $c := .spec.containers }}{{ if $i }} {{ end }}{{ $c.name }}{{ end }}]"`,
  );
  const statusTemplate = `phase: ${phase}
startTime: {{ Now | Quote }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ Now | Quote }}}
${unready.join("\n")}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  ${container}
{{ end }}
`;
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name: `pod-fail-${name}` },
    spec: {
      resourceRef: { apiGroup: "v1", kind: "Pod" },
      selector: {
        matchLabels: { [FAIL_LABEL]: name },
        matchExpressions: [
          { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" },
          { key: ".status.containerStatuses.[].name", operator: "DoesNotExist" },
        ],
      },
      next: { event: { type: "Warning", ...event }, statusTemplate },
    },
  };
}
