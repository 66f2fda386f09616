import type { IncomingMessage, RequestOptions } from "node:http";
import { LiveError } from "./live-error.ts";

/** What a request is made of; the options that openid-client hands to its fetch fit in here. */
export interface LiveRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface LiveFetchOptions {
  /** PEM of the authorities to trust instead of the system's. */
  readonly certificateAuthority?: string | undefined;
  /** Longest wait for one answer. */
  readonly requestTimeoutSeconds: number;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** No answer of an identity provider or API comes near this; a hostile one shall not fill the memory. */
const MOST_BYTES = 4_000_000;

/** What Node and OpenSSL say when they do not trust a certificate. */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|UNABLE_TO_(VERIFY|GET)|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * A `fetch` that trusts the authorities it is told, never follows a redirect, has a time and a size limit and fails with a
 * LiveError: `unreachable`, `untrusted-certificate`, `timed-out`, `aborted`, `server-error` (5xx) or `bad-answer` (too long).
 */
export function liveFetch(
  options: LiveFetchOptions,
): (url: string, request: LiveRequest) => Promise<Response> {
  const { certificateAuthority: ca, requestTimeoutSeconds: seconds, signal } = options;
  return async (url, { method, headers, body }) => {
    const { origin } = new URL(url);
    const limit = AbortSignal.timeout(seconds * 1000);
    const sent = {
      method,
      headers,
      signal: AbortSignal.any([signal, limit]),
      ...(ca !== undefined && { ca }),
    };
    try {
      const answer = await send(url, sent, bodyText(body));
      if (answer.status >= 500)
        throw new LiveError(
          "server-error",
          `${origin} answered ${answer.status} to ${method} ${new URL(url).pathname}`,
          "look at the log of the server, and try again when it is well",
        );
      return answer;
    } catch (error) {
      throw failure(error, origin, limit.aborted && !signal.aborted ? seconds : undefined, signal);
    }
  };
}

/** The LiveError for a signal that ended a wait: of its own time limit, or of the caller. */
export function endedBy(signal: AbortSignal, what: string): LiveError {
  return (signal.reason as Error | undefined)?.name === "TimeoutError"
    ? new LiveError("timed-out", `${what} took too long`, "try again, or allow more seconds")
    : new LiveError("aborted", `${what} was ended by its caller`, "start it again when it is wanted");
}

async function send(url: string, options: RequestOptions, text: string | undefined): Promise<Response> {
  // At the first request: an import of Node's clients costs more than one of this package.
  const { request } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      readAll(response).then((bytes) => resolve(asResponse(response, bytes)), reject);
    })
      .once("error", reject)
      .end(text);
  });
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES)
      throw new LiveError(
        "bad-answer",
        `an answer is longer than ${MOST_BYTES} bytes`,
        "is the URL that of an API?",
      );
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function asResponse({ statusCode = 0, headers }: IncomingMessage, bytes: Buffer): Response {
  const list = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  // A Response of these codes must not be given a body, not even an empty one.
  const bare = statusCode === 204 || statusCode === 205 || statusCode === 304;
  return new Response(bare ? null : new Uint8Array(bytes), { status: statusCode, headers: list });
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  return typeof body === "string" || body instanceof URLSearchParams ? body.toString() : undefined;
}

function failure(error: unknown, origin: string, waited: number | undefined, signal: AbortSignal): LiveError {
  if (error instanceof LiveError) return error;
  if (signal.aborted) return endedBy(signal, `the request to ${origin}`);
  if (waited !== undefined)
    return new LiveError(
      "timed-out",
      `${origin} did not answer within ${waited} s`,
      "is it overloaded, or does something between here and there swallow the connection?",
    );
  const { code = "", message } = error as Error & { readonly code?: string };
  if (CERTIFICATE.test(code))
    return new LiveError(
      "untrusted-certificate",
      `the certificate of ${origin} is not trusted: ${message}`,
      "give the PEM of the authority that signed it as certificateAuthority, or correct the server's certificate",
      error,
    );
  return new LiveError(
    "unreachable",
    `${origin} cannot be reached: ${code || message}`,
    "is the URL right, is the server up, and may this machine reach it?",
    error,
  );
}
