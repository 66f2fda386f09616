import { expect, test } from "vitest";
import { noDuplicateRoute } from "./no-duplicate-route.ts";
import { found, object } from "./references/sets.test-support.ts";

const ingress = (where: string, host: string, path = "/", extra: object = {}, annotations: object = {}) => {
  const made = object("networking.k8s.io/v1", "Ingress", where, {
    spec: { rules: [{ host, http: { paths: [{ path, pathType: "Prefix" }] } }], ...extra },
  });
  return { ...made, metadata: { ...made.metadata, annotations: annotations as Record<string, string> } };
};
const first = ingress("a", "x.example.org");

test("other hosts, other paths, other classes, canaries", () => {
  for (const other of [
    ingress("b", "y.example.org"),
    ingress("b", "x.example.org", "/b"),
    ingress("b", "x.example.org", "/", { ingressClassName: "internal" }),
    ingress("b", "x.example.org", "/", {}, { "nginx.ingress.kubernetes.io/canary": "true" }),
  ])
    expect(found(noDuplicateRoute, [first, other])).toEqual([]);
});

test("one route twice, in any namespaces", () => {
  expect(noDuplicateRoute.check({ resources: [first, ingress("dev/a", "x.example.org")] })).toMatchObject([
    {
      severity: "warning",
      path: "spec.rules[0].http.paths[0]",
      message: "Ingress dev/a: x.example.org/ is taken by Ingress prod/a too",
      related: [{ subject: { namespace: "prod", name: "a" } }],
    },
  ]);
});

test("an object that is there twice is another rule's", () => {
  expect(found(noDuplicateRoute, [first, first])).toEqual([]);
});
