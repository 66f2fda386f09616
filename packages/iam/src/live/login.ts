import { join } from "node:path";
import { browserFlow } from "./browser-flow.ts";
import { deviceFlow } from "./device-flow.ts";
import { LiveError } from "./live-error.ts";
import { withLoginLock } from "./login-lock.ts";
import { type LoginOptions, type Session, type SessionOptions, sessionOf } from "./login-options.ts";
import { findProvider, type Provider } from "./provider.ts";
import {
  defaultTokenFolder,
  ownFolder,
  readTokens,
  removeTokens,
  tokenFile,
  writeTokens,
} from "./token-cache.ts";
import { idTokenClaims, isFresh, type TokenSet, tokenSet } from "./token-set.ts";

const TIMEOUT_SECONDS = 180;

/**
 * The tokens of a session: those of the token file while they last, else fresh ones by its refresh token, else those of a new
 * login by a person. Logins of one session at the same time wait for each other, so a person is asked once.
 *
 * The token file is readable by its owner alone and replaced in one step; when anything fails it stays as it was.
 *
 * @throws LiveError and nothing else; see LiveErrorCode
 * @example const { idToken } = await login({ issuer: "https://iam.k8s.strix.kr/realms/prod", clientId: "kubernetes" });
 */
export async function login(options: LoginOptions): Promise<TokenSet> {
  const session = sessionOf(options);
  const signal = deadline(options);
  const { cacheFolder = defaultTokenFolder(), force = false } = options;
  if (cacheFolder === false) return newTokens(session, undefined, options, signal);
  await ownFolder(cacheFolder);
  const file = tokenFile(cacheFolder, session);
  const usable = async () => {
    const cached = await readTokens(file, session);
    return { cached, fresh: cached && !force && isFresh(cached) ? cached : undefined };
  };
  const { fresh } = await usable();
  if (fresh) return fresh;
  return withLoginLock(join(cacheFolder, lockName(file)), signal, async () => {
    // Another process may have logged in while we waited.
    const now = await usable();
    if (now.fresh) return now.fresh;
    const tokens = await newTokens(session, force ? undefined : now.cached, options, signal);
    await writeTokens(file, session, tokens);
    return tokens;
  });
}

/**
 * Gets fresh tokens by a refresh token, without a person and without the token file.
 *
 * @throws LiveError `refused` when the session at the provider has ended
 */
export async function refreshTokens(tokens: TokenSet, options: SessionOptions): Promise<TokenSet> {
  const session = sessionOf(options);
  if (tokens.issuer !== session.issuer || tokens.clientId !== session.clientId)
    throw new LiveError(
      "bad-input",
      "the tokens are of another session",
      "refresh them with their own issuer and client",
    );
  return refreshed(await findProvider(session, options, deadline(options)), tokens);
}

/**
 * Forgets a session: its refresh token is revoked at the provider (RFC 7009) when the provider can do that, and the token
 * file removed, in any case. Gives false when there was no token file.
 *
 * @throws LiveError when the provider could not be told; the token file is removed all the same
 */
export async function logout(options: SessionOptions): Promise<boolean> {
  const session = sessionOf(options);
  const { cacheFolder = defaultTokenFolder() } = options;
  if (cacheFolder === false) return false;
  const file = tokenFile(cacheFolder, session);
  const tokens = await readTokens(file, session);
  if (!(await removeTokens(file)) || tokens?.refreshToken === undefined) return tokens !== undefined;
  const { refreshToken } = tokens;
  const provider = await findProvider(session, options, deadline(options));
  if (provider.configuration.serverMetadata().revocation_endpoint !== undefined)
    await provider.ask("revoking the refresh token", (client, at) =>
      client.tokenRevocation(at, refreshToken, { token_type_hint: "refresh_token" }),
    );
  return true;
}

async function newTokens(
  session: Session,
  old: TokenSet | undefined,
  options: LoginOptions,
  signal: AbortSignal,
): Promise<TokenSet> {
  const mayAsk = options.interactive ?? true;
  if (!mayAsk && old?.refreshToken === undefined) throw needed(session);
  const provider = await findProvider(session, options, signal);
  if (old?.refreshToken !== undefined)
    try {
      return await refreshed(provider, old);
    } catch (error) {
      // Only "no" leads on to a person: with anything else a login would fail as well.
      if (!(error instanceof LiveError && error.code === "refused")) throw error;
      if (!mayAsk) throw needed(session, error);
    }
  return options.flow === "device"
    ? deviceFlow(provider, options.onDeviceCode, signal)
    : browserFlow(provider, options, signal);
}

async function refreshed(provider: Provider, tokens: TokenSet): Promise<TokenSet> {
  const { refreshToken } = tokens;
  if (refreshToken === undefined) throw new LiveError("refused", "there is no refresh token", "log in again");
  const granted = await provider.ask("refreshing the tokens", (client, at) =>
    client.refreshTokenGrant(at, refreshToken),
  );
  // A provider may keep the old refresh token valid and give none.
  const fresh = tokenSet(provider.session, { refresh_token: refreshToken, ...granted });
  if (idTokenClaims(fresh.idToken)?.sub !== idTokenClaims(tokens.idToken)?.sub)
    throw new LiveError(
      "bad-answer",
      `${provider.session.issuer} gave the tokens of another person`,
      "log out and log in again; see the log of the provider",
    );
  return fresh;
}

function needed({ issuer, clientId }: Session, cause?: unknown): LiveError {
  return new LiveError(
    "login-needed",
    `there is no usable login of client ${JSON.stringify(clientId)} at ${issuer}, and nobody can be asked now`,
    "log in from a terminal first (ashlar login), then start this again",
    cause,
  );
}

function deadline({ timeoutSeconds = TIMEOUT_SECONDS, signal }: SessionOptions): AbortSignal {
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400))
    throw new LiveError(
      "bad-input",
      "timeoutSeconds is not between 0 and a day",
      `leave it out for ${TIMEOUT_SECONDS}`,
    );
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

function lockName(file: string): string {
  return `${file.slice(-37, -5)}.lock`;
}
