import { setTimeout as sleep } from "node:timers/promises";
import { LiveError } from "../live-error.ts";
import { endedBy, liveFetch } from "../live-fetch.ts";
import { type ClientSecret, checkAuthority, checkUrl, readSecret } from "../login-options.ts";
import { refusal } from "./refusal.ts";

/** Where a Keycloak is, and which client of it may change realms. */
export interface KeycloakConnectionOptions {
  /** `https://iam.k8s.strix.kr`, with the relative path if Keycloak has one. Plain http only on this machine. */
  readonly url: string;
  /** The realm that the client is in; `master` by default. */
  readonly realm?: string;
  /** A confidential client with a service account that has the admin roles of the realms. */
  readonly clientId: string;
  readonly clientSecret: ClientSecret;
  /** PEM text of the authorities to trust; the system's by default. */
  readonly certificateAuthority?: string;
  /** Ends every request of the connection. */
  readonly signal?: AbortSignal;
  /** Longest wait for one answer; 15,000 by default. */
  readonly timeoutMs?: number;
}

/** A running Keycloak that let us in. Holds the token and the secret where nothing prints them. */
export interface KeycloakConnection {
  readonly url: string;
  /** The JSON at a path behind `/admin/realms`; undefined when Keycloak answers 404. Tried again when the server is not well. */
  readonly read: (path: string, signal?: AbortSignal) => Promise<unknown>;
  /** One change, sent once; gives the id of what it made. */
  readonly write: (request: WriteRequest, signal?: AbortSignal) => Promise<string | undefined>;
  /** Texts that no error may show, whoever repeats them. */
  readonly hide: (secrets: readonly string[]) => void;
  /** Forgets the token: its rights are those of the moment it was made. */
  readonly renew: () => void;
}

export interface WriteRequest {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

const READ_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;
const TIMEOUT_MS = 15_000;
const MOST_TIMEOUT_MS = 3_600_000;

/**
 * Logs in to a Keycloak by client credentials (RFC 6749, 4.4) to read and change its realms. The token is renewed when half of
 * its life is over.
 *
 * @throws LiveError `bad-input`, `unreachable`, `untrusted-certificate`, `timed-out`, `server-error`, `bad-answer`, `aborted`, or
 *   `refused` when Keycloak does not accept the client
 * @example
 * const keycloak = await connectKeycloak({
 *   url: "https://iam.k8s.strix.kr", clientId: "ashlar", clientSecret: { env: "ASHLAR_CLIENT_SECRET" },
 * });
 */
export async function connectKeycloak(options: KeycloakConnectionOptions): Promise<KeycloakConnection> {
  const url = checkedUrl(options);
  const secret = (await readSecret(options.clientSecret)) ?? "";
  const { realm = "master", clientId, certificateAuthority, timeoutMs = TIMEOUT_MS } = options;
  const tokenUrl = `${url}/realms/${encodeURIComponent(realm)}/protocol/openid-connect/token`;
  const hidden = new Set([secret]);
  const ended = (signal: AbortSignal | undefined) =>
    AbortSignal.any([options.signal, signal].filter((one) => one !== undefined));
  const fetch = (signal: AbortSignal) =>
    liveFetch({ certificateAuthority, requestTimeoutSeconds: timeoutMs / 1000, signal });
  let token = { text: "", until: 0 };

  const login = async (signal: AbortSignal): Promise<string> => {
    if (Date.now() < token.until) return token.text;
    const answer = await fetch(signal)(tokenUrl, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${Buffer.from(`${formCoded(clientId)}:${formCoded(secret)}`).toString("base64")}`,
      },
      body: "grant_type=client_credentials",
    });
    if (answer.status !== 200)
      throw await refusal(answer, `the login of client ${JSON.stringify(clientId)}`, [...hidden]);
    token = tokenOf(await jsonOf(answer, tokenUrl));
    hidden.add(token.text);
    return token.text;
  };
  const send = async (method: string, path: string, body: unknown, signal: AbortSignal) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const once = async () =>
      fetch(signal)(`${url}/admin/realms${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await login(signal)}`,
          accept: "application/json",
          ...(text !== undefined && {
            "content-type": "application/json",
            // Node sends the body of a DELETE without its length, which the server then does not read.
            "content-length": String(Buffer.byteLength(text)),
          }),
        },
        ...(text !== undefined && { body: text }),
      });
    const answer = await once();
    if (answer.status !== 401) return answer;
    // Refused before anything was done: the session behind the token may have ended.
    token = { text: "", until: 0 };
    return once();
  };

  const connection: KeycloakConnection = {
    url,
    read: (path, signal) =>
      retried(ended(signal), async (end) => {
        const answer = await send("GET", path, undefined, end);
        if (answer.status === 404) return undefined;
        if (answer.status !== 200) throw await refusal(answer, `GET ${plain(path)}`, [...hidden]);
        return jsonOf(answer, `GET ${plain(path)}`);
      }),
    write: async ({ method, path, body }, signal) => {
      const answer = await send(method, path, body, ended(signal));
      if (answer.status < 200 || answer.status > 299)
        throw await refusal(answer, `${method} ${plain(path)}`, [...hidden]);
      return answer.headers.get("location")?.split("/").at(-1);
    },
    hide: (secrets) => {
      for (const one of secrets) if (one !== "") hidden.add(one);
    },
    renew: () => {
      token = { text: "", until: 0 };
    },
  };
  await retried(ended(undefined), login);
  return connection;
}

function checkedUrl({
  url,
  clientId,
  certificateAuthority,
  timeoutMs = 1,
}: KeycloakConnectionOptions): string {
  checkUrl(url, "the URL of Keycloak", 'write it without /realms or /admin: "https://HOST"');
  checkAuthority(certificateAuthority);
  if (!(timeoutMs > 0 && timeoutMs <= MOST_TIMEOUT_MS))
    throw new LiveError(
      "bad-input",
      "timeoutMs is not between 0 and an hour",
      "leave it out for the default, 15,000",
    );
  if (typeof clientId !== "string" || clientId === "")
    throw new LiveError("bad-input", "there is no client id", "name a client with a service account");
  return url.replace(/\/+$/, "");
}

/** Again after a pause, when nobody answered or the server is not well; a slow server is not asked twice. */
async function retried<T>(signal: AbortSignal, step: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step(signal);
    } catch (error) {
      const again = error instanceof LiveError && /^(unreachable|server-error)$/.test(error.code);
      if (!again || attempt === READ_ATTEMPTS) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal }).catch(() => {
        throw endedBy(signal, "a request to Keycloak");
      });
    }
  }
}

function tokenOf(body: unknown): { readonly text: string; readonly until: number } {
  const { access_token: text, expires_in: seconds } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof text !== "string" || text === "" || typeof seconds !== "number")
    throw new LiveError(
      "bad-answer",
      "Keycloak's answer to the login holds no access token",
      "is this the URL of a Keycloak?",
    );
  return { text, until: Date.now() + seconds * 500 };
}

async function jsonOf(answer: Response, where: string): Promise<unknown> {
  try {
    return await answer.json();
  } catch (error) {
    throw new LiveError(
      "bad-answer",
      `the answer to ${where} is no JSON`,
      "is this the URL of a Keycloak?",
      error,
    );
  }
}

/** RFC 6749, 2.3.1: id and secret are form-coded before they are joined. */
function formCoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

/** A path without its question, for messages. */
function plain(path: string): string {
  return `/admin/realms${path.split("?")[0]}`;
}
