import { fieldsOf, textOf } from "@ashlar/core";
import { lookUpCredentials, type PullingPod, type PullsModel, pullsFrom } from "@ashlar/registry";
import { type Answered, all, broken, held, unknown } from "./answer.ts";
import { failed } from "./hosts.ts";
import { type AskUrlOptions, askUrl, type UrlAnswer } from "./https.ts";

/** Which registry is asked, by whose credentials; with an image: whether it is there. */
export interface RegistryQuestion {
  readonly model: PullsModel;
  readonly pods: readonly PullingPod[];
  readonly registry: string;
  readonly repository?: string;
  /** Tag or digest. */
  readonly reference?: string;
}

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Asks a registry with the credentials that pods pull with: whether it takes them, and has the image. */
export async function askRegistry(
  asked: string,
  question: RegistryQuestion,
  options: AskUrlOptions,
): Promise<Answered> {
  const { model, pods, registry, repository, reference } = question;
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  const url =
    repository === undefined
      ? `https://${host}/v2/`
      : `https://${host}/v2/${repository}/manifests/${reference}`;
  const whole = `${asked}; ${repository === undefined ? "GET" : "HEAD"} ${url} with them`;
  const answers = await Promise.all(
    pods.map(async (pod): Promise<Answered> => {
      const login = loginOf(model, pod, `${registry}/${repository ?? ""}`);
      if (login === undefined)
        return unknown(whole, `no login for ${registry} was found for ${pod.namespace}`);
      const answer = await withLogin(url, repository === undefined ? "GET" : "HEAD", login, options);
      return judge(whole, url, answer, pod.namespace);
    }),
  );
  return all(whole, answers);
}

interface Login {
  readonly username: string;
  readonly password: string;
}

function loginOf(model: PullsModel, pod: PullingPod, repository: string): Login | undefined {
  const verdict = pullsFrom(model, pod, repository);
  if (verdict.outcome !== "pulls") return undefined;
  const { namespace = "", name } = verdict.secret;
  const keyring = model.secret(namespace, name)?.keyring;
  return keyring && lookUpCredentials(keyring, repository)[0]?.credential;
}

function judge(
  asked: string,
  url: string,
  answer: UrlAnswer | { readonly problem: string },
  namespace: string,
): Answered {
  if ("problem" in answer) return unknown(asked, answer.problem);
  if ("failure" in answer) return failed(asked, answer);
  const { status } = answer;
  if (status === 200) return held(asked);
  if (status === 401 || status === 403)
    return broken(asked, `the registry does not take the login of ${namespace} (${status})`);
  if (status === 404) return broken(asked, `${url} is not there (404)`);
  return unknown(asked, `the registry answers ${status}`);
}

/** Asks as container runtimes do: without the login first, then in the way that the registry says. */
async function withLogin(
  url: string,
  method: "GET" | "HEAD",
  login: Login,
  options: AskUrlOptions,
): Promise<UrlAnswer | { readonly problem: string }> {
  const ask = (headers: Readonly<Record<string, string>>) =>
    askUrl({ url, method, headers: { accept: MANIFESTS, ...headers } }, options);
  const first = await ask({});
  if ("failure" in first || first.status !== 401) return first;
  const challenge = first.headers["www-authenticate"] ?? "";
  const basic = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
  if (/^basic\b/i.test(challenge)) return ask({ authorization: basic });
  const { realm, service, scope } = challengeParts(challenge);
  if (realm === undefined || !URL.canParse(realm) || new URL(realm).protocol !== "https:")
    return { problem: "the registry does not say where to log in over https" };
  const tokenUrl = new URL(realm);
  if (service !== undefined) tokenUrl.searchParams.set("service", service);
  if (scope !== undefined) tokenUrl.searchParams.set("scope", scope);
  const token = { url: tokenUrl.href, headers: { authorization: basic }, mostBytes: 65_536 };
  const answer = await askUrl(token, options);
  if ("failure" in answer || answer.status === 401 || answer.status === 403) return answer;
  const given = answer.status === 200 ? tokenOf(answer.body) : undefined;
  if (given === undefined) return { problem: `${tokenUrl.origin} gave no token (${answer.status})` };
  return ask({ authorization: `Bearer ${given}` });
}

/** The parameters of a `WWW-Authenticate: Bearer` challenge. */
export function challengeParts(
  challenge: string,
): Readonly<Partial<Record<"realm" | "service" | "scope", string>>> {
  if (!/^bearer\b/i.test(challenge)) return {};
  return Object.fromEntries(
    [...challenge.matchAll(/(realm|service|scope)="([^"]*)"/gi)].map((m) => [m[1]?.toLowerCase(), m[2]]),
  );
}

function tokenOf(body: string): string | undefined {
  try {
    const { token, access_token: access } = fieldsOf(JSON.parse(body));
    return textOf(token) || textOf(access) || undefined;
  } catch {
    return undefined;
  }
}
