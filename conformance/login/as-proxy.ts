import { createHash, randomBytes } from "node:crypto";
import type { Resource } from "@ashlar/core";
import { call } from "../components/keycloak-admin.ts";
import { claimsOf } from "../keycloak/code-login.ts";
import { formBrowser, logIn } from "./form-browser.ts";

/** What oauth2-proxy reads of its configuration to log somebody in. */
export interface ProxySettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly challengeMethod: string;
  readonly checksNonce: boolean;
  readonly allowedGroups: readonly string[];
}

/** The settings in the arguments of a rendered Deployment; an Error where one is missing. */
export function proxySettings(deployment: Resource, clientSecret: string): ProxySettings {
  const { template } = deployment.spec as { template: { spec: { containers: { args: string[] }[] } } };
  const args = template.spec.containers[0]?.args ?? [];
  const all = (flag: string) =>
    args.filter((arg) => arg.startsWith(`--${flag}=`)).map((arg) => arg.slice(flag.length + 3));
  const one = (flag: string) => {
    const [value, ...more] = all(flag);
    if (value === undefined || more.length > 0) throw new Error(`--${flag} stands ${all(flag).length} times`);
    return value;
  };
  if (args.some((arg) => arg.includes(clientSecret)))
    throw new Error("the client's secret is among the arguments");
  return {
    issuer: one("oidc-issuer-url"),
    clientId: one("client-id"),
    clientSecret,
    redirectUri: one("redirect-url"),
    scope: one("scope"),
    challengeMethod: one("code-challenge-method"),
    checksNonce: one("insecure-oidc-skip-nonce") === "false",
    allowedGroups: all("allowed-group"),
  };
}

/** A login that was begun: the page to send the browser to, and what only the proxy knows. */
export interface BegunLogin {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Sends the browser away as oauth2-proxy does: authorization code, PKCE, state and nonce, to the issuer's own endpoint. */
export async function beginLogin(settings: ProxySettings, ca: string): Promise<BegunLogin> {
  const [state, nonce, verifier] = [random(), random(), random()];
  if (settings.challengeMethod !== "S256")
    throw new Error(`no way to challenge by ${settings.challengeMethod}`);
  const query = new URLSearchParams({
    client_id: settings.clientId,
    redirect_uri: settings.redirectUri,
    response_type: "code",
    scope: settings.scope,
    state,
    ...(settings.checksNonce && { nonce: digest(nonce) }),
    code_challenge_method: settings.challengeMethod,
    code_challenge: digest(verifier),
  });
  const { authorization_endpoint: endpoint } = await discovered(settings, ca);
  return { url: `${endpoint}?${query}`, state, nonce: digest(nonce), verifier };
}

/** Logs a person in on the issuer's page; the URL that the issuer sends the browser back to. */
export async function backFrom(
  begun: BegunLogin,
  username: string,
  password: string,
  ca: string,
): Promise<URL> {
  const browser = formBrowser(ca, (url) => new URL(url).hostname.endsWith(".example.test"));
  return new URL((await logIn(browser, begun.url, username, password)).url);
}

/** What the issuer's token endpoint says to the code that came back. */
export async function exchange(
  settings: ProxySettings,
  begun: BegunLogin,
  back: URL,
  ca: string,
): Promise<{ readonly code: number; readonly body: Readonly<Record<string, unknown>> }> {
  const { token_endpoint: endpoint } = await discovered(settings, ca);
  const credentials = `${encodeURIComponent(settings.clientId)}:${encodeURIComponent(settings.clientSecret)}`;
  const { code, body } = await call(endpoint, "POST", {
    ca,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
    },
    text: new URLSearchParams({
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      redirect_uri: settings.redirectUri,
      code_verifier: begun.verifier,
    }).toString(),
  });
  return { code, body: body as Record<string, unknown> };
}

/**
 * The whole login, with every check that the proxy makes. Gives the token that it passes on, and whether it lets its user in.
 *
 * @throws Error at the first check that fails
 */
export async function logInByProxy(
  settings: ProxySettings,
  username: string,
  password: string,
  ca: string,
): Promise<{
  readonly idToken: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly admits: boolean;
}> {
  const begun = await beginLogin(settings, ca);
  const back = await backFrom(begun, username, password, ca);
  if (`${back.origin}${back.pathname}` !== settings.redirectUri) throw new Error(`came back to ${back.href}`);
  if (back.searchParams.get("state") !== begun.state) throw new Error("came back with another state");
  const { code, body } = await exchange(settings, begun, back, ca);
  if (code !== 200 || typeof body.id_token !== "string")
    throw new Error(`no tokens: ${code} ${JSON.stringify(body)}`);
  const claims = claimsOf(body.id_token);
  if (claims.iss !== settings.issuer || claims.aud !== settings.clientId)
    throw new Error(`a token of ${claims.iss} for ${claims.aud}`);
  if (settings.checksNonce && claims.nonce !== begun.nonce) throw new Error("a token with another nonce");
  const groups = Array.isArray(claims.groups) ? claims.groups : [];
  const admits = groups.some((group) => settings.allowedGroups.includes(group));
  return { idToken: body.id_token, claims, admits };
}

interface Discovered {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

async function discovered({ issuer }: ProxySettings, ca: string): Promise<Discovered> {
  const { code, body } = await call(`${issuer}/.well-known/openid-configuration`, "GET", { ca });
  const found = body as Discovered & { readonly issuer?: string };
  if (code !== 200 || found.issuer !== issuer) throw new Error(`${issuer} says that it is ${found.issuer}`);
  return found;
}

function random(): string {
  return randomBytes(32).toString("base64url");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
