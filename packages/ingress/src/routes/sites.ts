import type { Listener } from "./gateway-listeners.ts";
import { type GatewayHost, type GatewayTables, gatewayHostsFor, listenerFor } from "./gateway-tables.ts";
import { isWildcard } from "./hosts.ts";
import { type IngressHost, type IngressTables, ingressHostsFor } from "./ingress-tables.ts";
import type { RoutesModel } from "./model.ts";
import type { UrlRequest } from "./request.ts";

/** An edge that takes requests for a host, with its routes that may be for it. */
export type Site =
  | { readonly kind: "ingress"; readonly tables: IngressTables; readonly hosts: readonly IngressHost[] }
  | {
      readonly kind: "gateway";
      readonly tables: GatewayTables;
      readonly listener: Listener;
      readonly hosts: readonly GatewayHost[];
    };

/** The edges for a host: those that name it, else those that take every host. */
export function sitesFor(model: RoutesModel, request: UrlRequest): readonly Site[] {
  const { host, scheme, port } = request;
  const known = model.sites.get(host);
  if (known === undefined) return findSites(model, request);
  const key =
    port === 443 && scheme === "https"
      ? "https"
      : port === 80 && scheme === "http"
        ? "http"
        : `${scheme}:${port}`;
  let sites = known.get(key);
  if (sites === undefined) {
    sites = findSites(model, request);
    known.set(key, sites);
  }
  return sites;
}

function findSites(model: RoutesModel, { scheme, host, port }: UrlRequest): readonly Site[] {
  const named: Site[] = [];
  const open: Site[] = [];
  if (port === (scheme === "https" ? 443 : 80))
    for (const tables of model.ingresses) {
      const hosts = ingressHostsFor(tables, host);
      const site: Site = { kind: "ingress", tables, hosts };
      if (hosts[0] !== undefined && hosts[0].host !== "") named.push(site);
      else if (hosts.length > 0 || tables.fallbacks.length > 0) open.push(site);
    }
  for (const tables of model.gateways) {
    const listener = listenerFor(tables, scheme, host, port);
    if (listener === undefined) continue;
    const hosts = gatewayHostsFor(tables, listener, host);
    const site: Site = { kind: "gateway", tables, listener, hosts };
    const [first] = hosts;
    if (first === undefined ? listener.hostname !== "" : first.host !== "") named.push(site);
    else if (first !== undefined) open.push(site);
  }
  return named.length > 0 ? named : open;
}

/** Whether requests for a host differ from those for others of its rule: its name may stand for itself only. */
export function isOwnHost(rule: string): boolean {
  return rule !== "" && !isWildcard(rule);
}
