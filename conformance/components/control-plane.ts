import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient, apiClient } from "./api-client.ts";
import { goProgram } from "./go.ts";
import { freePort, type RunningProcess, startProcess } from "./process.ts";

/** A kube-apiserver with its etcd on the loopback address, empty when it starts, and a client that may do everything. */
export interface ControlPlane extends Omit<ApiClient, "close"> {
  /** `https://127.0.0.1:6443`, with a port of its own each time. */
  readonly url: string;
  /** Path of a kubeconfig with the same rights, for programs that want one. */
  readonly kubeconfig: string;
  /** Ends both processes and removes what they wrote. Happens by itself when this process ends without it. */
  readonly stop: () => Promise<void>;
}

export interface ControlPlaneOptions {
  /**
   * Admission plugins to switch off besides ServiceAccount (which waits for a controller that does not run here).
   * Without `NamespaceLifecycle` an object may name a namespace that does not exist.
   */
  readonly disableAdmission?: readonly string[];
}

const ATTEMPTS = 3;
const READY_MS = 90_000;

/**
 * Starts etcd and kube-apiserver as ordinary processes of this user, on free ports, with state in temporary folders.
 *
 * The programs are `ASHLAR_ETCD` and `ASHLAR_KUBE_APISERVER` when set, else those in the folder `KUBEBUILDER_ASSETS` when
 * set, else built from the pinned Go modules (minutes, the first time on a machine).
 *
 * @throws Error when a program cannot be had or does not become ready, with the last that it logged
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { etcd, apiServer } = await controlPlanePrograms();
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(etcd, apiServer, options);
    } catch (error) {
      // Somebody else may take a free port between our look and the component's start.
      if (attempt === ATTEMPTS || !/address already in use/.test(String(error))) throw error;
    }
  }
}

/** The paths of both programs, built when they have to be. */
export async function controlPlanePrograms(): Promise<{ readonly etcd: string; readonly apiServer: string }> {
  const etcd = await component("etcd", "ASHLAR_ETCD");
  return { etcd, apiServer: await component("kube-apiserver", "ASHLAR_KUBE_APISERVER") };
}

async function start(
  etcdProgram: string,
  apiServerProgram: string,
  { disableAdmission = [] }: ControlPlaneOptions,
): Promise<ControlPlane> {
  const running: RunningProcess[] = [];
  const stop = async () => {
    for (const process of running.reverse().splice(0)) await process.stop();
  };
  try {
    const etcdUrl = await startEtcd(etcdProgram, running);
    const { port, token, folder } = await startApiServer(
      apiServerProgram,
      etcdUrl,
      disableAdmission,
      running,
    );
    const ca = await certificate(folder, running.at(-1)!);
    const client = apiClient(port, token, ca);
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, kubeconfigFor(port, token, ca), { mode: 0o600 });
    // The server makes the namespace `default` a moment after it is ready.
    const isUp = async (path: string) => (await client.get(path)).code === 200;
    const ready = async () => (await isUp("/readyz")) && (await isUp("/api/v1/namespaces/default"));
    await untilReady("kube-apiserver", running.at(-1)!, ready);
    return {
      ...client,
      url: `https://127.0.0.1:${port}`,
      kubeconfig,
      stop: async () => {
        client.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startEtcd(program: string, running: RunningProcess[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-etcd-"));
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  running.push(
    startProcess(
      program,
      [
        `--data-dir=${join(folder, "data")}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        "--unsafe-no-fsync",
        "--log-level=warn",
      ],
      folder,
    ),
  );
  await untilReady("etcd", running.at(-1)!, async () => (await fetch(`${client}/health`)).ok);
  return client;
}

async function startApiServer(
  program: string,
  etcdUrl: string,
  disableAdmission: readonly string[],
  running: RunningProcess[],
) {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-kube-apiserver-"));
  const port = await freePort();
  const token = randomBytes(24).toString("hex");
  const [key, tokens, configuration] = ["service-account.key", "tokens.csv", "certificates"].map((name) =>
    join(folder, name),
  );
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const owner = { mode: 0o600 };
  await writeFile(key!, privateKey.export({ type: "pkcs1", format: "pem" }), owner);
  await writeFile(tokens!, `${token},conformance,conformance,"system:masters"\n`, owner);
  running.push(
    startProcess(
      program,
      [
        `--etcd-servers=${etcdUrl}`,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        `--secure-port=${port}`,
        `--cert-dir=${configuration}`,
        `--token-auth-file=${tokens}`,
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-account-key-file=${key}`,
        `--service-account-signing-key-file=${key}`,
        `--disable-admission-plugins=${["ServiceAccount", ...disableAdmission].join(",")}`,
      ],
      folder,
    ),
  );
  return { port, token, folder: configuration! };
}

/** The certificate that the server makes for itself at its start; it is its own authority. */
async function certificate(folder: string, process: RunningProcess): Promise<string> {
  const file = join(folder, "apiserver.crt");
  await untilReady("kube-apiserver", process, async () => existsSync(file));
  return readFile(file, "utf8");
}

function kubeconfigFor(port: number, token: string, ca: string): string {
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    "certificate-authority-data": Buffer.from(ca).toString("base64"),
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "conformance", cluster }],
    users: [{ name: "conformance", user: { token } }],
    contexts: [{ name: "conformance", context: { cluster: "conformance", user: "conformance" } }],
    "current-context": "conformance",
  });
}

async function untilReady(
  name: string,
  process: RunningProcess,
  ready: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await ready().catch(() => false))) {
    const failure = process.ended()
      ? "ended while starting"
      : Date.now() > deadline && `was not ready after ${READY_MS / 1000} s`;
    if (failure) throw new Error(`${name} ${failure}. Its last words:\n${process.log()}`);
    await sleep(100);
  }
}

async function component(name: "etcd" | "kube-apiserver", variable: string): Promise<string> {
  const assets = process.env.KUBEBUILDER_ASSETS;
  const given = process.env[variable] || (assets && join(assets, name));
  if (!given) return goProgram(name);
  if (!existsSync(given))
    throw new Error(
      `${given}, named by ${process.env[variable] ? variable : "KUBEBUILDER_ASSETS"}, does not exist: correct or unset the ` +
        "variable (then it is built from its Go module)",
    );
  return given;
}
