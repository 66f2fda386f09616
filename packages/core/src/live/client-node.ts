import type { KubeConfig } from "@kubernetes/client-node";
import { type Fields, fieldsOf, textOf } from "../rules/references/json-values.ts";
import { execOf } from "./exec-plugin.ts";
import type { KubeContext } from "./kubeconfig.ts";
import { LiveError } from "./live-error.ts";
import { impersonation, isPlain } from "./sign.ts";

/**
 * The context as client-node has it: for exec, and for what we leave to it, proxies and the old auth providers.
 *
 * @throws {LiveError} `bad-input` when client-node is not installed
 */
export async function kubeConfigOf(context: KubeContext): Promise<KubeConfig> {
  const { KubeConfig } = await clientNode();
  const made = new KubeConfig();
  made.loadFromOptions(optionsOf(context));
  // Whoever signs with it impersonates too: client-node knows the user alone.
  const sign = made.applyToHTTPSOptions.bind(made);
  made.applyToHTTPSOptions = async (options) => {
    await sign(options);
    options.headers = { ...options.headers, ...impersonation(context.user) };
  };
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

type KubeConfigParts = Parameters<KubeConfig["loadFromOptions"]>[0];

/** What client-node makes of a kubeconfig, with what it leaves out of it (tokenFile) and of its plugins (the cluster's facts). */
function optionsOf({ cluster, user, namespace }: KubeContext): KubeConfigParts {
  const given = (field: string, fields: Fields, as: string) =>
    textOf(fields[field]) === "" ? {} : { [as]: textOf(fields[field]) };
  const tokenFile = textOf(user.tokenFile);
  return {
    clusters: [
      {
        name: "cluster",
        server: textOf(cluster.server).replace(/\/+$/, ""),
        skipTLSVerify: cluster["insecure-skip-tls-verify"] === true || isPlain(cluster),
        ...given("certificate-authority", cluster, "caFile"),
        ...given("certificate-authority-data", cluster, "caData"),
        ...given("tls-server-name", cluster, "tlsServerName"),
        ...given("proxy-url", cluster, "proxyUrl"),
      },
    ],
    users: [
      {
        name: "user",
        ...given("client-certificate", user, "certFile"),
        ...given("client-certificate-data", user, "certData"),
        ...given("client-key", user, "keyFile"),
        ...given("client-key-data", user, "keyData"),
        ...given("token", user, "token"),
        ...given("username", user, "username"),
        ...given("password", user, "password"),
        // A token file wins over a token, since it may be renewed.
        ...(tokenFile !== "" && {
          token: undefined,
          authProvider: { name: "tokenFile", config: { tokenFile } },
        }),
        ...(tokenFile === "" &&
          user["auth-provider"] !== undefined && { authProvider: user["auth-provider"] }),
        ...(user.exec !== undefined && { exec: execOf(fieldsOf(user.exec), cluster) }),
      },
    ],
    contexts: [{ name: "context", cluster: "cluster", user: "user", namespace }],
    currentContext: "context",
  } as KubeConfigParts;
}
