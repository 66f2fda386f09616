import { expect, test } from "vitest";
import type { Rule } from "../../inventory.ts";
import type { Resource } from "../../resource.ts";
import { noDuplicateEnv } from "../no-duplicate-env.ts";
import { noDuplicatePort } from "../no-duplicate-port.ts";
import { noDuplicateRoute } from "../no-duplicate-route.ts";
import { noMissingClaim } from "../no-missing-claim.ts";
import { noMissingConfigMap } from "../no-missing-config-map.ts";
import { noMissingIngressClass } from "../no-missing-ingress-class.ts";
import { noMissingNamespace } from "../no-missing-namespace.ts";
import { noMissingPriorityClass } from "../no-missing-priority-class.ts";
import { noMissingProbePort } from "../no-missing-probe-port.ts";
import { noMissingRole } from "../no-missing-role.ts";
import { noMissingRuntimeClass } from "../no-missing-runtime-class.ts";
import { noMissingScaleTarget } from "../no-missing-scale-target.ts";
import { noMissingSecret } from "../no-missing-secret.ts";
import { noMissingService } from "../no-missing-service.ts";
import { noMissingServiceAccount } from "../no-missing-service-account.ts";
import { noMissingStorageClass } from "../no-missing-storage-class.ts";
import { noMissingTargetPort } from "../no-missing-target-port.ts";
import { noNegativeGracePeriod } from "../no-negative-grace-period.ts";
import { noRemovedApi } from "../no-removed-api.ts";
import { noSecretInPlainSight } from "../no-secret-in-plain-sight.ts";
import { noSelectorWithoutNamespaces } from "../no-selector-without-namespaces.ts";
import { noSelectorWithoutPods } from "../no-selector-without-pods.ts";
import { noTlsHostWithoutRule } from "../no-tls-host-without-rule.ts";
import { noUnknownRight } from "../no-unknown-right.ts";
import { validImage } from "../valid-image.ts";
import { deployment, namespace, object, service } from "./sets.test-support.ts";

const RULES: readonly Rule[] = [
  noDuplicateEnv,
  noDuplicatePort,
  noDuplicateRoute,
  noMissingPriorityClass,
  noMissingRuntimeClass,
  noMissingScaleTarget,
  noMissingStorageClass,
  noTlsHostWithoutRule,
  noMissingClaim,
  noMissingConfigMap,
  noMissingIngressClass,
  noMissingNamespace,
  noMissingProbePort,
  noMissingRole,
  noMissingSecret,
  noMissingService,
  noMissingServiceAccount,
  noMissingTargetPort,
  noRemovedApi,
  noSecretInPlainSight,
  noSelectorWithoutNamespaces,
  noSelectorWithoutPods,
  noNegativeGracePeriod,
  noUnknownRight,
  validImage,
];

/** Objects that use every field that a rule reads. */
const SET: readonly Resource[] = [
  namespace("prod", { a: "b" }),
  deployment(
    "web",
    {
      args: ["--a", "b"],
      command: ["c"],
      env: [
        { name: "DB_PASSWORD", value: ["hunt", "er2"].join("") },
        { name: "DB_PASSWORD", value: "" },
        {
          name: "B",
          valueFrom: { secretKeyRef: { name: "s", key: "k" }, configMapKeyRef: { name: "m", key: "k" } },
        },
      ],
      envFrom: [{ secretRef: { name: "s" }, configMapRef: { name: "m" } }],
      ports: [{ name: "http", containerPort: 80, protocol: "TCP" }],
      livenessProbe: { httpGet: { port: "http" }, tcpSocket: { port: "x" } },
      lifecycle: { preStop: { httpGet: { port: "x" } } },
    },
    {
      serviceAccountName: "a",
      initContainers: [
        { name: "i", restartPolicy: "Always", ports: [{ name: "http", containerPort: 80, protocol: "TCP" }] },
      ],
      priorityClassName: "p",
      runtimeClassName: "r",
      imagePullSecrets: [{ name: "s" }],
      volumes: [
        {
          name: "v",
          secret: { secretName: "s", items: [{ key: "k" }] },
          configMap: { name: "m", items: [{ key: "k" }] },
          persistentVolumeClaim: { claimName: "c" },
          projected: { sources: [{ secret: { name: "s", items: [] }, configMap: { name: "m" } }] },
          csi: { nodePublishSecretRef: { name: "s" } },
          rbd: { secretRef: { name: "s" } },
          azureFile: { secretName: "s" },
        },
      ],
    },
  ),
  object("apps/v1", "StatefulSet", "db", {
    spec: {
      serviceName: "db",
      volumeClaimTemplates: [{ metadata: { name: "d" }, spec: { storageClassName: "s" } }],
      template: {},
    },
  }),
  object("batch/v1", "CronJob", "j", { spec: { jobTemplate: { spec: { template: { spec: {} } } } } }),
  object("v1", "Pod", "p", {
    spec: {
      terminationGracePeriodSeconds: -1,
      containers: [{ name: "c", image: "a:" }],
      volumes: [{ name: "v", image: { reference: "https://a" } }],
    },
  }),
  object("rbac.authorization.k8s.io/v1", "ClusterRole", "*/r", {
    rules: [
      { apiGroups: ["app"], resources: ["deployments", "pods/*"], verbs: ["gett"] },
      { nonResourceURLs: ["/x"], verbs: ["list"] },
    ],
  }),
  service("web", { app: "x" }, { name: "http", port: 80, targetPort: "http", protocol: "TCP" }),
  service("w", { app: "web" }, { port: 80, targetPort: "htpp" }),
  object("v1", "ConfigMap", "gone/c", { data: { a: "b" } }),
  object("batch/v1beta1", "CronJob", "old"),
  object("v1", "Secret", "s", { type: "Opaque", data: { x: "" }, stringData: { y: "" } }),
  object("v1", "ConfigMap", "m", { data: { password: "x" }, binaryData: { b: "" } }),
  object("v1", "ServiceAccount", "b", { imagePullSecrets: [{ name: "s" }] }),
  object("v1", "PersistentVolumeClaim", "c2", {
    spec: { dataSource: { kind: "PersistentVolumeClaim", name: "x" } },
  }),
  object("rbac.authorization.k8s.io/v1", "RoleBinding", "b", {
    roleRef: { kind: "Role", name: "r" },
    subjects: [{ kind: "ServiceAccount", name: "a", namespace: "prod" }],
  }),
  object("networking.k8s.io/v1", "Ingress", "i", {
    spec: {
      ingressClassName: "nginx",

      tls: [{ secretName: "t", hosts: ["h", "i"] }],
      rules: [{ host: "h", http: { paths: [{ path: "/", backend: { serviceName: "x", servicePort: 1 } }] } }],
    },
  }),
  object("extensions/v1beta1", "Ingress", "j", {
    spec: {
      ingressClassName: "nginx",
      backend: { serviceName: "web", servicePort: 1 },
      rules: [{ host: "h", http: { paths: [{ path: "/" }] } }],
    },
  }),
  object("networking.k8s.io/v1", "NetworkPolicy", "p", {
    spec: {
      podSelector: {
        matchLabels: { a: "b" },
        matchExpressions: [{ key: "a", operator: "In", values: ["b"] }],
      },
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: "c" } } }] }],
      egress: [{ to: [{ namespaceSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } }] }],
    },
  }),
  object("gateway.networking.k8s.io/v1", "HTTPRoute", "r", {
    spec: {
      rules: [
        {
          backendRefs: [{ name: "x", port: 1 }],
          filters: [{ requestMirror: { backendRef: { name: "y" } } }],
        },
      ],
    },
  }),
  object("apiregistration.k8s.io/v1", "APIService", "*/a", {
    spec: { service: { name: "x", namespace: "prod" } },
  }),
  object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "*/w", {
    webhooks: [
      {
        name: "w",
        clientConfig: { service: { name: "x", namespace: "prod" } },
        namespaceSelector: { matchLabels: { a: "z" } },
      },
    ],
  }),
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "*/d", {
    spec: {
      group: "g",
      names: { kind: "K" },
      versions: [{ name: "v1", served: true }],
      conversion: { webhook: { clientConfig: { service: { name: "x", namespace: "prod" } } } },
    },
  }),
  object("cert-manager.io/v1", "Certificate", "c", { spec: { secretName: "t" } }),
  object("autoscaling/v2", "HorizontalPodAutoscaler", "h", {
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "gone" } },
  }),
  object("v1", "PersistentVolume", "*/v", { spec: { storageClassName: "manual" } }),
  object("policy/v1", "PodDisruptionBudget", "b", { spec: { selector: { matchLabels: { app: "x" } } } }),
];
const WRONG: readonly unknown[] = [null, 0, "x", [], [null], {}, [[{}]]];

/** Every copy of a value with one part of it replaced, at any depth. */
function* brokenCopies(value: unknown): Generator<unknown> {
  yield* WRONG;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value))
    for (const other of brokenCopies(inner)) {
      if (Array.isArray(value)) yield value.map((item, i) => (i === Number(key) ? other : item));
      else yield { ...value, [key]: other };
    }
}

test("every field of every kind may be anything: no rule throws, each finding is whole", () => {
  let checked = 0;
  const broken: string[] = [];
  SET.forEach((resource, i) => {
    for (const other of brokenCopies(resource)) {
      if (typeof other !== "object" || other === null || Array.isArray(other)) continue;
      const resources = SET.map((right, j) => (j === i ? (other as Resource) : right));
      for (const rule of RULES)
        for (const { code, message, hint } of rule.check({ resources, whole: true }))
          if (code !== rule.code || hint === "" || /undefined|\[object|NaN/.test(message + hint))
            broken.push(`${code}: ${message} ${hint}`);
      checked++;
    }
  });
  expect(broken).toEqual([]);
  expect(checked).toBeGreaterThan(1000);
});

test("each rule finds something in the set, so that the test above reaches all of it", () => {
  const silent = RULES.filter((rule) => rule.check({ resources: SET, whole: true }).length === 0).map(
    (r) => r.code,
  );
  expect(silent).toEqual([]);
});
