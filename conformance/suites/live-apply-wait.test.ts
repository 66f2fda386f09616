import type { ApplyEvent, Cluster } from "@ashlar/core/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { AFTER_ANNOTATION, FAIL_LABEL } from "../components/kwok-stages.ts";
import { configMap, namespace, workload } from "../live-apply/objects.ts";
import { applied, connected, happened, live } from "../live-apply/run.ts";

let plane: ControlPlane;
let cluster: Cluster;

beforeAll(async () => {
  plane = await startControlPlane({ kubelet: true });
  cluster = await connected(plane.kubeconfig);
});
afterAll(() => plane?.stop());

/** Name → the last that was told of it. */
function told(events: readonly ApplyEvent[], type: ApplyEvent["type"]): Record<string, string> {
  return Object.fromEntries(
    events.flatMap((event) =>
      event.type === type && "ref" in event ? [[event.ref.name, "reason" in event ? event.reason : ""]] : [],
    ),
  );
}

const fails = (kind: "Deployment" | "Job" | "StatefulSet", name: string, how: string, spec: object = {}) =>
  workload(kind, `trouble/${name}`, { labels: { [FAIL_LABEL]: how }, spec });

describe("what does not become ready", () => {
  test("is told with the reason: the pod's own, the scheduler's, the quota's", async () => {
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { namespace: "small", name: "pods" },
      spec: { hard: { pods: "0" } },
    };
    const resources = [
      namespace("trouble"),
      namespace("small"),
      quota,
      configMap("trouble/words"),
      fails("Deployment", "pull", "image-pull"),
      fails("Deployment", "crash", "crash-loop"),
      fails("Deployment", "memory", "out-of-memory"),
      fails("StatefulSet", "config", "config"),
      fails("Job", "fails", "exit", { backoffLimit: 0 }),
      workload("Deployment", "trouble/nowhere", { pod: { nodeSelector: { disk: "none" } } }),
      workload("Deployment", "small/refused"),
      workload("Deployment", "trouble/runs"),
      workload("Job", "trouble/ends"),
    ];
    const started = Date.now();
    const { events, summary } = await applied(cluster, { name: "trouble", resources }, { waitSeconds: 6 });
    expect(Date.now() - started).toBeLessThan(15_000);
    const reasons = told(events, "not-ready");
    expect(reasons).toEqual({
      pull: expect.stringMatching(
        /0 of 1 pods.*Pod trouble\/pull-.*main: ImagePullBackOff: Back-off pulling image "registry.test\/app:1"/,
      ),
      crash: expect.stringMatching(/Pod trouble\/crash-.*main: CrashLoopBackOff: back-off 5m0s/),
      memory: expect.stringMatching(/Pod trouble\/memory-.*main: CrashLoopBackOff/),
      config: expect.stringMatching(
        /Pod trouble\/config-0: container main: CreateContainerConfigError: secret "absent" not found/,
      ),
      fails: expect.stringMatching(/it failed: .*container main: Error \(exit code 1\)/),
      nowhere: expect.stringMatching(/Pod trouble\/nowhere-.*didn't match Pod's node affinity/),
      refused: expect.stringMatching(/exceeded quota: pods/),
    });
    expect(summary).toMatchObject({ left: 0, notReady: 7 });
    expect(Object.keys(told(events, "ready")).sort()).toEqual(["ends", "runs"]);
    // What will not become ready by waiting is told before the time is over.
    const order = happened(events).filter((line) => line.startsWith("not-ready"));
    expect(order[0]).toBe("not-ready Job trouble/fails");
  });
});

describe("what becomes ready", () => {
  test("is waited for: rollouts of every kind, claims that bind with their first pod", async () => {
    const later = { metadata: { labels: { app: "x" }, annotations: { [AFTER_ANNOTATION]: "1500ms" } } };
    const of = (kind: "Deployment" | "StatefulSet" | "DaemonSet", image: string) => {
      const name = kind.toLowerCase();
      const { spec, ...object } = workload(kind, `rollout/${name}`, { container: { image } });
      const { template, ...rest } = spec as { template: { metadata: object } };
      const metadata = { ...later.metadata, labels: { app: name } };
      return {
        ...object,
        spec: { ...rest, ...(kind !== "DaemonSet" && { replicas: 2 }), template: { ...template, metadata } },
      };
    };
    const version = (image: string) => [
      namespace("rollout"),
      ...(["Deployment", "StatefulSet", "DaemonSet"] as const).map((kind) => of(kind, image)),
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { namespace: "rollout", name: "waits" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
      },
    ];
    for (const image of ["registry.test/app:1", "registry.test/app:2"]) {
      const { events, summary } = await applied(
        cluster,
        { name: "rollout", resources: version(image) },
        { waitSeconds: 30 },
      );
      expect(summary).toMatchObject({ left: 0, notReady: 0 });
      expect(Object.keys(told(events, "ready")).sort()).toEqual(["daemonset", "deployment", "statefulset"]);
      const { items } = await live(plane, "/api/v1/namespaces/rollout/pods");
      const running = items.filter(
        (pod: { metadata: { deletionTimestamp?: string } }) => !pod.metadata.deletionTimestamp,
      );
      const images = running.map(
        (pod: { spec: { containers: { image: string }[] } }) => pod.spec.containers[0]!.image,
      );
      expect(images).toEqual(Array(5).fill(image));
      const isReady = (pod: { status: { conditions: { type: string; status: string }[] } }) =>
        pod.status.conditions.some(({ type, status }) => type === "Ready" && status === "True");
      expect(running.every(isReady)).toBe(true);
    }
  });

  test("is not waited for without being asked", async () => {
    const { events } = await applied(cluster, {
      name: "unasked",
      resources: [
        namespace("unasked"),
        workload("Deployment", "unasked/pull", { labels: { [FAIL_LABEL]: "image-pull" } }),
      ],
    });
    expect(happened(events)).toEqual(["created Namespace unasked", "created Deployment unasked/pull"]);
  });
});
