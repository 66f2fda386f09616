import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "../components/control-plane.ts";
import { runKubectl } from "../components/run-kubectl.ts";

/** A pod at an address of this machine, so that what is asked of it is asked of real servers. */
export interface PodAtLoopback {
  readonly namespace: string;
  readonly name: string;
  /** `127.1.0.1`: every pod has its own. */
  readonly ip: string;
  readonly port?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether a readiness probe asks the port. */
  readonly probed?: boolean;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Creates a pod, waits until it is ready, and gives it its address. */
export async function startPod(plane: ControlPlane, pod: PodAtLoopback): Promise<void> {
  const { namespace, name, ip, port, labels = { app: name }, probed = false, spec = {} } = pod;
  const container = {
    ...{ name: "main", image: "registry.test/app:1" },
    ...(port !== undefined && { ports: [{ name: "http", containerPort: port }] }),
    ...(probed && { readinessProbe: { httpGet: { path: "/", port: "http" } } }),
  };
  const answer = await plane.create({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels },
    spec: { containers: [container], ...spec },
  });
  if (!answer.accepted) throw new Error(`${namespace}/${name}: ${answer.status.message}`);
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { body } = await plane.get(`/api/v1/namespaces/${namespace}/pods/${name}`);
    if (isReady(body)) break;
    if (Date.now() > deadline) throw new Error(`${namespace}/${name} is not ready: ${JSON.stringify(body)}`);
    await sleep(50);
  }
  const status = JSON.stringify({ status: { podIP: ip, podIPs: [{ ip }] } });
  const args = [
    "patch",
    "pod",
    name,
    `--namespace=${namespace}`,
    "--subresource=status",
    "--type=merge",
    "-p",
    status,
  ];
  await runKubectl(args, plane.kubeconfig);
}

function isReady(pod: unknown): boolean {
  const { status } = pod as {
    readonly status?: { readonly podIP?: string; readonly conditions?: readonly Condition[] };
  };
  return (
    status?.podIP !== undefined &&
    (status.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True")
  );
}

interface Condition {
  readonly type: string;
  readonly status: string;
}
