import { followTls } from "./certificates.ts";
import { type Fields, fieldsOf, listOf, own, textOf } from "./fields.ts";
import { followProxies } from "./follow-proxy.ts";
import { followService } from "./follow-service.ts";
import { redirectLocation } from "./gateway-redirect.ts";
import type { GatewayChoice, GatewayTables } from "./gateway-tables.ts";
import { hostText } from "./ingress-tables.ts";
import type { RoutesModel } from "./model.ts";
import { grantHint, isGranted } from "./reference-grants.ts";
import type { UrlRequest } from "./request.ts";
import { refIn } from "./route-set.ts";
import { breaks, finish, miss, startTrace, step, type Trace, title } from "./trace.ts";
import type { UrlVerdict } from "./verdict.ts";
import type { Workload } from "./workloads.ts";

/** Walks from a match of an HTTPRoute to the workload. */
export function walkGateway(
  model: RoutesModel,
  { edge }: GatewayTables,
  choice: GatewayChoice,
  request: UrlRequest,
  open: string | undefined,
): UrlVerdict {
  const { route, listener } = choice;
  // The certificate is the listener's, whatever the host.
  const canCache = open === undefined;
  const known = canCache ? choice.cached[request.scheme] : undefined;
  if (known !== undefined) return known;
  const { set } = model;
  const trace = startTrace(set);
  trace.route = { ref: refIn(set, route.route), path: route.path };
  const { gateway, doubt } = edge;
  const where = `listener ${listener.name} (${hostText(listener.hostname)}, port ${listener.port}) of ${title(set, gateway)}`;
  step(trace, "host", where, listener.owner, listener.path);
  if (doubt !== undefined) miss(trace, "host", doubt, gateway, "spec.gatewayClassName");
  const text = `${title(set, route.route)}: path ${route.urlPath}${route.match === "exact" ? " (Exact)" : ""}`;
  step(trace, "route", text, route.route, route.path);
  if (!choice.isSure)
    miss(
      trace,
      "route",
      `the labels of namespace ${route.namespace}, which the listener selects by, are not in the set`,
      listener.owner,
      `${listener.path}.allowedRoutes`,
    );
  if (open !== undefined) miss(trace, "route", open, route.route, route.path);
  if (request.scheme === "https") followListenerTls(model, trace, choice);
  followFilters(trace, choice, route.rule, `${route.path}.filters`, request);
  if (trace.location === undefined) followBackends(model, trace, choice, request);
  const verdict = finish(trace);
  if (canCache && !trace.isOwn) choice.cached[request.scheme] = verdict;
  return verdict;
}

function followListenerTls(model: RoutesModel, trace: Trace, { listener }: GatewayChoice): void {
  const path = `${listener.path}.tls`;
  const refs = listOf(listener.tls.certificateRefs).map(fieldsOf);
  const [ref] = refs;
  if (ref === undefined) {
    miss(trace, "tls", "the listener names no certificate", listener.owner, path);
    return;
  }
  const kind = textOf(ref.kind) || "Secret";
  if (kind !== "Secret" || textOf(ref.group) !== "") {
    miss(trace, "tls", `the certificate is a ${kind}, no Secret`, listener.owner, path);
    return;
  }
  const namespace = textOf(ref.namespace) || listener.namespace;
  const secret = textOf(ref.name);
  const from = {
    kind: listener.owner.kind === "ListenerSet" ? "ListenerSet" : "Gateway",
    namespace: listener.namespace,
  } as const;
  const reference = { from, to: { group: "", kind: "Secret", namespace, name: secret } };
  if (!isGranted(model.set, reference)) {
    trace.tls = { secret: `${namespace}/${secret}`, found: false };
    const text = `Secret ${namespace}/${secret} may not be used (RefNotPermitted): ${grantHint(reference)}`;
    breaks(trace, "tls", text, listener.owner, `${path}.certificateRefs[0]`);
    return;
  }
  followTls(model, trace, { namespace, secret, from: listener.owner, path: `${path}.certificateRefs[0]` });
}

function followFilters(
  trace: Trace,
  { route, listener }: GatewayChoice,
  of: Fields,
  path: string,
  request: UrlRequest,
): void {
  listOf(of.filters).forEach((value, i) => {
    const filter = fieldsOf(value);
    const at = `${path}[${i}]`;
    const type = textOf(filter.type);
    if (type === "RequestRedirect") {
      const location = redirectLocation(fieldsOf(filter.requestRedirect), request, route, listener.port);
      trace.location ??= location;
      trace.isOwn = true;
      step(trace, "route", `redirects to ${location}`, route.route, at);
    } else if (type === "ExternalAuth") {
      trace.login = { kind: "external" };
      const backend = fieldsOf(fieldsOf(filter.externalAuth).backendRef);
      step(trace, "login", `Service ${textOf(backend.name)} is asked for every request`, route.route, at);
    } else if (type === "URLRewrite") step(trace, "route", "the URL is rewritten", route.route, at);
    else if (!HARMLESS.has(type))
      miss(
        trace,
        "route",
        `what the filter ${type || "without type"} does is not in the set`,
        route.route,
        at,
      );
  });
}

/** Filters that change neither who answers nor whether. */
const HARMLESS = new Set(["RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "CORS"]);

function followBackends(model: RoutesModel, trace: Trace, choice: GatewayChoice, request: UrlRequest): void {
  const { route } = choice;
  const refs = listOf(route.rule.backendRefs).map((value, i) => ({
    ref: fieldsOf(value),
    path: `${route.path}.backendRefs[${i}]`,
  }));
  const weighted = refs.map(({ ref, path }) => ({
    ref,
    path,
    weight: typeof ref.weight === "number" ? ref.weight : 1,
  }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0) {
    const text = refs.length === 0 ? "the rule has no backend" : "every backend has weight 0";
    breaks(trace, "service", `${text}: requests get 500`, route.route, `${route.path}.backendRefs`);
    return;
  }
  // The one that most requests go to is told last, as the one that answers.
  const used = weighted.filter(({ weight }) => weight > 0).sort((a, b) => a.weight - b.weight);
  for (const { ref, path, weight } of used) {
    followFilters(trace, choice, ref, `${path}.filters`, request);
    const share = Number((weight / total).toPrecision(3));
    if (used.length > 1)
      step(trace, "route", `${Math.round(share * 100)} % of the requests`, route.route, path);
    const before = trace.login;
    followProxies(model, trace, followBackend(model, trace, choice, ref, path, share), request);
    // A login that stands before some of the requests only is none.
    if (used.length > 1 && before === undefined && trace.login !== undefined) {
      delete trace.login;
      miss(trace, "login", "a login is asked for some of the requests", route.route, path);
    }
  }
}

function followBackend(
  model: RoutesModel,
  trace: Trace,
  { route }: GatewayChoice,
  ref: Fields,
  path: string,
  share: number,
): readonly Workload[] {
  const kind = textOf(ref.kind) || "Service";
  const name = textOf(ref.name);
  const group = textOf(ref.group);
  if (kind !== "Service" || group !== "") {
    // The core group has no other kind that could serve; one of another group may be the implementation's own.
    const text = `the backend is ${kind} ${name}, no Service`;
    if (group === "" || model.options.whole)
      breaks(trace, "service", `${text} (InvalidKind), so requests get 500`, route.route, path);
    else miss(trace, "service", text, route.route, path);
    return [];
  }
  const namespace = textOf(ref.namespace) || route.namespace;
  const reference = {
    from: { kind: "HTTPRoute", namespace: route.namespace },
    to: { group: "", kind: "Service", namespace, name },
  } as const;
  if (!isGranted(model.set, reference)) {
    const text = `Service ${namespace}/${name} may not be used (RefNotPermitted), so requests get 500: ${grantHint(reference)}`;
    breaks(trace, "service", text, route.route, path);
    return [];
  }
  const port = own(ref, "port");
  const asked = typeof port === "number" ? port : undefined;
  return followService(model, trace, {
    namespace,
    name,
    port: asked,
    from: route.route,
    path,
    by: "gateway",
    share,
  });
}
