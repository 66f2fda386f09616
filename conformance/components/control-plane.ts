import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient, apiClient } from "./api-client.ts";
import { rolesAreAggregated, startControllers } from "./control-plane-controllers.ts";
import { controlPlaneProgram } from "./control-plane-programs.ts";
import { freePort, type RunningProcess, startProcess } from "./process.ts";

/** A kube-apiserver with its etcd on the loopback address, empty when it starts, and a client that may do everything. */
export interface ControlPlane extends Omit<ApiClient, "close"> {
  /** `https://127.0.0.1:6443`, with a port of its own each time. */
  readonly url: string;
  /** The certificate that a client has to trust, PEM. */
  readonly ca: string;
  /** Path of a kubeconfig with the same rights, for programs that want one. */
  readonly kubeconfig: string;
  /** A client that shows another bearer token: one of `users`, or any other that the server knows. Ends with the server. */
  readonly client: (token: string) => ApiClient;
  /** Ends all processes and removes what they wrote. Happens by itself when this process ends without it. */
  readonly stop: () => Promise<void>;
}

export interface ControlPlaneOptions {
  /**
   * Runs kube-controller-manager too, as a cluster does: it fills the aggregated roles (admin, edit, view), which are empty
   * without it, and makes what belongs to a namespace (its `default` ServiceAccount). Ready when the roles are filled.
   */
  readonly controllers?: boolean;
  /** Further flags of kube-apiserver. They come last: a flag that is given twice has the later value. */
  readonly apiServerArgs?: readonly string[];
  /** Identities besides the one that may do everything. */
  readonly users?: readonly TokenUser[];
  /**
   * Admission plugins to switch off besides ServiceAccount (which waits for a controller, and is on when `controllers` are).
   * Without `NamespaceLifecycle` an object may name a namespace that does not exist.
   */
  readonly disableAdmission?: readonly string[];
}

/** Whom a bearer token stands for. The authenticator adds the group `system:authenticated`. */
export interface TokenUser {
  readonly token: string;
  readonly user: string;
  /** No name may hold a comma: the server's token file has no other separator. */
  readonly groups: readonly string[];
}

const ATTEMPTS = 3;
const READY_MS = 90_000;

/**
 * Starts etcd and kube-apiserver (and the controllers, when asked) as ordinary processes of this user, on free ports, with
 * state in temporary folders.
 *
 * The programs are `ASHLAR_ETCD`, `ASHLAR_KUBE_APISERVER` and `ASHLAR_KUBE_CONTROLLER_MANAGER` when set, else those in the
 * folder `KUBEBUILDER_ASSETS` when set, else built from the pinned Go modules (minutes, the first time on a machine).
 *
 * @throws Error when a program cannot be had or does not become ready, with the last that it logged
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const programs: Programs = {
    etcd: await controlPlaneProgram("etcd"),
    apiServer: await controlPlaneProgram("kube-apiserver"),
    ...(options.controllers && { controllers: await controlPlaneProgram("kube-controller-manager") }),
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(programs, options);
    } catch (error) {
      // Somebody else may take a free port between our look and the component's start.
      if (attempt === ATTEMPTS || !/address already in use/.test(String(error))) throw error;
    }
  }
}

interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllers?: string;
}

async function start(programs: Programs, options: ControlPlaneOptions): Promise<ControlPlane> {
  const running: RunningProcess[] = [];
  const clients: ApiClient[] = [];
  const stop = async () => {
    for (const client of clients.splice(0)) client.close();
    for (const process of running.reverse().splice(0)) await process.stop();
  };
  try {
    const etcdUrl = await startEtcd(programs.etcd, running);
    const { port, token, folder, key } = await startApiServer(programs.apiServer, etcdUrl, options, running);
    const apiServer = running.at(-1)!;
    const ca = await certificate(folder, apiServer);
    const clientOf = (bearer: string) => {
      const client = apiClient(port, bearer, ca);
      clients.push(client);
      return client;
    };
    const client = clientOf(token);
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, kubeconfigFor(port, token, ca), { mode: 0o600 });
    // The server makes the namespace `default` a moment after it is ready.
    const isUp = async (path: string) => (await client.get(path)).code === 200;
    const ready = async () => (await isUp("/readyz")) && (await isUp("/api/v1/namespaces/default"));
    await untilReady("kube-apiserver", apiServer, ready);
    if (programs.controllers !== undefined) {
      const controllers = await startControllers(programs.controllers, kubeconfig, key);
      running.push(controllers);
      await untilReady("kube-controller-manager", controllers, () => rolesAreAggregated(client));
    }
    const { close: _closedByStop, ...ours } = client;
    return { ...ours, url: `https://127.0.0.1:${port}`, ca, kubeconfig, client: clientOf, stop };
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
  { controllers = false, disableAdmission = [], apiServerArgs = [], users = [] }: ControlPlaneOptions,
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
  const all = [{ token, user: "conformance", groups: ["system:masters"] }, ...users];
  await writeFile(tokens!, `${all.map(tokenLine).join("\n")}\n`, owner);
  const disabled = [...(controllers ? [] : ["ServiceAccount"]), ...disableAdmission];
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
        ...(disabled.length > 0 ? [`--disable-admission-plugins=${disabled.join(",")}`] : []),
        ...apiServerArgs,
      ],
      folder,
    ),
  );
  return { port, token, folder: configuration!, key: key! };
}

/** A line of the server's token file: token, user, uid and groups, as CSV. */
function tokenLine({ token, user, groups }: TokenUser): string {
  const fields = [token, user, user, groups.join(",")];
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",");
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
