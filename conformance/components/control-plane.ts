import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient, apiClient } from "./api-client.ts";
import type { AuditRule } from "./audit-log.ts";
import { type Certificate, selfSignedCertificate } from "./certificate.ts";
import { type ApiServer, apiServer } from "./control-plane-api-server.ts";
import { rolesAreAggregated, startControllers } from "./control-plane-controllers.ts";
import { type KubeletPrograms, kubeletPrograms, startKubelet } from "./control-plane-kubelet.ts";
import { controlPlaneProgram } from "./control-plane-programs.ts";
import { type ExecRule, writeExecRules } from "./exec-rules.ts";
import { type CredentialPlugin, type Endpoint, kubeconfigText } from "./kubeconfig.ts";
import { freePort, type RunningProcess, startProcess } from "./process.ts";
import { untilReady } from "./until-ready.ts";

/** A kube-apiserver with its etcd on the loopback address, empty when it starts, and a client that may do everything. */
export interface ControlPlane extends Omit<ApiClient, "close">, Endpoint {
  /** Path of a kubeconfig with the same rights, for programs that want one. */
  readonly kubeconfig: string;
  /** The bearer token in it. */
  readonly token: string;
  /** For what tests put down for its clients. Goes with the server, whichever way it ends. */
  readonly folder: string;
  /** A client that shows another bearer token: one of `users`, or any other that the server knows. Ends with the server. */
  readonly client: (token: string) => ApiClient;
  /** Path of a new kubeconfig for another identity and, with `via`, for what stands before the server. Ends with the server. */
  readonly kubeconfigFor: (credential: string | CredentialPlugin, via?: Endpoint) => Promise<string>;
  /** The file of the audit log when `audit` is on: read it with `auditEvents`, before `stop`. */
  readonly auditLog?: string;
  /** With a kubelet: how commands run that are executed in pods, from now on. The first rule that matches counts. */
  readonly execute: (rules: readonly ExecRule[]) => Promise<void>;
  /** Ends kube-apiserver as a crash does: open connections break. Everything else goes on. */
  readonly stopApiServer: () => Promise<void>;
  /** Starts it again, on the same port, with what etcd holds; resolves when it is ready. */
  readonly startApiServer: () => Promise<void>;
  /** Ends all processes and removes what they wrote. Happens by itself when this process ends without it. */
  readonly stop: () => Promise<void>;
}

export interface ControlPlaneOptions {
  /**
   * Runs kube-controller-manager too, as a cluster does: it fills the aggregated roles (admin, edit, view), which are empty
   * without it, and makes what belongs to a namespace (its `default` ServiceAccount). Ready when the roles are filled.
   */
  readonly controllers?: boolean;
  /**
   * Runs kube-scheduler and a node that pretends, beside the controllers: pods become ready at once, or fail as their label
   * says (see kwok-stages.ts). Commands executed in them run on this machine, see `execute`. Ready when the node takes pods.
   */
  readonly kubelet?: boolean;
  /** Makes the server write an audit log, by these rules or, with `true`, by `AUDIT_ALL_BUT_SECRETS`. */
  readonly audit?: boolean | readonly AuditRule[];
  /** Further flags of kube-apiserver. They come last: a flag that is given twice has the later value. */
  readonly apiServerArgs?: readonly string[];
  /** Identities besides the one that may do everything. */
  readonly users?: readonly TokenUser[];
  /**
   * Admission plugins to switch off besides ServiceAccount (which waits for a controller, and is on when `controllers` are).
   * Without `NamespaceLifecycle` an object may name a namespace that does not exist.
   */
  readonly disableAdmission?: readonly string[];
  /** Lets etcd write to the disk before it answers, as it does by default everywhere else. Tests are faster without. */
  readonly durable?: boolean;
}

/** Whom a bearer token stands for. The authenticator adds the group `system:authenticated`. */
export interface TokenUser {
  readonly token: string;
  readonly user: string;
  /** No name may hold a comma: the server's token file has no other separator. */
  readonly groups: readonly string[];
}

const ATTEMPTS = 3;

/**
 * Starts etcd and kube-apiserver (and what else is asked for) as ordinary processes of this user, on free ports, with state
 * in temporary folders.
 *
 * The programs are `ASHLAR_ETCD`, `ASHLAR_KUBE_APISERVER`, … when set (see control-plane-programs.ts), else those in the
 * folder `KUBEBUILDER_ASSETS` when set, else built from the pinned Go modules (minutes, the first time on a machine).
 *
 * @throws Error when a program cannot be had or does not become ready, with the last that it logged
 */
export async function startControlPlane(given: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const options = given.kubelet ? { ...given, controllers: true } : given;
  const programs: Programs = {
    etcd: await controlPlaneProgram("etcd"),
    apiServer: await controlPlaneProgram("kube-apiserver"),
    ...(options.controllers && { controllers: await controlPlaneProgram("kube-controller-manager") }),
    ...(options.kubelet && { kubelet: await kubeletPrograms() }),
  };
  return whileTaken(() => start(programs, options));
}

/** Somebody else may take a free port between our look and the component's start. */
async function whileTaken<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !/address already in use/.test(String(error))) throw error;
      await sleep(500);
    }
  }
}

interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllers?: string;
  readonly kubelet?: KubeletPrograms;
}

async function start(programs: Programs, options: ControlPlaneOptions): Promise<ControlPlane> {
  const running: Pick<RunningProcess, "stop">[] = [];
  const clients: ApiClient[] = [];
  const stop = async () => {
    for (const client of clients.splice(0)) client.close();
    for (const process of running.reverse().splice(0)) await process.stop();
  };
  try {
    // What has to outlive a kube-apiserver is kept, and goes, with etcd.
    const folder = await mkdtemp(join(tmpdir(), "ashlar-etcd-"));
    const etcdUrl = await startEtcd(programs.etcd, folder, running, options.durable);
    const state = join(folder, "server");
    const certificate = programs.kubelet && (await selfSignedCertificate(join(state, "kubelet")));
    const server = await apiServer(programs.apiServer, etcdUrl, state, options, certificate);
    running.push(server);
    await server.start();
    const { port, token } = server;
    const endpoint = { url: `https://127.0.0.1:${port}`, ca: await server.certificate() };
    const clientOf = (bearer: string) => {
      const client = apiClient(port, bearer, endpoint.ca);
      clients.push(client);
      return client;
    };
    let kubeconfigs = 0;
    const kubeconfigFor = async (credential: string | CredentialPlugin, via: Endpoint = endpoint) => {
      const file = join(state, `kubeconfig-${++kubeconfigs}`);
      await writeFile(file, kubeconfigText(via, credential), { mode: 0o600 });
      return file;
    };
    const client = clientOf(token);
    const kubeconfig = await kubeconfigFor(token);
    await untilServes(server, client);
    const plane = { folder: state, kubeconfig, client };
    if (programs.controllers !== undefined) {
      const controllers = await startControllers(programs.controllers, kubeconfig, server.key);
      running.push(controllers);
      if (programs.kubelet) await startKubelet(programs.kubelet, plane, certificate as Certificate, running);
      await untilReady("kube-controller-manager", controllers, () => rolesAreAggregated(client));
    }
    const { close: _closedByStop, ...ours } = client;
    return {
      ...ours,
      ...endpoint,
      kubeconfig,
      token,
      folder: state,
      ...(server.auditLog !== undefined && { auditLog: server.auditLog }),
      client: clientOf,
      kubeconfigFor,
      execute: async (rules) => {
        if (!programs.kubelet) throw new Error("nothing runs in this control plane: start it with kubelet");
        await writeExecRules(state, rules);
      },
      stopApiServer: server.stop,
      startApiServer: () =>
        whileTaken(async () => {
          await server.start();
          await untilServes(server, client);
        }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server makes the namespace `default` a moment after it is ready. */
function untilServes(server: ApiServer, client: ApiClient): Promise<void> {
  const isUp = async (path: string) => (await client.get(path)).code === 200;
  return untilReady(
    "kube-apiserver",
    server,
    async () => (await isUp("/readyz")) && (await isUp("/api/v1/namespaces/default")),
  );
}

async function startEtcd(
  program: string,
  folder: string,
  running: Pick<RunningProcess, "stop">[],
  durable = false,
): Promise<string> {
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const etcd = startProcess(
    program,
    [
      `--data-dir=${join(folder, "data")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      ...(durable ? [] : ["--unsafe-no-fsync"]),
      "--log-level=warn",
    ],
    folder,
  );
  running.push(etcd);
  await untilReady("etcd", etcd, async () => (await fetch(`${client}/health`)).ok);
  return client;
}
