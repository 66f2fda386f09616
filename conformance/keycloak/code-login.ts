import { createHash, randomBytes } from "node:crypto";

/** The tokens of a login, as they came. */
export interface LoginAnswer {
  readonly idToken: Readonly<Record<string, unknown>>;
  readonly accessToken: Readonly<Record<string, unknown>>;
}

/**
 * A login as a browser does it, by authorization code and PKCE: asks for the form, posts it, changes the code for tokens.
 *
 * @throws Error with what Keycloak answered
 */
export async function codeLogin(login: {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret?: string;
  readonly redirectUri: string;
  readonly username: string;
  readonly password: string;
}): Promise<LoginAnswer> {
  const endpoint = `${login.issuer}/protocol/openid-connect`;
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    client_id: login.clientId,
    redirect_uri: login.redirectUri,
    response_type: "code",
    scope: "openid",
    state: "s",
    code_challenge_method: "S256",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  });
  const page = await fetch(`${endpoint}/auth?${query}`, { redirect: "manual" });
  const action = /action="([^"]+)"/.exec(await page.text())?.[1]?.replaceAll("&amp;", "&");
  if (action === undefined) throw new Error(`Keycloak gave no login form: ${page.status}`);
  const cookie = page.headers
    .getSetCookie()
    .map((text) => text.split(";")[0])
    .join("; ");
  const form = new URLSearchParams({ username: login.username, password: login.password, credentialId: "" });
  const posted = await fetch(action, { method: "POST", redirect: "manual", headers: { cookie }, body: form });
  const code = new URL(posted.headers.get("location") ?? "http://localhost").searchParams.get("code");
  if (code === null) throw new Error(`Keycloak gave no code to ${login.username}: ${posted.status}`);
  const answer = await fetch(`${endpoint}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: login.clientId,
      ...(login.secret !== undefined && { client_secret: login.secret }),
      redirect_uri: login.redirectUri,
      code,
      code_verifier: verifier,
    }),
  });
  const body = (await answer.json()) as { readonly id_token?: string; readonly access_token?: string };
  if (body.id_token === undefined || body.access_token === undefined)
    throw new Error(`Keycloak gave no tokens: ${answer.status} ${JSON.stringify(body)}`);
  return { idToken: claimsOf(body.id_token), accessToken: claimsOf(body.access_token) };
}

/** The claims of a token; its signature is not looked at. */
export function claimsOf(jwt: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8"));
}
