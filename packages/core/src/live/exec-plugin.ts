import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import { LiveError } from "./live-error.ts";

/** What a credential plugin answered. */
export interface PluginCredential {
  readonly token?: string;
  /** PEM. */
  readonly certificate?: string;
  readonly key?: string;
  /** Milliseconds since 1970; absent: as long as the server takes it. */
  readonly expires?: number;
}

/** Longer than a person takes to log in through a browser. */
const PLUGIN_MS = 300_000;

/**
 * Asks a credential plugin of a kubeconfig. At a terminal it has that for its questions, unless its `interactiveMode` is
 * Never; else it has no standard input, and its last words are told when it fails.
 *
 * @throws {LiveError} `login-needed` with the plugin's last words, but for what may be a token; `bad-input`: it needs a terminal and
 *   there is none, or answers in another version than the kubeconfig says
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function askPlugin(exec: Fields, cluster: Fields): Promise<PluginCredential> {
  const isInteractive = process.stdin.isTTY === true && exec.interactiveMode !== "Never";
  if (exec.interactiveMode === "Always" && !isInteractive)
    throw new LiveError(
      "bad-input",
      `the credential plugin ${textOf(exec.command)} needs a terminal (interactiveMode: Always), and there is none`,
      "log in at a terminal, or use another context",
    );
  const { apiVersion, kind, status } = fieldsOf(parsed(await run(exec, cluster, isInteractive)));
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = fieldsOf(status);
  const [certificate, key] = [textOf(clientCertificateData), textOf(clientKeyData)];
  if ((kind !== undefined && kind !== "ExecCredential") || (textOf(token) === "" && certificate + key === ""))
    throw noCredentials(exec, "what it printed is no ExecCredential with a token or a certificate");
  if (apiVersion !== exec.apiVersion)
    throw new LiveError(
      "bad-input",
      `the credential plugin ${textOf(exec.command)} does not answer in ${textOf(exec.apiVersion)}`,
      "write the apiVersion that it prints: see its documentation, or update it",
    );
  if ((certificate === "") !== (key === ""))
    throw noCredentials(exec, "it printed a certificate without its key, or a key alone");
  const expires = Date.parse(textOf(expirationTimestamp));
  return {
    ...(textOf(token) !== "" && { token: textOf(token) }),
    ...(certificate !== "" && { certificate, key }),
    ...(Number.isFinite(expires) && { expires }),
  };
}

const MOST_BYTES = 4_000_000;

/** What the plugin printed. */
function run(exec: Fields, cluster: Fields, isInteractive: boolean): Promise<string> {
  const variables = listOf(exec.env).map((one) => [textOf(fieldsOf(one).name), textOf(fieldsOf(one).value)]);
  const info = infoOf(exec, cluster, isInteractive);
  return new Promise((resolve, reject) => {
    const plugin = spawn(textOf(exec.command), listOf(exec.args).map(textOf), {
      env: { ...process.env, ...Object.fromEntries(variables), KUBERNETES_EXEC_INFO: info },
      stdio: isInteractive ? ["inherit", "pipe", "inherit"] : ["ignore", "pipe", "pipe"],
      timeout: PLUGIN_MS,
    });
    let printed = "";
    let said = "";
    plugin.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (printed.length > MOST_BYTES) plugin.kill();
    });
    plugin.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-MOST_BYTES);
    });
    plugin.once("error", ({ code }: NodeJS.ErrnoException) =>
      reject(noCredentials(exec, REASONS[code ?? ""] ?? `it could not be started (${code})`)),
    );
    plugin.once("close", (code, signal) => {
      if (code === 0) resolve(printed);
      else reject(noCredentials(exec, shown(said) || `it ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  EACCES: "it may not be executed (EACCES)",
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON may be a token: it is not repeated.
    return undefined;
  }
}

function noCredentials(exec: Fields, why: string): LiveError {
  return new LiveError(
    "login-needed",
    `the credential plugin ${textOf(exec.command)} gave no credentials: ${why}`,
    textOf(exec.installHint) || "run kubectl get --raw /version, which asks it too",
  );
}

/**
 * What kubectl tells a plugin in its environment.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
function infoOf({ apiVersion, provideClusterInfo }: Fields, cluster: Fields, interactive: boolean): string {
  const told = provideClusterInfo === true && { cluster: clusterInfo(cluster) };
  return JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive, ...told } });
}

/** Fields of a cluster that a plugin is told under the same name. */
const TOLD = ["server", "tls-server-name", "insecure-skip-tls-verify", "proxy-url", "disable-compression"];

function clusterInfo(cluster: Fields): Fields {
  const told = TOLD.filter((field) => cluster[field] !== undefined && cluster[field] !== false);
  const file = textOf(cluster["certificate-authority"]);
  const data = textOf(cluster["certificate-authority-data"]) || (file && readFileSync(file, "base64"));
  const extension = listOf(cluster.extensions)
    .map(fieldsOf)
    .find(({ name }) => name === "client.authentication.k8s.io/exec");
  return {
    ...Object.fromEntries(told.map((field) => [field, cluster[field]])),
    ...(data !== "" && { "certificate-authority-data": data }),
    config: extension?.extension ?? null,
  };
}

/** The last line of a plugin's errors, without what may be a token. */
function shown(text: string): string {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .replaceAll(/[\w.~+/=-]{32,}/g, "…")
    .slice(0, 200);
}
