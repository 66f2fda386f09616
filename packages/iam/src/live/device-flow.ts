import { LiveError } from "./live-error.ts";
import { endedBy } from "./live-fetch.ts";
import type { DeviceCode } from "./login-options.ts";
import type { Provider } from "./provider.ts";
import { type TokenSet, tokenSet } from "./token-set.ts";

/** The device authorization grant (RFC 8628), with PKCE for the providers that do it here too: a browser anywhere will do. */
export async function deviceFlow(
  provider: Provider,
  onDeviceCode: (code: DeviceCode) => void | Promise<void>,
  signal: AbortSignal,
): Promise<TokenSet> {
  const { client, session } = provider;
  const verifier = client.randomPKCECodeVerifier();
  const challenge = await client.calculatePKCECodeChallenge(verifier);
  const started = await provider.ask("starting the device flow", (openid, at) =>
    openid.initiateDeviceAuthorization(at, {
      scope: session.scopes.join(" "),
      code_challenge: challenge,
      code_challenge_method: "S256",
    }),
  );
  await onDeviceCode(shown(started, session.issuer));
  try {
    const granted = await provider.ask("waiting for the device's code to be used", (openid, at) =>
      openid.pollDeviceAuthorizationGrant(at, started, { code_verifier: verifier }, { signal }),
    );
    return tokenSet(session, granted);
  } catch (error) {
    throw signal.aborted ? endedBy(signal, "the login by the device flow") : error;
  }
}

interface Started {
  readonly verification_uri: string;
  readonly verification_uri_complete?: string | undefined;
  readonly user_code: string;
  readonly expires_in: number;
}

/** A provider's texts that go to a terminal: a page to open has to be one, and a code has to be printable. */
function shown(started: Started, issuer: string): DeviceCode {
  const { verification_uri: page, verification_uri_complete: filled, user_code: userCode } = started;
  const pages = filled === undefined ? [page] : [page, filled];
  const usable = pages.every((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol));
  if (!usable || !/^[\x21-\x7e]{1,64}$/.test(userCode))
    throw new LiveError(
      "bad-answer",
      `${issuer} gave a page or a code for the device flow that cannot be shown`,
      "correct the provider, or log in by the browser flow",
    );
  return {
    verificationUri: new URL(page).href,
    ...(filled !== undefined && { verificationUriComplete: new URL(filled).href }),
    userCode,
    expiresInSeconds: started.expires_in,
  };
}
