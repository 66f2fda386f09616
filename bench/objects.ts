import type { Resource } from "@ashlar/core";

/** One tenant of a platform: 25 objects of the kinds that platforms are made of. */
const PER_TENANT = 25;

/** At least `count` objects, built anew at each call: tenants of 25 objects, as a deploy script makes them. */
export function buildObjects(count: number): Resource[] {
  return Array.from({ length: Math.ceil(count / PER_TENANT) }, (_, i) => tenant(`tenant-${i}`)).flat();
}

function tenant(namespace: string): Resource[] {
  const apps = ["web", "api", "worker", "cache", "db"];
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { env: namespace } } },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "namespace-ingress", namespace },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              { namespaceSelector: { matchLabels: { env: namespace } } },
              { namespaceSelector: { matchLabels: { env: "common" } } },
            ],
          },
        ],
      },
    },
    ...["admin", "view"].map((role) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: `developer-${role}`, namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "developer" }],
    })),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "coredns", namespace },
      data: {
        Corefile: ".:53 {\n    errors\n    health\n    cache 30\n    forward . 8.8.8.8 8.8.4.4\n}\n",
        debug: "yes",
      },
    },
    ...apps.flatMap((name) => workload(namespace, name)),
  ];
}

function workload(namespace: string, name: string): Resource[] {
  const labels = { app: name, "app.kubernetes.io/part-of": namespace };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace, labels },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            containers: [
              {
                name,
                image: `example.invalid/${namespace}/${name}:1.4.2`,
                args: ["--listen=:8080", "--log-level=info"],
                env: [
                  { name: "DATABASE", value: "my.db" },
                  { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
                ],
                ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
                resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
                readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 5 },
                volumeMounts: [{ name: "config", mountPath: "/etc/app" }],
              },
            ],
            volumes: [{ name: "config", configMap: { name: "coredns" } }],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace, labels },
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }] },
    },
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
      automountServiceAccountToken: false,
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name, namespace, annotations: { "kubernetes.io/tls-acme": "true" } },
      spec: {
        tls: [{ hosts: [`${name}.${namespace}.example.org`], secretName: `${name}-tls` }],
        rules: [
          {
            host: `${name}.${namespace}.example.org`,
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name, port: { name: "http" } } } },
              ],
            },
          },
        ],
      },
    },
  ];
}
