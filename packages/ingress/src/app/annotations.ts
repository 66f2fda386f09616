import type { EdgeIntent } from "./edge-fields.ts";
import type { Exposure } from "./exposure.ts";
import { clusterHostOf } from "./target.ts";

const NGINX = "nginx.ingress.kubernetes.io/";

/** An annotation of ingress-nginx, and which of its readers act on it. */
interface Annotation {
  readonly key: string;
  readonly readBy: readonly EdgeIntent["controller"][];
}

const BOTH = ["ingress-nginx", "traefik"] as const;

/**
 * Source: ingress-nginx 1.15 docs/user-guide/nginx-configuration/annotations.md; Traefik 3.7
 * docs/content/reference/routing-configuration/kubernetes/ingress-nginx.md, and runs of Traefik 3.7.13: `proxy-body-size` limits
 * only where `proxy-request-buffering` is on, and an Ingress with a snippet is left out as a whole.
 */
export const ANNOTATIONS: readonly Annotation[] = [
  { key: "ssl-redirect", readBy: BOTH },
  { key: "backend-protocol", readBy: BOTH },
  { key: "proxy-ssl-secret", readBy: BOTH },
  { key: "proxy-ssl-verify", readBy: BOTH },
  { key: "proxy-ssl-name", readBy: BOTH },
  { key: "proxy-ssl-server-name", readBy: BOTH },
  { key: "proxy-connect-timeout", readBy: BOTH },
  { key: "proxy-body-size", readBy: BOTH },
  { key: "proxy-request-buffering", readBy: BOTH },
  { key: "proxy-buffer-size", readBy: ["ingress-nginx"] },
  { key: "proxy-read-timeout", readBy: ["ingress-nginx"] },
  { key: "proxy-send-timeout", readBy: ["ingress-nginx"] },
  { key: "configuration-snippet", readBy: ["ingress-nginx"] },
];

/** Room for the session cookie of an auth proxy (3.7 kB with one group) and the other headers of its answer. */
export const LOGIN_BUFFER = "16k";

/** The annotations of an Ingress that its controller reads, in the order of the table. */
export function annotationsOf(exposure: Exposure, edge: EdgeIntent): Record<string, string> {
  const wanted = wantedOf(exposure, edge);
  const annotations: Record<string, string> = {};
  for (const { key, readBy } of ANNOTATIONS) {
    const value = wanted[key];
    if (value !== undefined && readBy.includes(edge.controller)) annotations[`${NGINX}${key}`] = value;
  }
  return annotations;
}

function wantedOf(exposure: Exposure, edge: EdgeIntent): Readonly<Record<string, string | undefined>> {
  const { target, timeouts, bodySize, login, tls, clearHeaders } = exposure;
  const seconds = (value: number | undefined) => (value === undefined ? undefined : `${value}`);
  const bufferSize = exposure.bufferSize ?? (login ? LOGIN_BUFFER : undefined);
  const snippet = clearHeaders.map((name) => `more_clear_input_headers "${name}";`).join("\n");
  return {
    // Said of http alone too: the certificate of a wildcard beside it would have it redirected.
    "ssl-redirect": `${exposure.redirect && tls !== false}`,
    ...(target.scheme === "https" && { "backend-protocol": "HTTPS", ...verified(exposure) }),
    "proxy-connect-timeout": seconds(timeouts.connect),
    "proxy-body-size": bodySize,
    ...(bodySize !== undefined && edge.controller === "traefik" && { "proxy-request-buffering": "on" }),
    "proxy-buffer-size": bufferSize,
    "proxy-read-timeout": seconds(timeouts.read),
    "proxy-send-timeout": seconds(timeouts.send),
    ...(edge.unsafeSnippets && snippet !== "" && { "configuration-snippet": snippet }),
  };
}

function verified({ ca, target }: Exposure): Record<string, string> {
  if (typeof ca !== "object" || !("secret" in ca)) return {};
  return {
    "proxy-ssl-secret": `${target.namespace}/${ca.secret}`,
    "proxy-ssl-verify": "on",
    "proxy-ssl-name": clusterHostOf(target),
    "proxy-ssl-server-name": "on",
  };
}
