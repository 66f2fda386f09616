import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiClient } from "./api-client.ts";
import type { Certificate } from "./certificate.ts";
import { controlPlaneProgram } from "./control-plane-programs.ts";
import { execRulesFile } from "./exec-rules.ts";
import { goProgram } from "./go.ts";
import { kwokStages } from "./kwok-stages.ts";
import { freePort, type RunningProcess, startProcess } from "./process.ts";
import { untilReady } from "./until-ready.ts";

/** What makes pods run, or seem to. */
export interface KubeletPrograms {
  readonly scheduler: string;
  readonly kwok: string;
  readonly exec: string;
  /** The configuration of kwok. */
  readonly stages: string;
}

export async function kubeletPrograms(): Promise<KubeletPrograms> {
  return {
    scheduler: await controlPlaneProgram("kube-scheduler"),
    kwok: await controlPlaneProgram("kwok"),
    exec: await goProgram("kubelet-exec"),
    stages: await kwokStages(),
  };
}

interface Plane {
  /** Where the server keeps its state. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly client: ApiClient;
}

const NODE = "node-1";
const FAKE = "kwok.x-k8s.io/node";

/** Starts kube-scheduler, kwok and the server of `exec`, and makes the one node; resolves when pods can be bound to it. */
export async function startKubelet(
  programs: KubeletPrograms,
  plane: Plane,
  certificate: Certificate,
  running: Pick<RunningProcess, "stop">[],
): Promise<void> {
  const started = (process: RunningProcess) => {
    running.push(process);
    return process;
  };
  const port = await freePort();
  const exec = started(await startExec(programs.exec, port, plane.folder, certificate));
  const scheduler = started(await startScheduler(programs.scheduler, plane.kubeconfig));
  const kwok = started(await startKwok(programs, plane.kubeconfig, port));
  await plane.client.create({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: NODE,
      annotations: { [FAKE]: "fake" },
      labels: { "kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" },
    },
  });
  await untilReady("kwok", kwok, () => takesPods(plane.client));
  for (const [name, process] of Object.entries({ "kubelet-exec": exec, "kube-scheduler": scheduler }))
    if (process.ended()) throw new Error(`${name} ended while starting. Its last words:\n${process.log()}`);
}

async function startExec(
  program: string,
  port: number,
  state: string,
  { certificateFile, keyFile }: Certificate,
): Promise<RunningProcess> {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-kubelet-exec-"));
  const args = [`127.0.0.1:${port}`, certificateFile, keyFile, execRulesFile(state)];
  return startProcess(program, args, folder);
}

async function startScheduler(program: string, kubeconfig: string): Promise<RunningProcess> {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-kube-scheduler-"));
  return startProcess(
    program,
    [
      `--kubeconfig=${kubeconfig}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${await freePort()}`,
      `--cert-dir=${folder}`,
      "--leader-elect=false",
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ],
    folder,
  );
}

async function startKwok(
  { kwok, stages }: KubeletPrograms,
  kubeconfig: string,
  execPort: number,
): Promise<RunningProcess> {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-kwok-"));
  const config = join(folder, "stages.yaml");
  await writeFile(config, stages);
  return startProcess(
    kwok,
    [
      `--kubeconfig=${kubeconfig}`,
      `--config=${config}`,
      `--manage-nodes-with-annotation-selector=${FAKE}=fake`,
      "--cidr=10.244.0.1/16",
      "--node-ip=127.0.0.1",
      `--node-port=${execPort}`,
      // Its own server, which nobody asks: without an address it listens on all, at the port of the node.
      `--server-address=127.0.0.1:${await freePort()}`,
      "--node-lease-duration-seconds=40",
    ],
    folder,
    { ...process.env, KWOK_WORKDIR: folder },
  );
}

interface Node {
  readonly spec?: { readonly taints?: readonly unknown[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function takesPods(client: ApiClient): Promise<boolean> {
  const { spec, status } = (await client.get(`/api/v1/nodes/${NODE}`)).body as Node;
  const isReady = status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
  return isReady === true && (spec?.taints ?? []).length === 0;
}
