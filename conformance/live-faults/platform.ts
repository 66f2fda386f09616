import type { Patch, Resource, Sealed } from "@ashlar/core";
import { type Block, definePlatform, type Platform } from "ashlar";

/** Two states of one platform: going from one to the other changes, makes, removes, patches and withdraws. */
export type Version = "a" | "b";

/** Objects of others that the platform patches; they have to be there before it is. */
export function givenObjects(suffix = ""): Resource[] {
  return ["settings", "settings-only-a", "settings-only-b"].map((name) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${name}${suffix}`, namespace: "default" },
    data: { others: "kept" },
  }));
}

/** Values of its Secrets that come from outside. */
export const SOURCES = {
  env: { FAULTS_A: "value-of-a", FAULTS_B: "value-of-b", FAULTS_BOTH: "value-of-both" },
} as const;

/**
 * A platform of some forty objects of many kinds. Nothing of it runs pods: what is asked is whether it is stored.
 *
 * @param suffix of every name that has no namespace of the platform: for one that the cluster has never seen
 */
export function faultPlatform(version: Version, suffix = ""): Platform {
  return definePlatform({
    name: `faults${suffix}`,
    versions: { kubernetes: "1.36", cni: "calico@3.30" },
    environments: { one: [`one${suffix}`], two: [`two${suffix}`] },
    firewall: "one -> two",
    also: [
      { ...NOTHING, resources: resources(version, suffix), patches: patches(version, suffix) },
      { ...NOTHING, sealed: sealed(version, suffix) },
    ],
  });
}

const NOTHING: Block = { resources: [], patches: [], documents: [], steps: [], claims: [] };

function resources(version: Version, suffix: string): Resource[] {
  const namespace = `one${suffix}`;
  const group = `faults${suffix}.example.test`;
  const object = (apiVersion: string, kind: string, name: string, rest: object = {}): Resource => ({
    apiVersion,
    kind,
    metadata: { name, namespace, annotations: { version } },
    ...rest,
  });
  const global = (apiVersion: string, kind: string, name: string, rest: object = {}): Resource => ({
    apiVersion,
    kind,
    metadata: { name, annotations: { version } },
    ...rest,
  });
  const rbac = "rbac.authorization.k8s.io/v1";
  const rules = [
    { apiGroups: [""], resources: ["pods"], verbs: version === "a" ? ["get"] : ["get", "list"] },
  ];
  const roleRef = (kind: string, name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name });
  const subjects = [{ kind: "ServiceAccount", name: "worker", namespace }];
  const labels = { app: "web" };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: "main", image: `registry.test/app:${version}` }] },
  };
  const workload = { selector: { matchLabels: labels }, template };
  return [
    global("apiextensions.k8s.io/v1", "CustomResourceDefinition", `widgets.${group}`, {
      spec: {
        group,
        names: { kind: "Widget", listKind: "WidgetList", plural: "widgets", singular: "widget" },
        scope: "Namespaced",
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: WIDGET } }],
      },
    }),
    object(`${group}/v1`, "Widget", "both", { spec: { version } }),
    object(`${group}/v1`, "Widget", `only-${version}`, { spec: { version } }),
    global("scheduling.k8s.io/v1", "PriorityClass", `faults${suffix}`, { value: 10, globalDefault: false }),
    global(rbac, "ClusterRole", `faults${suffix}`, { rules }),
    global(rbac, "ClusterRole", `faults${suffix}-only-${version}`, { rules }),
    global(rbac, "ClusterRoleBinding", `faults${suffix}`, {
      roleRef: roleRef("ClusterRole", `faults${suffix}`),
      subjects,
    }),
    object(rbac, "Role", "reader", { rules }),
    object(rbac, "RoleBinding", "reader", { roleRef: roleRef("Role", "reader"), subjects }),
    object("v1", "ServiceAccount", "worker"),
    object("v1", "ServiceAccount", `only-${version}`),
    object("v1", "ResourceQuota", "quota", { spec: { hard: { pods: version === "a" ? "10" : "20" } } }),
    object("v1", "LimitRange", "limits", {
      spec: { limits: [{ type: "Container", max: { cpu: version === "a" ? "1" : "2" } }] },
    }),
    ...["one", "two", "three", `only-${version}`].map((name) =>
      object("v1", "ConfigMap", name, { data: { version, text: "x".repeat(300) } }),
    ),
    object("v1", "PersistentVolumeClaim", "data", {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    }),
    object("v1", "Service", "web", { spec: { selector: labels, ports: [{ port: 80 }] } }),
    object("v1", "Service", `only-${version}`, { spec: { selector: labels, ports: [{ port: 80 }] } }),
    object("apps/v1", "Deployment", "web", { spec: { replicas: 0, ...workload } }),
    object("apps/v1", "Deployment", `only-${version}`, { spec: { replicas: 0, ...workload } }),
    object("apps/v1", "StatefulSet", "store", { spec: { replicas: 0, serviceName: "web", ...workload } }),
    object("batch/v1", "CronJob", "nightly", {
      spec: {
        schedule: "0 3 * * *",
        suspend: true,
        jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: "Never" } } } },
      },
    }),
    object("policy/v1", "PodDisruptionBudget", "web", {
      spec: { minAvailable: version === "a" ? 1 : 2, selector: { matchLabels: labels } },
    }),
    object("networking.k8s.io/v1", "Ingress", "web", {
      spec: {
        rules: [
          {
            host: `${version}.example.test`,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "web", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    }),
  ];
}

const WIDGET = {
  type: "object",
  properties: { spec: { type: "object", properties: { version: { type: "string" } } } },
};

function patches(version: Version, suffix: string): Patch[] {
  const settings = (name: string): Patch => ({
    merge: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${name}${suffix}`, namespace: "default" },
      data: { version, ours: "here" },
    },
    why: "the settings of others need a line of ours",
  });
  return [
    settings("settings"),
    settings(`settings-only-${version}`),
    {
      merge: {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "default", namespace: `one${suffix}` },
        imagePullSecrets: [{ name: "both" }, { name: `pull-${version}` }],
      } as Resource,
      why: "a list with one owner, of an object that a controller makes",
    },
  ];
}

function sealed(version: Version, suffix: string): Sealed[] {
  const namespace = `one${suffix}`;
  const secret = (name: string, values: Sealed["values"]): Sealed => ({
    metadata: { name, namespace, annotations: { version } },
    type: "Opaque",
    values,
    data: (given) => given,
    keys: Object.keys(values),
  });
  return [
    secret("made", { key: { from: "generated", bytes: 24 } }),
    secret("mixed", {
      key: { from: "generated", bytes: 24 },
      token: { from: "env", name: version === "a" ? "FAULTS_A" : "FAULTS_B" },
    }),
    secret("both", { password: { from: "env", name: "FAULTS_BOTH" } }),
    secret(`only-${version}`, { token: { from: "env", name: "FAULTS_BOTH" } }),
  ];
}
