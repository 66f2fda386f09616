import { expect, test } from "vitest";
import { authProxyOf } from "./auth-proxy.ts";
import { coversLabels, coversOneLabel, intersection } from "./hosts.ts";
import { proxyGuard } from "./proxy-guard.ts";
import { isGranted } from "./reference-grants.ts";
import { readRequest } from "./request.ts";
import { resolveUrl } from "./resolve.ts";
import { routeSet } from "./route-set.ts";
import { app, GROUND, ingress, together, yamlModel, yamlSet } from "./sets.test-support.ts";
import { workloadsOf } from "./workloads.ts";

const API = "apiVersion: gateway.networking.k8s.io/v1";

test.each([
  ["a.test", "a.test", true, true],
  ["*.a.test", "b.a.test", true, true],
  ["*.a.test", "c.b.a.test", false, true],
  ["*.a.test", "a.test", false, false],
  ["*.a.test", ".a.test", false, false],
  ["", "a.test", true, true],
  ["b.test", "a.test", false, false],
])("%s is for %s: %s with Ingress, %s with the Gateway API", (rule, host, one, many) => {
  expect([coversOneLabel(rule, host), coversLabels(rule, host)]).toEqual([one, many]);
});

// The examples of HTTPRoute.spec.hostnames in the Gateway API's reference.
test.each([
  ["test.example.com", "", "test.example.com"],
  ["test.example.com", "test.example.com", "test.example.com"],
  ["test.example.com", "*.example.com", "test.example.com"],
  ["*.example.com", "*.example.com", "*.example.com"],
  ["*.example.com", "test.example.com", "test.example.com"],
  ["*.example.com", "foo.test.example.com", "foo.test.example.com"],
  ["*.example.com", "*.test.example.com", "*.test.example.com"],
  ["*.test.example.com", "*.example.com", "*.test.example.com"],
  ["*.example.com", "example.com", undefined],
  ["*.example.com", "test.example.net", undefined],
])("listener %s and route %s have %s in common", (listener, route, expected) => {
  expect(intersection(listener, route)).toBe(expected);
});

test("of two HTTPRoutes that ask the same, the older answers, then the first by namespace and name", () => {
  const edge = `${API}\nkind: Gateway\nmetadata: { name: edge }\nspec: { gatewayClassName: any, listeners: [{ name: http, port: 80, protocol: HTTP }] }`;
  const route = (name: string, to: string, time = "") =>
    `${API}\nkind: HTTPRoute\nmetadata: { name: ${name}${time} }\nspec: { parentRefs: [{ name: edge }], rules: [{ backendRefs: [{ name: ${to}, port: 80 }] }] }`;
  const ask = (...routes: string[]) =>
    resolveUrl(
      yamlModel(together(edge, ...routes, app("a"), app("b")), { gatewayClass: "any" }),
      "http://h.test/",
    ).backend?.service.name;
  expect(ask(route("second", "b"), route("first", "a"))).toBe("a");
  const [old, young] = ['"2026-01-01T00:00:00Z"', '"2026-02-01T00:00:00Z"'].map(
    (time) => `, creationTimestamp: ${time}`,
  );
  expect(ask(route("first", "a", young), route("second", "b", old))).toBe("b");
});

test.each([
  ["the right one", "dev", "default", "HTTPRoute", "a", true],
  ["from another namespace", "dev", "other", "HTTPRoute", "a", false],
  ["of another kind", "dev", "default", "Gateway", "a", false],
  ["to another name", "dev", "default", "HTTPRoute", "b", false],
  ["in another namespace than the Service's", "prod", "default", "HTTPRoute", "a", false],
])("a ReferenceGrant: %s", (_, at, namespace, kind, name, expected) => {
  const grant = `${API}\nkind: ReferenceGrant\nmetadata: { name: g, namespace: ${at} }\nspec: { from: [{ group: gateway.networking.k8s.io, kind: ${kind}, namespace: ${namespace} }], to: [{ group: "", kind: Service, name: ${name} }] }`;
  const reference = {
    from: { kind: "HTTPRoute", namespace: "default" },
    to: { group: "", kind: "Service", namespace: "dev", name: "a" },
  } as const;
  expect(isGranted(routeSet(yamlSet(grant).resources), reference)).toBe(expected);
});

test("a canary shares the route of another Ingress and does not take it", () => {
  const annotations = {
    "nginx.ingress.kubernetes.io/canary": "true",
    "nginx.ingress.kubernetes.io/canary-weight": "10",
  };
  const rule = (to: string) => [`h.test / Prefix ${to} 80`];
  const set = together(
    GROUND,
    app("a"),
    app("b"),
    ingress("i", rule("a")),
    ingress("canary", rule("b"), { annotations }),
  );
  expect(resolveUrl(yamlModel(set), "http://h.test/").text).toBe("default/a:80 answers");
});

test("a target port by name is of the Service's protocol", () => {
  const service = app("a")
    .replace("targetPort: 8080", "targetPort: web")
    .replace("name: web,", "name: web, protocol: UDP,");
  const set = together(GROUND, service, ingress("i", ["h.test / Prefix a 80"]));
  expect(resolveUrl(yamlModel(set), "http://h.test/").outcome).toBe("broken");
});

test("of a proxy's resources the exact one counts before a longer pattern", () => {
  const args = [
    "--upstream-url=http://a",
    "--resources=uri=/a*|groups=x",
    "--resources=uri=/a|white-listed=true",
  ];
  const [workload] = workloadsOf(routeSet(yamlSet(app("p", 80, "", args, "example/gatekeeper:3")).resources));
  const ask = (path: string) => {
    const request = readRequest(`http://h.test${path}`);
    return typeof request === "string" ? request : proxyGuard(authProxyOf(workload!)!, request).does;
  };
  expect([ask("/a"), ask("/ab"), ask("/b")]).toEqual(["pass", "login", "login"]);
});

test("of several default classes the newest counts, and none where their age is not known", () => {
  const byDefault = (name: string, time: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: ${name}, annotations: { ingressclass.kubernetes.io/is-default-class: "true" }${time} }\nspec: { controller: k8s.io/ingress-nginx }`;
  const bare = ingress("i", ["h.test / Prefix a 80"]).replace("ingressClassName: nginx", "");
  const classOf = (...classes: string[]) =>
    yamlModel(together(...classes, bare, app("a"))).ingresses[0]?.edge.className;
  const [old, young] = ['"2026-01-01T00:00:00Z"', '"2026-02-01T00:00:00Z"'].map(
    (time) => `, creationTimestamp: ${time}`,
  );
  expect(classOf(byDefault("x1", old!), byDefault("x2", young!), byDefault("x3", old!))).toBe("x2");
  expect(classOf(byDefault("x1", ""), byDefault("x2", ""))).toBe("");
});

test("an edge that names the host answers, not one that takes every host", () => {
  const second = GROUND.split("---")[0]!.replace("name: nginx", "name: second");
  const all = ingress("all", ["* / Prefix b 80"]).replace("ClassName: nginx", "ClassName: second");
  const set = together(GROUND, second, app("a"), app("b"), ingress("i", ["h.test / Prefix a 80"]), all);
  expect(resolveUrl(yamlModel(set), "http://h.test/").text).toBe("default/a:80 answers");
  expect(resolveUrl(yamlModel(set), "http://g.test/").text).toBe("default/b:80 answers");
});

test("an old Ingress without pathType is ImplementationSpecific, its backend in the old form", () => {
  const old = `apiVersion: extensions/v1beta1
kind: Ingress
metadata: { name: i, annotations: { kubernetes.io/ingress.class: nginx } }
spec: { rules: [{ host: h.test, http: { paths: [{ path: /foo, backend: { serviceName: a, servicePort: 80 } }] } }] }`;
  expect(resolveUrl(yamlModel(together(GROUND, old, app("a"))), "http://h.test/foobar").text).toBe(
    "default/a:80 answers",
  );
});
