import { append, at, type Mistake, mistakes, rename, set } from "../mistake.ts";

const API = "prod/Deployment/api";
const POD = "spec.template.spec";
const CONTAINER = `${POD}.containers[0]`;

const formats = mistakes("content that is not what it should be", [
  ["base64", "a Secret's data is plain text", set("prod/Secret/api", "data.password", "not base64!")],
  [
    "docker-config",
    "a registry's credentials are no JSON",
    set("prod/Secret/registry", "data[.dockerconfigjson]", "e2F1dGhz"),
  ],
  [
    "docker-config-key",
    "a registry's credentials stand under another key",
    at(
      rename("dev/Secret/registry", "data[.dockerconfigjson]", "dockerconfigjson"),
      "data[.dockerconfigjson]",
    ),
  ],
  [
    "tls-key",
    "a TLS Secret has no key",
    at(rename("prod/Secret/api-example-com", "data[tls.key]", "key"), "data[tls.key]"),
  ],
  [
    "cron-fields",
    "a schedule has four fields",
    set("kube-system/CronJob/kube-backup", "spec.schedule", "*/10 * * *"),
  ],
  [
    "cron-range",
    "a schedule has a minute 61",
    set("kube-system/CronJob/kube-backup", "spec.schedule", "61 * * * *"),
  ],
  [
    "host-port",
    "an Ingress host has a port",
    set("prod/Ingress/api", "spec.rules[0].host", "api.example.com:443"),
  ],
  [
    "path-slash",
    "an Ingress path begins without a slash",
    set("prod/Ingress/api", "spec.rules[0].http.paths[0].path", "api"),
  ],
  [
    "external-url",
    "externalName is a URL",
    set("prod/Service/my", "spec.externalName", "https://database.example.com"),
  ],
  [
    "field-path",
    "a variable is taken from an unknown field",
    set(API, `${CONTAINER}.env[2].valueFrom.fieldRef.fieldPath`, "metadata.nam"),
  ],
  [
    "probe-path",
    "a command's probe has no command",
    set(API, `${CONTAINER}.livenessProbe`, { exec: { command: [] } }),
  ],
]);

const combinations = mistakes("fields that exclude each other", [
  [
    "both-env",
    "a variable has a value and a source",
    at(set(API, `${CONTAINER}.env[1].value`, "dummy"), `${CONTAINER}.env[1]`),
  ],
  [
    "both-probes",
    "a probe has two actions",
    set(API, `${CONTAINER}.readinessProbe.tcpSocket`, { port: 8080 }),
  ],
  [
    "both-volumes",
    "a volume has two sources",
    at(set(API, `${POD}.volumes[0].emptyDir`, {}), `${POD}.volumes[0]`),
  ],
  [
    "both-strategies",
    "the strategy Recreate has bounds of a rolling update",
    at(set(API, "spec.strategy.type", "Recreate"), "spec.strategy.rollingUpdate"),
  ],
  [
    "both-budgets",
    "a budget has both bounds",
    at(set("prod/PodDisruptionBudget/api", "spec.maxUnavailable", 1), "spec"),
  ],
  [
    "both-backends",
    "an Ingress backend is a Service and a resource",
    at(
      set("prod/Ingress/api", "spec.rules[0].http.paths[0].backend.resource", { kind: "Bucket", name: "b" }),
      "spec.rules[0].http.paths[0].backend",
    ),
  ],
  [
    "both-port-names",
    "a backend names its port by name and number",
    at(
      set("prod/Ingress/api", "spec.rules[0].http.paths[0].backend.service.port.number", 80),
      "spec.rules[0].http.paths[0].backend",
    ),
  ],
  [
    "both-headless",
    "a Service is headless and a load balancer",
    at(
      set("prod/Service/db", "spec.type", "LoadBalancer"),
      "spec.clusterIPs[0]",
      "spec.clusterIP",
      "spec.type",
    ),
  ],
  [
    "both-privileged",
    "a privileged container may not escalate",
    at(set(API, `${CONTAINER}.securityContext.privileged`, true), `${CONTAINER}.securityContext`),
  ],
  [
    "both-always",
    "a Deployment's pods are never restarted",
    set("dev/Deployment/web", `${POD}.restartPolicy`, "Never"),
  ],
  [
    "both-liveness",
    "a liveness probe asks for two successes",
    set(API, `${CONTAINER}.livenessProbe.successThreshold`, 2),
  ],
  [
    "both-toleration",
    "a toleration's operator Exists has a value",
    at(set("kube-system/DaemonSet/fluent-bit", `${POD}.tolerations[0].value`, "x"), `${POD}.tolerations[0]`),
  ],
]);

const twice = mistakes("twice in one object", [
  [
    "twice-container",
    "two containers have one name",
    append(API, `${POD}.containers`, { name: "api", image: "busybox:1.37.0" }),
  ],
  [
    "twice-volume",
    "two volumes have one name",
    append(API, `${POD}.volumes`, { name: "config", emptyDir: {} }),
  ],
  [
    "twice-mount",
    "two volumes are mounted at one path",
    set(API, `${CONTAINER}.volumeMounts[1].mountPath`, "/etc/api"),
  ],
  [
    "twice-port-name",
    "two ports of a container have one name",
    set(API, `${CONTAINER}.ports[1].name`, "http"),
  ],
  [
    "twice-service-port",
    "two ports of a Service have one number",
    set("prod/Service/api", "spec.ports[1].port", 80),
  ],
  [
    "twice-service-name",
    "two ports of a Service have one name",
    set("prod/Service/api", "spec.ports[1].name", "http"),
  ],
  [
    "twice-env",
    "a variable is given twice",
    append(API, `${CONTAINER}.env`, { name: "WORKERS", value: "8" }),
  ],
]);

export const content: readonly Mistake[] = [...formats, ...combinations, ...twice];
