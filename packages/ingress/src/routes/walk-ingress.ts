import { followTls } from "./certificates.ts";
import { followProxies } from "./follow-proxy.ts";
import { followService } from "./follow-service.ts";
import { followIngressLogin } from "./ingress-login.ts";
import { hostText, type IngressChoice, type IngressTables, tlsSource } from "./ingress-tables.ts";
import type { RoutesModel } from "./model.ts";
import { answersByPath, nginxRedirect } from "./nginx.ts";
import type { UrlRequest } from "./request.ts";
import { refIn } from "./route-set.ts";
import { isOwnHost } from "./sites.ts";
import { breaks, finish, miss, startTrace, step, title } from "./trace.ts";
import type { UrlVerdict } from "./verdict.ts";

/** Walks from an Ingress's route to the workload. */
export function walkIngress(
  model: RoutesModel,
  tables: IngressTables,
  choice: IngressChoice,
  request: UrlRequest,
  open: string | undefined,
): UrlVerdict {
  const { scheme, host } = request;
  const canCache = open === undefined && isOwnHost(choice.route.host);
  const known = canCache ? choice.cached[scheme] : undefined;
  if (known !== undefined) return known;
  const { set } = model;
  const { route } = choice;
  const { ingress, backend } = route;
  const trace = startTrace(set);
  const namespace = set.namespaceOf(ingress);
  const ref = refIn(set, ingress);
  trace.route = { ref, path: route.path };
  step(trace, "host", `${hostText(route.host)} of ${title(set, ingress)}`, ingress, route.path);
  step(trace, "route", routeText(route.pathType, route.urlPath, route.path), ingress, route.path);
  const { className, doubt } = tables.edge;
  if (doubt !== undefined)
    miss(trace, "route", doubt, ingress, className === "" ? "spec" : "spec.ingressClassName");
  if (open !== undefined) miss(trace, "route", open, ingress, route.path);
  const source = tlsSource(tables, host);
  const isNginx = tables.edge.controller?.name === "ingress-nginx";
  const redirect = isNginx ? nginxRedirect(set, route, request, source !== undefined) : undefined;
  if (scheme === "https") {
    if (source === undefined)
      miss(
        trace,
        "tls",
        `no entry of spec.tls is for ${host}: which certificate the edge shows is not known`,
        ingress,
        "spec.tls",
      );
    else if (source.secret === "")
      miss(
        trace,
        "tls",
        "the entry of spec.tls names no Secret: the edge's own certificate is not known",
        source.ingress,
        source.path,
      );
    else {
      const from = {
        namespace: set.namespaceOf(source.ingress),
        secret: source.secret,
        from: source.ingress,
      };
      followTls(model, trace, { ...from, path: `${source.path}.secretName` });
    }
  }
  if (redirect !== undefined) {
    trace.location = redirect.location;
    trace.isOwn = true;
    step(trace, "route", `redirects to ${redirect.location}`, ingress, redirect.path);
    return finish(trace);
  }
  if (isNginx && answersByPath(ingress, request)) trace.isOwn = true;
  followIngressLogin(trace, route);
  if (backend.service === undefined) {
    if (backend.resource !== undefined)
      miss(
        trace,
        "service",
        `the backend is ${backend.resource}, no Service`,
        ingress,
        `${route.path}.backend`,
      );
    else breaks(trace, "service", "the route names no Service", ingress, `${route.path}.backend`);
  } else {
    const { service: name, port } = backend;
    const ask = { namespace, name, port, from: ingress, path: route.path, by: "ingress" } as const;
    followProxies(model, trace, followService(model, trace, ask), request);
  }
  const verdict = finish(trace);
  if (canCache && !trace.isOwn) choice.cached[scheme] = verdict;
  return verdict;
}

function routeText(pathType: string, urlPath: string, path: string): string {
  if (path.endsWith("efaultBackend") || path === "spec.backend")
    return "no rule matches: the default backend";
  return `path ${urlPath} (${pathType})`;
}
