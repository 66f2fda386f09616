import type { ProxyFlavour } from "./redirect-uri.ts";

/** An option of an auth proxy, as its project documents it. */
export interface ProxyOption {
  /** The flag without dashes. */
  readonly flag: string;
  readonly flavour: ProxyFlavour;
  /** The release whose documentation the row was read from; the option may be older. */
  readonly since: string;
  /** What it does, and its default where that matters. */
  readonly meaning: string;
  readonly source: string;
}

const OAUTH2_PROXY = "oauth2-proxy: docs/docs/configuration/overview.md, Command Line Options";
const GATEKEEPER = "gogatekeeper: docs/content/configuration/_index.md";

const oauth2Proxy = (flag: string, meaning: string): ProxyOption => ({
  flag,
  flavour: "oauth2-proxy",
  since: "7.15",
  meaning,
  source: OAUTH2_PROXY,
});
const gatekeeper = (flag: string, meaning: string): ProxyOption => ({
  flag,
  flavour: "gatekeeper",
  since: "4",
  meaning,
  source: GATEKEEPER,
});

/** The options that auth proxies of this package are run with: nothing else is ever written. */
export const PROXY_OPTIONS: readonly ProxyOption[] = [
  oauth2Proxy("http-address", "Where it listens. Default: 127.0.0.1:4180."),
  oauth2Proxy("provider", "Kind of provider: keycloak-oidc, oidc. Default: google."),
  oauth2Proxy("oidc-issuer-url", "Issuer, compared with the tokens' iss."),
  oauth2Proxy("client-id", "The client at the provider."),
  oauth2Proxy("client-secret-file", "File with the client's secret, without a line end."),
  oauth2Proxy("redirect-url", "Where logins come back to; the client must know it."),
  oauth2Proxy("scope", "Scopes asked for."),
  oauth2Proxy("code-challenge-method", "PKCE with S256. Default: none."),
  oauth2Proxy("insecure-oidc-skip-nonce", "Leave the nonce of ID tokens unchecked. Default: true."),
  oauth2Proxy("skip-provider-button", "Go to the provider at once. Default: false."),
  oauth2Proxy("email-domain", "Domains of mail addresses that may log in; *: any."),
  oauth2Proxy("allowed-group", "A group whose members may log in; may stand several times, one is enough."),
  oauth2Proxy(
    "cookie-secret-file",
    "File with the key of cookies: 16, 24 or 32 bytes, or base64 of so many.",
  ),
  oauth2Proxy("cookie-name", "Name of the session cookie; __Host- binds it to one host and https."),
  oauth2Proxy("cookie-secure", "Cookies over https only. Default: true."),
  oauth2Proxy("cookie-httponly", "Cookies out of reach of scripts. Default: true."),
  oauth2Proxy("cookie-samesite", "SameSite of cookies. Default: none written."),
  oauth2Proxy("cookie-expire", "How long a session lives. Default: 168h."),
  oauth2Proxy("cookie-refresh", "After how long tokens are refreshed. Default: never."),
  oauth2Proxy("upstream", "Where requests go after the login."),
  oauth2Proxy("upstream-timeout", "How long an answer may take. Default: 30s."),
  oauth2Proxy("ssl-upstream-insecure-skip-verify", "Leave upstream certificates unchecked. Default: false."),
  oauth2Proxy("pass-authorization-header", "The ID token to the upstream as Bearer. Default: false."),
  oauth2Proxy("pass-access-token", "The access token as X-Forwarded-Access-Token. Default: false."),
  oauth2Proxy("pass-basic-auth", "The user as HTTP Basic. Default: true."),
  oauth2Proxy("pass-user-headers", "X-Forwarded-User, -Groups and -Email to the upstream. Default: true."),
  oauth2Proxy(
    "reverse-proxy",
    "Another proxy stands before it: X-Forwarded headers are read. Default: false.",
  ),
  oauth2Proxy(
    "trusted-proxy-ip",
    "Whose X-Forwarded headers are believed; may stand several times. Default: everybody's.",
  ),
  oauth2Proxy("silence-ping-logging", "Probes are not logged. Default: false."),
  gatekeeper("listen", "Where it listens. No default."),
  gatekeeper("discovery-url", "Issuer: a realm of Keycloak."),
  gatekeeper("client-id", "The client at the provider."),
  gatekeeper("redirection-url", "Its own URL; /oauth/callback is added."),
  gatekeeper("enable-pkce", "PKCE with S256. Default: true."),
  gatekeeper("enable-default-deny", "Nothing without a valid token. Default: true."),
  gatekeeper("resources", "Who may do what: uri=/*|groups=a,b. One of the groups is enough."),
  gatekeeper("enable-encrypted-token", "Tokens in cookies are encrypted. Default: true."),
  gatekeeper("enable-refresh-tokens", "Tokens are refreshed. Default: false."),
  gatekeeper("cookie-access-name", "Name of the cookie with the access token. Default: kc-access."),
  gatekeeper("cookie-refresh-name", "Name of the cookie with the refresh token. Default: kc-state."),
  gatekeeper("secure-cookie", "Cookies over https only. Default: true."),
  gatekeeper("http-only-cookie", "Cookies out of reach of scripts. Default: true."),
  gatekeeper("same-site-cookie", "SameSite of cookies. Default: Lax."),
  gatekeeper("upstream-url", "Where requests go after the login."),
  gatekeeper("upstream-response-header-timeout", "How long an answer may take to begin. Default: 10s."),
  gatekeeper("server-write-timeout", "How long an answer may take to be written. Default: 10s."),
  gatekeeper("upstream-ca", "File with the authority of the upstream's certificate."),
  gatekeeper("skip-upstream-tls-verify", "Leave upstream certificates unchecked. Default: false."),
  gatekeeper("enable-authorization-header", "The access token to the upstream as Bearer. Default: true."),
  gatekeeper("enable-token-header", "The access token as X-Auth-Token. Default: true."),
  gatekeeper("enable-authorization-cookies", "The cookies to the upstream. Default: true."),
];

/** Variables that an auth proxy reads its secrets from. */
export const PROXY_VARIABLES: Readonly<Record<ProxyFlavour, readonly string[]>> = {
  "oauth2-proxy": [],
  gatekeeper: ["PROXY_CLIENT_SECRET", "PROXY_ENCRYPTION_KEY"],
};
