import type { IncomingMessage, RequestOptions } from "node:http";
import { LiveError } from "./live-error.ts";

/** One answer of a server, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
}

/**
 * Sends one request and reads its answer whole; follows no redirect.
 *
 * @param mostBytes the longest answer that is read: a hostile one shall not fill the memory
 * @throws the errors of Node's clients, and LiveError `bad-answer` for an answer that is too long or ends early
 */
export async function sendHttp(
  url: string | URL,
  options: RequestOptions,
  body: string | undefined,
  mostBytes: number,
): Promise<HttpAnswer> {
  // At the first request: an import of Node's clients costs more than one of this package.
  const isTls = String(url).startsWith("https:");
  const { request } = isTls ? await import("node:https") : await import("node:http");
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      const { statusCode: status = 0, headers } = response;
      readAll(response, mostBytes).then((bytes) => resolve({ status, headers, bytes }), reject);
    })
      .once("error", reject)
      .end(body);
  });
}

async function readAll(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > mostBytes)
      throw new LiveError(
        "bad-answer",
        `an answer is longer than ${mostBytes} bytes`,
        "is the URL that of an API?",
      );
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What Node and OpenSSL say when they do not trust a certificate. */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|UNABLE_TO_(VERIFY|GET)|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * The LiveError for what `sendHttp` threw.
 *
 * @param origin of whom it was asked
 * @param waited seconds, when the request's own time limit ended it
 * @param certificateHint where the authority of the server is to be given
 */
export function sendFailure(
  error: unknown,
  origin: string,
  waited: number | undefined,
  signal: AbortSignal | undefined,
  certificateHint: string,
): LiveError {
  if (error instanceof LiveError) return error;
  if (signal?.aborted) return endedBy(signal, `the request to ${origin}`);
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
      certificateHint,
      error,
    );
  return new LiveError(
    "unreachable",
    `${origin} cannot be reached: ${code || message}`,
    "is the URL right, is the server up, and may this machine reach it?",
    error,
  );
}

/** The LiveError for a signal that ended a wait: of its own time limit, or of the caller. */
export function endedBy(signal: AbortSignal, what: string): LiveError {
  return (signal.reason as Error | undefined)?.name === "TimeoutError"
    ? new LiveError("timed-out", `${what} took too long`, "try again, or allow more seconds")
    : new LiveError("aborted", `${what} was ended by its caller`, "start it again when it is wanted");
}
