import type { JwtAuthenticator } from "./configuration.ts";
import { RefusedToken } from "./refused-token.ts";

/** Claims by name. */
export type Token = ReadonlyMap<string, unknown>;

/** Seconds that a token may begin in the future (go-oidc v2, verify.go). */
const LEEWAY_SECONDS = 60;
const TEXTS = ["iss", "sub", "nonce", "at_hash"] as const;
const GO_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The checks of go-oidc v2 after the signature: claims of the right types, issuer, audience, times.
 *
 * @throws RefusedToken
 */
export function verifyToken(token: Token, { issuer }: JwtAuthenticator, now: number): void {
  for (const name of TEXTS) {
    const value = token.get(name);
    if (value !== undefined && value !== null && typeof value !== "string")
      throw malformed(`claim ${name} is no string`);
  }
  const audience = audienceOf(token.get("aud"));
  const times = ["exp", "iat", "nbf"].map((name) => timeOf(name, token));
  checkSources(token);
  if (!issuer.audiences.some((one) => audience.includes(one)))
    throw new RefusedToken(
      `oidc: verify token: oidc: expected audience ${JSON.stringify(issuer.audiences)} got ${JSON.stringify(audience)}`,
    );
  const [expiry, , notBefore] = times;
  if (expiry === undefined || expiry < now)
    throw new RefusedToken(`oidc: verify token: oidc: token is expired (${expiry ?? "it has no exp"})`);
  if (notBefore !== undefined && now + LEEWAY_SECONDS < notBefore)
    throw new RefusedToken(
      `oidc: verify token: oidc: current time ${now} before the nbf (not before) time: ${notBefore}`,
    );
}

/** Whether the server would ask another endpoint for the claim (OpenID Connect Core 1.0, 5.6.2). */
export function expandable(token: Token, claim: string): boolean {
  const names = token.get("_claim_names");
  return !token.has(claim) && typeof names === "object" && names !== null && Object.hasOwn(names, claim);
}

function audienceOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (one === null) return "";
    if (typeof one === "string") return one;
    throw malformed("claim aud is no string and no list of strings");
  });
}

/** Whole seconds. Go's json.Number also takes a number in quotes; null is one only for a pointer, which nbf is. */
function timeOf(name: string, token: Token): number | undefined {
  const value = token.get(name);
  if (value === undefined || (name === "nbf" && value === null)) return undefined;
  const isNumber = typeof value === "number" || (typeof value === "string" && GO_NUMBER.test(value));
  const seconds = isNumber ? Math.trunc(Number(value)) : Number.NaN;
  if (!(Math.abs(seconds) < 2 ** 63)) throw malformed(`claim ${name} is no time in seconds`);
  return seconds;
}

function checkSources(token: Token): void {
  const names = token.get("_claim_names") ?? {};
  const sources = token.get("_claim_sources") ?? {};
  if (
    typeof names !== "object" ||
    Array.isArray(names) ||
    typeof sources !== "object" ||
    Array.isArray(sources)
  )
    throw malformed("claims _claim_names and _claim_sources are no objects");
  for (const source of Object.values(names)) {
    if (typeof source !== "string") throw malformed("claim _claim_names has a value that is no string");
    if (source === "")
      throw new RefusedToken("oidc: verify token: oidc: failed to obtain source from claim name");
    if (!Object.hasOwn(sources, source))
      throw new RefusedToken("oidc: verify token: oidc: source does not exist");
  }
}

function malformed(reason: string): RefusedToken {
  return new RefusedToken(`oidc: verify token: oidc: failed to unmarshal claims: ${reason}`);
}
