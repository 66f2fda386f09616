import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import { authProviderOf } from "./client-node.ts";
import { askPlugin, type PluginCredential } from "./exec-plugin.ts";
import type { KubeContext } from "./kubeconfig.ts";
import { LiveError } from "./live-error.ts";

/** Signs one request: asks files anew, and a plugin when its last answer has ended. */
export type Sign = () => Promise<RequestOptions>;

/** A plugin's answer is asked for anew so long before it ends. */
const EARLY_MS = 10_000;

/**
 * Signs with what a context says: certificates, a token, a token file, a name and password, a credential plugin or auth
 * provider, and whom to impersonate. As in kubectl, a plugin is asked only when its user has nothing else.
 *
 * @see https://github.com/kubernetes/client-go/blob/master/plugin/pkg/client/auth/exec/exec.go UpdateTransportConfig
 */
export function signerOf({ cluster, user, name }: KubeContext): Sign {
  const isTls = !isPlain(cluster);
  const provided = providerOf(user, cluster);
  return async () => {
    const [ca, ownCert, ownKey, ownToken] = await Promise.all([
      textOrFile(cluster, "certificate-authority", name),
      textOrFile(user, "client-certificate", name),
      textOrFile(user, "client-key", name),
      tokenOf(user, name),
    ]);
    const isNamed = textOf(user.username) !== "";
    const hasOwn = ownToken !== undefined || isNamed || (ownCert !== undefined && user.exec !== undefined);
    const { token = ownToken, certificate, key = ownKey } = hasOwn ? {} : await provided();
    const password = `${textOf(user.username)}:${textOf(user.password)}`;
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(token === undefined &&
        isNamed && { authorization: `Basic ${Buffer.from(password).toString("base64")}` }),
      ...impersonation(user),
    };
    checkHeaders(headers, name);
    if (!isTls) return { headers };
    const cert = certificate ?? ownCert;
    const tlsName = textOf(cluster["tls-server-name"]);
    return {
      headers,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(tlsName !== "" && { servername: tlsName }),
      ...(cluster["insecure-skip-tls-verify"] === true && { rejectUnauthorized: false }),
    };
  };
}

/** What the user's plugin or auth provider gives: its last answer, until shortly before that ends. */
function providerOf(user: Fields, cluster: Fields): () => Promise<PluginCredential> {
  if (user["auth-provider"]) return authProviderOf(fieldsOf(user["auth-provider"]));
  if (!user.exec) return async () => ({});
  let asked: Promise<PluginCredential> | undefined;
  const ask = () => {
    asked = askPlugin(fieldsOf(user.exec), cluster);
    asked.catch(() => {
      asked = undefined;
    });
    return asked;
  };
  return async () => {
    const answer = await (asked ?? ask());
    const { expires = Number.POSITIVE_INFINITY } = answer;
    return expires - EARLY_MS < Date.now() ? ask() : answer;
  };
}

/** The token of a file wins over a token, since it may be renewed; a token stands in for a file without one. */
async function tokenOf(user: Fields, context: string): Promise<string | undefined> {
  const [token, path] = [textOf(user.token), textOf(user.tokenFile)];
  if (path === "") return token || undefined;
  const read = contentOf(path, context);
  const inFile = (await (token === "" ? read : read.catch(() => undefined)))?.toString("utf8").trim();
  if (inFile || token !== "") return inFile || token;
  throw new LiveError(
    "bad-input",
    `${path}, which context ${context} names, holds no token`,
    "write the token there, as kubectl create token NAME > FILE does",
  );
}

/** Headers with line ends and the like cannot be sent; what is in them is not repeated. */
function checkHeaders(headers: Readonly<Record<string, string | readonly string[]>>, context: string): void {
  const wrong = Object.entries(headers).find(([, value]) =>
    /[^\t -~\u0080-\u00ff]/.test([value].flat().join("")),
  );
  if (wrong === undefined) return;
  const what = wrong[0] === "authorization" ? "the token" : "who is impersonated";
  throw new LiveError(
    "bad-input",
    `${what} of context ${context} holds a line end or another character that no request can carry`,
    "write it in one line, without what is around it",
  );
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
function impersonation(user: Fields): Readonly<Record<string, string | string[]>> {
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
