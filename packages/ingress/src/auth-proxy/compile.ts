import type { Exposure } from "../app/exposure.ts";
import type { Target } from "../app/target.ts";
import type { AuthProxyIntent } from "./intent.ts";
import { type ProxyApp, proxyTarget } from "./proxy-app.ts";

/** The proxy of an intent, and what the edge has to do for it. */
export function compileProxy(
  intent: AuthProxyIntent,
  upstream: Target,
): { readonly proxy: ProxyApp; readonly exposure: Exposure } {
  const { name, host, tls, redirect, clearHeaders, bodySize, bufferSize, timeouts } = intent;
  const proxy: ProxyApp = {
    flavour: intent.flavour,
    issuer: intent.issuer,
    clientId: intent.clientId,
    clientSecret: intent.clientSecret,
    cookieSecret: intent.cookieSecret,
    image: intent.image,
    replicas: intent.replicas,
    trustedProxies: intent.trustedProxies,
    apiServer: intent.apiServer,
    name,
    namespace: intent.namespace ?? upstream.namespace,
    host,
    upstream,
    groups: intent.groups,
    passToken: intent.passToken,
    bypass: intent.bypass,
    ca: intent.ca,
    upstreamTimeout: timeouts.read ?? timeouts.request,
    pods: intent.pods,
  };
  const exposure: Exposure = {
    name,
    host,
    path: "/",
    tls,
    redirect,
    clearHeaders,
    bodySize,
    bufferSize,
    timeouts,
    target: proxyTarget(proxy),
    ca: undefined,
    login: true,
  };
  return { proxy, exposure };
}
