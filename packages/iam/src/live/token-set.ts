import { LiveError } from "./live-error.ts";
import type { Session } from "./login-options.ts";

/** What a login gives. Whoever holds it is that person: keep it out of logs and arguments. */
export interface TokenSet {
  readonly issuer: string;
  readonly clientId: string;
  /** What the API server takes as bearer token. */
  readonly idToken: string;
  readonly accessToken: string;
  /** Gets further tokens without the person, for as long as the session at the provider lasts. */
  readonly refreshToken?: string;
  /** When the ID token ends, RFC 3339. */
  readonly expiresAt: string;
}

/** What an ID token says. */
export type IdTokenClaims = Readonly<Record<string, unknown>>;

/** A token is taken as ended this long before it does, so that it does not end on its way. */
const SKEW_SECONDS = 20;

/** What the token endpoint's answer has to have; openid-client has checked it against the session. */
export interface Granted {
  readonly id_token?: string | undefined;
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
}

/** @throws LiveError `bad-answer` when there is no ID token, which an API server needs */
export function tokenSet({ issuer, clientId }: Session, granted: Granted): TokenSet {
  const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken } = granted;
  if (idToken === undefined)
    throw new LiveError(
      "bad-answer",
      `${issuer} gave no ID token`,
      "the client has to be one of OpenID Connect, with the scope openid",
    );
  const end = expiryOf(idToken);
  if (end === undefined)
    throw new LiveError("bad-answer", `${issuer} gave an ID token without an end`, "correct the provider");
  return {
    issuer,
    clientId,
    idToken,
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt: end,
  };
}

/** Whether the ID token is good for a request that is sent now. */
export function isFresh({ expiresAt }: TokenSet, now: number = Date.now()): boolean {
  return Date.parse(expiresAt) - SKEW_SECONDS * 1000 > now;
}

/** Until when a program may use the ID token without asking again: a little before it ends. */
export function usableUntil({ expiresAt }: TokenSet): string {
  return timestamp(Date.parse(expiresAt) - SKEW_SECONDS * 1000);
}

/**
 * What an ID token says, not verified: `login` has verified it, and the API server does again.
 *
 * @returns undefined when the text is no JSON Web Token
 */
export function idTokenClaims(idToken: string): IdTokenClaims | undefined {
  const [, payload, signature, ...rest] = idToken.split(".");
  if (payload === undefined || signature === undefined || rest.length > 0) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null && !Array.isArray(claims)
      ? (claims as IdTokenClaims)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The end of an ID token, RFC 3339; undefined when it has none that a date can be made of. */
export function expiryOf(idToken: string): string | undefined {
  const exp = idTokenClaims(idToken)?.exp;
  const milliseconds = typeof exp === "number" ? exp * 1000 : Number.NaN;
  // The years that RFC 3339 can write.
  return milliseconds > 0 && milliseconds < 253_402_300_800_000 ? timestamp(milliseconds) : undefined;
}

function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
