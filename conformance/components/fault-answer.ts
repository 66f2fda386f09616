/** What an API server or what stands before it answers when it does not do what was asked. */
export type FaultCode = 401 | 403 | 409 | 429 | 500 | 503 | 504;

/** An answer in the words of kube-apiserver. */
export interface FaultAnswer {
  readonly code: FaultCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const REASONS: Readonly<Record<FaultCode, readonly [reason: string, message: string]>> = {
  401: ["Unauthorized", "Unauthorized"],
  403: ["Forbidden", "access denied"],
  409: [
    "Conflict",
    "the object has been modified; please apply your changes to the latest version and try again",
  ],
  429: ["TooManyRequests", "Too many requests, please try again later."],
  500: ["InternalError", "Internal error occurred: etcdserver: leader changed"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
  504: [
    "Timeout",
    "Timeout: request did not complete within the requested timeout - context deadline exceeded",
  ],
};

/**
 * The Status that kube-apiserver answers with.
 *
 * @param path of the request, whose object a conflict names
 * @param retryAfter seconds, in the header and in the details
 * @param plain the words alone as text, as the server itself says 429 and 503 before a request gets to an API
 */
export function faultAnswer(code: FaultCode, path: string, retryAfter?: number, plain = false): FaultAnswer {
  const [reason, words] = REASONS[code];
  const retry = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  if (plain)
    return {
      code,
      headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...retry },
      body: `${words}\n`,
    };
  const object = objectOf(path);
  const message =
    code === 409 ? `Operation cannot be fulfilled on ${object.kind} "${object.name}": ${words}` : words;
  const details = {
    ...(code === 409 && object),
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
  };
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason };
  return {
    code,
    headers: { "content-type": "application/json", ...retry },
    body: JSON.stringify({ ...status, ...(Object.keys(details).length > 0 && { details }), code }),
  };
}

/** `/apis/apps/v1/namespaces/shop/deployments/web`: the server calls the resource a kind in the details of a Status. */
function objectOf(path: string) {
  const match =
    /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/[^/]+(?=\/[^/]+\/))?\/([^/]+)(?:\/([^/]+))?/.exec(path);
  const [group, kind = "", name = ""] = match?.slice(1) ?? [];
  return { name, ...(group !== undefined && { group }), kind };
}
