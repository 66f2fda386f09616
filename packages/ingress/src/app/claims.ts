import { type RouteClaim, requiresLoginClaim, servesClaim } from "../routes/claims/claim.ts";
import type { RouteSettings } from "./app-fields.ts";
import type { Target } from "./target.ts";

/** What a block with a host promises: who answers, and that a login stands before it. */
export function routeClaims(
  by: string,
  app: Pick<RouteSettings, "tls"> & {
    readonly host: string;
    readonly path: string;
    readonly target: Target;
    readonly login: "any" | readonly string[] | false;
  },
): RouteClaim[] {
  // Of a wildcard every host is promised; a URL names one of them.
  const host = app.host.replace("*", "any");
  const url = `${app.tls === false ? "http" : "https"}://${host}${app.path === "/" ? "" : app.path}`;
  const { service: name, namespace, port } = app.target;
  return [
    servesClaim({ by, url, service: { namespace, name, port } }),
    ...(app.login === false
      ? []
      : [requiresLoginClaim({ by, url, ...(app.login !== "any" && { groups: app.login }) })]),
  ];
}
