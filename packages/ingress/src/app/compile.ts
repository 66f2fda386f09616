import { type ProxyApp, proxyTarget } from "../auth-proxy/proxy-app.ts";
import type { Exposure } from "./exposure.ts";
import type { AppIntent, AppsIntent } from "./intent.ts";
import { parseTarget, type Target } from "./target.ts";

/** An app with its words read. */
export interface CompiledApp {
  readonly name: string;
  readonly app: AppIntent;
  readonly target: Target;
  /** What the edge sends requests to: the Service, or its proxy. */
  readonly exposure: Exposure;
  /** Absent: no login. */
  readonly proxy?: ProxyApp;
}

/** Reads the apps of an intent; those whose target cannot be read are left out. */
export function compileApps(intent: Pick<AppsIntent, "apps" | "auth" | "services">): CompiledApp[] {
  return Object.entries(intent.apps).flatMap(([name, app]) => {
    const target = parseTarget(app.to);
    if (target === undefined) return [];
    const proxy = proxyOf(name, app, target, intent);
    return [{ name, app, target, exposure: exposureOf(name, app, target, proxy), ...(proxy && { proxy }) }];
  });
}

function exposureOf(name: string, app: AppIntent, target: Target, proxy: ProxyApp | undefined): Exposure {
  return {
    name,
    host: app.host,
    path: app.path,
    tls: app.tls,
    redirect: app.redirect,
    clearHeaders: app.clearHeaders,
    bodySize: app.bodySize,
    bufferSize: app.bufferSize,
    timeouts: app.timeouts,
    target: proxy ? proxyTarget(proxy) : target,
    // The proxy checks the Service's certificate; the edge speaks http to the proxy.
    ca: proxy ? undefined : app.ca,
    login: proxy !== undefined,
  };
}

function proxyOf(
  name: string,
  app: AppIntent,
  upstream: Target,
  { auth, services }: Pick<AppsIntent, "auth" | "services">,
): ProxyApp | undefined {
  if (app.login === false || auth === undefined) return undefined;
  const key = `${upstream.namespace}/${upstream.service}`;
  const clientSecret = app.clientSecret ?? (app.clientId === undefined ? auth.clientSecret : undefined);
  return {
    ...auth,
    clientId: app.clientId ?? auth.clientId,
    clientSecret,
    name,
    namespace: upstream.namespace,
    host: app.host,
    upstream,
    groups: app.login,
    passToken: app.passToken,
    bypass: app.bypass,
    ca: app.ca,
    upstreamTimeout: app.timeouts.read ?? app.timeouts.request,
    pods: Object.hasOwn(services, key) ? services[key]?.pods : undefined,
  };
}
