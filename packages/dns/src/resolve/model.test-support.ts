import type { Resource } from "@ashlar/core";

type Data = Readonly<Record<string, unknown>>;

/** A Service in `prod`. */
export function service(name: string, spec: Data = {}, namespace = "prod"): Resource {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { clusterIP: "10.96.0.9", ports: [{ name: "http", port: 80, targetPort: "web" }], ...spec },
  };
}

export function externalName(name: string, target: string, namespace = "prod"): Resource {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { type: "ExternalName", externalName: target },
  };
}

export function pod(
  name: string,
  { ips = [], ready = true, ...rest }: Data & { ips?: readonly string[]; ready?: boolean } = {},
): Resource {
  const {
    labels = { app: "db" },
    spec = {},
    status = {},
    namespace = "prod",
  } = rest as Record<string, Data | string>;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: namespace as string, labels: labels as Record<string, string> },
    spec: { containers: [{ name: "c", ports: [{ name: "web", containerPort: 8080 }] }], ...(spec as Data) },
    status: {
      phase: "Running",
      ...(ips.length > 0 && { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) }),
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      ...(status as Data),
    },
  };
}

export function namespace(name: string): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

export function corednsMap(corefile: string, more: Readonly<Record<string, string>> = {}): Resource {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "coredns", namespace: "kube-system" },
    data: { Corefile: corefile, ...more },
  };
}
