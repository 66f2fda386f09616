import { pickGateway } from "./gateway-tables.ts";
import { coversLabels } from "./hosts.ts";
import { pickIngress } from "./ingress-tables.ts";
import type { RoutesModel } from "./model.ts";
import { isOddPath, plainPath, readRequest, type UrlQuestion, type UrlRequest } from "./request.ts";
import { type Site, sitesFor } from "./sites.ts";
import { title } from "./trace.ts";
import type { UrlVerdict } from "./verdict.ts";
import { walkGateway } from "./walk-gateway.ts";
import { walkIngress } from "./walk-ingress.ts";

/**
 * Who answers a URL: the way from its host over the route, TLS and login to the workload, or the point where it stops. A URL that
 * stands alone is a plain GET without headers that a route looks at.
 *
 * Never throws: what is no URL has the outcome `unknown`. Verdicts may be shared between calls.
 *
 * @example
 * const verdict = resolveUrl(model, "https://logs.k8s.strix.kr/app");
 * verdict.outcome; // "login"
 * verdict.backend?.service.name; // "efk-kibana"
 */
export function resolveUrl(model: RoutesModel, url: UrlQuestion): UrlVerdict {
  const request = readRequest(url);
  if (typeof request === "string") {
    const shown = typeof url === "string" ? JSON.stringify(url.slice(0, 200)) : "this";
    return nothing("unknown", `not known: ${shown} is no URL to ask for: ${request}`);
  }
  if (!isOddPath(request.path)) return resolveRequest(model, request);
  const asSent = resolveRequest(model, request);
  const asRead = resolveRequest(model, { ...request, path: plainPath(request.path) });
  if (sameAnswer(asSent, asRead)) return asSent;
  const text = `servers read the path ${request.path.slice(0, 200)} in different ways, and not all come to the same route`;
  return unsettled(asSent, text);
}

function resolveRequest(model: RoutesModel, request: UrlRequest): UrlVerdict {
  const sites = sitesFor(model, request);
  if (sites.length === 1) return atSite(model, sites[0]!, request);
  if (sites.length === 0) return atNone(model, request);
  const verdicts = sites.map((site) => atSite(model, site, request));
  const [first] = verdicts;
  if (verdicts.every((verdict) => sameAnswer(verdict, first!))) return first!;
  const names = sites.map((site) => siteText(model, site));
  const text = `${names.join(" and ")} are for ${request.host}, with different answers: which one its DNS name leads to is not in the set`;
  return unsettled(first!, text);
}

function atSite(model: RoutesModel, site: Site, request: UrlRequest): UrlVerdict {
  if (site.kind === "ingress") {
    const { choice, open } = pickIngress(site.tables, site.hosts, request.path);
    if (choice !== undefined) return walkIngress(model, site.tables, choice, request, open);
    if (open !== undefined) return nothing("unknown", `not known: ${open}`);
  } else {
    const { choice, open } = pickGateway(site.hosts, request);
    if (choice !== undefined) return walkGateway(model, site.tables, choice, request, open);
    const other = site.tables.others.find(({ hosts }) =>
      hosts.some((host) => coversLabels(host, request.host)),
    );
    if (other !== undefined) {
      const text = `${title(model.set, other.route)} may answer, which is not modelled`;
      return nothing("unknown", `not known: ${text}`);
    }
  }
  if (site.kind === "ingress" && site.tables.edge.doubt !== undefined)
    return nothing("unknown", `not known: ${site.tables.edge.doubt}`);
  return nothing(
    "not-found",
    `no route of ${siteText(model, site)} is for ${request.host}${request.path.slice(0, 200)}`,
  );
}

function atNone(model: RoutesModel, { scheme, host, port }: UrlRequest): UrlVerdict {
  const isStandard = port === (scheme === "https" ? 443 : 80);
  if (!isStandard && model.ingresses.some(({ hosts }) => hosts.has(host)))
    return nothing("unknown", `not known: whether the Ingress controller listens at port ${port}`);
  return nothing("not-found", `no route is for ${scheme}://${host}${isStandard ? "" : `:${port}`}`);
}

/** Whether two answers come from the same Service in the same way. */
export function sameAnswer(a: UrlVerdict, b: UrlVerdict): boolean {
  if (a === b) return true;
  const keyOf = ({ outcome, backends, auth, location, tls }: UrlVerdict) =>
    JSON.stringify([
      outcome,
      backends.map(({ service, port }) => [service.namespace, service.name, port]),
      auth?.kind,
      auth?.groups,
      location,
      tls?.secret,
    ]);
  return keyOf(a) === keyOf(b);
}

function siteText(model: RoutesModel, site: Site): string {
  if (site.kind === "gateway") return title(model.set, site.tables.edge.gateway);
  const { className } = site.tables.edge;
  return className === "" ? "the Ingresses without a class" : `the Ingresses of class ${className}`;
}

/** One of several answers, where it is open which one is given. */
function unsettled(one: UrlVerdict, text: string): UrlVerdict {
  const missing = ["route", ...one.missing] as const;
  return { ...one, outcome: "unknown", text: `not known: ${text}`, missing, break: { text } };
}

function nothing(outcome: "unknown" | "not-found", text: string): UrlVerdict {
  const stop = outcome === "unknown" ? { break: { text: text.replace(/^not known: /, "") } } : {};
  const missing = outcome === "unknown" ? (["route"] as const) : [];
  return { outcome, text, steps: [{ what: "host", text }], backends: [], missing, ...stop };
}
