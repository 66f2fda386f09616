import { describe, expect, test } from "vitest";
import type { Resource } from "../resource.ts";
import { validateObject } from "./validate-object.ts";

// What people read. Which fields the server refuses is held against the server itself in conformance/suites/values.test.ts.

const deployment = (spec: object, container: object = {}): Resource => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "web:1", ...container }] },
    },
    ...spec,
  },
});
const object = (apiVersion: string, kind: string, rest: object): Resource => ({
  apiVersion,
  kind,
  metadata: { name: "a" },
  ...rest,
});

test("a right object has no problems", () => {
  expect(validateObject(deployment({}))).toEqual([]);
});

describe("a problem names the field as the server does, and says what to write", () => {
  test.each<[string, Resource, string, string]>([
    [
      "a name in capitals",
      object("v1", "ConfigMap", { metadata: { name: "My_Config" } }),
      "metadata.name",
      "write my-config",
    ],
    [
      "a selector that selects nothing",
      deployment({ selector: { matchLabels: { app: "api" } } }),
      "spec.template.metadata.labels",
      "give the template the labels of spec.selector.matchLabels",
    ],
    [
      "a request above its limit",
      deployment({}, { resources: { requests: { cpu: "2" }, limits: { cpu: "1500m" } } }),
      "spec.template.spec.containers[0].resources.requests",
      "lower the request or raise the limit",
    ],
    [
      "a mount of a volume that is not there",
      deployment({}, { volumeMounts: [{ name: "data", mountPath: "/data" }] }),
      "spec.template.spec.containers[0].volumeMounts[0].name",
      "write the name of a volume of this pod, or add the volume",
    ],
    [
      "a quoted port",
      deployment({}, { livenessProbe: { tcpSocket: { port: "8080" } } }),
      "spec.template.spec.containers[0].livenessProbe.tcpSocket.port",
      "write 8080 without quotes: a string is the name of a port",
    ],
    [
      "an operator in small letters",
      object("v1", "Pod", {
        spec: {
          containers: [{ name: "a", image: "a" }],
          affinity: {
            podAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {
                  topologyKey: "zone",
                  labelSelector: { matchExpressions: [{ key: "a", operator: "exists" }] },
                },
              ],
            },
          },
        },
      }),
      "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions[0].operator",
      'did you mean "Exists"?',
    ],
    [
      "two ports without names",
      object("v1", "Service", { spec: { ports: [{ port: 80, name: "http" }, { port: 443 }] } }),
      "spec.ports[1].name",
      "with several ports each has a name",
    ],
    [
      "a rule without groups",
      object("rbac.authorization.k8s.io/v1", "Role", { rules: [{ verbs: ["get"], resources: ["pods"] }] }),
      "rules[0].apiGroups",
      'write apiGroups: [""] for Pods, Services, Secrets and the like',
    ],
    [
      "a schedule of four fields",
      object("batch/v1", "CronJob", {
        spec: {
          schedule: "0 3 * *",
          jobTemplate: {
            spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "a" }] } } },
          },
        },
      }),
      "spec.schedule",
      'write minute hour day month weekday, like "0 3 * * *"',
    ],
    [
      "a Job that never ends",
      object("batch/v1", "Job", {
        spec: { template: { spec: { containers: [{ name: "a", image: "a" }] } } },
      }),
      "spec.template.spec.restartPolicy",
      "write restartPolicy: Never or OnFailure",
    ],
    [
      "a custom resource with a bad name",
      object("example.com/v1", "Garden", { metadata: { name: "A" } }),
      "metadata.name",
      "write a",
    ],
  ])("%s", (_, broken, path, hint) => {
    expect(validateObject(broken).map((p) => [p.path, p.hint])).toEqual([[path, hint]]);
  });
});

describe("where the server's path is no field of the object, the place is", () => {
  test.each<[string, Resource, string, string]>([
    [
      "the overhead of a RuntimeClass",
      object("node.k8s.io/v1", "RuntimeClass", { handler: "runc", overhead: { podFixed: { cpu: "-1" } } }),
      "overhead.limits[cpu]",
      "overhead.podFixed[cpu]",
    ],
    [
      "an empty Service name of a webhook",
      object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", {
        webhooks: [
          {
            name: "a.example.test",
            admissionReviewVersions: ["v1"],
            sideEffects: "None",
            clientConfig: { service: { name: "", namespace: "b" } },
          },
        ],
      }),
      "webhooks[0].clientConfig.service.namespace",
      "webhooks[0].clientConfig.service.name",
    ],
    [
      "a printer column of a CustomResourceDefinition with one version",
      object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
        metadata: { name: "shops.example.test" },
        spec: {
          group: "example.test",
          scope: "Cluster",
          names: { plural: "shops", kind: "Shop" },
          versions: [
            {
              name: "v1",
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: "object" } },
              additionalPrinterColumns: [{ name: "A", type: "string", jsonPath: "spec.a" }],
            },
          ],
        },
      }),
      "spec.additionalPrinterColumns[0].JSONPath",
      "spec.versions[0].additionalPrinterColumns[0].jsonPath",
    ],
  ])("%s", (_name, resource, path, where) => {
    expect(validateObject(resource)).toMatchObject([{ path, where }]);
  });
});

describe("a certain remedy is a patch", () => {
  test.each<[string, Resource, object]>([
    [
      "letters of the wrong case",
      deployment({}, { ports: [{ containerPort: 80, protocol: "tcp" }] }),
      { op: "replace", path: "/spec/template/spec/containers/0/ports/0/protocol", value: "TCP" },
    ],
    [
      "a field that does not belong",
      object("rbac.authorization.k8s.io/v1", "RoleBinding", {
        roleRef: { kind: "Role", name: "a" },
        subjects: [{ kind: "ServiceAccount", name: "a", apiGroup: "rbac.authorization.k8s.io" }],
      }),
      { op: "remove", path: "/subjects/0/apiGroup" },
    ],
    [
      "a path without its slash",
      object("networking.k8s.io/v1", "Ingress", {
        spec: {
          rules: [
            {
              http: {
                paths: [
                  {
                    path: "api",
                    pathType: "Prefix",
                    backend: { service: { name: "a", port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        },
      }),
      { op: "replace", path: "/spec/rules/0/http/paths/0/path", value: "/api" },
    ],
  ])("%s", (_, broken, operation) => {
    expect(validateObject(broken).map((p) => p.fix)).toEqual([[operation]]);
  });
});

describe("any JSON is fine", () => {
  const kinds = [
    "v1/Pod",
    "v1/Service",
    "v1/Secret",
    "v1/LimitRange",
    "apps/v1/StatefulSet",
    "batch/v1/Job",
    "batch/v1/CronJob",
    "networking.k8s.io/v1/Ingress",
    "autoscaling/v2/HorizontalPodAutoscaler",
    "discovery.k8s.io/v1/EndpointSlice",
    "autoscaling/v1/HorizontalPodAutoscaler",
    "v1/PersistentVolume",
    "v1/Endpoints",
    "coordination.k8s.io/v1/Lease",
    "node.k8s.io/v1/RuntimeClass",
    "storage.k8s.io/v1/CSIDriver",
    "apiregistration.k8s.io/v1/APIService",
    "apiextensions.k8s.io/v1/CustomResourceDefinition",
    "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding",
  ];
  const odd = [
    null,
    undefined,
    1,
    "x",
    true,
    [],
    [null],
    [[]],
    {},
    { a: null },
    [{ name: 5, ports: "x", env: [null, 3] }],
  ];

  test.each(kinds)("%s", (key) => {
    const slash = key.lastIndexOf("/");
    const [apiVersion, kind] = [key.slice(0, slash), key.slice(slash + 1)];
    for (const value of odd)
      for (const part of [
        { metadata: value },
        { spec: value },
        {
          spec: {
            template: { spec: value },
            ports: value,
            rules: value,
            limits: value,
            selector: value,
            metrics: value,
          },
        },
        {
          spec: {
            containers: value,
            volumes: value,
            affinity: value,
            dnsConfig: value,
            jobTemplate: { spec: value },
          },
        },
        {
          spec: {
            containers: [{ env: value, ports: value, resources: { limits: value }, livenessProbe: value }],
          },
        },
        { webhooks: value, subsets: value, overhead: value, scheduling: value, handler: value },
        {
          webhooks: [{ rules: value, clientConfig: value, matchConditions: value, name: value }],
          subsets: [{ addresses: value, ports: value }],
        },
        {
          spec: {
            versions: value,
            names: value,
            conversion: value,
            capacity: value,
            nodeAffinity: value,
            csi: value,
            local: value,
            tokenRequests: value,
            service: value,
            scaleTargetRef: value,
            matchConstraints: value,
            validations: value,
            paramRef: value,
          },
        },
        {
          spec: {
            versions: [{ name: value, schema: value, subresources: value, additionalPrinterColumns: value }],
            conversion: { strategy: "Webhook", webhook: value },
            matchConstraints: { resourceRules: value },
            validationActions: value,
          },
        },
        { data: value, stringData: value, endpoints: value, rules: value, subjects: value },
      ])
        expect(() =>
          validateObject({ apiVersion, kind, metadata: { name: "a" }, ...part } as unknown as Resource),
        ).not.toThrow();
  });

  test.each([null, 5, "x", [], {}, { apiVersion: 1, kind: [] }])("%j is no object of the API", (value) => {
    expect(validateObject(value as unknown as Resource)).toEqual([]);
  });

  test("names of JavaScript's own are only names", () => {
    const labels = JSON.parse('{"__proto__": "x y", "constructor": "a"}') as Record<string, string>;
    const problems = validateObject(
      object("v1", "ConfigMap", { metadata: { name: "a", labels }, data: { toString: "a" } }),
    );
    expect(problems.map((p) => p.where)).toEqual([
      "metadata.labels[__proto__]",
      "metadata.labels[__proto__]",
    ]);
  });

  test("lists of tens of thousands take a moment, not minutes", () => {
    const many = <T>(make: (i: number) => T) => Array.from({ length: 20_000 }, (_, i) => make(i));
    const started = process.cpuUsage().user;
    validateObject(
      object("v1", "Pod", {
        spec: {
          containers: [
            {
              name: "a",
              image: "a",
              volumeMounts: many((i) => ({ name: `v${i}`, mountPath: `/${i}` })),
              volumeDevices: many((i) => ({ name: `d${i}`, devicePath: `/d${i}` })),
              ports: many(() => ({ containerPort: 1, hostPort: 1 })),
              resources: { claims: many((i) => ({ name: "c", request: `r${i}` })) },
            },
          ],
          volumes: many((i) => ({ name: `v${i}` })),
          topologySpreadConstraints: many(() => ({ topologyKey: "zone", matchLabelKeys: ["a"] })),
        },
      }),
    );
    validateObject(
      object("v1", "Service", { spec: { type: "NodePort", ports: many((i) => ({ port: i })) } }),
    );
    const values = many((i) => i % 7);
    validateObject(
      object("batch/v1", "Job", {
        spec: { podFailurePolicy: { rules: [{ onExitCodes: { operator: "In", values } }] } },
      }),
    );
    const versions = many((i) => ({
      name: `v${i}`,
      storage: true,
      additionalPrinterColumns: [{ name: `${i}` }],
    }));
    validateObject(object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { spec: { versions } }));
    const device = {
      bindingConditions: many((i) => `a${i}`),
      bindingFailureConditions: many((i) => `b${i}`),
    };
    validateObject(object("resource.k8s.io/v1", "ResourceSlice", { spec: { devices: [device] } }));
    const usages = many((i) => `u${i}`);
    validateObject(object("certificates.k8s.io/v1", "CertificateSigningRequest", { spec: { usages } }));
    const rules = [{ resources: many((i) => `a${i}/b${i}`), resourceNames: many(String) }];
    validateObject(
      object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", {
        spec: { matchConstraints: { resourceRules: rules } },
      }),
    );
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(2);
  });

  test("parameters of a driver that are nested without end are too long", () => {
    let parameters: object = {};
    for (let i = 0; i < 50_000; i++) parameters = { a: parameters };
    const config = [{ opaque: { driver: "a.test", parameters } }];
    expect(
      validateObject(object("resource.k8s.io/v1", "DeviceClass", { spec: { config } })).map((p) => p.path),
    ).toEqual(["spec.config[0].opaque.parameters"]);
  });
});

test("schemas of custom resources that are nested without end end", () => {
  let schema: object = { type: "object" };
  for (let i = 0; i < 20_000; i++)
    schema = { type: "object", properties: { a: schema }, allOf: [{ not: {} }] };
  const versions = ["v1", "v2"].map((name) => ({ name, schema: { openAPIV3Schema: schema } }));
  const crd = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { spec: { versions } });
  expect(validateObject(crd).filter((p) => p.path.includes("openAPIV3Schema"))).toEqual([]);
});

test("a schema that two versions have is named where it stands first", () => {
  const openAPIV3Schema = { type: "object", properties: { spec: { properties: {} } } };
  const versions = ["v1", "v2"].map((name) => ({ name, schema: { openAPIV3Schema } }));
  const crd = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { spec: { versions } });
  expect(validateObject(crd)).toContainEqual({
    path: "spec.validation.openAPIV3Schema.properties[spec].type",
    where: "spec.versions[0].schema.openAPIV3Schema.properties[spec].type",
    message: "spec.validation.openAPIV3Schema.properties[spec].type is required, and there is none",
    hint: "write one of array, boolean, integer, number, object, string",
  });
});

describe("kinds that the cluster's own components write", () => {
  const flow = (name: string, subject: object) =>
    object("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", {
      metadata: { name },
      spec: {
        matchingPrecedence: 1,
        priorityLevelConfiguration: { name: "exempt" },
        rules: [
          {
            subjects: [subject],
            resourceRules: [
              { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] },
            ],
            nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
          },
        ],
      },
    });

  test.each<[string, Resource, string[]]>([
    [
      "a taint of a Node: the server's path, and the place in the text",
      object("v1", "Node", { spec: { taints: [{ key: "a", effect: "noSchedule" }] } }),
      ["metadata.taints[0].effect spec.taints[0].effect write NoSchedule"],
    ],
    [
      "the FlowSchema that Kubernetes fixes, as it is",
      flow("exempt", { kind: "Group", group: { name: "system:masters" } }),
      [],
    ],
    [
      "the same for others",
      flow("exempt", { kind: "Group", group: { name: "admins" } }),
      ["spec  remove it, or give it another name"],
    ],
    [
      "an address that is not in its canonical form",
      object("networking.k8s.io/v1", "IPAddress", {
        metadata: { name: "2001:DB8::1" },
        spec: { parentRef: { resource: "services", name: "web", namespace: "default" } },
      }),
      ["metadata.name  write it in small letters and as short as can be"],
    ],
    [
      "a request for a device under a name that the claim has not",
      object("resource.k8s.io/v1", "ResourceClaim", {
        spec: {
          devices: {
            requests: [{ name: "gpu", exactly: { deviceClassName: "gpu" } }],
            constraints: [{ requests: ["gpus"], matchAttribute: "a.test/numa" }],
          },
        },
      }),
      ["spec.devices.constraints[0].requests[0]  write the name of one of its requests"],
    ],
    [
      "a policy that mutates what is deleted",
      object("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding", {
        spec: {
          policyName: "set",
          matchResources: {
            resourceRules: [
              { operations: ["DELETE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] },
            ],
          },
        },
      }),
      [
        'spec.matchResources.resourceRules.operations spec.matchResources.resourceRules[0].operations[0] write one of "*", "CONNECT", "CREATE", "UPDATE"',
      ],
    ],
  ])("%s", (_, resource, expected) => {
    expect(validateObject(resource).map((p) => `${p.path} ${p.where ?? ""} ${p.hint}`)).toEqual(expected);
  });
});
