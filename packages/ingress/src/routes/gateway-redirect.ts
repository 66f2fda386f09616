import { type Fields, fieldsOf, textOf } from "./fields.ts";
import type { GatewayRoute } from "./gateway-routes.ts";
import type { UrlRequest } from "./request.ts";

/**
 * The Location of a RequestRedirect filter. The port: the one of the filter, else that of its scheme, else the listener's; 80 of
 * http and 443 of https are left out (Gateway API v1, HTTPRequestRedirectFilter).
 */
export function redirectLocation(
  filter: Fields,
  request: UrlRequest,
  route: GatewayRoute,
  listenerPort: number,
): string {
  const scheme = textOf(filter.scheme) || request.scheme;
  const host = textOf(filter.hostname) || request.host;
  const byScheme = scheme === "https" ? 443 : 80;
  const implied = textOf(filter.scheme) === "" ? listenerPort : byScheme;
  const port = typeof filter.port === "number" ? filter.port : implied;
  const path = redirectPath(fieldsOf(filter.path), request.path, route);
  return `${scheme}://${host}${port === byScheme ? "" : `:${port}`}${path}${request.query === "" ? "" : `?${request.query}`}`;
}

function redirectPath(
  { type, replaceFullPath, replacePrefixMatch }: Fields,
  path: string,
  route: GatewayRoute,
): string {
  if (type === "ReplaceFullPath") return textOf(replaceFullPath) || "/";
  if (type !== "ReplacePrefixMatch" || route.match !== "elements") return path;
  const prefix = route.urlPath.replace(/\/$/, "");
  const rest = path.slice(prefix.length);
  const replaced = `${textOf(replacePrefixMatch).replace(/\/$/, "")}${rest}`;
  return replaced.startsWith("/") ? replaced : `/${replaced}`;
}
