import type { RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { isRecord } from "../json.ts";
import { type Credentials, loadCredentials } from "./credentials.ts";
import { type ApiTypes, readApiTypes } from "./discovery.ts";
import { endedBy, type HttpAnswer, sendFailure, sendHttp } from "./http.ts";
import type { KubeconfigOptions } from "./kubeconfig.ts";
import { LiveError } from "./live-error.ts";

export interface ClusterOptions extends KubeconfigOptions {
  /** Ends every request; what was sent before it may have been done. */
  readonly signal?: AbortSignal;
  /** Longest wait for one answer. Default: 30. */
  readonly requestTimeoutSeconds?: number;
  /** How long requests are tried again while the server answers none. Default: 60. */
  readonly retrySeconds?: number;
  /** How many requests are under way at once. Default: 16. */
  readonly parallel?: number;
  /** Told of each request that is tried again. */
  readonly onRetry?: (retry: Retry) => void;
}

/** A request that is tried again. */
export interface Retry {
  readonly method: string;
  readonly path: string;
  /** `429`, `ECONNRESET`, … */
  readonly because: string;
  readonly afterSeconds: number;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v1/namespaces/prod/pods` */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: unknown;
  /** Of the body. Default: `application/json`. */
  readonly contentType?: string;
  readonly accept?: string;
  /** Ends this request, besides the cluster's own. */
  readonly signal?: AbortSignal;
}

/** What the API server answered. Only answers that say something of the request: what may pass was tried again. */
export interface ApiAnswer {
  readonly status: number;
  /** The JSON: an object, a list, or a `Status` when the status is not 2xx. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A connection to an API server. It holds no socket open: nothing has to be closed. */
export interface Cluster {
  readonly context: string;
  /** Base URL of the API. */
  readonly server: string;
  /** The namespace of the context. */
  readonly namespace: string;
  /**
   * Sends a request, and again while the server cannot answer it (no connection, half an answer, 429 as long as it says, 5xx).
   * Everything that Ashlar sends may be sent twice.
   *
   * @throws {LiveError} `unreachable`, `untrusted-certificate`, `timed-out`, `refused` (401), `bad-answer`, `aborted`
   */
  readonly request: (request: ApiRequest) => Promise<ApiAnswer>;
  /** What the API server serves; read once, and anew on demand. */
  readonly apiTypes: (options?: { readonly anew?: boolean }) => Promise<ApiTypes>;
  /** For clients of client-node: exec. */
  readonly kubeConfig: () => Promise<KubeConfig>;
  readonly signal?: AbortSignal;
}

/**
 * Connects to the cluster that kubectl would ask. Nothing is sent yet.
 *
 * @throws {LiveError} `bad-input`: no such kubeconfig or context
 * @example const cluster = await connectCluster({ context: "prod" })
 */
export async function connectCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const credentials = await loadCredentials(options);
  const { signal, parallel = 16 } = options;
  const turn = turnstile(parallel);
  const outage: Outage = { open: 0 };
  let types: Promise<ApiTypes> | undefined;
  const cluster: Cluster = {
    context: credentials.context,
    server: credentials.server,
    namespace: credentials.namespace,
    request: (request) => turn(() => answered(request, credentials, withSignal(options, request), outage)),
    apiTypes: ({ anew = false } = {}) => {
      if (anew || types === undefined) {
        types = readApiTypes(cluster);
        types.catch(() => {
          types = undefined;
        });
      }
      return types;
    },
    kubeConfig: credentials.kubeConfig,
    ...(signal && { signal }),
  };
  return cluster;
}

/** 500 pages of a list come nowhere near this. */
const MOST_BYTES = 512_000_000;
/** What may pass. 500 too: a webhook that does not answer, etcd that has no leader. */
const PASSING = new Set([429, 500, 502, 503, 504]);

/** Since when the server answers nobody: who comes later does not wait anew. Forgotten when nobody asks any more. */
interface Outage {
  open: number;
  since?: number | undefined;
}

async function answered(
  request: ApiRequest,
  credentials: Credentials,
  options: ClusterOptions,
  outage: Outage,
): Promise<ApiAnswer> {
  outage.open++;
  try {
    return await retried(request, credentials, options, outage);
  } finally {
    outage.open--;
    if (outage.open === 0) outage.since = undefined;
  }
}

async function retried(
  request: ApiRequest,
  credentials: Credentials,
  options: ClusterOptions,
  outage: Outage,
): Promise<ApiAnswer> {
  const begun = Date.now();
  let renewed = false;
  for (let attempt = 0; ; attempt++) {
    const { answer, failure, signed } = await once(request, credentials, options);
    if (answer?.status === 401 && !renewed) {
      renewed = true;
      credentials.renew(signed);
      continue;
    }
    if (answer?.status === 401)
      throw new LiveError(
        "refused",
        `${credentials.server} does not know who asks (context ${credentials.context})`,
        "the token or certificate has ended: log in again; see kubectl auth whoami",
      );
    if (answer && !PASSING.has(answer.status)) {
      outage.since = undefined;
      return asJson(answer, credentials.server);
    }
    outage.since ??= begun;
    const deadline = Math.min(begun, outage.since) + (options.retrySeconds ?? 60) * 1000;
    const wait = waitFor(answer, attempt);
    if (Date.now() + wait > deadline || attempt >= (answer?.status === 500 ? 4 : 1000)) {
      if (answer) return asJson(answer, credentials.server);
      throw failure;
    }
    if (failure !== undefined && !MAY_PASS.has(failure.code)) throw failure;
    options.onRetry?.({
      method: request.method,
      path: request.path,
      because: answer ? String(answer.status) : failure!.code,
      afterSeconds: wait / 1000,
    });
    await pause(wait, options.signal);
  }
}

const MAY_PASS = new Set(["unreachable", "timed-out"]);

interface Once {
  /** What it was signed with. */
  readonly signed?: RequestOptions;
  readonly answer?: HttpAnswer;
  readonly failure?: LiveError;
}

async function once(
  { method, path, query = {}, body, contentType = "application/json", accept }: ApiRequest,
  credentials: Credentials,
  { signal, requestTimeoutSeconds = 30 }: ClusterOptions,
): Promise<Once> {
  const text = new URLSearchParams(query).toString();
  // Before the time limit: a plugin may ask a person to log in.
  const signed = await credentials.requestOptions();
  const limit = AbortSignal.timeout(requestTimeoutSeconds * 1000);
  try {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...signed.headers,
      accept: accept ?? "application/json",
      "user-agent": "ashlar",
      ...(sent !== undefined && { "content-type": contentType, "content-length": Buffer.byteLength(sent) }),
    };
    const all = { ...signed, method, headers, signal: signal ? AbortSignal.any([signal, limit]) : limit };
    const url = `${credentials.server}${path}${text === "" ? "" : `?${text}`}`;
    return { signed, answer: await sendHttp(url, all, sent, MOST_BYTES) };
  } catch (error) {
    const waited = limit.aborted && !signal?.aborted ? requestTimeoutSeconds : undefined;
    const hint = "name its authority in the kubeconfig: certificate-authority-data of the cluster";
    const failure = sendFailure(error, credentials.server, waited, signal, hint);
    if (failure.code === "unreachable" || failure.code === "timed-out") return { failure };
    throw failure;
  }
}

function withSignal(options: ClusterOptions, { signal }: ApiRequest): ClusterOptions {
  if (signal === undefined) return options;
  return { ...options, signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal };
}

/** Milliseconds: what the server asks for, else twice as long each time, and never all at the same time. */
function waitFor(answer: HttpAnswer | undefined, attempt: number): number {
  const asked = Number(answer?.headers["retry-after"]);
  if (Number.isFinite(asked) && asked > 0) return Math.min(asked, 60) * 1000;
  return Math.min(100 * 2 ** attempt, 5000) * (0.5 + Math.random() / 2);
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal && { signal });
  } catch (error) {
    throw signal?.aborted ? endedBy(signal, "the wait for the API server") : error;
  }
}

function asJson({ status, bytes }: HttpAnswer, server: string): ApiAnswer {
  const text = bytes.toString("utf8");
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body)) return { status, body };
  } catch {
    // Told below: what was no JSON may hold anything.
  }
  if (status >= 400) return { status, body: { kind: "Status", message: `the server answered ${status}` } };
  throw new LiveError(
    "bad-answer",
    `${server} answered ${status} with what is no JSON object`,
    "is this the URL of a Kubernetes API server, without a login page before it?",
  );
}

/** Lets so many in at a time, in the order of their coming. */
function turnstile(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
