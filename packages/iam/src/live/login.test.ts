import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeIssuer, type Faults, fakeIssuer } from "./fake-issuer.test-support.ts";
import { LiveError, type LiveErrorCode } from "./live-error.ts";
import { login, logout, refreshTokens } from "./login.ts";
import type { LoginOptions } from "./login-options.ts";
import { idTokenClaims } from "./token-set.ts";

let provider: FakeIssuer;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-login-"));
  provider = await fakeIssuer();
});
afterEach(async () => {
  await provider.close();
  await rm(folder, { recursive: true, force: true });
});

const browser = async (url: string) => {
  await fetch(url);
};

function options(more: Partial<LoginOptions> = {}): LoginOptions {
  const base = { issuer: provider.issuer, clientId: "kubernetes", listen: 0, openBrowser: browser };
  return { ...base, timeoutSeconds: 20, cacheFolder: join(folder, "tokens"), ...more } as LoginOptions;
}

/** Fails as it has to, shows nothing that is secret, and leaves the folder as it was. */
async function expectFailure(
  work: () => Promise<unknown>,
  code: LiveErrorCode,
  message: RegExp,
): Promise<LiveError> {
  const files = () => readdir(join(folder, "tokens")).catch(() => []);
  const before = await files();
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LiveError);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect((error as LiveError).hint).not.toBe("");
  const shown = everything(error);
  for (const secret of provider.secrets) expect(shown).not.toContain(secret);
  expect(await files()).toEqual(before);
  return error as LiveError;
}

/** All that an error could show anybody, as a debugger prints it. */
function everything(error: unknown): string {
  return inspect(error, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
}

describe("a login", () => {
  test("asks for a code with PKCE, state and nonce, and checks the ID token's signature", async () => {
    const tokens = await login(options());
    expect(tokens).toMatchObject({ issuer: provider.issuer, clientId: "kubernetes" });
    expect(idTokenClaims(tokens.idToken)).toMatchObject({ sub: "1", aud: "kubernetes" });
    expect(provider.asked).toEqual(["discovery", "authorize", "token", "jwks"]);
    expect(provider.secrets.length).toBeGreaterThanOrEqual(5);
  });

  test("of one session happens once, of another one again", async () => {
    const [first, second] = await Promise.all([login(options()), login(options())]);
    expect(second).toEqual(first);
    expect(provider.asked.filter((one) => one === "authorize")).toHaveLength(1);
    await login(options({ scopes: ["email"] }));
    await login(options({ force: true }));
    expect(provider.asked.filter((one) => one === "authorize")).toHaveLength(3);
    expect(await readdir(join(folder, "tokens"))).toHaveLength(2);
  });

  test("whose tokens have ended is refreshed without a person", async () => {
    await provider.close();
    provider = await fakeIssuer(10); // shorter than the time that a token is taken as ended before its end
    const first = await login(options());
    const second = await login(options({ interactive: false }));
    expect(second.idToken).not.toBe(first.idToken);
    expect(provider.asked.filter((one) => one === "authorize")).toHaveLength(1);
    const [file] = await readdir(join(folder, "tokens"));
    expect(await readFile(join(folder, "tokens", file!), "utf8")).toContain(second.idToken);

    provider.set({ token: () => ({ code: 400, body: { error: "invalid_grant" } }) });
    const error = await expectFailure(
      () => login(options({ interactive: false })),
      "login-needed",
      /nobody can/,
    );
    expect(error.cause).toMatchObject({ code: "refused" });

    provider.set({ token: () => ({ code: 503, body: {} }) });
    await expectFailure(() => login(options()), "server-error", /503 to POST \/realms\/fake\/token/);

    provider.set({ token: (right) => ({ body: { ...right, id_token: provider.idToken({ sub: "2" }) } }) });
    await expectFailure(() => login(options()), "bad-answer", /another person/);
  });

  test("by the device flow shows the code and waits for it to be used", async () => {
    let polls = 0;
    provider.set({
      token: (right) =>
        ++polls === 1
          ? { code: 400, body: { error: "authorization_pending" } }
          : { body: { ...right, id_token: provider.idToken() } },
    });
    const seen: unknown[] = [];
    await login(options({ flow: "device", onDeviceCode: (code) => void seen.push(code) }));
    expect(seen).toEqual([
      { verificationUri: `${provider.issuer}/page`, userCode: "ABCD-EFGH", expiresInSeconds: 60 },
    ]);
    expect(polls).toBe(2);
  });

  test("is forgotten by logout, also when the provider cannot be told", async () => {
    await login(options());
    expect(await logout(options())).toBe(true);
    expect(provider.asked.at(-1)).toBe("revoke");
    expect(await readdir(join(folder, "tokens"))).toEqual([]);

    await login(options());
    provider.set({ revoke: () => ({ code: 500, body: {} }) });
    await expect(logout(options())).rejects.toMatchObject({ code: "server-error" });
    expect(await readdir(join(folder, "tokens"))).toEqual([]);
    expect(await logout(options())).toBe(false);
  });
});

const page = { code: 200, body: "<html>Welcome</html>", headers: { "content-type": "text/html" } };
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const withIdToken = (make: () => string | undefined): Faults => ({
  token: (right) => ({ body: { ...right, id_token: make() } }),
});
const oauthError = (error: string, text?: string) => ({
  code: 400,
  body: { error, ...(text && { error_description: text }) },
});

interface Case {
  readonly what: string;
  readonly faults: () => Faults;
  readonly code: LiveErrorCode;
  readonly message: RegExp;
  readonly more?: Partial<LoginOptions>;
}

const CASES: readonly Case[] = [
  {
    what: "discovery answered by 500",
    faults: () => ({ discovery: () => ({ code: 500, body: {} }) }),
    code: "server-error",
    message: /answered 500 to GET .*openid-configuration/,
  },
  {
    what: "discovery answered by 401",
    faults: () => ({ discovery: () => ({ code: 401, body: {} }) }),
    code: "refused",
    message: /401/,
  },
  {
    what: "discovery answered by 404",
    faults: () => ({ discovery: () => ({ code: 404, body: {} }) }),
    code: "bad-answer",
    message: /404/,
  },
  {
    what: "discovery redirected",
    faults: () => ({
      discovery: () => ({ code: 302, body: {}, headers: { location: "http://example.test/" } }),
    }),
    code: "bad-answer",
    message: /302/,
  },
  {
    what: "a page instead of discovery",
    faults: () => ({ discovery: () => page }),
    code: "bad-answer",
    message: /content-type/,
  },
  {
    what: "discovery of another issuer",
    faults: () => ({ discovery: (right) => ({ body: { ...right, issuer: "https://other.example.test" } }) }),
    code: "bad-answer",
    message: /issuer/,
  },
  {
    what: "an issuer that spells itself with a slash at the end",
    faults: () => ({ discovery: (right) => ({ body: { ...right, issuer: `${right.issuer}/` } }) }),
    code: "bad-answer",
    message: /issuer/,
  },
  {
    what: "discovery without a login page",
    faults: () => ({ discovery: ({ authorization_endpoint: _, ...right }) => ({ body: right }) }),
    code: "bad-answer",
    message: /login page/,
  },
  {
    what: "discovery without PKCE",
    faults: () => ({
      discovery: (right) => ({ body: { ...right, code_challenge_methods_supported: ["plain"] } }),
    }),
    code: "bad-answer",
    message: /PKCE/,
  },
  {
    what: "discovery that hangs",
    faults: () => ({ discovery: () => "hang" }),
    code: "timed-out",
    message: /did not answer within 0.3 s/,
    more: { requestTimeoutSeconds: 0.3 },
  },
  {
    what: "discovery that breaks off",
    faults: () => ({ discovery: () => "drop" }),
    code: "unreachable",
    message: /cannot be reached/,
  },
  {
    what: "discovery without end",
    faults: () => ({ discovery: () => ({ body: { filler: "x".repeat(5_000_000) } }) }),
    code: "bad-answer",
    message: /longer than/,
  },
  {
    what: "a callback with another state",
    faults: () => ({ authorize: (right) => ({ body: { ...right, state: "another" } }) }),
    code: "wrong-state",
    message: /another login/,
  },
  {
    what: "a callback without state",
    faults: () => ({ authorize: ({ code }) => ({ body: { code } }) }),
    code: "wrong-state",
    message: /another login/,
  },
  {
    what: "an error with another state, which may not end our login as a denial",
    faults: () => ({ authorize: () => ({ body: { error: "access_denied", state: "another" } }) }),
    code: "wrong-state",
    message: /another login/,
  },
  {
    what: "a callback of another provider (mix-up)",
    faults: () => ({ authorize: (right) => ({ body: { ...right, iss: "https://other.example.test" } }) }),
    code: "wrong-issuer",
    message: /another identity provider/,
  },
  {
    what: "a login that the person denies",
    faults: () => ({
      authorize: ({ state }) => ({
        body: { error: "access_denied", error_description: "not\u001b[31m now", state },
      }),
    }),
    code: "denied",
    // The escape sequence of the terminal is gone.
    message: /answered by access_denied: not \[31m now$/,
  },
  {
    what: "a client that is not the client",
    faults: () => ({ token: () => ({ code: 401, body: { error: "invalid_client" } }) }),
    code: "refused",
    message: /invalid_client/,
  },
  {
    what: "a token endpoint with an error of its own",
    faults: () => ({ token: () => ({ code: 500, body: {} }) }),
    code: "server-error",
    message: /500 to POST/,
  },
  {
    what: "a token endpoint that hangs",
    faults: () => ({ token: () => "hang" }),
    code: "timed-out",
    message: /did not answer within/,
    more: { requestTimeoutSeconds: 0.3 },
  },
  {
    what: "a page instead of tokens",
    faults: () => ({ token: () => page }),
    code: "bad-answer",
    message: /exchanging the code/,
  },
  {
    what: "an error that repeats what we sent",
    faults: () => ({
      token: (right) =>
        oauthError("invalid_grant", `code ${provider.secrets.join(" ")} ${right.access_token}`),
    }),
    code: "refused",
    message: /invalid_grant: code …/,
  },
  {
    what: "tokens without an ID token",
    faults: () => withIdToken(() => undefined),
    code: "bad-answer",
    message: /ID token|id_token/i,
  },
  {
    what: "an ID token for another client",
    faults: () => withIdToken(() => provider.idToken({ aud: "grafana" })),
    code: "bad-answer",
    message: /audience/,
  },
  {
    what: "an ID token of another issuer",
    faults: () => withIdToken(() => provider.idToken({ iss: "https://other.example.test" })),
    code: "bad-answer",
    message: /issuer/,
  },
  {
    what: "an ID token that has ended",
    faults: () => withIdToken(() => provider.idToken({ exp: 1_000_000_000 })),
    code: "bad-answer",
    message: /expiration/,
  },
  {
    what: "an ID token of another login",
    faults: () => withIdToken(() => provider.idToken({ nonce: "another" })),
    code: "bad-answer",
    message: /nonce/,
  },
  {
    what: "an ID token that somebody else signed",
    faults: () => withIdToken(() => provider.idToken({}, stranger)),
    code: "bad-answer",
    message: /signature/,
  },
  {
    what: "an ID token that nobody signed",
    faults: () =>
      withIdToken(() => {
        const [, claims] = provider.idToken().split(".");
        return `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`;
      }),
    code: "bad-answer",
    message: /"alg"/,
  },
  {
    what: "an ID token that is none",
    faults: () => withIdToken(() => "no.token"),
    code: "bad-answer",
    message: /JWT/,
  },
  {
    what: "keys that cannot be had",
    faults: () => ({ jwks: () => ({ code: 503, body: {} }) }),
    code: "server-error",
    message: /503 to GET .*jwks/,
  },
  {
    what: "a device flow that the client may not use",
    faults: () => ({ device: () => oauthError("unauthorized_client", "not for you") }),
    code: "refused",
    message: /unauthorized_client: not for you/,
    more: { flow: "device", onDeviceCode: () => undefined },
  },
  {
    what: "a device flow whose page is no page",
    faults: () => ({ device: (right) => ({ body: { ...right, verification_uri: "javascript:alert(1)" } }) }),
    code: "bad-answer",
    message: /cannot be shown/,
    more: { flow: "device", onDeviceCode: () => undefined },
  },
  {
    what: "a device flow whose code would drive the terminal",
    faults: () => ({ device: (right) => ({ body: { ...right, user_code: "\u001b]0;x\u0007" } }) }),
    code: "bad-answer",
    message: /cannot be shown/,
    more: { flow: "device", onDeviceCode: () => undefined },
  },
  {
    what: "a device flow that the person denies",
    faults: () => ({ token: () => oauthError("access_denied") }),
    code: "denied",
    message: /access_denied/,
    more: { flow: "device", onDeviceCode: () => undefined },
  },
  {
    what: "a device flow that nobody finishes",
    faults: () => ({ token: () => oauthError("authorization_pending") }),
    code: "timed-out",
    message: /took too long/,
    more: { flow: "device", onDeviceCode: () => undefined, timeoutSeconds: 1.5 },
  },
  {
    what: "a person who never comes back",
    faults: () => ({}),
    code: "timed-out",
    message: /took too long/,
    more: { openBrowser: () => undefined, timeoutSeconds: 0.5 },
  },
  {
    what: "a browser that does not open",
    faults: () => ({}),
    code: "no-browser",
    message: /no browser/,
    more: { openBrowser: () => Promise.reject(new Error("no display")) },
  },
  {
    what: "a secret that is not there",
    faults: () => ({}),
    code: "bad-input",
    message: /variable ASHLAR_NO_SUCH_VARIABLE/,
    more: { clientSecret: { env: "ASHLAR_NO_SUCH_VARIABLE" } },
  },
];

describe("what goes wrong is said, shows no secret and leaves no file:", () => {
  test.each(CASES)("$what", async ({ faults, code, message, more }) => {
    provider.set(faults());
    await expectFailure(() => login(options(more)), code, message);
  });

  test("a login that goes wrong keeps the tokens that were there", async () => {
    await login(options());
    const path = join(folder, "tokens", (await readdir(join(folder, "tokens")))[0]!);
    const before = await readFile(path, "utf8");
    provider.set({ token: () => ({ code: 500, body: {} }) });
    await expectFailure(() => login(options({ force: true })), "server-error", /500/);
    expect(await readFile(path, "utf8")).toBe(before);
  });

  test("an issuer that is down", async () => {
    await provider.close();
    await expectFailure(() => login(options()), "unreachable", /ECONNREFUSED/);
  });

  test("a secret that the provider repeats, however short", async () => {
    provider.set({ token: () => oauthError("invalid_client", "bad secret hunter2!") });
    const work = () => login(options({ clientSecret: async () => "hunter2!" }));
    const error = await expectFailure(work, "refused", /bad secret …/);
    expect(everything(error)).not.toContain("hunter2");
  });

  test("a port that somebody has", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    await expectFailure(() => login(options({ listen: port })), "busy", /127\.0\.0\.1.*EADDRINUSE/);
    await new Promise((resolve) => other.close(resolve));
  });

  test("a caller that ends it", async () => {
    const controller = new AbortController();
    const openBrowser = () => controller.abort();
    await expectFailure(
      () => login(options({ signal: controller.signal, openBrowser })),
      "aborted",
      /its caller/,
    );
  });

  test("tokens of another session are not refreshed", async () => {
    const tokens = await login(options());
    await expectFailure(
      () => refreshTokens(tokens, { ...options(), clientId: "grafana" }),
      "bad-input",
      /another session/,
    );
    const { refreshToken: _, ...without } = tokens;
    await expectFailure(() => refreshTokens(without, options()), "refused", /no refresh token/);
  });
});
