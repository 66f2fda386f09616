import { clusterHostOf } from "../app/target.ts";
import {
  CA_FOLDER,
  CLIENT_SECRET,
  COOKIE_SECRET,
  hasCaFile,
  PROXY_PORTS,
  type ProxyApp,
  SECRET_FOLDER,
} from "./proxy-app.ts";
import { redirectUriOf } from "./redirect-uri.ts";

/** Sessions end after a working day; the login at the provider may well be longer. */
const SESSION = "8h";
/** Below the five minutes that Keycloak's access tokens live, so that rights that were taken away end soon. */
const REFRESH = "4m";

/** The arguments of the proxy's container. No secret is among them. */
export function proxyArguments(app: ProxyApp): string[] {
  return app.flavour === "gatekeeper" ? gatekeeper(app) : oauth2Proxy(app);
}

function upstreamUrl({ upstream }: ProxyApp): string {
  return `${upstream.scheme}://${clusterHostOf(upstream)}:${upstream.port}`;
}

function oauth2Proxy(app: ProxyApp): string[] {
  const { groups, upstream, upstreamTimeout } = app;
  return [
    `--http-address=0.0.0.0:${PROXY_PORTS["oauth2-proxy"]}`,
    `--provider=${isKeycloak(app.issuer) ? "keycloak-oidc" : "oidc"}`,
    `--oidc-issuer-url=${app.issuer}`,
    `--client-id=${app.clientId}`,
    `--client-secret-file=${SECRET_FOLDER}/${CLIENT_SECRET}`,
    `--redirect-url=${redirectUriOf(app)}`,
    "--scope=openid email profile",
    "--code-challenge-method=S256",
    "--insecure-oidc-skip-nonce=false",
    "--skip-provider-button=true",
    "--email-domain=*",
    ...(groups === "any" ? [] : groups.map((group) => `--allowed-group=${group}`)),
    `--cookie-secret-file=${SECRET_FOLDER}/${COOKIE_SECRET}`,
    `--cookie-name=__Host-${app.name}`,
    "--cookie-secure=true",
    "--cookie-httponly=true",
    "--cookie-samesite=lax",
    `--cookie-expire=${SESSION}`,
    `--cookie-refresh=${REFRESH}`,
    `--upstream=${upstreamUrl(app)}/`,
    ...(upstreamTimeout === undefined ? [] : [`--upstream-timeout=${upstreamTimeout}s`]),
    ...(upstream.scheme === "https" && app.ca === false ? ["--ssl-upstream-insecure-skip-verify=true"] : []),
    `--pass-authorization-header=${app.passToken}`,
    "--pass-access-token=false",
    "--pass-basic-auth=false",
    // An upstream that reads the token needs no second word on who it is.
    `--pass-user-headers=${!app.passToken}`,
    "--reverse-proxy=true",
    ...app.trustedProxies.map((cidr) => `--trusted-proxy-ip=${cidr}`),
    "--silence-ping-logging=true",
  ];
}

function gatekeeper(app: ProxyApp): string[] {
  const { groups, upstream, upstreamTimeout } = app;
  // It gives its cookies a Domain, which the prefix __Host- forbids.
  const cookie = `__Secure-${app.name}`;
  return [
    `--listen=0.0.0.0:${PROXY_PORTS.gatekeeper}`,
    `--discovery-url=${app.issuer}`,
    `--client-id=${app.clientId}`,
    `--redirection-url=https://${app.host}`,
    "--enable-pkce=true",
    "--enable-default-deny=true",
    `--resources=uri=/*${groups === "any" ? "" : `|groups=${groups.join(",")}`}`,
    "--enable-encrypted-token=true",
    "--enable-refresh-tokens=true",
    `--cookie-access-name=${cookie}-access`,
    `--cookie-refresh-name=${cookie}-refresh`,
    "--secure-cookie=true",
    "--http-only-cookie=true",
    "--same-site-cookie=Lax",
    `--upstream-url=${upstreamUrl(app)}`,
    ...(upstreamTimeout === undefined
      ? []
      : [
          `--upstream-response-header-timeout=${upstreamTimeout}s`,
          `--server-write-timeout=${upstreamTimeout}s`,
        ]),
    ...(hasCaFile(app) ? [`--upstream-ca=${CA_FOLDER}/ca.crt`] : []),
    ...(upstream.scheme === "https" && app.ca === false ? ["--skip-upstream-tls-verify=true"] : []),
    `--enable-authorization-header=${app.passToken}`,
    "--enable-token-header=false",
    "--enable-authorization-cookies=false",
  ];
}

/** Issuers of Keycloak end in `/realms/NAME`. */
export function isKeycloak(issuer: string): boolean {
  return /\/realms\/[^/]+\/?$/.test(issuer);
}
