import { isDnsLabel } from "@ashlar/core";

/** A Service that requests go to. */
export interface Target {
  readonly scheme: "http" | "https";
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
}

/**
 * Reads `SERVICE.NAMESPACE:PORT`, with `https://` before it where the Service speaks TLS; `undefined`: it is none.
 *
 * @example parseTarget("https://kube-dashboard.kube-system:443")?.namespace // kube-system
 */
export function parseTarget(text: string): Target | undefined {
  const match = /^(?:(https?):\/\/)?([a-z0-9-]+)\.([a-z0-9-]+):([1-9]\d{0,4})$/.exec(text);
  if (match === null) return undefined;
  const [, scheme, service = "", namespace = "", digits] = match;
  const port = Number(digits);
  if (!isDnsLabel(service) || !isDnsLabel(namespace) || port > 65535) return undefined;
  return { scheme: scheme === "https" ? "https" : "http", service, namespace, port };
}

/** The name that the Service has in the cluster, and that its certificate is for: `kube-dashboard.kube-system.svc`. */
export function clusterHostOf({ service, namespace }: Target): string {
  return `${service}.${namespace}.svc`;
}
