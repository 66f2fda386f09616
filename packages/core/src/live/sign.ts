import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import { askPlugin, type PluginCredential } from "./exec-plugin.ts";
import type { KubeContext } from "./kubeconfig.ts";
import { LiveError } from "./live-error.ts";

/** Signs one request: asks files anew, and a plugin when its last answer has ended. */
export type Sign = () => Promise<RequestOptions>;

/** A plugin's answer is asked for anew so long before it ends. */
const EARLY_MS = 10_000;

/**
 * Signs with what a context says: certificates, a token, a token file, a name and password, a credential plugin, and whom to
 * impersonate. `undefined` for what is left to client-node: proxies, and the auth providers of before 2022.
 */
export function signerOf({ cluster, user, name }: KubeContext): Sign | undefined {
  if (textOf(cluster["proxy-url"]) !== "" || user["auth-provider"] !== undefined) return undefined;
  const isTls = !isPlain(cluster);
  let asked: Promise<PluginCredential> | undefined;
  const plugin = async (): Promise<PluginCredential> => {
    if (user.exec === undefined) return {};
    asked ??= askPlugin(fieldsOf(user.exec), cluster);
    const { expires = Number.POSITIVE_INFINITY } = await asked;
    if (expires - EARLY_MS < Date.now()) asked = askPlugin(fieldsOf(user.exec), cluster);
    return asked;
  };
  return async () => {
    const [ca, cert, key, fileToken, credential] = await Promise.all([
      textOrFile(cluster, "certificate-authority", name),
      textOrFile(user, "client-certificate", name),
      textOrFile(user, "client-key", name),
      contentOf(textOf(user.tokenFile), name),
      plugin(),
    ]);
    // A token file wins over a token, since it may be renewed.
    const token = fileToken?.toString("utf8").trim() || textOf(user.token) || credential.token;
    const password = `${textOf(user.username)}:${textOf(user.password)}`;
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(token === undefined &&
        textOf(user.username) !== "" && {
          authorization: `Basic ${Buffer.from(password).toString("base64")}`,
        }),
      ...impersonation(user),
    };
    if (!isTls) return { headers };
    const tlsName = textOf(cluster["tls-server-name"]);
    return {
      headers,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(credential.certificate !== undefined && { cert: credential.certificate, key: credential.key }),
      ...(tlsName !== "" && { servername: tlsName }),
      ...(cluster["insecure-skip-tls-verify"] === true && { rejectUnauthorized: false }),
    };
  };
}

export function isPlain(cluster: Fields): boolean {
  return textOf(cluster.server).startsWith("http:");
}

/** `FIELD-data` in base64, or the file that `FIELD` names. */
async function textOrFile(fields: Fields, field: string, context: string): Promise<Buffer | undefined> {
  const data = textOf(fields[`${field}-data`]);
  return data === "" ? contentOf(textOf(fields[field]), context) : Buffer.from(data, "base64");
}

async function contentOf(path: string, context: string): Promise<Buffer | undefined> {
  if (path === "") return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw new LiveError(
      "bad-input",
      `${path}, which context ${context} names, cannot be read: ${(error as { readonly code?: string }).code}`,
      "kubectl config view shows where it is named",
      error,
    );
  }
}

/**
 * The headers that ask to act as somebody else.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function impersonation(user: Fields): Readonly<Record<string, string | string[]>> {
  const groups = listOf(user["as-groups"]).map(textOf);
  const extra = Object.entries(fieldsOf(user["as-user-extra"])).map(([key, values]) => [
    `Impersonate-Extra-${encodeURIComponent(key)}`,
    listOf(values).map(textOf),
  ]);
  return {
    ...(textOf(user.as) !== "" && { "Impersonate-User": textOf(user.as) }),
    ...(textOf(user["as-uid"]) !== "" && { "Impersonate-Uid": textOf(user["as-uid"]) }),
    ...(groups.length > 0 && { "Impersonate-Group": groups }),
    ...Object.fromEntries(extra),
  };
}
