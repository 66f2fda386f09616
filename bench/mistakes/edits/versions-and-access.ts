import { at, type Mistake, mistakes, remove, set } from "../mistake.ts";

const versions = mistakes("removed or unknown API", [
  [
    "removed-ingress",
    "an Ingress is of extensions/v1beta1",
    set("prod/Ingress/api", "apiVersion", "extensions/v1beta1"),
  ],
  [
    "removed-ingress-beta",
    "an Ingress is of networking.k8s.io/v1beta1",
    set("kubeapps/Ingress/kubeapps", "apiVersion", "networking.k8s.io/v1beta1"),
  ],
  [
    "removed-deployment",
    "a Deployment is of extensions/v1beta1",
    set("dev/Deployment/web", "apiVersion", "extensions/v1beta1"),
  ],
  [
    "removed-apps",
    "a StatefulSet is of apps/v1beta2",
    set("prod/StatefulSet/db", "apiVersion", "apps/v1beta2"),
  ],
  [
    "removed-cron",
    "a CronJob is of batch/v1beta1",
    set("kube-system/CronJob/kube-backup", "apiVersion", "batch/v1beta1"),
  ],
  [
    "removed-budget",
    "a budget is of policy/v1beta1",
    set("prod/PodDisruptionBudget/api", "apiVersion", "policy/v1beta1"),
  ],
  [
    "removed-scaler",
    "an autoscaler is of autoscaling/v2beta2",
    set("prod/HorizontalPodAutoscaler/api", "apiVersion", "autoscaling/v2beta2"),
  ],
  [
    "removed-rbac",
    "a ClusterRole is of rbac.authorization.k8s.io/v1beta1",
    set("ClusterRole/cluster-view", "apiVersion", "rbac.authorization.k8s.io/v1beta1"),
  ],
  [
    "removed-policy",
    "a NetworkPolicy is of extensions/v1beta1",
    set("dev/NetworkPolicy/namespace-ingress", "apiVersion", "extensions/v1beta1"),
  ],
  ["api-group", "the API group is misspelt", set("dev/Deployment/web", "apiVersion", "app/v1")],
  ["api-missing-group", "the API group is left out", set("prod/StatefulSet/db", "apiVersion", "v1")],
  [
    "api-version",
    "the version does not exist",
    set("prod/PodDisruptionBudget/api", "apiVersion", "policy/v2"),
  ],
  [
    "kind",
    "the kind is misspelt",
    at(
      set("kubeapps/Deployment/redis", "kind", "Deploymnet"),
      ["kubeapps/Deploymnet/redis", "kind"],
      ["kubeapps/Deploymnet/redis", "apiVersion"],
    ),
  ],
  [
    "kind-case",
    "the kind is written in small letters",
    at(
      set("prod/Service/db", "kind", "service"),
      ["prod/service/db", "kind"],
      ["prod/service/db", "apiVersion"],
    ),
  ],
]);

const access = mistakes("RBAC", [
  ["rbac-verb", "a verb is misspelt: gett", set("dev/Role/deployer", "rules[0].verbs[0]", "gett")],
  [
    "rbac-groups",
    "a rule has no apiGroups",
    at(remove("dev/Role/deployer", "rules[1].apiGroups"), "rules[1]"),
  ],
  [
    "rbac-resource",
    "a resource is written in the singular",
    set("dev/Role/deployer", "rules[0].resources[0]", "deployment"),
  ],
  [
    "rbac-group-of",
    "a resource stands under a group that does not have it",
    at(set("dev/Role/deployer", "rules[0].apiGroups[0]", "batch"), "rules[0]"),
  ],
  [
    "rbac-ref-group",
    "roleRef has a wrong API group",
    set("dev/RoleBinding/developer", "roleRef.apiGroup", "rbac"),
  ],
  [
    "rbac-subject",
    "the kind of a subject is misspelt",
    set("ClusterRoleBinding/operator", "subjects[0].kind", "Groups"),
  ],
  [
    "rbac-namespace",
    "an account has no namespace",
    remove("ClusterRoleBinding/kube-backup", "subjects[0].namespace"),
  ],
  ["rbac-verbs", "a rule has no verbs", set("ClusterRole/kube-backup-reader", "rules[0].verbs", [])],
  [
    "rbac-url",
    "a Role speaks of URLs, which no namespace has",
    at(set("dev/Role/deployer", "rules[1]", { nonResourceURLs: ["/metrics"], verbs: ["get"] }), "rules[1]"),
  ],
  [
    "rbac-ref-kind",
    "the kind of a roleRef is written in small letters",
    set("dev/RoleBinding/developer", "roleRef.kind", "clusterRole"),
  ],
]);

export const versionsAndAccess: readonly Mistake[] = [...versions, ...access];
