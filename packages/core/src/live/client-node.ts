import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { type Fields, textOf } from "../rules/references/json-values.ts";
import type { PluginCredential } from "./exec-plugin.ts";
import { LiveError } from "./live-error.ts";

/**
 * A server as the clients of client-node have it, whose requests are signed as our own are: the same credential, read and
 * asked for as often.
 *
 * @throws {LiveError} `bad-input` when client-node is not installed
 */
export async function kubeConfigOf(
  server: string,
  signed: () => Promise<RequestOptions>,
): Promise<KubeConfig> {
  const made = await configOf({ server });
  made.applyToHTTPSOptions = async (options) => {
    const { headers, ...others } = await signed();
    Object.assign(options, others, { headers: { ...options.headers, ...headers } });
  };
  return made;
}

/**
 * Connections to a server through a proxy.
 *
 * @param proxy `http://`, `https://` or `socks5://HOST:PORT`; SOCKS proxies are given names to look up, as Go's clients do
 * @throws {LiveError} `bad-input` when client-node is not installed
 */
export async function proxyAgent(
  server: string,
  proxy: string,
  tls: RequestOptions,
): Promise<RequestOptions["agent"]> {
  const made = await configOf({ server, proxyUrl: proxy.replace(/^socks5:/i, "socks5h:") });
  const { ca, cert, key, servername, rejectUnauthorized } = tls;
  const options = { ca, cert, key, servername, rejectUnauthorized } as HttpsOptions;
  await made.applyToHTTPSOptions(options);
  return options.agent;
}

/**
 * An auth provider of before 2022 (oidc), which asks for a new token when its own has ended.
 *
 * @throws {LiveError} `bad-input` when client-node is not installed
 */
export function authProviderOf({ name, config }: Fields): () => Promise<PluginCredential> {
  let made: Promise<KubeConfig> | undefined;
  return async () => {
    made ??= configOf({ authProvider: { name: textOf(name), config } });
    const options: HttpsOptions = {};
    await (await made).applyToHTTPSOptions(options);
    const { Authorization: header } = options.headers as { readonly Authorization?: string };
    return header === undefined ? {} : { token: header.replace(/^Bearer /, "") };
  };
}

type HttpsOptions = Parameters<KubeConfig["applyToHTTPSOptions"]>[0];

interface Parts {
  readonly server?: string;
  readonly proxyUrl?: string;
  readonly authProvider?: { readonly name: string; readonly config: unknown };
}

async function configOf({ server = "https://unused", proxyUrl, authProvider }: Parts): Promise<KubeConfig> {
  const { KubeConfig } = await clientNode();
  const made = new KubeConfig();
  made.loadFromClusterAndUser(
    { name: "cluster", server, skipTLSVerify: false, ...(proxyUrl !== undefined && { proxyUrl }) },
    { name: "user", ...(authProvider && { authProvider }) },
  );
  return made;
}

/** @throws {LiveError} `bad-input` when it is not installed */
async function clientNode(): Promise<typeof import("@kubernetes/client-node")> {
  try {
    // When it is needed: it takes half a second to load.
    return await import("@kubernetes/client-node");
  } catch (error) {
    if ((error as { readonly code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new LiveError(
      "bad-input",
      "@kubernetes/client-node is not installed",
      "npm install @kubernetes/client-node: exec, proxies and old auth providers need it",
    );
  }
}
