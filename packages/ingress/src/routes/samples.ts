import { authProxyOf } from "./auth-proxy.ts";
import type { Conditions } from "./conditions.ts";
import { coversLabels } from "./hosts.ts";
import type { RoutesModel } from "./model.ts";
import type { PathTable } from "./path-table.ts";
import { partPaths } from "./proxy-guard.ts";
import type { UrlParts } from "./request.ts";

/** Stands for any label, any element of a path. */
const ANY = "any-other";

/** A URL that stands for all that the same routes are for. */
export interface SampleUrl extends UrlParts {
  readonly port: number;
  readonly path: string;
  /** Readable, a star where any label stands: `https://*.example.test/api`. */
  readonly text: string;
}

/**
 * URLs that between them ask every route of a model: each host with each path of its routes, once as it is and once below it,
 * with the headers, the query and the method that the route asks for, by each scheme and port.
 *
 * @param host only what is for this host; absent: every host of the model
 */
export function sampleUrls(model: RoutesModel, host?: string): SampleUrl[] {
  const found = new Map<string, SampleUrl>();
  const ends = endpointsOf(model);
  const parts = proxyPaths(model);
  const add = (rule: string, path: string, conditions?: Conditions) => {
    if (host !== undefined && !coversLabels(rule, host)) return;
    const name = host ?? rule.replace(/^\*\.|^$/, (star) => (star === "" ? `${ANY}.test` : `${ANY}.`));
    for (const { scheme, port } of ends) {
      const sample = sampleOf(scheme, port, name, path, conditions);
      found.set(JSON.stringify([sample.text, conditions]), sample);
    }
  };
  const addPaths = (rule: string, paths: readonly string[]) => {
    for (const path of ["/", `/${ANY}`, ...parts, ...paths]) add(rule, path);
  };
  for (const { hosts, fallbacks } of model.ingresses) {
    if (fallbacks.length > 0) addPaths("", []);
    for (const [rule, { paths }] of hosts) addPaths(rule, pathsOf(paths));
  }
  for (const { listeners } of model.gateways)
    for (const byHost of listeners.values())
      for (const [rule, { groups }] of byHost)
        for (const { paths } of groups) {
          addPaths(rule, pathsOf(paths));
          for (const choices of [...paths.exact.values(), ...paths.elements.at.values()])
            for (const { route } of choices) add(rule, route.urlPath, route.conditions);
        }
  return [...found.values()];
}

function sampleOf(
  scheme: "http" | "https",
  port: number,
  host: string,
  path: string,
  conditions: Conditions | undefined,
): SampleUrl {
  const query = (conditions?.query ?? []).map(
    ({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const whole = query.length === 0 ? path : `${path}?${query.join("&")}`;
  const headers = Object.fromEntries((conditions?.headers ?? []).map(({ name, value }) => [name, value]));
  const at = port === (scheme === "https" ? 443 : 80) ? "" : `:${port}`;
  const shown = host.replace(new RegExp(`^${ANY}\\.(test$)?`), (_, end) => (end === undefined ? "*." : "*"));
  return {
    scheme,
    host,
    port,
    path: whole,
    headers,
    text: `${scheme}://${shown}${at}${whole}`,
    ...(conditions?.method !== undefined && { method: conditions.method }),
  };
}

/** The schemes and ports that something listens at. */
function endpointsOf({
  ingresses,
  gateways,
}: RoutesModel): { readonly scheme: "http" | "https"; readonly port: number }[] {
  const ends = new Map<string, { scheme: "http" | "https"; port: number }>();
  const add = (scheme: "http" | "https", port: number) => ends.set(`${scheme}:${port}`, { scheme, port });
  if (ingresses.length > 0) add("http", 80);
  if (ingresses.length > 0) add("https", 443);
  for (const { edge } of gateways)
    for (const { protocol, port } of edge.listeners)
      if (protocol === "HTTP" || protocol === "HTTPS") add(protocol === "HTTP" ? "http" : "https", port);
  return [...ends.values()];
}

function pathsOf(table: PathTable<unknown>): string[] {
  return [...table.exact.keys(), ...table.elements.at.keys(), ...table.characters.at.keys()].flatMap(
    (path) => {
      const below = path.endsWith("/") ? `${path}${ANY}` : `${path}/${ANY}`;
      return [path === "" ? "/" : path, below];
    },
  );
}

/** Paths that an auth proxy of the set treats in a way of their own. */
function proxyPaths(model: RoutesModel): string[] {
  const proxies = model.workloads.map(authProxyOf).filter((proxy) => proxy !== undefined);
  return [...new Set(proxies.flatMap(partPaths))];
}
