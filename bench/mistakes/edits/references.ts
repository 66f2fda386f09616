import { at, leaveOut, type Mistake, mistakes, remove, set } from "../mistake.ts";

const API = "prod/Deployment/api";
const POD = "spec.template.spec";
const CONTAINER = `${POD}.containers[0]`;
const ENV = `${CONTAINER}.env`;
const BACKUP = "kube-system/CronJob/kube-backup";
const BACKEND = "spec.rules[0].http.paths[0].backend";

const roles = mistakes("role that nobody has", [
  [
    "role",
    "a RoleBinding grants a Role whose name is misspelt",
    set("dev/RoleBinding/jenkins-agent", "roleRef.name", "deploer"),
  ],
  [
    "cluster-role",
    "a ClusterRoleBinding grants a ClusterRole whose name is misspelt",
    set("ClusterRoleBinding/developer-cluster-view", "roleRef.name", "cluster-viwe"),
  ],
  [
    "role-built-in",
    "a built-in role is written in the plural",
    set("dev/RoleBinding/developer", "roleRef.name", "admins"),
  ],
  [
    "role-kind",
    "a Role is granted as a ClusterRole",
    at(set("dev/RoleBinding/jenkins-agent", "roleRef.kind", "ClusterRole"), "roleRef"),
  ],
]);

const accounts = mistakes("ServiceAccount that nobody has", [
  [
    "account-pod",
    "a pod runs as an account whose name is misspelt",
    set(API, `${POD}.serviceAccountName`, "ap"),
  ],
  [
    "account-subject",
    "a right is given to an account whose name is misspelt",
    set("dev/RoleBinding/jenkins-agent", "subjects[0].name", "jenkins-agnet"),
  ],
  [
    "account-namespace",
    "a right is given to an account in another namespace than its own",
    at(set("ClusterRoleBinding/kube-backup", "subjects[0].namespace", "default"), "subjects[0]"),
  ],
]);

const secrets = mistakes("Secret or key that nobody has", [
  [
    "secret-env",
    "a variable comes from a Secret whose name is misspelt",
    at(set(API, `${ENV}[1].valueFrom.secretKeyRef.name`, "apis"), `${ENV}[1].valueFrom.secretKeyRef`),
  ],
  [
    "secret-key",
    "a variable comes from a key that its Secret does not have",
    set(API, `${ENV}[1].valueFrom.secretKeyRef.key`, "pasword"),
  ],
  [
    "secret-volume",
    "a volume is a Secret whose name is misspelt",
    set(BACKUP, "spec.jobTemplate.spec.template.spec.volumes[0].secret.secretName", "kube-backup-shkey"),
  ],
  [
    "secret-pull",
    "images are pulled with a Secret that another namespace has",
    set("dev/Deployment/web", `${POD}.imagePullSecrets[0].name`, "registries"),
  ],
  [
    "secret-account",
    "an account pulls with a Secret that nobody has",
    set("prod/ServiceAccount/api", "imagePullSecrets[0].name", "regsitry"),
  ],
  [
    "secret-tls",
    "an Ingress has the certificate of a Secret whose name is misspelt",
    set("prod/Ingress/api", "spec.tls[0].secretName", "api-example-con"),
  ],
  [
    "secret-gone",
    "a Secret that a pod needs is left out",
    at(leaveOut("prod/Secret/api"), [API, `${ENV}[1].valueFrom.secretKeyRef`]),
  ],
]);

const configMaps = mistakes("ConfigMap or key that nobody has", [
  [
    "config-env",
    "variables come from a ConfigMap whose name is misspelt",
    set(API, `${CONTAINER}.envFrom[0].configMapRef.name`, "apii"),
  ],
  [
    "config-key",
    "a variable comes from a key that its ConfigMap does not have",
    set(API, `${ENV}[0].valueFrom.configMapKeyRef.key`, "LOGLEVEL"),
  ],
  [
    "config-volume",
    "a volume is a ConfigMap whose name is misspelt",
    set("kube-system/Deployment/coredns", `${POD}.volumes[0].configMap.name`, "core-dns"),
  ],
  [
    "config-item",
    "a volume takes a key that its ConfigMap does not have",
    set("kube-system/Deployment/coredns", `${POD}.volumes[0].configMap.items[0].key`, "corefile"),
  ],
]);

const storage = mistakes("volume, claim or storage class that nobody has", [
  [
    "claim",
    "a volume is a claim whose name is misspelt",
    set(API, `${POD}.volumes[1].persistentVolumeClaim.claimName`, "upload"),
  ],
  [
    "storage-class",
    "a claim asks for a storage class that nobody has",
    set("prod/PersistentVolumeClaim/uploads", "spec.storageClassName", "gp2"),
  ],
  [
    "storage-template",
    "a template of claims asks for a storage class that nobody has",
    set("prod/StatefulSet/db", "spec.volumeClaimTemplates[0].spec.storageClassName", "gp33"),
  ],
  [
    "mount",
    "a container mounts a volume that its pod does not have",
    set(API, `${CONTAINER}.volumeMounts[0].name`, "configs"),
  ],
  [
    "mount-gone",
    "a volume that a container mounts is removed",
    at(remove(API, `${POD}.volumes[1]`), `${CONTAINER}.volumeMounts[1].name`),
  ],
]);

const services = mistakes("Service or port that nobody has", [
  [
    "service",
    "an Ingress leads to a Service whose name is misspelt",
    set("prod/Ingress/api", `${BACKEND}.service.name`, "apis"),
  ],
  [
    "service-namespace",
    "an Ingress leads to a Service of another namespace",
    at(set("kubeapps/Ingress/kubeapps", `${BACKEND}.service.name`, "api"), `${BACKEND}.service`),
  ],
  [
    "service-port-name",
    "an Ingress leads to a port name that its Service does not have",
    set("prod/Ingress/api", `${BACKEND}.service.port.name`, "https"),
  ],
  [
    "service-port",
    "an Ingress leads to a port that its Service does not have",
    set("kubeapps/Ingress/kubeapps", `${BACKEND}.service.port.number`, 8080),
  ],
  [
    "service-gone",
    "a Service that an Ingress leads to is left out",
    at(leaveOut("kubeapps/Service/kubeapps"), ["kubeapps/Ingress/kubeapps", `${BACKEND}.service.name`]),
  ],
  [
    "service-set",
    "a StatefulSet is governed by a Service that nobody has",
    set("prod/StatefulSet/db", "spec.serviceName", "database"),
  ],
]);

const namespaces = mistakes("namespace that nobody has", [
  [
    "namespace",
    "an object is in a namespace whose name is misspelt",
    at(set("dev/Job/migrate", "metadata.namespace", "devv"), ["devv/Job/migrate", "metadata.namespace"]),
  ],
  [
    "namespace-gone",
    "a Namespace that objects are in is left out",
    at(leaveOut("Namespace/kubeapps"), ["kubeapps/ServiceAccount/kubeapps", "metadata.namespace"]),
  ],
  [
    "namespace-policy",
    "a policy is in a namespace whose name is misspelt: it protects nothing",
    at(set("prod/NetworkPolicy/namespace-ingress", "metadata.namespace", "production"), [
      "production/NetworkPolicy/namespace-ingress",
      "metadata.namespace",
    ]),
  ],
]);

const others = mistakes("other object that nobody has", [
  [
    "ingress-class",
    "an Ingress is of a class that nobody has",
    set("prod/Ingress/api", "spec.ingressClassName", "ngnix"),
  ],
  [
    "priority-class",
    "pods are of a priority class that nobody has",
    set(API, `${POD}.priorityClassName`, "imporant"),
  ],
  [
    "scale-target",
    "an autoscaler scales a Deployment whose name is misspelt",
    at(set("prod/HorizontalPodAutoscaler/api", "spec.scaleTargetRef.name", "apy"), "spec.scaleTargetRef"),
  ],
  [
    "runtime-class",
    "pods are of a runtime class that nobody has",
    set(API, `${POD}.runtimeClassName`, "gvisor"),
  ],
]);

export const references: readonly Mistake[] = [
  ...roles,
  ...accounts,
  ...secrets,
  ...configMaps,
  ...storage,
  ...services,
  ...namespaces,
  ...others,
];
