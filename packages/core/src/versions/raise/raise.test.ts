import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyJsonPatch } from "../../repair/apply-json-patch.ts";
import { retiredApiLives } from "../api-versions.ts";
import { raise } from "./raise.ts";

type Fields = Readonly<Record<string, unknown>>;

const object = (api: string, rest: Fields = {}): Fields => {
  const [apiVersion, kind] = api.split(" ");
  return { apiVersion, kind, metadata: { name: "x" }, ...rest };
};

/** The object after its rewrite. */
function raised(api: string, rest: Fields = {}): Fields {
  const before = object(api, rest);
  const answer = raise(before, { kubernetes: "1.36" });
  if (!answer?.ok) throw new Error(`not raised: ${JSON.stringify(answer)}`);
  const after = applyJsonPatch(before, answer.patch);
  if (!after.ok) throw new Error("the patch does not apply");
  return after.value as Fields;
}

function refused(api: string, rest: Fields = {}): string {
  const answer = raise(object(api, rest), { kubernetes: "1.36" });
  if (!answer || answer.ok) throw new Error(`not refused: ${JSON.stringify(answer)}`);
  return answer.refused;
}

const template = { metadata: { labels: { app: "a" } }, spec: { containers: [] } };
const selector = { matchLabels: { app: "a" } };
const labelled = { name: "x", labels: { app: "a" } };

describe("when", () => {
  const cronJob = object("batch/v1beta1 CronJob", { spec: { schedule: "@daily" } });
  test.each(["1.25", "v1.36.3", "1.36", undefined, "soon"])("gone in %s", (kubernetes) => {
    const options = kubernetes === undefined ? {} : { kubernetes };
    expect(raise(cronJob, options)).toEqual({
      ok: true,
      patch: [{ op: "replace", path: "/apiVersion", value: "batch/v1" }],
    });
  });

  test("nothing to do: still served, never known, not an object", () => {
    expect(raise(cronJob, { kubernetes: "1.24" })).toBeUndefined();
    expect(raise(object("batch/v1 CronJob"))).toBeUndefined();
    expect(raise(object("autoscaling/v1 HorizontalPodAutoscaler"))).toBeUndefined();
    expect(raise(object("example.com/v1 Shop"))).toBeUndefined();
    for (const value of [null, 1, "a", [], {}, { apiVersion: 1, kind: "A" }])
      expect(raise(value)).toBeUndefined();
  });

  test("the successor is not there yet", () => {
    const flow = object("flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema");
    expect(raise(flow, { kubernetes: "1.27" })).toEqual({
      ok: false,
      refused: expect.stringContaining("1.29"),
    });
  });

  test("every API that is gone is raised or refused with what to do", () => {
    for (const { apiVersion, kind, removed } of retiredApiLives()) {
      const answer = raise(object(`${apiVersion} ${kind}`), { kubernetes: removed ?? "1.36" });
      if (removed === undefined) expect(answer).toBeUndefined();
      else expect(answer?.ok || (answer?.refused ?? "").length > 20, `${apiVersion} ${kind}`).toBe(true);
    }
  });
});

describe("workloads", () => {
  test("Deployment of extensions/v1beta1: selector, labels and the old defaults are written out", () => {
    expect(raised("extensions/v1beta1 Deployment", { spec: { replicas: 2, template } })).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: labelled,
      spec: {
        replicas: 2,
        template,
        selector,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
        revisionHistoryLimit: 2147483647,
        progressDeadlineSeconds: 2147483647,
      },
    });
  });

  test("what is said is kept", () => {
    const spec = {
      template,
      selector,
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 0,
      progressDeadlineSeconds: 5,
    };
    const metadata = { name: "x", labels: { other: "b" } };
    expect(raised("extensions/v1beta1 Deployment", { metadata, spec })).toMatchObject({ metadata, spec });
    const half = { template, selector, strategy: { rollingUpdate: { maxSurge: "50%" } } };
    expect(raised("extensions/v1beta1 Deployment", { spec: half })).toMatchObject({
      spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "50%", maxUnavailable: 1 } } },
    });
  });

  test("each old version has its own defaults", () => {
    expect(raised("apps/v1beta1 Deployment", { spec: { template } }).spec).toEqual({
      template,
      selector,
      revisionHistoryLimit: 2,
    });
    expect(raised("apps/v1beta2 Deployment", { spec: { template, selector } })).toEqual(
      object("apps/v1 Deployment", { spec: { template, selector } }),
    );
    expect(
      raised("extensions/v1beta1 DaemonSet", { spec: { template, templateGeneration: 3 } }).spec,
    ).toEqual({
      template,
      selector,
      updateStrategy: { type: "OnDelete" },
    });
    expect(raised("apps/v1beta2 DaemonSet", { spec: { template, selector } }).spec).toEqual({
      template,
      selector,
    });
    expect(raised("apps/v1beta1 StatefulSet", { spec: { template } }).spec).toMatchObject({
      updateStrategy: { type: "OnDelete" },
    });
    expect(raised("apps/v1beta2 StatefulSet", { spec: { template, selector } }).spec).toEqual({
      template,
      selector,
    });
    expect(raised("extensions/v1beta1 ReplicaSet", { spec: { template } }).spec).toEqual({
      template,
      selector,
    });
  });

  test.each<[string, string, unknown, RegExp]>([
    ["no labels", "extensions/v1beta1 Deployment", { template: {} }, /no labels/],
    ["no selector", "apps/v1beta2 Deployment", { template }, /selector is missing/],
    ["empty selector", "extensions/v1beta1 Deployment", { template, selector: {} }, /selects by nothing/],
    [
      "other pods",
      "apps/v1beta1 Deployment",
      { template, selector: { matchLabels: { app: "b" } } },
      /does not match/,
    ],
    ["rollback", "extensions/v1beta1 Deployment", { template, rollbackTo: { revision: 2 } }, /rollout undo/],
    [
      "strategy without type",
      "extensions/v1beta1 DaemonSet",
      { template, updateStrategy: { rollingUpdate: {} } },
      /OnDelete/,
    ],
    [
      "a number as label",
      "extensions/v1beta1 Deployment",
      { template: { metadata: { labels: { a: 1 } } } },
      /quotes/,
    ],
    ["a time zone", "batch/v1beta1 CronJob", { schedule: "CRON_TZ=UTC 0 3 * * *" }, /timeZone/],
  ])("refused: %s", (_name, api, spec, reason) => {
    expect(refused(api, { spec })).toMatch(reason);
  });
});

describe("Ingress", () => {
  const api = "extensions/v1beta1 Ingress";
  const path = (backend: Fields, rest: Fields = {}) => ({
    rules: [{ host: "a.example.com", http: { paths: [{ path: "/", backend, ...rest }] } }],
  });

  test("backends, path types, the default backend", () => {
    expect(
      raised(api, {
        spec: {
          backend: { serviceName: "d", servicePort: "web" },
          ...path({ serviceName: "a", servicePort: 80 }),
        },
      }).spec,
    ).toEqual({
      defaultBackend: { service: { name: "d", port: { name: "web" } } },
      ...path({ service: { name: "a", port: { number: 80 } } }, { pathType: "ImplementationSpecific" }),
    });
    const exact = path({ resource: { kind: "Bucket", name: "b" } }, { pathType: "Exact" });
    expect(raised("networking.k8s.io/v1beta1 Ingress", { spec: exact }).spec).toEqual(exact);
    expect(raised(api, { spec: path({ serviceName: "a", servicePort: "8080" }) }).spec).toMatchObject(
      path({ service: { name: "a", port: { number: 8080 } } }),
    );
  });

  test.each<[string, Fields, RegExp]>([
    ["no backend", {}, /neither a service nor a resource/],
    ["no port", { serviceName: "a" }, /rules\[0\]\.http\.paths\[0\]\.backend\.servicePort/],
    ["a port out of range", { serviceName: "a", servicePort: 0 }, /servicePort/],
    ["no name", { servicePort: 80 }, /serviceName/],
  ])("refused: %s", (_name, backend, reason) => {
    expect(refused(api, { spec: path(backend) })).toMatch(reason);
  });
});

test("RBAC v1alpha1: subjects get groups, the user * is everybody who is logged in", () => {
  const subjects = [
    { kind: "User", name: "*", apiVersion: "rbac.authorization.k8s.io/v1alpha1" },
    { kind: "ServiceAccount", name: "sa", namespace: "n", apiVersion: "v1" },
    { kind: "Robot", name: "r", apiVersion: "example.com/v1" },
  ];
  expect(raised("rbac.authorization.k8s.io/v1alpha1 RoleBinding", { subjects }).subjects).toEqual([
    { kind: "Group", name: "system:authenticated", apiGroup: "rbac.authorization.k8s.io" },
    { kind: "ServiceAccount", name: "sa", namespace: "n" },
    { kind: "Robot", name: "r", apiGroup: "example.com" },
  ]);
});

describe("PodDisruptionBudget", () => {
  const api = "policy/v1beta1 PodDisruptionBudget";
  test.each([{}, { matchLabels: {} }, { matchExpressions: [] }])(
    "an empty selector changed its meaning: %j",
    (empty) => {
      expect(refused(api, { spec: { selector: empty } })).toMatch(/meant no pod/);
    },
  );
  test("without a selector it selects nothing in both", () => {
    expect(raised(api, { spec: { minAvailable: 1 } })).toEqual(
      object("policy/v1 PodDisruptionBudget", { spec: { minAvailable: 1 } }),
    );
  });
});

describe("HorizontalPodAutoscaler v2beta1", () => {
  const api = "autoscaling/v2beta1 HorizontalPodAutoscaler";
  test.each<[string, Fields, Fields]>([
    [
      "resource",
      { name: "cpu", targetAverageUtilization: 60 },
      { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
    ],
    [
      "containerResource",
      { name: "cpu", container: "c", targetAverageValue: "1" },
      { name: "cpu", container: "c", target: { type: "AverageValue", averageValue: "1" } },
    ],
    [
      "pods",
      { metricName: "m", selector, targetAverageValue: "1k" },
      { metric: { name: "m", selector }, target: { type: "AverageValue", averageValue: "1k" } },
    ],
    [
      "object",
      { target: { kind: "Service", name: "s" }, metricName: "m", targetValue: "2" },
      {
        describedObject: { kind: "Service", name: "s" },
        metric: { name: "m" },
        target: { type: "Value", value: "2" },
      },
    ],
    [
      "object",
      { target: {}, metricName: "m", averageValue: "3", targetValue: "0" },
      { describedObject: {}, metric: { name: "m" }, target: { type: "AverageValue", averageValue: "3" } },
    ],
    [
      "external",
      { metricName: "m", metricSelector: selector, targetValue: "5" },
      { metric: { name: "m", selector }, target: { type: "Value", value: "5" } },
    ],
  ])("%s metric", (source, before, after) => {
    const spec = { metrics: [{ type: "T", [source]: before }] };
    expect(raised(api, { spec, status: {} })).toEqual(
      object("autoscaling/v2 HorizontalPodAutoscaler", {
        spec: { metrics: [{ type: "T", [source]: after }] },
      }),
    );
  });

  test("two targets or none are refused; an old target is raised", () => {
    const metrics = (resource: Fields) => ({ spec: { metrics: [{ type: "Resource", resource }] } });
    expect(refused(api, metrics({ name: "cpu" }))).toMatch(/metrics\[0\]\.resource needs exactly one/);
    expect(
      refused(api, metrics({ name: "cpu", targetAverageUtilization: 1, targetAverageValue: "1" })),
    ).toMatch(/exactly one/);
    const target = (apiVersion: string) => ({
      spec: { scaleTargetRef: { apiVersion, kind: "Deployment", name: "d" } },
    });
    for (const version of ["autoscaling/v2beta1", "autoscaling/v2beta2"])
      expect(raised(`${version} HorizontalPodAutoscaler`, target("extensions/v1beta1"))).toMatchObject(
        target("apps/v1"),
      );
  });
});

describe("webhooks", () => {
  const api = "admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration";
  const webhook = { name: "a.b.example.com", sideEffects: "None" };
  test("the old defaults are written out, what is said is kept", () => {
    const defaults = {
      failurePolicy: "Ignore",
      matchPolicy: "Exact",
      timeoutSeconds: 30,
      admissionReviewVersions: ["v1beta1"],
    };
    expect(
      raised(api, { webhooks: [webhook, { ...webhook, name: "c.d.example.com", failurePolicy: "Fail" }] })
        .webhooks,
    ).toEqual([
      { ...webhook, ...defaults },
      { ...webhook, ...defaults, name: "c.d.example.com", failurePolicy: "Fail" },
    ]);
  });
  test.each<[string, Fields[], RegExp]>([
    ["side effects not said", [{ name: "a.b.c" }], /webhooks\[0\]\.sideEffects.*not said/],
    ["unknown side effects", [{ ...webhook, sideEffects: "Unknown" }], /Unknown/],
    ["a short name", [{ ...webhook, name: "a.b" }], /three parts/],
    ["a name twice", [webhook, webhook], /webhooks\[1\]\.name stands twice/],
  ])("refused: %s", (_name, webhooks, reason) => {
    expect(refused(api, { webhooks })).toMatch(reason);
  });
});

describe("CustomResourceDefinition", () => {
  const api = "apiextensions.k8s.io/v1beta1 CustomResourceDefinition";
  const definition = (schema: unknown, rest: Fields = {}) => ({
    spec: {
      group: "example.com",
      scope: "Cluster",
      version: "v1",
      validation: { openAPIV3Schema: schema },
      ...rest,
    },
  });
  const schemaOf = (schema: unknown, rest: Fields = {}) => {
    const { versions } = raised(api, definition(schema, rest)).spec as {
      versions: { schema: { openAPIV3Schema: unknown } }[];
    };
    return versions[0]!.schema.openAPIV3Schema;
  };
  const keep = { "x-kubernetes-preserve-unknown-fields": true };

  test("unknown fields are kept at every level, as they were by default", () => {
    const schema = { properties: { spec: { type: "object", properties: { a: { type: "string" }, b: {} } } } };
    expect(schemaOf(schema)).toEqual({
      type: "object",
      ...keep,
      properties: { spec: { type: "object", ...keep, properties: { a: { type: "string" }, b: keep } } },
    });
  });

  test("a structural schema that drops unknown fields stays", () => {
    const schema = { type: "object", properties: { a: { type: "array", items: { type: "integer" } } } };
    expect(schemaOf(schema, { preserveUnknownFields: false })).toEqual(schema);
  });

  test("status is dropped, what stood beside the versions goes into each", () => {
    const columns = [{ name: "A", type: "string", JSONPath: ".a" }];
    const versions = [
      { name: "v1" },
      { name: "v2", additionalPrinterColumns: [{ name: "B", type: "string", JSONPath: ".b" }] },
    ];
    const spec = {
      group: "example.com",
      versions,
      version: "v1",
      additionalPrinterColumns: columns,
      subresources: { status: {} },
    };
    const schema = { openAPIV3Schema: { type: "object", ...keep } };
    expect(raised(api, { spec, status: {} })).toEqual(
      object("apiextensions.k8s.io/v1 CustomResourceDefinition", {
        spec: {
          group: "example.com",
          scope: "Namespaced",
          versions: [
            {
              name: "v1",
              schema,
              subresources: { status: {} },
              additionalPrinterColumns: [{ name: "A", type: "string", jsonPath: ".a" }],
            },
            {
              name: "v2",
              schema,
              subresources: { status: {} },
              additionalPrinterColumns: [{ name: "B", type: "string", jsonPath: ".b" }],
            },
          ],
        },
      }),
    );
  });

  test.each<[string, unknown, Fields, RegExp]>([
    [
      "no type where unknown fields are dropped",
      { properties: { a: {} } },
      { preserveUnknownFields: false },
      /properties\[a\] has no type/,
    ],
    ["a reference", { properties: { a: { $ref: "#/b" } } }, {}, /\$ref/],
    [
      "a type inside an alternative",
      { properties: { a: { type: "string", anyOf: [{ type: "string" }] } } },
      {},
      /anyOf\[0\] has type/,
    ],
    [
      "an alternative with a field of its own",
      { anyOf: [{ properties: { a: { minimum: 1 } } }] },
      {},
      /not among the properties outside/,
    ],
    [
      "properties of metadata",
      { properties: { metadata: { type: "object", properties: { labels: {} } } } },
      {},
      /name and generateName/,
    ],
    [
      "both kinds of members",
      { properties: { a: { type: "object", properties: {}, additionalProperties: true } } },
      {},
      /both/,
    ],
    ["a list of items", { properties: { a: { type: "array", items: [{}] } } }, {}, /list of schemas/],
    ["unique items", { properties: { a: { type: "array", uniqueItems: true } } }, {}, /uniqueItems/],
    ["another root", { type: "array" }, {}, /must be object/],
    ["a community's group", {}, { group: "a.k8s.io" }, /api-approved/],
    ["no version", {}, { version: undefined }, /name a version/],
  ])("refused: %s", (_name, schema, rest, reason) => {
    expect(refused(api, definition(schema, rest))).toMatch(reason);
  });
});

test("EndpointSlice: the zone and the node's name have fields; the rest is refused", () => {
  const api = "discovery.k8s.io/v1beta1 EndpointSlice";
  const topology = { "topology.kubernetes.io/zone": "z", "kubernetes.io/hostname": "n" };
  expect(raised(api, { endpoints: [{ addresses: ["10.0.0.1"], topology }] }).endpoints).toEqual([
    { addresses: ["10.0.0.1"], zone: "z", nodeName: "n" },
  ]);
  expect(refused(api, { endpoints: [{ nodeName: "m", topology }] })).toMatch(/not its nodeName/);
  expect(refused(api, { endpoints: [{ topology: { "topology.kubernetes.io/region": "r" } }] })).toMatch(
    /region/,
  );
});

test("gone without a successor: what to use instead is said", () => {
  expect(refused("policy/v1beta1 PodSecurityPolicy")).toMatch(/pod-security\.kubernetes\.io/);
  expect(
    refused("certificates.k8s.io/v1beta1 CertificateSigningRequest", { spec: { usages: ["any"] } }),
  ).toMatch(/signerName/);
});

describe("cert-manager before 0.11", () => {
  test("Issuer: solvers are kept, providers have other names", () => {
    const spec = {
      acme: { email: "a@example.com", solvers: [{ dns01: { clouddns: { project: "p" } } }, { http01: {} }] },
    };
    const metadata = { name: "x", annotations: { "certmanager.k8s.io/a": "1", b: "2" } };
    expect(raised("certmanager.k8s.io/v1alpha1 ClusterIssuer", { metadata, spec, status: {} })).toEqual({
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { name: "x", annotations: { "cert-manager.io/a": "1", b: "2" } },
      spec: {
        acme: {
          email: "a@example.com",
          solvers: [{ dns01: { cloudDNS: { project: "p" } } }, { http01: {} }],
        },
      },
    });
    expect(refused("certmanager.k8s.io/v1alpha1 Issuer", { spec: { acme: { http01: {} } } })).toMatch(
      /solvers/,
    );
  });

  test("Certificate: the key has a mapping, and is kept on renewal", () => {
    const spec = {
      secretName: "s",
      organization: ["o"],
      keyAlgorithm: "ecdsa",
      keySize: 256,
      uriSANs: ["u:1"],
    };
    expect(raised("certmanager.k8s.io/v1alpha1 Certificate", { spec }).spec).toEqual({
      secretName: "s",
      subject: { organizations: ["o"] },
      uris: ["u:1"],
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
    });
    expect(refused("certmanager.k8s.io/v1alpha1 Certificate", { spec: { acme: {} } })).toMatch(/issuer/);
  });
});

test("any JSON in any old object: an answer, never an exception; what is raised is not raised again", () => {
  const apis = retiredApiLives().map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  const fields = fc.constantFrom("spec", "metadata", "webhooks", "subjects", "endpoints", "status");
  const inner = fc.constantFrom(
    "template",
    "selector",
    "rules",
    "metrics",
    "backend",
    "strategy",
    "validation",
    "versions",
    "acme",
    "labels",
  );
  const values = fc.dictionary(
    fields,
    fc.oneof(
      fc.jsonValue(),
      fc.dictionary(inner, fc.jsonValue()),
      fc.array(fc.dictionary(inner, fc.jsonValue())),
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(
        ...apis,
        "certmanager.k8s.io/v1alpha1 Issuer",
        "certmanager.k8s.io/v1alpha1 Certificate",
      ),
      values,
      (api, rest) => {
        const before = object(api, rest);
        const answer = raise(before, { kubernetes: "1.36" });
        if (!answer?.ok) return;
        const after = applyJsonPatch(before, answer.patch);
        expect(after.ok && raise(after.value, { kubernetes: "1.36" })).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});
