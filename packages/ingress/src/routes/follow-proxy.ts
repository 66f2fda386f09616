import { type AuthProxy, authProxyOf } from "./auth-proxy.ts";
import { followService } from "./follow-service.ts";
import type { RoutesModel } from "./model.ts";
import { hasUnguardedPart, proxyGuard } from "./proxy-guard.ts";
import { flagUpstreams, isLocal, upstreamTarget } from "./proxy-upstreams.ts";
import type { UrlRequest } from "./request.ts";
import { breaks, groupsText, miss, step, type Trace, title } from "./trace.ts";
import type { Workload } from "./workloads.ts";

const MOST_PROXIES = 8;

/** Goes on behind the workloads that a route leads to: an auth proxy among them passes requests on to its upstream. */
export function followProxies(
  model: RoutesModel,
  trace: Trace,
  workloads: readonly Workload[],
  request: UrlRequest,
): void {
  let behind = workloads;
  for (let hop = 0; hop < MOST_PROXIES; hop++) {
    const proxy = behind.map(authProxyOf).find((one) => one !== undefined);
    if (proxy === undefined) return;
    const next = passOn(model, trace, proxy, request);
    if (next === undefined) return;
    behind = next;
  }
  breaks(trace, "proxy", `more than ${MOST_PROXIES} auth proxies pass requests on to each other`);
}

/** What is behind a proxy; `undefined`: the way ends with it. */
function passOn(
  model: RoutesModel,
  trace: Trace,
  proxy: AuthProxy,
  request: UrlRequest,
): readonly Workload[] | undefined {
  const { resource } = proxy.workload;
  step(trace, "proxy", `${title(trace.set, resource)} is ${proxy.name}`, resource, proxy.path);
  // Its own pages are under one prefix, so that another path always gets another answer.
  trace.isOwn = true;
  const guard = proxyGuard(proxy, request);
  if (guard.does === "own") {
    trace.isLoginPage = true;
    step(trace, "login", "the proxy answers itself: its login pages", resource, proxy.path);
    return undefined;
  }
  if (guard.does === "unknown") miss(trace, "login", guard.why, resource, `${proxy.path}.args`);
  if (guard.does === "pass") step(trace, "login", `no login: ${guard.why}`, resource, `${proxy.path}.args`);
  if (guard.does === "login") {
    const partly = hasUnguardedPart(proxy) ? " for this path" : "";
    const text = `a login${groupsText(guard.login)} is required${partly}`;
    step(trace, "login", text, resource, `${proxy.path}.args`);
    trace.login = guard.login;
  }
  return upstream(model, trace, proxy, request);
}

function upstream(
  model: RoutesModel,
  trace: Trace,
  proxy: AuthProxy,
  request: UrlRequest,
): readonly Workload[] | undefined {
  const { resource, namespace } = proxy.workload;
  const path = `${proxy.path}.args`;
  const target = chooseUpstream(proxy, request.path);
  if (target === undefined) {
    miss(trace, "proxy", `the upstream of ${title(trace.set, resource)} is not in its flags`, resource, path);
    return undefined;
  }
  const found = upstreamTarget(target, namespace);
  if (found === undefined) {
    if (/^(static|file):\/\//.test(target))
      step(trace, "workload", `the proxy itself: ${target}`, resource, path);
    else breaks(trace, "proxy", `upstream ${JSON.stringify(target)} is no http or https URL`, resource, path);
    return undefined;
  }
  const { host, port, service } = found;
  if (isLocal(host)) {
    step(trace, "workload", `port ${port} of the same pod`, resource, path);
    return undefined;
  }
  step(trace, "proxy", `passes requests on to ${target}`, resource, path);
  if (service === undefined) {
    step(trace, "workload", `${host}, outside of the cluster`, resource, path);
    return undefined;
  }
  return followService(model, trace, { ...service, port, from: resource, path, by: "proxy" });
}

/** Of several upstreams of oauth2-proxy the one with the longest path that the request begins with. */
function chooseUpstream(proxy: AuthProxy, path: string): string | undefined {
  const all = flagUpstreams(proxy);
  if (proxy.flavour === "gatekeeper") return all[0];
  const pathOf = (url: string) => /^[a-z]+:\/\/[^/]*(\/[^?#]*)/.exec(url)?.[1] ?? "/";
  const isFor = (prefix: string) => (prefix.endsWith("/") ? path.startsWith(prefix) : path === prefix);
  return all.filter((url) => isFor(pathOf(url))).sort((a, b) => pathOf(b).length - pathOf(a).length)[0];
}
