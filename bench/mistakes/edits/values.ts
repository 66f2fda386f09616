import { at, type Mistake, mistakes, rename, set, together } from "../mistake.ts";

const API = "prod/Deployment/api";
const POD = "spec.template.spec";
const CONTAINER = `${POD}.containers[0]`;
const REQUESTS = `${CONTAINER}.resources.requests`;

const ranges = mistakes("number out of range", [
  ["range-port", "containerPort is 70000", set(API, `${CONTAINER}.ports[0].containerPort`, 70_000)],
  ["range-service-port", "a Service's port is 0", set("dev/Service/web", "spec.ports[0].port", 0)],
  ["range-replicas", "replicas is negative", set(API, "spec.replicas", -1)],
  ["range-period", "a probe's period is negative", set(API, `${CONTAINER}.readinessProbe.periodSeconds`, -5)],
  [
    "range-min-max",
    "an autoscaler's least is more than its most",
    at(
      set("prod/HorizontalPodAutoscaler/api", "spec.minReplicas", 8),
      "spec.maxReplicas",
      "spec.minReplicas",
    ),
  ],
  ["range-user", "runAsUser is negative", set(API, `${CONTAINER}.securityContext.runAsUser`, -1)],
  [
    "range-mode",
    "a file mode of 777 is written in decimal",
    set(
      "kube-system/CronJob/kube-backup",
      "spec.jobTemplate.spec.template.spec.volumes[0].secret.defaultMode",
      777,
    ),
  ],
  [
    "range-utilization",
    "an autoscaler aims at 0 per cent",
    set("prod/HorizontalPodAutoscaler/api", "spec.metrics[0].resource.target.averageUtilization", 0),
  ],
  [
    "range-priority",
    "a priority is kept for the system",
    set("PriorityClass/important", "value", 2_000_000_000),
  ],
  [
    "range-rolling",
    "an update may neither add nor take a pod",
    at(
      set(API, "spec.strategy.rollingUpdate.maxSurge", 0),
      "spec.strategy.rollingUpdate.maxUnavailable",
      "spec.strategy.rollingUpdate.maxSurge",
    ),
  ],
  [
    "range-grace",
    "the grace period is negative",
    set("prod/StatefulSet/db", `${POD}.terminationGracePeriodSeconds`, -1),
  ],
  [
    "range-node-port",
    "a nodePort is out of the range of node ports",
    together(
      set("dev/Service/web", "spec.ports[0].nodePort", 8080),
      set("dev/Service/web", "spec.type", "NodePort"),
    ),
  ],
]);

const words = mistakes("unknown word of an enum", [
  [
    "enum-pull",
    "imagePullPolicy is written in small letters",
    set(API, `${CONTAINER}.imagePullPolicy`, "always"),
  ],
  [
    "enum-protocol",
    "a protocol is written in small letters",
    set("kube-system/Service/kube-dns", "spec.ports[0].protocol", "udp"),
  ],
  [
    "enum-restart",
    "restartPolicy is written in small letters",
    set("dev/Job/migrate", `${POD}.restartPolicy`, "never"),
  ],
  ["enum-service", "a Service's type is misspelt", set("prod/Service/api", "spec.type", "Loadbalancer")],
  [
    "enum-path-type",
    "pathType is written in small letters",
    set("prod/Ingress/api", "spec.rules[0].http.paths[0].pathType", "prefix"),
  ],
  [
    "enum-concurrency",
    "concurrencyPolicy is misspelt",
    set("kube-system/CronJob/kube-backup", "spec.concurrencyPolicy", "Forbidden"),
  ],
  [
    "enum-access",
    "an access mode is misspelt",
    set("prod/PersistentVolumeClaim/uploads", "spec.accessModes[0]", "ReadWriteonce"),
  ],
  [
    "enum-reclaim",
    "reclaimPolicy is written in small letters",
    set("StorageClass/gp3", "reclaimPolicy", "delete"),
  ],
  [
    "enum-binding",
    "volumeBindingMode is misspelt",
    set("StorageClass/gp3", "volumeBindingMode", "WaitForConsumer"),
  ],
  [
    "enum-effect",
    "a taint's effect is misspelt",
    set("kube-system/DaemonSet/fluent-bit", `${POD}.tolerations[0].effect`, "NoSchedul"),
  ],
  ["enum-strategy", "the strategy is misspelt", set(API, "spec.strategy.type", "Rolling")],
  [
    "enum-operator",
    "a toleration's operator is misspelt",
    set("kube-system/DaemonSet/fluent-bit", `${POD}.tolerations[0].operator`, "Exist"),
  ],
  [
    "enum-limit-type",
    "a limit is for containers, in the plural",
    set("dev/LimitRange/defaults", "spec.limits[0].type", "Containers"),
  ],
]);

const names = mistakes("name that the API refuses", [
  [
    "name-upper",
    "a Deployment's name has capitals and an underscore",
    at(set("dev/Deployment/web", "metadata.name", "Web_1"), ["dev/Deployment/Web_1", "metadata.name"]),
  ],
  ["name-container", "a container's name has capitals", set(API, `${CONTAINER}.name`, "API")],
  [
    "name-port",
    "a port's name is longer than 15 characters",
    set(API, `${CONTAINER}.ports[1].name`, "metrics-of-the-api"),
  ],
  ["name-env", "a variable's name holds an equals sign", set(API, `${CONTAINER}.env[3].name`, "WORKERS=4")],
  [
    "name-volume",
    "a volume's name has an underscore",
    set("kube-system/DaemonSet/fluent-bit", `${POD}.volumes[0].name`, "var_log"),
  ],
  [
    "name-service",
    "a Service's name has an underscore",
    at(set("kubeapps/Service/redis", "metadata.name", "redis_1"), [
      "kubeapps/Service/redis_1",
      "metadata.name",
    ]),
  ],
  [
    "name-key",
    "a key of a ConfigMap is a path",
    at(rename("prod/ConfigMap/api", "data.LOG_LEVEL", "etc/level"), "data[etc/level]"),
  ],
  [
    "name-image",
    "an image has white space before it",
    set(API, `${CONTAINER}.image`, " registry.example.com/api:4.2.0"),
  ],
  [
    "name-long",
    "a namespace is longer than 63 characters",
    at(set("Namespace/kubeapps", "metadata.name", "k".repeat(64)), [
      `Namespace/${"k".repeat(64)}`,
      "metadata.name",
    ]),
  ],
]);

const labels = mistakes("label or annotation that the API refuses", [
  ["label-space", "a label's value has a blank", set(API, "metadata.labels.team", "team shop")],
  [
    "label-key",
    "a label's key has a blank",
    at(set(API, "metadata.labels[the team]", "shop"), "metadata.labels"),
  ],
  [
    "label-long",
    "a label's value is longer than 63 characters",
    set(API, "metadata.labels.commit", "a1".repeat(32)),
  ],
  [
    "label-template",
    "a label of a pod template ends with a dash",
    at(
      set(API, "spec.template.metadata.labels.release", "4.2.0-"),
      "spec.template.metadata.labels.release",
      "spec.template.labels",
    ),
  ],
  [
    "annotation-key",
    "an annotation's key has two slashes",
    at(set("prod/Ingress/api", "metadata.annotations[a/b/c]", "x"), "metadata.annotations"),
  ],
]);

const quantities = mistakes("quantity", [
  ["quantity-unit", "memory is counted in mb", set(API, `${REQUESTS}.memory`, "128mb")],
  [
    "quantity-blank",
    "a blank stands in a quantity",
    set("prod/PersistentVolumeClaim/uploads", "spec.resources.requests.storage", "10 Gi"),
  ],
  [
    "quantity-order",
    "a container asks for more memory than it may have",
    at(set(API, `${REQUESTS}.memory`, "512Mi"), `${REQUESTS}.memory`, `${CONTAINER}.resources.limits.memory`),
  ],
  [
    "quantity-negative",
    "a claim asks for less than nothing",
    at(
      set("prod/PersistentVolumeClaim/uploads", "spec.resources.requests.storage", "-1Gi"),
      "spec.resources.requests.storage",
      "spec.resources[storage]",
    ),
  ],
  [
    "quantity-resource",
    "a container asks for an unknown resource",
    at(rename(API, `${REQUESTS}.cpu`, "cpus"), `${REQUESTS}`),
  ],
  ["quantity-quota", "a quota is no number", set("dev/ResourceQuota/budget", "spec.hard.pods", "fifty")],
]);

export const values: readonly Mistake[] = [...ranges, ...words, ...names, ...labels, ...quantities];
