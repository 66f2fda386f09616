import { expect, test } from "vitest";
import { noRemovedApi } from "./no-removed-api.ts";
import { object } from "./references/sets.test-support.ts";

const check = (apiVersion: string, kind: string, kubernetes?: string) =>
  noRemovedApi
    .check({ resources: [object(apiVersion, kind, "x")], ...(kubernetes && { versions: { kubernetes } }) })
    .map((f) => `${f.severity} ${f.message} | ${f.hint}`);

test("removed: with the release, the replacement and the fields that move", () => {
  expect(check("extensions/v1beta1", "Ingress")).toEqual([
    "error Ingress prod/x: Kubernetes 1.36 does not serve extensions/v1beta1 Ingress: removed in 1.22 | write networking.k8s.io/v1: spec.backend becomes spec.defaultBackend; backend.serviceName becomes backend.service.name; backend.servicePort becomes backend.service.port.number, or .name for a name; pathType is required for each path (ImplementationSpecific is what it was)",
  ]);
  expect(check("batch/v1beta1", "CronJob")).toEqual([
    "error CronJob prod/x: Kubernetes 1.36 does not serve batch/v1beta1 CronJob: removed in 1.25 | write batch/v1",
  ]);
});

test("the target release decides", () => {
  expect(check("batch/v1beta1", "CronJob", "v1.24.9")[0]).toMatch(
    /^warning .* deprecated since 1.21 and will be removed in 1.25/,
  );
  expect(check("batch/v1beta1", "CronJob", "1.20")).toEqual([]);
  expect(check("batch/v1", "CronJob", "1.20")[0]).toMatch(
    /^error .* does not serve batch\/v1 CronJob yet: new in 1.21/,
  );
  expect(check("networking.k8s.io/v1", "Ingress")).toEqual([]);
  expect(check("v1", "Endpoints")[0]).toMatch(
    /^warning .* deprecated since 1.33 \| write discovery.k8s.io\/v1 EndpointSlice/,
  );
});

test("beta APIs since 1.24 and alpha APIs are served on demand", () => {
  expect(check("resource.k8s.io/v1beta1", "ResourceClaim")[0]).toMatch(
    /^warning .*--runtime-config=resource.k8s.io\/v1beta1=true/,
  );
  expect(check("policy/v1beta1", "PodDisruptionBudget", "1.20")).toEqual([]);
});

test("no successor", () => {
  expect(check("policy/v1beta1", "PodSecurityPolicy")[0]).toMatch(/^error .* \| label the Namespace instead/);
});

test("what is no version of Kubernetes", () => {
  expect(noRemovedApi.check({ resources: [], versions: { kubernetes: "latest" } })).toMatchObject([
    { severity: "error", hint: "write a minor version: 1.36" },
  ]);
});

test("custom resources are none of its business, but cert-manager's old versions are", () => {
  expect(check("example.org/v1alpha1", "Ingress")).toEqual([]);
  expect(check("certmanager.k8s.io/v1alpha1", "Issuer")[0]).toMatch(
    /^warning .* 0.11 and later .* \| write cert-manager.io\/v1: /,
  );
  expect(check("cert-manager.io/v1alpha2", "Certificate")[0]).toMatch(/\| write cert-manager.io\/v1$/);
  expect(check("certmanager.k8s.io/v1alpha1", "Order")[0]).toMatch(/\| write acme.cert-manager.io\/v1: /);
  expect(check("cert-manager.io/v1", "Certificate")).toEqual([]);
});

test("unless a CRD of the set serves them", () => {
  const crd = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "*/issuers.certmanager.k8s.io", {
    spec: {
      group: "certmanager.k8s.io",
      names: { kind: "Issuer" },
      versions: [{ name: "v1alpha1", served: true }],
    },
  });
  const issuer = object("certmanager.k8s.io/v1alpha1", "Issuer", "x");
  expect(noRemovedApi.check({ resources: [crd, issuer] })).toEqual([]);
});
