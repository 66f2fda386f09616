import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import type { KubeContext } from "./kubeconfig.ts";
import { LiveError } from "./live-error.ts";

/**
 * The context as kubectl uses it: a server without a scheme is asked by `http:`, and a server that is asked by `http:` is
 * told no credential, only whom to impersonate.
 *
 * @throws {LiveError} `bad-input` for what kubectl refuses
 */
export function checkContext(context: KubeContext): KubeContext {
  const cluster = { ...context.cluster, server: serverOf(context) };
  const { as, "as-uid": uid, "as-groups": groups, "as-user-extra": extra } = context.user;
  const isTls = cluster.server.startsWith("https:");
  const user = isTls ? context.user : { as, "as-uid": uid, "as-groups": groups, "as-user-extra": extra };
  const wrong = wrongCluster(cluster) ?? wrongUser(user) ?? wrongPlugin(user);
  if (wrong) throw refused(context, ...wrong);
  return { ...context, cluster, user };
}

function refused({ name }: KubeContext, what: string, hint: string): LiveError {
  return new LiveError("bad-input", `context ${name}: ${what}`, hint);
}

/** It is never repeated: a URL may hold a password. */
function serverOf(context: KubeContext): string {
  const given = textOf(context.cluster.server).replace(/[?#].*$/s, "");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given)?.[1]?.toLowerCase();
  const url = scheme === undefined ? `http://${given}` : given.replace(/^[^:]*/, scheme);
  const isHost = scheme !== undefined || /^[^/]*\/?$/.test(given);
  if (isHost && URL.canParse(url) && !/\s/.test(url) && /^https?:/.test(url)) return url;
  throw refused(
    context,
    "the server of its cluster is no URL that can be asked",
    "write server: https://HOST:PORT",
  );
}

/** What is wrong, and what to write instead. */
type Wrong = readonly [what: string, hint: string];

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A field that is given as data and as a file, or as data that is no base64. */
function wrongData(fields: Fields, names: readonly string[]): Wrong | undefined {
  for (const name of names) {
    const data = textOf(fields[`${name}-data`]);
    if (data !== "" && textOf(fields[name]) !== "")
      return [`${name} and ${name}-data are both given`, "leave one out"];
    if (!BASE64.test(data.replaceAll(/[\r\n]/g, "")))
      return [`${name}-data is no base64`, `write it as base64 -w0 FILE does, or ${name}: FILE`];
  }
  return undefined;
}

function has(fields: Fields, name: string): boolean {
  return textOf(fields[name]) !== "" || textOf(fields[`${name}-data`]) !== "";
}

function wrongCluster(cluster: Fields): Wrong | undefined {
  const proxy = textOf(cluster["proxy-url"]);
  if (proxy !== "" && !(URL.canParse(proxy) && /^(https?|socks5h?):\/\//i.test(proxy)))
    return ["proxy-url is no URL of a proxy", "write http://, https:// or socks5://HOST:PORT"];
  if (cluster["insecure-skip-tls-verify"] === true && has(cluster, "certificate-authority"))
    return [
      "insecure-skip-tls-verify and a certificate-authority are both given",
      "leave insecure-skip-tls-verify out: the authority tells the server",
    ];
  return wrongData(cluster, ["certificate-authority"]);
}

const TEXTS = ["token", "tokenFile", "username", "password", "as"];

function wrongUser(user: Fields): Wrong | undefined {
  const noText = TEXTS.find((name) => user[name] !== undefined && typeof user[name] !== "string");
  if (noText !== undefined && user[noText] !== null) return [`${noText} is no text`, "put it in quotes"];
  const isNamed = textOf(user.username) !== "";
  const isBasic = isNamed || textOf(user.password) !== "";
  if ((textOf(user.token) !== "" && isBasic) || (textOf(user.tokenFile) !== "" && isNamed))
    return ["its user has a token and a username or password", "leave one of them out"];
  if (has(user, "client-certificate") && !has(user, "client-key"))
    return ["client-certificate is given without client-key", "write client-key or client-key-data too"];
  const asOther = ["as-uid", "as-groups", "as-user-extra"].find((name) => {
    const value = user[name];
    return textOf(value) !== "" || listOf(value).length > 0 || Object.keys(fieldsOf(value)).length > 0;
  });
  if (asOther !== undefined && textOf(user.as) === "")
    return [`${asOther} is given without as`, "write as: USER too"];
  return wrongData(user, ["client-certificate", "client-key"]);
}

const API = "client.authentication.k8s.io";
const MODES = ["Never", "IfAvailable", "Always"];
/** Auth providers that kubectl had, and the credential plugins instead of them. */
const REMOVED: Readonly<Record<string, string>> = { gcp: "gke-gcloud-auth-plugin", azure: "kubelogin" };

function wrongPlugin(user: Fields): Wrong | undefined {
  const provider = user["auth-provider"];
  const exec = fieldsOf(user.exec);
  if (provider) {
    const name = textOf(fieldsOf(provider).name);
    const instead = REMOVED[name];
    if (instead !== undefined)
      return [
        `the auth-provider ${name} was removed from Kubernetes`,
        `write exec with a credential plugin: command: ${instead}`,
      ];
    if (name !== "oidc")
      return ["its auth-provider is none that kubectl knows", "write exec with a credential plugin"];
    if (user.exec) return ["its user has an auth-provider and exec", "leave auth-provider out"];
  }
  if (!user.exec) return undefined;
  if (textOf(exec.command) === "") return ["exec has no command", "write command: PROGRAM"];
  if (exec.apiVersion !== `${API}/v1` && exec.apiVersion !== `${API}/v1beta1`)
    return ["the apiVersion of exec is none that plugins answer", `write apiVersion: ${API}/v1`];
  const mode = exec.interactiveMode || (exec.apiVersion === `${API}/v1beta1` ? "IfAvailable" : "");
  if (!MODES.includes(textOf(mode)))
    return [
      `the interactiveMode of exec is ${mode === "" ? "not given" : "none that there is"}`,
      `write one of ${MODES.join(", ")}`,
    ];
  return undefined;
}
