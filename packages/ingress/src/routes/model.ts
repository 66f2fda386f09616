import type { Locate, Resource } from "@ashlar/core";
import { defaultIssuer } from "./certificates.ts";
import type { ControllerName } from "./controllers.ts";
import { type ReadyEndpoints, readyEndpoints } from "./endpoints.ts";
import { gatewayEdges } from "./gateway-listeners.ts";
import { type GatewayTables, gatewayTables } from "./gateway-tables.ts";
import { isWildcard } from "./hosts.ts";
import { type IngressEdge, ingressEdges } from "./ingress-classes.ts";
import { type IngressTables, ingressTables } from "./ingress-tables.ts";
import { NETWORKING, type RouteSet, routeSet } from "./route-set.ts";
import type { Site } from "./sites.ts";
import { type SelectWorkloads, selectWorkloads, type Workload, workloadsOf } from "./workloads.ts";

export interface RoutesOptions {
  /** Where fields were written, for the steps of verdicts. */
  readonly locate?: Locate;
  /** The controller of Ingress classes that the set does not tell: `ingress-nginx`, `traefik`, … */
  readonly controller?: ControllerName;
  /** The class that Ingresses without one belong to; it is taken as there. */
  readonly ingressClass?: string;
  /** The GatewayClass that is taken as there. */
  readonly gatewayClass?: string;
  /** What cert-manager takes for `kubernetes.io/tls-acme`: `KIND/NAME`, or the name of a ClusterIssuer. */
  readonly defaultIssuer?: string;
  /** Services (`NAMESPACE/NAME`) whose pods are taken as there, since somebody else makes them. */
  readonly assumeEndpoints?: readonly string[];
  /** The set claims to hold everything: what is not in it is not there, instead of unknown. */
  readonly whole?: boolean;
  /** Namespace of objects that name none; default `default`, as kubectl takes it. */
  readonly defaultNamespace?: string;
}

/** Who answers a URL, ready for questions: `resolveUrl`, `routesDiff`, `proveServes`. Made by `routesModel`. */
export interface RoutesModel {
  readonly set: RouteSet;
  readonly options: RoutesOptions;
  readonly workloads: readonly Workload[];
  readonly select: SelectWorkloads;
  readonly endpoints: ReadyEndpoints;
  readonly defaultIssuer: () => ReturnType<typeof defaultIssuer>;
  readonly ingresses: readonly IngressTables[];
  readonly gateways: readonly GatewayTables[];
  /** Hosts that a route or a listener names without a star. Sorted. */
  readonly hosts: readonly string[];
  /** What was found for a host before: scheme and port → the edges that are for it. */
  readonly sites: Map<string, Map<string, readonly Site[]>>;
}

/**
 * Reads the routes of any set: networking.k8s.io/v1 Ingress (and its older versions) and the Gateway API v1, with the Services,
 * pods, Secrets and issuers behind them; from files, `kubectl get -o yaml` dumps or builders. Broken objects never throw: what
 * has the wrong type is read as if it were not there.
 *
 * Each Ingress class and each Gateway is an edge with an address of its own; which one a host's DNS name leads to is no object of
 * a cluster, so a URL is asked of the edges that name its host. Policies that controllers attach from outside of a route
 * (SecurityPolicy and the like) are not read.
 *
 * @example
 * const model = routesModel(resources, { ingressClass: "nginx" });
 * resolveUrl(model, "https://wiki.strix.kr/start").outcome; // "served"
 */
export function routesModel(resources: readonly Resource[], options: RoutesOptions = {}): RoutesModel {
  const set = routeSet(resources, options);
  const edgeOf = ingressEdges(set, options);
  const byEdge = new Map<IngressEdge, Resource[]>();
  for (const ingress of set.all(NETWORKING, "Ingress")) {
    const edge = edgeOf(ingress);
    const list = byEdge.get(edge);
    if (list) list.push(ingress);
    else byEdge.set(edge, [ingress]);
  }
  const ingresses = [...byEdge].map(([edge, own]) => ingressTables(own, edge));
  const gateways = gatewayTables(set, gatewayEdges(set, options.gatewayClass));
  let issuer: ReturnType<typeof defaultIssuer> | null = null;
  const workloads = workloadsOf(set);
  const hosts = exactHosts(ingresses, gateways);
  return {
    set,
    options,
    workloads,
    select: selectWorkloads(workloads),
    endpoints: readyEndpoints(set),
    defaultIssuer: () => {
      if (issuer === null) issuer = defaultIssuer(set, options.defaultIssuer);
      return issuer;
    },
    ingresses,
    gateways,
    hosts,
    // Of other hosts nothing is kept: there is no end of them.
    sites: new Map(hosts.map((host) => [host, new Map()])),
  };
}

function exactHosts(ingresses: readonly IngressTables[], gateways: readonly GatewayTables[]): string[] {
  const all = new Set<string>();
  for (const { hosts } of ingresses) for (const host of hosts.keys()) all.add(host);
  for (const { listeners } of gateways)
    for (const [listener, hosts] of listeners)
      for (const host of [listener.hostname, ...hosts.keys()]) all.add(host);
  return [...all].filter((host) => host !== "" && !isWildcard(host)).sort();
}
