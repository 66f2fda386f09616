import type { RouteSettings } from "../app/app-fields.ts";
import type { Target } from "../app/target.ts";
import type { ProxySettings } from "./settings.ts";

/** One auth proxy: its settings, its host and what stands behind it. */
export interface ProxyApp extends ProxySettings {
  /** Name of the app; objects of the proxy are called `NAME-login`. */
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly upstream: Target;
  readonly groups: "any" | readonly string[];
  readonly passToken: boolean;
  readonly bypass: boolean;
  readonly ca: RouteSettings["ca"];
  /** Seconds that an answer of the upstream may take to begin. */
  readonly upstreamTimeout: number | undefined;
  /** Labels of the upstream's pods. */
  readonly pods: Readonly<Record<string, string>> | undefined;
}

export const PROXY_PORTS = { "oauth2-proxy": 4180, gatekeeper: 3000 } as const;
export const SERVICE_PORT = 80;
export const SECRET_FOLDER = "/etc/auth-proxy/secrets";
export const CA_FOLDER = "/etc/auth-proxy/upstream-ca";
export const CLIENT_SECRET = "client-secret";
export const COOKIE_SECRET = "cookie-secret";

/** Name of the proxy's Deployment, Service and Secret. */
export function proxyName({ name }: Pick<ProxyApp, "name">): string {
  return `${name}-login`;
}

/** What the edge sends requests to: the proxy's Service. */
export function proxyTarget(app: Pick<ProxyApp, "name" | "namespace">): Target {
  return { scheme: "http", service: proxyName(app), namespace: app.namespace, port: SERVICE_PORT };
}

/** Labels that tell the proxy's pods from all others. */
export function proxyLabels(app: Pick<ProxyApp, "name" | "flavour">): Record<string, string> {
  return { "app.kubernetes.io/name": app.flavour, "app.kubernetes.io/instance": proxyName(app) };
}

/** Whether a file with the upstream's authority is mounted. */
export function hasCaFile({ ca, upstream }: Pick<ProxyApp, "ca" | "upstream">): boolean {
  return upstream.scheme === "https" && typeof ca === "object";
}
