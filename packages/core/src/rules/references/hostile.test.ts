import { expect, test } from "vitest";
import type { Rule } from "../../inventory.ts";
import type { Resource } from "../../resource.ts";
import { noDuplicatePort } from "../no-duplicate-port.ts";
import { noMissingClaim } from "../no-missing-claim.ts";
import { noMissingConfigMap } from "../no-missing-config-map.ts";
import { noMissingIngressClass } from "../no-missing-ingress-class.ts";
import { noMissingNamespace } from "../no-missing-namespace.ts";
import { noMissingProbePort } from "../no-missing-probe-port.ts";
import { noMissingRole } from "../no-missing-role.ts";
import { noMissingSecret } from "../no-missing-secret.ts";
import { noMissingService } from "../no-missing-service.ts";
import { noMissingServiceAccount } from "../no-missing-service-account.ts";
import { noMissingTargetPort } from "../no-missing-target-port.ts";
import { noRemovedApi } from "../no-removed-api.ts";
import { noSecretInPlainSight } from "../no-secret-in-plain-sight.ts";
import { noSelectorWithoutNamespaces } from "../no-selector-without-namespaces.ts";
import { noSelectorWithoutPods } from "../no-selector-without-pods.ts";
import { deployment, namespace, object, service } from "./sets.test-support.ts";

const RULES: readonly Rule[] = [
  noDuplicatePort,
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
        { name: "A", value: "x" },
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
    spec: { volumeClaimTemplates: [{ metadata: { name: "d" } }], template: {} },
  }),
  object("batch/v1", "CronJob", "j", { spec: { jobTemplate: { spec: { template: { spec: {} } } } } }),
  service("web", { app: "x" }, { name: "http", port: 80, targetPort: "http", protocol: "TCP" }),
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
      defaultBackend: { service: { name: "web", port: { number: 1 } } },
      tls: [{ secretName: "t" }],
      rules: [{ host: "h", http: { paths: [{ path: "/", backend: { serviceName: "x", servicePort: 1 } }] } }],
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
  object("policy/v1", "PodDisruptionBudget", "b", { spec: { selector: { matchLabels: { app: "x" } } } }),
];
const WRONG: readonly unknown[] = [
  null,
  0,
  "",
  "x",
  true,
  [],
  [null],
  {},
  { name: null },
  [[{}]],
  { constructor: 1 },
];

/** Every copy of a value with one part of it replaced, at any depth. */
function* broken(value: unknown): Generator<unknown> {
  yield* WRONG;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value))
    for (const other of broken(inner)) {
      if (Array.isArray(value)) yield value.map((item, i) => (i === Number(key) ? other : item));
      else yield { ...value, [key]: other };
    }
}

test("every field of every kind may be anything: no rule throws, each finding is whole", () => {
  let checked = 0;
  SET.forEach((resource, i) => {
    for (const other of broken(resource)) {
      if (typeof other !== "object" || other === null || Array.isArray(other)) continue;
      const resources = SET.map((right, j) => (j === i ? (other as Resource) : right));
      for (const rule of RULES)
        for (const finding of rule.check({ resources, whole: true })) {
          expect(finding).toMatchObject({ code: rule.code, hint: expect.stringMatching(/./) });
          expect(`${finding.message} ${finding.hint}`).not.toMatch(/undefined|\[object|NaN/);
        }
      checked++;
    }
  });
  expect(checked).toBeGreaterThan(2000);
});

test("the set is used: each rule that can finds something in it", () => {
  const silent = RULES.filter((rule) => rule.check({ resources: SET, whole: true }).length === 0).map(
    (r) => r.code,
  );
  expect(silent).toEqual([
    "core/no-duplicate-port",
    "core/no-missing-namespace",
    "core/no-missing-target-port",
    "core/no-removed-api",
    "core/no-secret-in-plain-sight",
  ]);
});
