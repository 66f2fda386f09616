import { type HttpAnswer, LiveError, sendFailure, sendHttp } from "@ashlar/core/live";

export { endedBy } from "@ashlar/core/live";

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
      const answer = asResponse(await sendHttp(url, sent, bodyText(body), MOST_BYTES));
      if (answer.status >= 500)
        throw new LiveError(
          "server-error",
          `${origin} answered ${answer.status} to ${method} ${new URL(url).pathname}`,
          "look at the log of the server, and try again when it is well",
        );
      return answer;
    } catch (error) {
      const waited = limit.aborted && !signal.aborted ? seconds : undefined;
      throw sendFailure(
        error,
        origin,
        waited,
        signal,
        "give the PEM of the authority that signed it as certificateAuthority, or correct the server's certificate",
      );
    }
  };
}

function asResponse({ status, headers, bytes }: HttpAnswer): Response {
  const list = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  // A Response of these codes must not be given a body, not even an empty one.
  const bare = status === 204 || status === 205 || status === 304;
  return new Response(bare ? null : new Uint8Array(bytes), { status, headers: list });
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  return typeof body === "string" || body instanceof URLSearchParams ? body.toString() : undefined;
}
