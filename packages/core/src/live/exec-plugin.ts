import { execFile } from "node:child_process";
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
 * Asks a credential plugin of a kubeconfig.
 *
 * @throws {LiveError} `login-needed` with the plugin's last words, but for what may be a token
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function askPlugin(exec: Fields, cluster: Fields): Promise<PluginCredential> {
  const { command, args, env } = execOf(exec, cluster);
  const program = textOf(command);
  const answer = await new Promise<string>((resolve, reject) => {
    const variables = listOf(env).map((one) => [textOf(fieldsOf(one).name), textOf(fieldsOf(one).value)]);
    const options = {
      env: { ...process.env, ...Object.fromEntries(variables) },
      maxBuffer: 4_000_000,
      timeout: PLUGIN_MS,
    };
    execFile(program, listOf(args).map(textOf), options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(noCredentials(exec, error.code === "ENOENT" ? "it is not there" : shown(stderr)));
    });
  });
  const { status } = fieldsOf(parsed(answer));
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = fieldsOf(status);
  const certificate = textOf(clientCertificateData);
  if (textOf(token) === "" && certificate === "")
    throw noCredentials(exec, "what it printed is no ExecCredential with a token or a certificate");
  const expires = Date.parse(textOf(expirationTimestamp));
  return {
    ...(textOf(token) !== "" && { token: textOf(token) }),
    ...(certificate !== "" && { certificate, key: textOf(clientKeyData) }),
    ...(Number.isFinite(expires) && { expires }),
  };
}

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
 * A plugin with what kubectl tells it in its environment.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
export function execOf(exec: Fields, cluster: Fields): Fields {
  const interactive = process.stdin.isTTY === true && exec.interactiveMode !== "Never";
  const info = {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive, ...(exec.provideClusterInfo === true && { cluster: clusterInfo(cluster) }) },
  };
  const env = [...listOf(exec.env), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
  return { ...exec, args: listOf(exec.args), env };
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
