/** Kinds of auth proxies that are written. */
export type ProxyFlavour = "oauth2-proxy" | "gatekeeper";

/** Where a login comes back to on the proxy's host. */
export function callbackOf(flavour: ProxyFlavour = "oauth2-proxy"): string {
  return flavour === "gatekeeper" ? "/oauth/callback" : "/oauth2/callback";
}

/**
 * The redirect URI that the client at the OIDC provider has to know.
 *
 * @example redirectUriOf({ host: "k8s.strix.kr" }) // https://k8s.strix.kr/oauth2/callback
 */
export function redirectUriOf({
  host,
  flavour,
}: {
  readonly host: string;
  readonly flavour?: ProxyFlavour | undefined;
}): string {
  return `https://${host}${callbackOf(flavour)}`;
}
