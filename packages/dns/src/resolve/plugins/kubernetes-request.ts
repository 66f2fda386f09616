import { withoutZone } from "../names.ts";

/** What a name in a zone of the cluster asks for; absent parts are "". */
export interface KubernetesRequest {
  readonly kind: "" | "svc" | "pod";
  readonly namespace: string;
  readonly service: string;
  /** `service.namespace` */
  readonly key: string;
  readonly endpoint: string;
  readonly port: string;
  readonly protocol: string;
  /** Topology zone, by the option `zonal`. */
  readonly zone: string;
  readonly prefersZone: boolean;
}

const APEX: KubernetesRequest = {
  kind: "",
  namespace: "",
  service: "",
  key: "",
  endpoint: "",
  port: "",
  protocol: "",
  zone: "",
  prefersZone: false,
};

/**
 * Reads `service.namespace.svc.ZONE`, `endpoint.service…`, `_port._protocol.service…` and pods' names (plugin/kubernetes/parse.go
 * of CoreDNS 1.15.0). `undefined`: no such name can exist.
 */
export function parseRequest(name: string, zone: string, zonal: boolean): KubernetesRequest | undefined {
  const base = withoutZone(name, zone);
  if (base === "" || base === "svc" || base === "pod") return APEX;
  const kind = base.endsWith(".svc") ? "svc" : base.endsWith(".pod") ? "pod" : undefined;
  if (kind === undefined) return undefined;
  const path = base.slice(0, -4);
  const dot = path.indexOf(".");
  if (dot >= 0 && path.indexOf(".", dot + 1) < 0)
    return requestOf(kind, path.slice(dot + 1), path.slice(0, dot), path);
  const labels = path.split(".");
  const count = labels.length + 1;
  const [namespace, service] = [labels[count - 2]!, labels[count - 3] ?? ""];
  const request = requestOf(kind, namespace, service, `${service}.${namespace}`);
  if (count <= 3) return request;
  if (count === 4) return { ...request, endpoint: labels[0]! };
  if (count === 5) return { ...request, protocol: bare(labels[1]!), port: bare(labels[0]!) };
  const word = labels[count - 5];
  if (!zonal || kind !== "svc" || labels[count - 4] !== "_zone" || (word !== "pin" && word !== "prefer"))
    return undefined;
  return { ...request, zone: labels.slice(0, count - 5).join("."), prefersZone: word === "prefer" };
}

function requestOf(kind: "svc" | "pod", namespace: string, service: string, key: string): KubernetesRequest {
  return {
    kind,
    namespace,
    service,
    key,
    endpoint: "",
    port: "",
    protocol: "",
    zone: "",
    prefersZone: false,
  };
}

function bare(label: string): string {
  return label.startsWith("_") ? label.slice(1) : label;
}
