import { append, at, type Mistake, mistakes, remove, rename, set, text } from "../mistake.ts";

const API = "prod/Deployment/api";
const POD = "spec.template.spec";
const CONTAINER = `${POD}.containers[0]`;

const unknownFields = mistakes("unknown or misspelt field", [
  ["unknown-subjects", "subjects is misspelt", rename("ClusterRoleBinding/operator", "subjects", "subjcts")],
  [
    "unknown-pull-secret",
    "imagePullSecrets is written in the singular",
    rename("dev/Deployment/web", `${POD}.imagePullSecrets`, "imagePullSecret"),
  ],
  [
    "unknown-probe",
    "readinessProbe is misspelt: the pod is ready at once",
    rename(API, `${CONTAINER}.readinessProbe`, "readinesProbe"),
  ],
  ["unknown-replica", "replicas is written in the singular", rename(API, "spec.replicas", "replica")],
  ["unknown-ports", "a container's ports are written as port", rename(API, `${CONTAINER}.ports`, "port")],
  [
    "unknown-policy-type",
    "policyTypes is written in the singular",
    rename("prod/NetworkPolicy/namespace-ingress", "spec.policyTypes", "policyType"),
  ],
  [
    "unknown-selectors",
    "a Service's selector is misspelt",
    rename("prod/Service/api", "spec.selector", "selectors"),
  ],
  [
    "unknown-request",
    "resources.requests is written in the singular",
    rename(API, `${CONTAINER}.resources.requests`, "request"),
  ],
  [
    "unknown-readonly",
    "readOnly is written in small letters: the mount is writable",
    rename(API, `${CONTAINER}.volumeMounts[0].readOnly`, "readonly"),
  ],
  [
    "unknown-tls-host",
    "tls names its hosts as host",
    rename("prod/Ingress/api", "spec.tls[0].hosts", "host"),
  ],
  ["unknown-level", "replicas stands in the pod's spec", set(API, `${POD}.replicas`, 2)],
  [
    "unknown-storage-class",
    "storageClassName is shortened in a template of claims",
    rename("prod/StatefulSet/db", "spec.volumeClaimTemplates[0].spec.storageClassName", "storageClass"),
  ],
  [
    "unknown-restart",
    "restartPolicy stands in the CronJob's spec",
    set("kube-system/CronJob/kube-backup", "spec.restartPolicy", "OnFailure"),
  ],
  ["unknown-spec", "spec is misspelt", rename("prod/PodDisruptionBudget/api", "spec", "specs")],
  [
    "unknown-match-labels",
    "labels stand in podSelector without matchLabels",
    set("kubeapps/NetworkPolicy/redis", "spec.podSelector", { app: "redis" }),
  ],
  [
    "unknown-from-key",
    "secretKeyRef is misspelt",
    rename(API, `${CONTAINER}.env[1].valueFrom.secretKeyRef`, "secretRef"),
  ],
]);

const wrongTypes = mistakes("wrong type", [
  ["type-replicas", "replicas is a text", set(API, "spec.replicas", "2")],
  ["type-port", "containerPort is a text", set(API, `${CONTAINER}.ports[0].containerPort`, "8080")],
  ["type-env", "the value of a variable is a number", set(API, `${CONTAINER}.env[3].value`, 4)],
  ["type-label", "a label is a boolean", set(API, "metadata.labels.public", true)],
  ["type-command", "command is a text", set("dev/Job/migrate", `${CONTAINER}.command`, "./migrate up")],
  [
    "type-containers",
    "containers is a mapping",
    set("dev/Deployment/web", `${POD}.containers`, { web: { image: "registry.example.com/web:dev-17" } }),
  ],
  ["type-read-only", "readOnly is a text", set(API, `${CONTAINER}.volumeMounts[0].readOnly`, "true")],
  ["type-data", "a value of a ConfigMap is a number", set("prod/ConfigMap/api", "data.WORKERS", 4)],
  [
    "type-annotation",
    "an annotation is a boolean",
    set("prod/Ingress/api", "metadata.annotations[kubernetes.io/tls-acme]", true),
  ],
  [
    "type-access-modes",
    "accessModes is a text",
    set("prod/PersistentVolumeClaim/uploads", "spec.accessModes", "ReadWriteOnce"),
  ],
  ["type-fraction", "replicas is one and a half", set(API, "spec.replicas", 1.5)],
  [
    "type-int32",
    "backoffLimit does not fit 32 bits",
    set("dev/Job/migrate", "spec.backoffLimit", 3_000_000_000),
  ],
  ["type-verbs", "verbs is a text", set("ClusterRole/kube-backup-reader", "rules[0].verbs", "get")],
  [
    "type-policy-types",
    "policyTypes is a text",
    set("dev/NetworkPolicy/namespace-ingress", "spec.policyTypes", "Ingress"),
  ],
]);

const missing = mistakes("missing field", [
  ["missing-image", "a container has no image", remove(API, `${CONTAINER}.image`)],
  ["missing-selector", "a Deployment has no selector", remove("dev/Deployment/web", "spec.selector")],
  [
    "missing-template",
    "a DaemonSet has no template",
    remove("kube-system/DaemonSet/fluent-bit", "spec.template"),
  ],
  ["missing-container-name", "a container has no name", remove(API, `${CONTAINER}.name`)],
  [
    "missing-path-type",
    "an Ingress path has no pathType",
    remove("prod/Ingress/api", "spec.rules[0].http.paths[0].pathType"),
  ],
  ["missing-role-ref", "a RoleBinding has no roleRef", remove("dev/RoleBinding/developer", "roleRef")],
  ["missing-port", "a port of a Service has no number", remove("prod/Service/db", "spec.ports[0].port")],
  [
    "missing-access-modes",
    "a claim has no accessModes",
    remove("prod/PersistentVolumeClaim/uploads", "spec.accessModes"),
  ],
  [
    "missing-max",
    "an autoscaler has no maxReplicas",
    remove("prod/HorizontalPodAutoscaler/api", "spec.maxReplicas"),
  ],
  [
    "missing-schedule",
    "a CronJob has no schedule",
    remove("kube-system/CronJob/kube-backup", "spec.schedule"),
  ],
  [
    "missing-mount-path",
    "a volume is mounted nowhere",
    remove(API, `${CONTAINER}.volumeMounts[1].mountPath`),
  ],
  [
    "missing-restart",
    "a Job leaves restartPolicy to its default, Always",
    remove("dev/Job/migrate", `${POD}.restartPolicy`),
  ],
  ["missing-provisioner", "a StorageClass has no provisioner", remove("StorageClass/gp3", "provisioner")],
  ["missing-containers", "a pod has no container", set("dev/Deployment/web", `${POD}.containers`, [])],
  [
    "missing-backend",
    "an Ingress path leads nowhere",
    remove("kubeapps/Ingress/kubeapps", "spec.rules[0].http.paths[0].backend"),
  ],
  [
    "missing-name",
    "an object has no name",
    text(
      "configuration.yaml",
      "kind: PersistentVolumeClaim\nmetadata:\n  name: uploads\n",
      "kind: PersistentVolumeClaim\nmetadata:\n",
    ),
  ],
  [
    "missing-handler",
    "a probe has no action",
    at(remove(API, `${CONTAINER}.readinessProbe.httpGet`), `${CONTAINER}.readinessProbe`),
  ],
  [
    "missing-external-name",
    "a Service of type ExternalName names nothing",
    remove("prod/Service/my", "spec.externalName"),
  ],
  [
    "missing-port-name",
    "of two ports of a Service one has no name",
    remove("prod/Service/api", "spec.ports[1].name"),
  ],
  [
    "missing-key-name",
    "a variable from a Secret names no key",
    remove(API, `${CONTAINER}.env[1].valueFrom.secretKeyRef.key`),
  ],
  [
    "missing-source",
    "a volume item without a path",
    append(API, `${POD}.volumes[0].configMap.items`, { key: "DEBUG" }),
  ],
]);

export const structure: readonly Mistake[] = [...unknownFields, ...wrongTypes, ...missing];
