import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { suggest } from "../did-you-mean.ts";
import { isRecord } from "../json.ts";
import { readYaml } from "../read-yaml/read-yaml.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import { LiveError } from "./live-error.ts";

/** One context of a kubeconfig, with its cluster and user; paths are absolute, as kubectl takes them. */
export interface KubeContext {
  readonly name: string;
  readonly cluster: Fields;
  readonly user: Fields;
  /** The namespace of the context; `default` when it names none. */
  readonly namespace: string;
}

export interface KubeconfigOptions {
  /** Path of the kubeconfig. Default: those of `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** The context to use. Default, also when it is empty: the file's current one. */
  readonly context?: string;
}

/**
 * The context of the kubeconfig that kubectl would use: several files of `KUBECONFIG` are merged, and the first to say
 * something wins. Without a kubeconfig, in a pod: its ServiceAccount.
 *
 * @throws {LiveError} `bad-input`: there is neither, a file that cannot be read, a context, cluster or user that it does not have
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
export function readKubeContext(options: KubeconfigOptions): KubeContext {
  const files = kubeconfigFiles(options);
  const configs = files.map(readConfig);
  const where = files.join(delimiter);
  if (configs.every(saysNothing)) {
    const own = options.context ? undefined : inClusterContext();
    if (own) return own;
    const none = files.length === 0 ? "there is no kubeconfig" : `${where} says nothing`;
    throw new LiveError(
      "bad-input",
      options.context ? `${none} to have the context ${options.context}` : `${none}, and this is no pod`,
      "name one: --kubeconfig PATH, or the variable KUBECONFIG",
    );
  }
  const name =
    options.context || configs.map((config) => textOf(config["current-context"])).find((text) => text !== "");
  if (name === undefined)
    throw new LiveError("bad-input", `${where} names no current context`, "write --context NAME");
  const context = entry(configs, "contexts", "context", name, where);
  const clusterName = textOf(context.cluster);
  const userName = textOf(context.user);
  const cluster = entry(configs, "clusters", "cluster", clusterName, where);
  if (textOf(cluster.server) === "")
    throw new LiveError(
      "bad-input",
      `cluster ${clusterName} of ${where} has no server`,
      "write the URL of its API: server: https://…",
    );
  const user = userName === "" ? {} : entry(configs, "users", "user", userName, where);
  return { name, cluster, user, namespace: textOf(context.namespace) || "default" };
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
function inClusterContext(): KubeContext | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = process.env;
  if (!host) return undefined;
  const file = join(SERVICE_ACCOUNT, "namespace");
  return {
    name: "in-cluster",
    cluster: {
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      "certificate-authority": join(SERVICE_ACCOUNT, "ca.crt"),
    },
    user: { tokenFile: join(SERVICE_ACCOUNT, "token") },
    namespace: existsSync(file) ? readFileSync(file, "utf8").trim() : "default",
  };
}

function kubeconfigFiles({ kubeconfig }: KubeconfigOptions): string[] {
  if (kubeconfig !== undefined) {
    if (existsSync(kubeconfig)) return [resolve(kubeconfig)];
    throw new LiveError("bad-input", `kubeconfig ${kubeconfig} does not exist`, "name one that does");
  }
  const listed = process.env.KUBECONFIG?.split(delimiter).filter((path) => path !== "") ?? [];
  const files = listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
  return files.filter((path) => existsSync(path)).map((path) => resolve(path));
}

function saysNothing(config: Fields): boolean {
  const parts = ["clusters", "users", "contexts"].flatMap((list) => listOf(config[list]));
  return parts.length === 0 && textOf(config["current-context"]) === "";
}

/** One file; what holds nothing but comments is a config that says nothing. */
function readConfig(file: string): Fields {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    throw new LiveError("bad-input", `kubeconfig ${file} cannot be read: ${code}`, "see its permissions");
  }
  const { others, findings } = readYaml(bytes, { file, isOther: () => true });
  const config = findings.length === 0 ? (others[0]?.value ?? {}) : others[0]?.value;
  if (isRecord(config)) return withAbsolutePaths(config, dirname(file));
  // The text of a finding may quote the file, which holds credentials.
  const at = findings[0]?.at;
  throw new LiveError(
    "bad-input",
    `${file}${at ? `:${at.line}:${at.column}` : ""} is no kubeconfig`,
    "expected YAML with clusters, users and contexts; see kubectl config view",
  );
}

const PATHS = {
  clusters: { part: "cluster", fields: ["certificate-authority"] },
  users: { part: "user", fields: ["client-certificate", "client-key", "tokenFile"] },
} as const;

function withAbsolutePaths(config: Fields, folder: string): Fields {
  const absolute = (list: keyof typeof PATHS) =>
    listOf(config[list]).map((item) => {
      const { part, fields } = PATHS[list];
      const inner = { ...fieldsOf(fieldsOf(item)[part]) };
      for (const field of fields) {
        const path = textOf(inner[field]);
        if (path !== "" && !isAbsolute(path)) inner[field] = join(folder, path);
      }
      const exec = fieldsOf(inner.exec);
      const command = textOf(exec.command);
      // As kubectl: a command with a separator is relative to the file, a bare name is looked up in PATH.
      if (command && /[\\/]/.test(command) && !isAbsolute(command))
        inner.exec = { ...exec, command: join(folder, command) };
      return { ...fieldsOf(item), [part]: inner };
    });
  return { ...config, clusters: absolute("clusters"), users: absolute("users") };
}

function entry(
  configs: readonly Fields[],
  list: "contexts" | "clusters" | "users",
  part: string,
  name: string,
  where: string,
): Fields {
  const all = configs.flatMap((config) => listOf(config[list]).map(fieldsOf));
  const found = all.find((item) => item.name === name);
  if (found) return fieldsOf(found[part]);
  const names = all.map((item) => textOf(item.name));
  throw new LiveError("bad-input", `${where} has no ${part} "${name}"`, suggest(name, names));
}
