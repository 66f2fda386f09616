import type { Resource } from "@ashlar/core";
import { isUnconditional, meetsConditions } from "./conditions.ts";
import { fieldsOf, listOf, textOf, textsOf } from "./fields.ts";
import type { GatewayEdge, Listener } from "./gateway-listeners.ts";
import { compareGatewayRoutes, type GatewayRoute, gatewayRoutes } from "./gateway-routes.ts";
import { coversLabels, ruleHost, wildcardsOf } from "./hosts.ts";
import { hostText } from "./ingress-tables.ts";
import { findPath, type PathTable, pathTable } from "./path-table.ts";
import type { UrlRequest } from "./request.ts";
import { routeParents } from "./route-parents.ts";
import { GATEWAY, type RouteSet } from "./route-set.ts";
import type { UrlVerdict } from "./verdict.ts";

/** The routes of one Gateway, compiled. */
export interface GatewayTables {
  readonly edge: GatewayEdge;
  readonly listeners: ReadonlyMap<Listener, ReadonlyMap<string, GatewayHost>>;
  /** Routes of other kinds that name the Gateway, by their hosts: what they do is not modelled. */
  readonly others: readonly { readonly route: Resource; readonly hosts: readonly string[] }[];
}

/** The routes of one host that a listener and routes have in common. */
export interface GatewayHost {
  readonly host: string;
  /** By the host as the routes state it, the most specific first. */
  readonly groups: readonly GatewayGroup[];
}

export interface GatewayGroup {
  readonly original: string;
  readonly paths: PathTable<GatewayChoice>;
  /** Matches whose path is a regular expression. */
  readonly patterns: readonly GatewayChoice[];
}

export interface GatewayChoice {
  readonly route: GatewayRoute;
  readonly listener: Listener;
  readonly isSure: boolean;
  /** It asks for nothing besides the path. */
  readonly isFree: boolean;
  cached: { http?: UrlVerdict; https?: UrlVerdict };
}

export interface PickedGateway {
  readonly choice?: GatewayChoice;
  readonly open?: string;
}

/** Compiles every Gateway with the HTTPRoutes that it takes. */
export function gatewayTables(set: RouteSet, edges: readonly GatewayEdge[]): GatewayTables[] {
  const collected = new Map<Listener, Map<string, Map<string, GatewayChoice[]>>>();
  for (const route of set.all(GATEWAY, "HTTPRoute")) {
    const matches = gatewayRoutes(set, route);
    // Two entries of parentRefs may name one listener.
    const seen = new Set<string>();
    routeParents(set, route, edges).forEach(({ attachments }) => {
      for (const { listener, hosts, isSure } of attachments)
        for (const { host, original } of hosts) {
          const key = `${listener.path} ${listener.namespace}/${textOf(fieldsOf(listener.owner.metadata).name)} ${host} ${original}`;
          if (seen.has(key)) continue;
          seen.add(key);
          const byHost = collected.get(listener) ?? new Map<string, Map<string, GatewayChoice[]>>();
          collected.set(listener, byHost);
          const byOriginal = byHost.get(host) ?? new Map<string, GatewayChoice[]>();
          byHost.set(host, byOriginal);
          const list = byOriginal.get(original) ?? [];
          byOriginal.set(original, list);
          for (const match of matches)
            list.push({
              route: match,
              listener,
              isSure,
              isFree: isUnconditional(match.conditions),
              cached: {},
            });
        }
    });
  }
  return edges.map((edge) => ({
    edge,
    listeners: new Map(
      edge.listeners.map((listener) => [listener, compileHosts(collected.get(listener) ?? new Map())]),
    ),
    others: otherRoutes(set, edge),
  }));
}

/** The listener that a request comes in by: of those at its port the one with the most specific host. */
export function listenerFor(
  { edge }: GatewayTables,
  scheme: string,
  host: string,
  port: number,
): Listener | undefined {
  const protocol = scheme === "https" ? "HTTPS" : "HTTP";
  let best: Listener | undefined;
  for (const listener of edge.listeners) {
    if (listener.port !== port || listener.protocol !== protocol) continue;
    if (!coversLabels(listener.hostname, host)) continue;
    if (best === undefined || specificity(listener.hostname) > specificity(best.hostname)) best = listener;
  }
  return best;
}

/** The tables of a listener that may be for a host, the most specific first. */
export function gatewayHostsFor(tables: GatewayTables, listener: Listener, host: string): GatewayHost[] {
  const byHost = tables.listeners.get(listener);
  return [host, ...wildcardsOf(host), ""].flatMap((key) => byHost?.get(key) ?? []);
}

/** The match for a request among the tables of its host. */
export function pickGateway(own: readonly GatewayHost[], request: UrlRequest): PickedGateway {
  for (let i = 0; i < own.length; i++) {
    const { host, groups } = own[i]!;
    for (const group of groups) {
      const picked = pickGroup(group, request);
      if (picked.choice === undefined && picked.open === undefined) continue;
      if (i === 0 || picked.open !== undefined) return picked;
      const open = `no route of host ${hostText(own[0]!.host)} matches, and implementations differ in whether those of ${hostText(host)} then do`;
      return { ...picked, open };
    }
  }
  return {};
}

function pickGroup({ paths, patterns }: GatewayGroup, request: UrlRequest): PickedGateway {
  if (patterns.length > 0) {
    const pattern = patterns.find(({ route }) => meetsConditions(route.conditions, request) !== false);
    if (pattern !== undefined) {
      const open = `the path ${pattern.route.urlPath} is a regular expression, whose precedence is left open`;
      return { choice: pattern, open };
    }
  }
  const found = findPath(paths, request.path, (choices): PickedGateway | undefined => {
    for (const choice of choices) {
      if (choice.isFree) return { choice };
      const isMet = meetsConditions(choice.route.conditions, request);
      if (isMet === true) return { choice };
      if (isMet === undefined)
        return { choice, open: "a header or a query parameter is matched by a regular expression" };
    }
    return undefined;
  });
  return found ?? NONE;
}

const NONE: PickedGateway = Object.freeze({});

function compileHosts(
  byHost: ReadonlyMap<string, ReadonlyMap<string, readonly GatewayChoice[]>>,
): Map<string, GatewayHost> {
  const hosts = new Map<string, GatewayHost>();
  for (const [host, byOriginal] of byHost) {
    const groups = [...byOriginal]
      .sort(([a], [b]) => specificity(b) - specificity(a))
      .map(([original, choices]): GatewayGroup => {
        const sorted = [...choices].sort((a, b) => compareGatewayRoutes(a.route, b.route));
        const entries = sorted.flatMap((choice) => {
          const { match, urlPath } = choice.route;
          return match === "regex" ? [] : [{ match, path: urlPath, entry: choice }];
        });
        const patterns = sorted.filter(({ route }) => route.match === "regex");
        return { original, paths: pathTable(entries), patterns };
      });
    hosts.set(host, { host, groups });
  }
  return hosts;
}

/** Exact hosts before wildcards, longer before shorter, every host last. */
export function specificity(host: string): number {
  return host === "" ? 0 : host.startsWith("*.") ? host.length : host.length + 1000;
}

function otherRoutes(set: RouteSet, { gateway }: GatewayEdge): GatewayTables["others"] {
  const name = textOf(fieldsOf(gateway.metadata).name);
  const namespace = set.namespaceOf(gateway);
  return ["GRPCRoute", "TLSRoute"].flatMap((kind) =>
    set.all(GATEWAY, kind).flatMap((route) => {
      const isNamed = listOf(fieldsOf(route.spec).parentRefs).some((value) => {
        const ref = fieldsOf(value);
        return textOf(ref.name) === name && (textOf(ref.namespace) || set.namespaceOf(route)) === namespace;
      });
      const hosts = textsOf(fieldsOf(route.spec).hostnames).map(ruleHost);
      return isNamed ? [{ route, hosts: hosts.length > 0 ? hosts : [""] }] : [];
    }),
  );
}
