import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { type Fields, textOf } from "../rules/references/json-values.ts";
import { checkContext } from "./check-context.ts";
import { kubeConfigOf, proxyAgent } from "./client-node.ts";
import { type KubeContext, type KubeconfigOptions, readKubeContext } from "./kubeconfig.ts";
import { LiveError } from "./live-error.ts";
import { proxyOfEnvironment } from "./proxy.ts";
import { isPlain, type Sign, signerOf } from "./sign.ts";

/** Who asks which API server, and how requests are signed. */
export interface Credentials {
  /** The context's name; `in-cluster` in a pod without kubeconfig. */
  readonly context: string;
  /** Base URL of the API, without a slash at its end. */
  readonly server: string;
  readonly namespace: string;
  /** TLS, proxy (of the kubeconfig, else of the environment) and authorization of one request; asks credential plugins when their last answer no longer counts. */
  readonly requestOptions: () => Promise<RequestOptions>;
  /** Forgets what plugins answered: the server no longer takes what was signed so. Others may have renewed it already. */
  readonly renew: (signed: RequestOptions | undefined) => void;
  /** For the clients of client-node (exec). */
  readonly kubeConfig: () => Promise<KubeConfig>;
}

/** How long a set of options is used before a plugin's cache and token files are looked at again. */
const FRESH_MS = 10_000;

/**
 * Credentials as kubectl has them: a context of a kubeconfig with certificates, tokens, token files, passwords, proxies,
 * impersonation and credential plugins; or, in a pod without kubeconfig, its ServiceAccount.
 *
 * @throws {LiveError} `bad-input`: no kubeconfig and no pod, a file that is not there
 */
export async function loadCredentials(options: KubeconfigOptions): Promise<Credentials> {
  const context = checkContext(readKubeContext(options));
  const server = textOf(context.cluster.server).replace(/\/+$/, "");
  const agents: Agents = new Map();
  let sign: Sign | undefined;
  let current: { readonly at: number; readonly options: Promise<RequestOptions> } | undefined;
  let latest: RequestOptions | undefined;
  const signed = async (): Promise<RequestOptions> => {
    try {
      sign ??= signerOf(context);
      latest = await withAgent(await sign(), context, agents);
      return latest;
    } catch (error) {
      throw notSigned(error, context);
    }
  };
  const requestOptions = () => {
    if (current === undefined || Date.now() - current.at > FRESH_MS)
      current = { at: Date.now(), options: signed() };
    return current.options;
  };
  return {
    context: context.name,
    server,
    namespace: context.namespace,
    requestOptions,
    renew: (refused) => {
      if (!isSignedAlike(refused, latest)) return;
      sign = undefined;
      current = undefined;
      latest = undefined;
    },
    kubeConfig: () => kubeConfigOf(server, requestOptions),
  };
}

function isSignedAlike(a: RequestOptions | undefined, b: RequestOptions | undefined): boolean {
  const headers = [a, b].map((options) => JSON.stringify(options?.headers));
  return headers[0] === headers[1] && String(a?.cert) === String(b?.cert) && a?.auth === b?.auth;
}

type Agents = Map<string, Promise<RequestOptions>>;

/** Connections are kept open for the next request, but through proxies. */
async function withAgent(
  options: RequestOptions,
  { cluster }: KubeContext,
  agents: Agents,
): Promise<RequestOptions> {
  const server = textOf(cluster.server);
  const proxy = textOf(cluster["proxy-url"]) || (await proxyOfEnvironment(server));
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  const id = JSON.stringify([proxy, String(ca), String(cert), String(key), servername, rejectUnauthorized]);
  if (!agents.has(id))
    agents.set(id, proxy ? agentThrough(proxy, server, options) : ownAgent(options, cluster));
  return { ...options, ...(await agents.get(id)) };
}

async function ownAgent(options: RequestOptions, cluster: Fields): Promise<RequestOptions> {
  if (isPlain(cluster)) return { agent: new (await import("node:http")).Agent({ keepAlive: true }) };
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  const settings = {
    keepAlive: true,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
  return { agent: new (await import("node:https")).Agent(settings) };
}

async function agentThrough(proxy: string, server: string, options: RequestOptions): Promise<RequestOptions> {
  const agent = await proxyAgent(server, proxy, options);
  const { isIP } = await import("node:net");
  const { checkServerIdentity } = await import("node:tls");
  const host = new URL(server).hostname.replaceAll(/[[\]]/g, "");
  if (options.servername !== undefined || isIP(host) === 0) return { agent };
  // The agent for SOCKS names no host to TLS when it is an address, and TLS then takes it for localhost.
  return { agent, checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate) };
}

function notSigned(error: unknown, { name }: KubeContext): LiveError {
  if (error instanceof LiveError) return error;
  const { code } = error as { readonly code?: string };
  return new LiveError(
    "bad-input",
    `the credentials of context ${name} cannot be used: ${code ?? "see kubectl config view"}`,
    "kubectl get --raw /version tells whether kubectl can",
    error,
  );
}
