import type { Resource } from "@ashlar/core";
import { fieldsOf, own, textOf } from "./fields.ts";
import { type IngressRoute, NGINX } from "./ingress-routes.ts";
import type { UrlRequest } from "./request.ts";
import { annotationOf, type RouteSet } from "./route-set.ts";

const ACME = "/.well-known/acme-challenge";

/**
 * Where ingress-nginx sends a request instead of passing it on; `undefined`: nowhere. In its order: permanent and temporal
 * redirects, https, the app's root.
 *
 * Source: ingress-nginx 1.15, rootfs nginx.tmpl and internal/ingress/annotations (rewrite, redirect); `ssl-redirect` holds where
 * the host has a certificate, and never for ACME's challenges (`no-tls-redirect-locations`).
 */
export function nginxRedirect(
  set: RouteSet,
  { ingress }: IngressRoute,
  request: UrlRequest,
  hasCertificate: boolean,
): { readonly location: string; readonly path: string } | undefined {
  const annotation = (key: string) => annotationOf(ingress, `${NGINX}${key}`);
  const pathOf = (key: string) => `metadata.annotations[${NGINX}${key}]`;
  for (const key of ["temporal-redirect", "permanent-redirect"])
    if (annotation(key) !== "") return { location: annotation(key), path: pathOf(key) };
  const { scheme, host, path, query } = request;
  if (scheme === "http" && !path.startsWith(ACME)) {
    const location = `https://${host}${path}${query === "" ? "" : `?${query}`}`;
    if (annotation("force-ssl-redirect") === "true") return { location, path: pathOf("force-ssl-redirect") };
    const wanted = annotation("ssl-redirect") || nginxSetting(set, "ssl-redirect") || "true";
    if (hasCertificate && wanted !== "false") return { location, path: "spec.tls" };
  }
  const root = annotation("app-root");
  if (root !== "" && path === "/") return { location: root, path: pathOf("app-root") };
  return undefined;
}

/** Whether another path of the same route may be redirected where this one is not: ACME's challenges, the app's root. */
export function answersByPath(ingress: Resource, { scheme, path }: UrlRequest): boolean {
  return annotationOf(ingress, `${NGINX}app-root`) !== "" || (scheme === "http" && path.startsWith(ACME));
}

/** Whether every path of the Ingress's hosts is a regular expression to ingress-nginx: `use-regex`, or a `rewrite-target`. */
export function usesPatterns(ingress: Resource): boolean {
  return (
    annotationOf(ingress, `${NGINX}use-regex`) === "true" ||
    annotationOf(ingress, `${NGINX}rewrite-target`) !== ""
  );
}

/** Characters of a path that may be another than themselves in a regular expression. */
export const PATTERN_CHARACTER = /[\\^$.|?*+()[\]{}]/;

/** A setting of the controller's ConfigMap, which its charts call so; empty: not set. */
export function nginxSetting(set: RouteSet, key: string): string {
  for (const config of nginxConfigs(set)) {
    const value = textOf(own(fieldsOf(config.data), key));
    if (value !== "") return value;
  }
  return "";
}

/** The ConfigMaps of ingress-nginx controllers, by the names that charts and manifests give them. */
export function nginxConfigs(set: RouteSet): readonly Resource[] {
  return set.all("", "ConfigMap").filter((one) => {
    const name = textOf(fieldsOf(one.metadata).name);
    return /(?:^|-)(?:ingress-nginx-controller|nginx-ingress-controller|nginx-configuration)$/.test(name);
  });
}
