import { expect, test } from "vitest";
import { noMissingService } from "./no-missing-service.ts";
import { found, foundInWhole, object, service } from "./references/sets.test-support.ts";

const ingress = (backend: object, apiVersion = "networking.k8s.io/v1") =>
  object(apiVersion, "Ingress", "x", {
    spec: { rules: [{ host: "a.example.org", http: { paths: [{ path: "/", backend }] } }] },
  });
const web = service("web", { app: "web" }, { name: "http", port: 80 });
const AT = "spec.rules[0].http.paths[0].backend";

test("backends of Services and ports that are there", () => {
  for (const port of [{ number: 80 }, { name: "http" }])
    expect(foundInWhole(noMissingService, ingress({ service: { name: "web", port } }), web)).toEqual([]);
  for (const servicePort of [80, "http", "80"]) {
    const old = ingress({ serviceName: "web", servicePort }, "extensions/v1beta1");
    expect(foundInWhole(noMissingService, old, web)).toEqual([]);
  }
  expect(foundInWhole(noMissingService, ingress({ resource: { kind: "Bucket", name: "b" } }))).toEqual([]);
});

test("a Service that is not there", () => {
  const wrong = ingress({ service: { name: "wbe", port: { number: 80 } } });
  expect(noMissingService.check({ resources: [wrong, web], whole: true })).toMatchObject([
    { severity: "error", path: `${AT}.service.name`, hint: expect.stringContaining('did you mean "web"?') },
  ]);
  expect(found(noMissingService, [wrong])).toEqual([]);
  expect(found(noMissingService, [wrong, web])).toEqual([`warning ${AT}.service.name`]);
  const old = ingress({ serviceName: "wbe", servicePort: 80 }, "extensions/v1beta1");
  expect(foundInWhole(noMissingService, old)).toEqual([`error ${AT}.serviceName`]);
  const fallback = object("networking.k8s.io/v1", "Ingress", "x", {
    spec: { defaultBackend: { service: { name: "gone", port: { number: 1 } } } },
  });
  expect(foundInWhole(noMissingService, fallback)).toEqual(["error spec.defaultBackend.service.name"]);
});

test("a port that the Service lacks is certain in any set", () => {
  const byNumber = ingress({ service: { name: "web", port: { number: 8080 } } });
  expect(noMissingService.check({ resources: [byNumber, web] })).toMatchObject([
    { severity: "error", path: `${AT}.service.port.number`, hint: "its ports are 80 (http)" },
  ]);
  const byName = ingress({ service: { name: "web", port: { name: "htpp" } } });
  expect(noMissingService.check({ resources: [byName, web] })).toMatchObject([
    { path: `${AT}.service.port.name`, hint: 'did you mean "http"?' },
  ]);
  const external = object("v1", "Service", "web", { spec: { type: "ExternalName", externalName: "x.org" } });
  expect(found(noMissingService, [byNumber, external])).toEqual([]);
});

test("webhooks, aggregated APIs and conversion speak to port 443 unless they say otherwise", () => {
  const to = (extra = {}) => ({ service: { name: "web", namespace: "prod", ...extra } });
  const webhook = (kind: string, clientConfig: object) =>
    object("admissionregistration.k8s.io/v1", kind, "*/w", { webhooks: [{ name: "a.b.c", clientConfig }] });
  for (const kind of ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]) {
    expect(foundInWhole(noMissingService, webhook(kind, to({ port: 80 })), web)).toEqual([]);
    expect(foundInWhole(noMissingService, webhook(kind, to()), web)).toEqual([
      "error webhooks[0].clientConfig.service.port",
    ]);
    expect(foundInWhole(noMissingService, webhook(kind, { url: "https://x.example.org" }))).toEqual([]);
  }
  const api = object("apiregistration.k8s.io/v1", "APIService", "*/v1.x", { spec: to({ name: "gone" }) });
  expect(foundInWhole(noMissingService, api)).toEqual(["error spec.service.name"]);
  const crd = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "*/x", {
    spec: { conversion: { strategy: "Webhook", webhook: { clientConfig: to({ name: "gone" }) } } },
  });
  expect(foundInWhole(noMissingService, crd)).toEqual([
    "error spec.conversion.webhook.clientConfig.service.name",
  ]);
});

test("routes of the Gateway API", () => {
  const route = (ref: object) =>
    object("gateway.networking.k8s.io/v1", "HTTPRoute", "r", { spec: { rules: [{ backendRefs: [ref] }] } });
  expect(foundInWhole(noMissingService, route({ name: "web", port: 80 }), web)).toEqual([]);
  expect(foundInWhole(noMissingService, route({ name: "web", port: 81 }), web)).toEqual([
    "error spec.rules[0].backendRefs[0].port",
  ]);
  expect(foundInWhole(noMissingService, route({ name: "web", namespace: "dev", port: 80 }), web)).toEqual([
    "error spec.rules[0].backendRefs[0].name",
  ]);
  expect(foundInWhole(noMissingService, route({ kind: "Bucket", group: "x.io", name: "b" }))).toEqual([]);
});

test("the API server's own Service is there", () => {
  const backend = ingress({ service: { name: "kubernetes", port: { number: 443 } } });
  const inDefault = { ...backend, metadata: { name: "x", namespace: "default" } };
  expect(foundInWhole(noMissingService, inDefault)).toEqual([]);
});

test("the Service that gives the pods of a StatefulSet their names", () => {
  const db = (serviceName: string) =>
    object("apps/v1", "StatefulSet", "db", { spec: { serviceName, template: { spec: {} } } });
  expect(foundInWhole(noMissingService, db("web"), web)).toEqual([]);
  expect(foundInWhole(noMissingService, db("wbe"), web)).toEqual(["error spec.serviceName"]);
});
