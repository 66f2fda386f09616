import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AUDIT_ALL_BUT_SECRETS, auditPolicy } from "./audit-log.ts";
import type { Certificate } from "./certificate.ts";
import type { ControlPlaneOptions, TokenUser } from "./control-plane.ts";
import { freePort, type RunningProcess, startProcess } from "./process.ts";
import { untilReady } from "./until-ready.ts";

/** A kube-apiserver that can be ended and started again, on the same port and with the same state. */
export interface ApiServer extends RunningProcess {
  readonly port: number;
  /** A token that may do everything. */
  readonly token: string;
  /** The private key that signs tokens of ServiceAccounts, a file. */
  readonly key: string;
  readonly auditLog?: string;
  /** Starts a process; it is not ready when this resolves. */
  readonly start: () => Promise<void>;
  /** The certificate that the server makes for itself at its first start; it is its own authority. */
  readonly certificate: () => Promise<string>;
}

/**
 * Writes what a kube-apiserver needs; `start` starts it.
 *
 * @param state a folder that outlives every process of this server
 * @param kubelet what the server shows to a kubelet, and the only authority that it trusts there
 */
export async function apiServer(
  program: string,
  etcdUrl: string,
  state: string,
  options: ControlPlaneOptions,
  kubelet: Certificate | undefined,
): Promise<ApiServer> {
  await mkdir(state, { recursive: true });
  const [key, tokens, configuration, policy, log] = ["service-account.key", "tokens.csv", "certificates"]
    .concat("audit-policy.json", "audit.log")
    .map((name) => join(state, name)) as [string, string, string, string, string];
  const port = await freePort();
  const token = randomBytes(24).toString("hex");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const owner = { mode: 0o600 };
  await writeFile(key, privateKey.export({ type: "pkcs1", format: "pem" }), owner);
  const { users = [], disableAdmission = [], apiServerArgs = [], audit = false } = options;
  const all = [{ token, user: "conformance", groups: ["system:masters"] }, ...users];
  await writeFile(tokens, `${all.map(tokenLine).join("\n")}\n`, owner);
  if (audit !== false) await writeFile(policy, auditPolicy(audit === true ? AUDIT_ALL_BUT_SECRETS : audit));
  const disabled = [...(options.controllers ? [] : ["ServiceAccount"]), ...disableAdmission];
  const args = [
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
    ...(audit === false ? [] : [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`]),
    ...(kubelet ? kubeletArgs(kubelet) : []),
    ...apiServerArgs,
  ];
  let process: RunningProcess | undefined;
  const server: Omit<ApiServer, "certificate"> = {
    port,
    token,
    key,
    ...(audit !== false && { auditLog: log }),
    start: async () => {
      if (process?.ended() === false) throw new Error("kube-apiserver runs already");
      process = startProcess(program, args, await mkdtemp(join(tmpdir(), "ashlar-kube-apiserver-")));
    },
    log: () => process?.log() ?? "",
    ended: () => process?.ended() ?? true,
    stop: async () => process?.stop(),
  };
  const file = join(configuration, "apiserver.crt");
  const certificate = async () => {
    await untilReady("kube-apiserver", server, async () => existsSync(file));
    return readFile(file, "utf8");
  };
  return { ...server, certificate };
}

function kubeletArgs({ certificateFile, keyFile }: Certificate): string[] {
  return [
    `--kubelet-certificate-authority=${certificateFile}`,
    `--kubelet-client-certificate=${certificateFile}`,
    `--kubelet-client-key=${keyFile}`,
    "--kubelet-preferred-address-types=InternalIP",
  ];
}

/** A line of the server's token file: token, user, uid and groups, as CSV. */
function tokenLine({ token, user, groups }: TokenUser): string {
  const fields = [token, user, user, groups.join(",")];
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",");
}
