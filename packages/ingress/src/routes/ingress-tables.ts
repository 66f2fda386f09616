import type { Resource } from "@ashlar/core";
import { fieldsOf, textOf } from "./fields.ts";
import { coversOneLabel } from "./hosts.ts";
import type { IngressEdge } from "./ingress-classes.ts";
import { type IngressRoute, ingressRoutes, isCanary, tlsEntries } from "./ingress-routes.ts";
import { PATTERN_CHARACTER, usesPatterns } from "./nginx.ts";
import { findPath, type PathEntry, type PathMatch, type PathTable, pathTable } from "./path-table.ts";
import type { UrlVerdict } from "./verdict.ts";

/** The Ingresses of one class, compiled. */
export interface IngressTables {
  readonly edge: IngressEdge;
  /** By the host of the rule; `""`: rules without a host. */
  readonly hosts: ReadonlyMap<string, IngressHost>;
  /** Default backends of Ingresses without rules. */
  readonly fallbacks: readonly IngressRoute[];
  /** Ingresses with rules have default backends of their own. */
  readonly hasOwnFallbacks: boolean;
  /** Hosts with a certificate. */
  readonly tls: ReadonlyMap<string, readonly TlsSource[]>;
}

/** The routes of one host. */
export interface IngressHost {
  readonly host: string;
  readonly paths: PathTable<IngressChoice>;
  /** Where paths are regular expressions: in the order in which ingress-nginx asks them. */
  readonly patterns?: readonly IngressChoice[];
  /** Default backends of the Ingresses that name this host. */
  readonly fallbacks: readonly IngressChoice[];
}

/** What answers a path: one route; or several, and which one is left open. */
export interface IngressChoice {
  readonly route: IngressRoute;
  readonly open?: string;
  /** The verdict, where every URL of this route has the same one. */
  cached: { http?: UrlVerdict; https?: UrlVerdict };
}

export interface TlsSource {
  readonly ingress: Resource;
  readonly secret: string;
  readonly path: string;
}

export interface PickedIngress {
  readonly choice?: IngressChoice;
  /** Why the API leaves it open. */
  readonly open?: string;
}

export function ingressTables(ingresses: readonly Resource[], edge: IngressEdge): IngressTables {
  const byHost = new Map<string, { routes: IngressRoute[]; fallbacks: IngressRoute[] }>();
  const fallbacks: IngressRoute[] = [];
  const tls = new Map<string, TlsSource[]>();
  let hasOwnFallbacks = false;
  const at = (host: string) => {
    const entry = byHost.get(host) ?? { routes: [], fallbacks: [] };
    byHost.set(host, entry);
    return entry;
  };
  for (const ingress of ingresses) {
    if (isCanary(ingress)) continue;
    const { routes, fallback, hosts } = ingressRoutes(ingress, edge);
    for (const host of hosts) at(host);
    for (const route of routes) at(route.host).routes.push(route);
    if (fallback !== undefined) {
      if (hosts.length === 0) fallbacks.push(fallback);
      else hasOwnFallbacks = true;
      for (const host of hosts) at(host).fallbacks.push(fallback);
    }
    for (const { hosts: named, secret, path } of tlsEntries(ingress))
      for (const host of named.length > 0 ? named : hosts) {
        const list = tls.get(host);
        if (list) list.push({ ingress, secret, path });
        else tls.set(host, [{ ingress, secret, path }]);
      }
  }
  const hosts = new Map<string, IngressHost>();
  for (const [host, { routes, fallbacks: own }] of byHost)
    hosts.set(host, compileHost(host, routes, own, edge));
  return { edge, hosts, fallbacks, hasOwnFallbacks, tls };
}

/** The certificate entry for a host: the one that names it, else a wildcard. */
export function tlsSource({ tls }: IngressTables, host: string): TlsSource | undefined {
  const dot = host.indexOf(".");
  return (tls.get(host) ?? (dot > 0 ? tls.get(`*${host.slice(dot)}`) : undefined) ?? tls.get(""))?.[0];
}

/** The tables of the rules that may be for a host, the most specific first. */
export function ingressHostsFor({ hosts }: IngressTables, host: string): IngressHost[] {
  const dot = host.indexOf(".");
  const keys = [host, ...(dot > 0 ? [`*${host.slice(dot)}`] : []), ""];
  return keys.flatMap((key) => hosts.get(key) ?? []).filter((one) => coversOneLabel(one.host, host));
}

/** The route for a path among the tables of its host. */
export function pickIngress(tables: IngressTables, own: readonly IngressHost[], path: string): PickedIngress {
  const { controller } = tables.edge;
  for (let i = 0; i < own.length; i++) {
    const table = own[i]!;
    const choice = pickPath(table, path);
    if (choice !== undefined) {
      if (choice.open !== undefined) return { choice, open: choice.open };
      if (i === 0 || controller?.hostFallsThrough === true) return { choice };
      const open = `no route of host ${hostText(own[0]!.host)} matches, and whether those of ${hostText(table.host)} then do is left to the controller`;
      return { choice, open };
    }
    if (table.fallbacks.length > 0) return single(table.fallbacks, "default backends of this host");
    if (controller?.hostFallsThrough === false) return {};
  }
  if (tables.fallbacks.length > 0)
    return single(tables.fallbacks.map(choiceOf), "default backends of this class");
  if (tables.hasOwnFallbacks && controller?.name !== "ingress-nginx")
    return {
      open: "no rule matches, and whether the default backend of another Ingress answers is left to the controller",
    };
  return {};
}

function pickPath(table: IngressHost, path: string): IngressChoice | undefined {
  if (table.patterns === undefined) return findPath(table.paths, path, firstOf);
  const lower = path.toLowerCase();
  for (const choice of table.patterns) {
    const { urlPath } = choice.route;
    const end = urlPath.search(PATTERN_CHARACTER);
    if (end < 0) {
      if (lower.startsWith(urlPath.toLowerCase())) return choice;
      continue;
    }
    // What stands before the first special character may be repeated or left out by it.
    if (lower.startsWith(urlPath.slice(0, Math.max(0, end - 1)).toLowerCase()))
      return { ...choice, open: `${urlPath} is a regular expression to ingress-nginx` };
  }
  return undefined;
}

const firstOf = (choices: readonly IngressChoice[]): IngressChoice | undefined => choices[0];

function compileHost(
  host: string,
  routes: readonly IngressRoute[],
  fallbacks: readonly IngressRoute[],
  edge: IngressEdge,
): IngressHost {
  const isNginx = edge.controller?.name === "ingress-nginx";
  const groups = new Map<string, { match: PathMatch; path: string; routes: IngressRoute[]; open?: string }>();
  const add = (match: PathMatch, path: string, route: IngressRoute, open?: string) => {
    const same = match === "elements" && path.endsWith("/") ? path.slice(0, -1) : path;
    const key = `${match} ${same}`;
    const group = groups.get(key);
    if (group) group.routes.push(route);
    else groups.set(key, { match, path, routes: [route], ...(open !== undefined && { open }) });
  };
  for (const route of routes) {
    const { urlPath, pathType } = route;
    if (pathType === "Exact") add("exact", urlPath, route);
    else if (pathType === "Prefix") add("elements", urlPath, route);
    else if (edge.controller?.implementationSpecific === "characters") add("characters", urlPath, route);
    else {
      // Every controller takes the path itself; beyond that they differ, and some read a star.
      const star = urlPath.indexOf("*");
      if (star < 0) add("exact", urlPath, route);
      const open = `how the controller reads ${urlPath} of type ImplementationSpecific is not known`;
      add("characters", star < 0 ? urlPath : urlPath.slice(0, star), route, open);
    }
  }
  const entries = [...groups.values()].map((group): PathEntry<IngressChoice> => {
    const choice = chooseAmong(group.routes, isNginx);
    const open = group.open ?? choice.open;
    return { ...group, entry: { ...choice, ...(open !== undefined && { open }) } };
  });
  const patterns =
    isNginx && routes.some(({ ingress }) => usesPatterns(ingress))
      ? entries.map(({ entry }) => entry).sort((a, b) => b.route.urlPath.length - a.route.urlPath.length)
      : undefined;
  const own = distinct(fallbacks).map(choiceOf);
  return { host, paths: pathTable(entries), fallbacks: own, ...(patterns && { patterns }) };
}

/** Of routes for one path: the only one, or those that lead to one backend; ingress-nginx takes the oldest Ingress's. */
function chooseAmong(routes: readonly IngressRoute[], isNginx: boolean): IngressChoice {
  const [first] = routes;
  if (distinct(routes).length === 1) return choiceOf(first!);
  const times = routes.map(({ ingress }) => textOf(fieldsOf(ingress.metadata).creationTimestamp));
  const oldest = [...times].sort()[0];
  if (isNginx && oldest !== "" && times.filter((time) => time === oldest).length === 1)
    return choiceOf(routes[times.indexOf(oldest!)]!);
  return {
    ...choiceOf(first!),
    open: `${routes.length} routes take ${hostText(first!.host)}${first!.urlPath}, with different backends`,
  };
}

function single(choices: readonly IngressChoice[], what: string): PickedIngress {
  const routes = distinct(choices.map(({ route }) => route));
  if (routes.length === 1) return { choice: choices[0]! };
  return { choice: choices[0]!, open: `there are ${routes.length} different ${what}` };
}

function distinct(routes: readonly IngressRoute[]): IngressRoute[] {
  const keyOf = ({ ingress, backend }: IngressRoute) =>
    JSON.stringify([fieldsOf(ingress.metadata).namespace, backend, annotationsOf(ingress)]);
  const seen = new Set<string>();
  return routes.filter((route) => !seen.has(keyOf(route)) && seen.add(keyOf(route)));
}

function annotationsOf(ingress: Resource): unknown {
  return fieldsOf(ingress.metadata).annotations;
}

function choiceOf(route: IngressRoute): IngressChoice {
  return { route, cached: {} };
}

export function hostText(host: string): string {
  return host === "" ? "(every host)" : host;
}
