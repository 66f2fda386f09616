import { LiveError, type LiveErrorCode } from "./live-error.ts";

/** What the errors of openid-client have in common with those below them. */
interface Told {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly cause?: unknown;
  /** RFC 6749's error word and text, from the provider. */
  readonly error?: unknown;
  readonly error_description?: unknown;
  readonly status?: unknown;
}

/**
 * The LiveError for whatever a step of the protocol threw. What openid-client throws carries the provider's whole answers:
 * of these only the error word and a cleaned text are taken over.
 *
 * @param secrets texts that must not appear, should the provider repeat them
 */
export function protocolFailure(error: unknown, where: string, secrets: readonly string[]): LiveError {
  const chain = causes(error);
  const ours = chain.find((one) => one instanceof LiveError);
  if (ours) return ours as LiveError;
  const told = chain.find(({ error: word }) => typeof word === "string");
  if (told) return refusal(told, where, secrets);
  const status = chain.map((one) => one.status).find((one) => typeof one === "number" && one > 299);
  if (typeof status === "number") return byStatus(status, where, error);
  const timeout = chain.some(({ code }) => code === "OAUTH_TIMEOUT");
  if (timeout)
    return new LiveError("timed-out", `${where} took too long`, "try again, or allow more seconds", error);
  // The innermost of openid-client's own words, which are fixed texts, says most.
  const words = chain.filter(({ name }) =>
    /^(ClientError|OperationProcessingError|UnsupportedOperationError)$/.test(name ?? ""),
  );
  return new LiveError(
    "bad-answer",
    `${where}: ${words.at(-1)?.message ?? "the answer is not one of OpenID Connect"}`,
    "is this the issuer of an OpenID Connect provider, and is its clock and this machine's right?",
    error,
  );
}

function causes(error: unknown): Told[] {
  const chain: Told[] = [];
  for (
    let one = error;
    typeof one === "object" && one !== null && chain.length < 8;
    one = (one as Told).cause
  )
    chain.push(one as Told);
  return chain;
}

const HINTS: Readonly<Record<string, string>> = {
  access_denied: "log in again and agree, or ask for the right to use this client",
  expired_token: "the code was not used in time: log in again",
  invalid_client: "compare the client's id and secret with those in the realm; a public client has no secret",
  invalid_grant: "the session has ended, or the code was used already: log in again",
  invalid_scope: "ask for scopes alone that the client has",
  unauthorized_client: "allow this flow for the client in the realm",
};

const DENIED = new Set(["access_denied", "login_required", "consent_required", "interaction_required"]);

function refusal(told: Told, where: string, secrets: readonly string[]): LiveError {
  const word = cleaned(told.error, secrets);
  const text = cleaned(told.error_description, secrets);
  const code: LiveErrorCode = DENIED.has(word)
    ? "denied"
    : word === "expired_token"
      ? "timed-out"
      : word === "server_error" || word === "temporarily_unavailable"
        ? "server-error"
        : "refused";
  return new LiveError(
    code,
    `${where} was answered by ${word}${text && `: ${text}`}`,
    HINTS[word] ?? "see the log of the provider",
  );
}

function byStatus(status: number, where: string, error: unknown): LiveError {
  if (status === 401 || status === 403)
    return new LiveError(
      "refused",
      `${where} was answered by ${status}`,
      "this client may not ask; see the realm",
      error,
    );
  const hint =
    status === 404
      ? "is the realm's name right? Keycloak has no /auth in front of /realms since release 17"
      : "is this the issuer of an OpenID Connect provider, without a proxy that redirects?";
  return new LiveError("bad-answer", `${where} was answered by ${status}`, hint, error);
}

/** A text of somebody else's that can be shown: printable, short, without what may be a token, and without our secrets. */
export function cleaned(text: unknown, secrets: readonly string[]): string {
  if (typeof text !== "string") return "";
  const without = secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text);
  return without
    .replaceAll(/[^\x20-\x7e…]+/g, " ")
    .replaceAll(/[\w.~+/=-]{32,}/g, "…")
    .trim()
    .slice(0, 200);
}
