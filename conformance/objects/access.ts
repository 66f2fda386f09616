import type { Resource } from "@ashlar/core";

/** Who may do what. */
export const access: readonly Resource[] = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "reader", namespace: "default" },
    rules: [
      { apiGroups: ["", "apps"], resources: ["pods", "deployments"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["web"], verbs: ["update"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "health", labels: { aggregate: "yes" } },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "example.com/aggregate": "health" } }] },
    rules: [
      { nonResourceURLs: ["/healthz", "/healthz/*"], verbs: ["get"] },
      { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "readers", namespace: "default" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
    subjects: [
      { kind: "ServiceAccount", name: "web", namespace: "default" },
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "developers" },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "operators" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "ada" }],
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "check" },
    webhooks: [
      {
        name: "check.example.com",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Ignore",
        timeoutSeconds: 5,
        clientConfig: {
          service: { name: "check", namespace: "default", path: "/", port: 443 },
          caBundle: "",
        },
        rules: [
          {
            apiGroups: ["example.com"],
            apiVersions: ["v1"],
            operations: ["CREATE"],
            resources: ["things"],
            scope: "Namespaced",
          },
        ],
        namespaceSelector: { matchLabels: { check: "yes" } },
        matchConditions: [{ name: "not-leases", expression: "request.resource.resource != 'leases'" }],
      },
    ],
  },
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gardens.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: {
        kind: "Garden",
        listKind: "GardenList",
        plural: "gardens",
        singular: "garden",
        shortNames: ["gd"],
      },
      conversion: { strategy: "None" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: { specReplicasPath: ".spec.beds", statusReplicasPath: ".status.beds" },
          },
          additionalPrinterColumns: [{ name: "Beds", type: "integer", jsonPath: ".spec.beds", priority: 1 }],
          schema: {
            openAPIV3Schema: {
              type: "object",
              required: ["spec"],
              properties: {
                spec: {
                  type: "object",
                  required: ["beds"],
                  properties: {
                    beds: { type: "integer", minimum: 1, maximum: 100, default: 3, format: "int32" },
                    soil: { type: "string", enum: ["clay", "sand"], nullable: true },
                    shade: { type: "string", minLength: 2, nullable: true },
                    water: { "x-kubernetes-int-or-string": true },
                    name: { type: "string", pattern: "^[a-z]+$", minLength: 2, maxLength: 10 },
                    open: { type: "boolean" },
                    depth: { type: "number", exclusiveMinimum: true, minimum: 0, multipleOf: 0.5 },
                    plants: {
                      type: "array",
                      minItems: 1,
                      maxItems: 5,
                      items: {
                        type: "object",
                        required: ["kind"],
                        properties: { kind: { type: "string" }, count: { type: "integer" } },
                      },
                      "x-kubernetes-list-type": "map",
                      "x-kubernetes-list-map-keys": ["kind"],
                    },
                    tags: { type: "object", additionalProperties: { type: "string" }, maxProperties: 4 },
                    sun: {
                      type: "string",
                      anyOf: [{ enum: ["full", "half"] }, { minLength: 8 }],
                      not: { enum: ["darkness"] },
                    },
                    gate: {
                      type: "object",
                      properties: { wood: { type: "string" }, iron: { type: "string" } },
                      oneOf: [{ required: ["wood"] }, { required: ["iron"] }],
                    },
                    paths: {
                      type: "array",
                      items: { type: "string" },
                      "x-kubernetes-list-type": "set",
                    },
                    notes: { type: "array", items: { type: "string", nullable: true } },
                    extra: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                    shed: {
                      type: "object",
                      "x-kubernetes-embedded-resource": true,
                      "x-kubernetes-preserve-unknown-fields": true,
                    },
                  },
                },
                status: { type: "object", properties: { beds: { type: "integer" } } },
              },
            },
          },
        },
      ],
    },
  },
];
