import { describe, expect, test } from "vitest";
import type { Resource } from "../resource.ts";
import { podTrouble, readiness } from "./readiness.ts";

// Statuses as controllers write them. Conformance waits for real controllers in conformance/suites/live-apply.test.ts.

const object = (kind: string, spec: object, status: object, generation = 2): Resource => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "x", generation },
  spec,
  status,
});
const condition = (type: string, status: string, rest: object = {}) => ({
  conditions: [{ type, status, ...rest }],
});
const DEPLOYED = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
const DAEMONS = {
  observedGeneration: 2,
  desiredNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
};

describe("ready", () => {
  test.each<[string, Resource]>([
    ["a Deployment", object("Deployment", { replicas: 3 }, DEPLOYED)],
    ["a Deployment of none", object("Deployment", { replicas: 0 }, { observedGeneration: 2 })],
    [
      "a StatefulSet",
      object("StatefulSet", { replicas: 1 }, { observedGeneration: 2, readyReplicas: 1, updatedReplicas: 1 }),
    ],
    [
      "a StatefulSet that rolls a part",
      object(
        "StatefulSet",
        { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
        { observedGeneration: 2, readyReplicas: 3, updatedReplicas: 1 },
      ),
    ],
    ["a DaemonSet", object("DaemonSet", {}, DAEMONS)],
    [
      "a DaemonSet without nodes",
      object("DaemonSet", {}, { observedGeneration: 2, desiredNumberScheduled: 0 }),
    ],
    ["a Job", object("Job", {}, condition("Complete", "True"))],
    ["a suspended Job", object("Job", { suspend: true }, {})],
    ["a pod that has ended well", object("Pod", {}, { phase: "Succeeded" })],
    ["a claim that waits for its first pod", object("PersistentVolumeClaim", {}, { phase: "Pending" })],
    ["an issuer", object("ClusterIssuer", {}, condition("Ready", "True"))],
    ["what has no status", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } }],
  ])("%s", (_, resource) => {
    expect(readiness(resource)).toEqual({ ready: true });
  });
});

describe("not ready, and why", () => {
  test.each<[string, Resource, string]>([
    ["nobody has seen it", object("Deployment", {}, {}), "its controller has not seen it yet"],
    [
      "the last change was not seen",
      object("Deployment", { replicas: 3 }, { ...DEPLOYED, observedGeneration: 1 }),
      "its controller has not seen the change yet",
    ],
    [
      "old pods",
      object("Deployment", { replicas: 3 }, { ...DEPLOYED, updatedReplicas: 1 }),
      "1 of 3 pods are of the new kind",
    ],
    [
      "it is paused",
      object("Deployment", { paused: true }, { observedGeneration: 2 }),
      "0 of 1 pods are of the new kind, and it is paused",
    ],
    [
      "ending pods",
      object("Deployment", { replicas: 3 }, { ...DEPLOYED, replicas: 4 }),
      "old pods are still ending",
    ],
    [
      "pods that are not available",
      object("Deployment", { replicas: 3 }, { ...DEPLOYED, availableReplicas: 0 }),
      "0 of 3 pods are available",
    ],
    ["one pod by default", object("StatefulSet", {}, { observedGeneration: 2 }), "0 of 1 pods are ready"],
    [
      "an issuer that was refused",
      object(
        "ClusterIssuer",
        {},
        condition("Ready", "False", { reason: "ErrRegister", message: "no account" }),
      ),
      "ErrRegister: no account",
    ],
    ["a pod that starts", object("Pod", {}, { phase: "Pending" }), "it is Pending"],
  ])("%s", (_, resource, reason) => {
    expect(readiness(resource)).toEqual({ ready: false, reason });
  });

  test.each<[string, Resource, string]>([
    [
      "a Job",
      object("Job", {}, condition("Failed", "True", { message: "backoff limit" })),
      "it failed: backoff limit",
    ],
    [
      "a Deployment over its deadline",
      object(
        "Deployment",
        {},
        {
          observedGeneration: 2,
          ...condition("Progressing", "False", { reason: "ProgressDeadlineExceeded", message: "timed out" }),
        },
      ),
      "timed out",
    ],
    ["a lost claim", object("PersistentVolumeClaim", {}, { phase: "Lost" }), "its volume is lost"],
  ])("waiting does not help: %s", (_, resource, reason) => {
    expect(readiness(resource)).toEqual({ ready: false, failed: true, reason });
  });
});

test.each<[string, object, string | undefined]>([
  [
    "an image that is not there",
    {
      containerStatuses: [
        { name: "web", state: { waiting: { reason: "ImagePullBackOff", message: "no such tag" } } },
      ],
    },
    "container web: ImagePullBackOff: no such tag",
  ],
  [
    "a crash",
    { containerStatuses: [{ name: "web", state: { terminated: { reason: "Error", exitCode: 2 } } }] },
    "container web: Error (exit code 2)",
  ],
  [
    "no node",
    condition("PodScheduled", "False", { reason: "Unschedulable", message: "0/1 nodes" }),
    "0/1 nodes",
  ],
  [
    "one that only starts",
    { containerStatuses: [{ name: "web", state: { waiting: { reason: "ContainerCreating" } } }] },
    undefined,
  ],
])("why a pod does not run: %s", (_, status, trouble) => {
  expect(podTrouble(object("Pod", {}, status))).toBe(trouble);
});
