import { type ResourceRef, refOf } from "@ashlar/core";
import { callbackOf } from "../auth-proxy/redirect-uri.ts";
import { authProxyOf } from "./auth-proxy.ts";
import type { RoutesModel } from "./model.ts";

/** How an auth proxy of the set logs in, as far as its flags and variables say. */
export interface ProxyLogin {
  readonly workload: ResourceRef;
  readonly issuer: string;
  readonly client: string;
  /** Where logins come back to: what the client at the provider has to know. */
  readonly redirectUri: string;
  /** The token that the app behind gets; absent: none. */
  readonly token?: "id" | "access";
}

/**
 * The logins of every auth proxy of the set whose client and redirect URI are known.
 *
 * @example proxyLogins(routesModel(resources)).map(({ redirectUri }) => redirectUri)
 */
export function proxyLogins({ workloads }: RoutesModel): ProxyLogin[] {
  return workloads.flatMap((workload) => {
    const proxy = authProxyOf(workload);
    if (proxy === undefined) return [];
    const isOauth2Proxy = proxy.flavour === "oauth2-proxy";
    const last = (flag: string, variable: string) => proxy.option(flag, variable).at(-1);
    const client = isOauth2Proxy
      ? last("client-id", "OAUTH2_PROXY_CLIENT_ID")
      : last("client-id", "PROXY_CLIENT_ID");
    const issuer = isOauth2Proxy
      ? last("oidc-issuer-url", "OAUTH2_PROXY_OIDC_ISSUER_URL")
      : last("discovery-url", "PROXY_DISCOVERY_URL");
    const url = isOauth2Proxy
      ? last("redirect-url", "OAUTH2_PROXY_REDIRECT_URL")
      : last("redirection-url", "PROXY_REDIRECTION_URL");
    if (client === undefined || issuer === undefined || url === undefined || !/^https?:\/\/[^/]/.test(url))
      return [];
    const redirectUri = isOauth2Proxy ? url : `${url.replace(/\/+$/, "")}${callbackOf("gatekeeper")}`;
    const passes = isOauth2Proxy
      ? last("pass-authorization-header", "OAUTH2_PROXY_PASS_AUTHORIZATION_HEADER") === "true"
      : last("enable-authorization-header", "PROXY_ENABLE_AUTHORIZATION_HEADER") !== "false";
    const token = passes ? { token: isOauth2Proxy ? ("id" as const) : ("access" as const) } : {};
    return [{ workload: refOf(workload.resource), issuer, client, redirectUri, ...token }];
  });
}
