import { LiveError } from "./live-error.ts";
import { endedBy } from "./live-fetch.ts";
import { listenOnLoopback } from "./loopback.ts";
import { openInBrowser } from "./open-browser.ts";
import type { Provider } from "./provider.ts";
import { type TokenSet, tokenSet } from "./token-set.ts";

const PORT = 8000;

/**
 * The authorization code flow with PKCE (S256), state and nonce, by a browser that comes back to this machine
 * (RFC 6749, 7636, 8252, 9207; OpenID Connect Core 1.0, 3.1).
 */
export async function browserFlow(
  provider: Provider,
  { listen = PORT, openBrowser = openInBrowser }: BrowserFlowOptions,
  signal: AbortSignal,
): Promise<TokenSet> {
  const { client, session } = provider;
  const [verifier, state, nonce] = [
    client.randomPKCECodeVerifier(),
    client.randomState(),
    client.randomNonce(),
  ];
  const challenge = await client.calculatePKCECodeChallenge(verifier);
  const loopback = await listenOnLoopback(listen);
  try {
    const loginPage = await provider.ask("making the address of the login page", async (openid, at) =>
      openid.buildAuthorizationUrl(at, {
        redirect_uri: loopback.redirectUri,
        scope: session.scopes.join(" "),
        code_challenge: challenge,
        code_challenge_method: "S256",
        state,
        nonce,
      }),
    );
    loopback.leadTo(loginPage);
    // What opens the browser may itself go all the way, so it is not waited for.
    const notOpened = opened(openBrowser, loopback.redirectUri);
    const { url, answer } = await untilEnd(Promise.race([loopback.callback, notOpened]), signal);
    let ok = false;
    try {
      checkCallback(url, state, session.issuer);
      const granted = await provider.ask("exchanging the code for tokens", (openid, at) =>
        openid.authorizationCodeGrant(at, url, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        }),
      );
      const tokens = tokenSet(session, granted);
      ok = true;
      return tokens;
    } finally {
      await answer(ok);
    }
  } finally {
    await loopback.close();
  }
}

export interface BrowserFlowOptions {
  readonly listen?: number | undefined;
  readonly openBrowser?: ((url: string) => void | Promise<void>) | undefined;
}

/** Never resolves: it is there to fail when no browser can be opened. */
async function opened(open: (url: string) => void | Promise<void>, url: string): Promise<never> {
  try {
    await open(url);
  } catch (error) {
    throw new LiveError(
      "no-browser",
      "no browser could be opened",
      "open one yourself, or log in by the device flow, which needs none on this machine",
      error,
    );
  }
  return new Promise(() => undefined);
}

async function untilEnd<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const what = "the login in the browser";
  const end = Promise.withResolvers<never>();
  const onEnd = () => end.reject(endedBy(signal, what));
  if (signal.aborted) onEnd();
  signal.addEventListener("abort", onEnd, { once: true });
  try {
    return await Promise.race([work, end.promise]);
  } finally {
    signal.removeEventListener("abort", onEnd);
  }
}

/** Before anything of it is used: is this the answer to our question, and from whom we asked? */
function checkCallback({ searchParams }: URL, state: string, issuer: string): void {
  const states = searchParams.getAll("state");
  if (states.length !== 1 || states[0] !== state)
    throw new LiveError(
      "wrong-state",
      "the browser came back from another login than the one that this program started",
      "close older login pages and start again; if it happens again, somebody tries to log you in as somebody else",
    );
  const issuers = searchParams.getAll("iss");
  if (issuers.some((one) => one !== issuer))
    throw new LiveError(
      "wrong-issuer",
      `the browser came back from another identity provider than ${issuer}`,
      "start again; if it happens again, somebody mixes up the providers to get at the code (RFC 9207)",
    );
}
