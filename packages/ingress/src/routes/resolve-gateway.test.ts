import { describe, expect, test } from "vitest";
import type { RoutesOptions } from "./model.ts";
import type { UrlParts } from "./request.ts";
import { resolveUrl } from "./resolve.ts";
import { app, together, yamlModel } from "./sets.test-support.ts";

const API = "apiVersion: gateway.networking.k8s.io/v1";
const CLASS = `${API}\nkind: GatewayClass\nmetadata: { name: any }\nspec: { controllerName: example.test/any }`;

function gateway(listeners: string, annotations = "{}"): string {
  return `${API}\nkind: Gateway\nmetadata: { name: edge, namespace: default, annotations: ${annotations} }\nspec: { gatewayClassName: any, listeners: [${listeners}] }`;
}

function route(rules: string, more = "", namespace = "default"): string {
  return `${API}\nkind: HTTPRoute\nmetadata: { name: r, namespace: ${namespace} }\nspec: { parentRefs: [{ name: edge, namespace: default }], ${more} rules: [${rules}] }`;
}

const HTTP = "{ name: http, port: 80, protocol: HTTP }";
const TO_A = "{ backendRefs: [{ name: a, port: 80 }] }";

function said(
  set: string,
  url: string | UrlParts = "http://h.example.test/",
  options?: RoutesOptions,
): string {
  const { outcome, text } = resolveUrl(yamlModel(set, options), url);
  return `${outcome}: ${text}`;
}

test("walks from the listener to the workload", () => {
  const verdict = resolveUrl(
    yamlModel(together(CLASS, gateway(HTTP), route(TO_A), app("a"))),
    "http://h.example.test/",
  );
  expect(verdict.steps.map(({ what, text }) => `${what}: ${text}`)).toEqual([
    "host: listener http ((every host), port 80) of Gateway default/edge",
    "route: HTTPRoute default/r: path /",
    "service: Service default/a",
    "port: target port 8080",
    "workload: Deployment default/a",
  ]);
});

test("a GatewayClass that is not there", () => {
  const set = together(gateway(HTTP), route(TO_A), app("a"));
  expect(said(set)).toBe("unknown: not known: GatewayClass any is not in the set");
  expect(said(set, undefined, { gatewayClass: "any" })).toMatch(/^served/);
});

describe("listeners", () => {
  const own = (listener: string, more: readonly string[] = []) =>
    together(
      CLASS,
      gateway(listener),
      route(TO_A, "", "dev"),
      app("a").replaceAll("namespace: default", "namespace: dev"),
      ...more,
    );
  const from = (namespaces: string) =>
    `{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: ${namespaces} } }`;
  const labelled = "apiVersion: v1\nkind: Namespace\nmetadata: { name: dev, labels: { team: a } }";
  test.each([
    ["its own namespace alone", HTTP, [], /^not-found/],
    ["all", from("{ from: All }"), [], /^served/],
    [
      "a selector, the labels not known",
      from("{ from: Selector, selector: { matchLabels: { team: a } } }"),
      [],
      /^unknown: .*labels of namespace dev/,
    ],
    [
      "a selector that matches",
      from("{ from: Selector, selector: { matchLabels: { team: a } } }"),
      [labelled],
      /^served/,
    ],
    [
      "a selector that does not",
      from("{ from: Selector, selector: { matchLabels: { team: b } } }"),
      [labelled],
      /^not-found/,
    ],
    [
      "a selector by name",
      from("{ from: Selector, selector: { matchLabels: { kubernetes.io/metadata.name: dev } } }"),
      [],
      /^served/,
    ],
    [
      "another kind",
      "{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All }, kinds: [{ kind: GRPCRoute }] } }",
      [],
      /^not-found/,
    ],
  ])("%s", (_, listener, more, expected) => {
    expect(said(own(listener, more))).toMatch(expected);
  });

  test("another port than the listener's", () => {
    const set = together(CLASS, gateway("{ name: http, port: 8080, protocol: HTTP }"), route(TO_A), app("a"));
    expect(said(set)).toBe("not-found: no route is for http://h.example.test");
    expect(said(set, "http://h.example.test:8080/")).toMatch(/^served/);
  });

  test("a ListenerSet, where the Gateway allows it", () => {
    const listenerSet = `${API}\nkind: ListenerSet\nmetadata: { name: more, namespace: default }\nspec: { parentRef: { name: edge }, listeners: [{ name: more, port: 80, protocol: HTTP }] }`;
    const byParent = route(TO_A).replace("{ name: edge,", "{ kind: ListenerSet, name: more,");
    const edge = gateway("{ name: http, port: 8080, protocol: HTTP }");
    expect(said(together(CLASS, edge, listenerSet, byParent, app("a")))).toMatch(/^not-found/);
    const open = edge.replace(
      "gatewayClassName: any,",
      "gatewayClassName: any, allowedListeners: { namespaces: { from: Same } },",
    );
    expect(said(together(CLASS, open, listenerSet, byParent, app("a")))).toMatch(/^served/);
  });
});

describe("certificates", () => {
  const https = (ref: string) =>
    `{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [${ref}] } }`;
  const secret = (namespace: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: { name: t, namespace: ${namespace} }\ntype: kubernetes.io/tls`;
  const grant =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: { name: g, namespace: certs }\nspec: { from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: default }], to: [{ group: '', kind: Secret }] }";
  const ask = (ref: string, ...more: string[]) =>
    said(together(CLASS, gateway(https(ref)), route(TO_A), app("a"), ...more), "https://h.example.test/");
  test("in the Gateway's namespace, and in another with a grant", () => {
    expect(ask("{ name: t }", secret("default"))).toMatch(/^served/);
    expect(ask("{ name: t }")).toMatch(/^unknown: .*Secret default\/t is not in the set/);
    expect(ask("{ name: t, namespace: certs }", secret("certs"))).toMatch(/^broken: .*RefNotPermitted/);
    expect(ask("{ name: t, namespace: certs }", secret("certs"), grant)).toMatch(/^served/);
  });
  test("a Secret without a certificate in it", () => {
    expect(ask("{ name: t }", `${secret("default")}\ndata: { tls.crt: "" }`)).toMatch(
      /^broken: .*no tls.crt/,
    );
  });
});

describe("rules", () => {
  const ask = (rule: string, url: string | UrlParts = "http://h.example.test/", ...more: string[]) =>
    said(together(CLASS, gateway(HTTP), route(rule), app("a"), app("b"), ...more), url);
  test.each([
    [
      "weights: the heaviest is named",
      "{ backendRefs: [{ name: a, port: 80, weight: 1 }, { name: b, port: 80, weight: 3 }] }",
      "served: default/b:80 answers",
    ],
    [
      "weight 0 is left out",
      "{ backendRefs: [{ name: nobody, port: 80, weight: 0 }, { name: b, port: 80 }] }",
      "served: default/b:80 answers",
    ],
    [
      "every weight 0",
      "{ backendRefs: [{ name: a, port: 80, weight: 0 }] }",
      "broken: every backend has weight 0: requests get 500",
    ],
    ["no backend", "{ }", "broken: the rule has no backend: requests get 500"],
    [
      "another namespace without a grant",
      "{ backendRefs: [{ name: a, namespace: dev, port: 80 }] }",
      "broken: Service dev/a may not be used (RefNotPermitted), so requests get 500: write a ReferenceGrant in namespace dev from HTTPRoute of namespace default to Service a",
    ],
    [
      "a redirect",
      "{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }] }",
      "redirect: redirects to https://h.example.test/",
    ],
    [
      "a filter of the implementation's own",
      "{ filters: [{ type: ExtensionRef, extensionRef: { name: x } }], backendRefs: [{ name: a, port: 80 }] }",
      "unknown: not known: what the filter ExtensionRef does is not in the set",
    ],
    [
      "external authentication",
      "{ filters: [{ type: ExternalAuth, externalAuth: { backendRef: { name: sso } } }], backendRefs: [{ name: a, port: 80 }] }",
      "login: default/a:80 answers after a login",
    ],
    [
      "a regular expression",
      "{ matches: [{ path: { type: RegularExpression, value: /a.* } }], backendRefs: [{ name: a, port: 80 }] }",
      "unknown: not known: the path /a.* is a regular expression, whose precedence is left open",
    ],
  ])("%s", (_, rule, expected) => {
    expect(ask(rule)).toBe(expected);
  });

  test("shares of the requests", () => {
    const rule = "{ backendRefs: [{ name: a, port: 80, weight: 1 }, { name: b, port: 80, weight: 3 }] }";
    const { backends } = resolveUrl(
      yamlModel(together(CLASS, gateway(HTTP), route(rule), app("a"), app("b"))),
      "http://h.example.test/",
    );
    expect(backends.map(({ service, share }) => [service.name, share])).toEqual([
      ["a", 0.25],
      ["b", 0.75],
    ]);
  });

  test("a login before a part of the requests is none", () => {
    const image = "example/oauth2-proxy:7";
    const rule = "{ backendRefs: [{ name: p, port: 80 }, { name: b, port: 80 }] }";
    expect(ask(rule, undefined, app("p", 80, "", ["--upstream=http://a"], image))).toMatch(
      /^unknown: .*some of the requests/,
    );
  });

  test("headers, query and method", () => {
    const rule =
      "{ matches: [{ method: POST, headers: [{ name: X-A, value: '1' }], queryParams: [{ name: q, value: '2' }] }], backendRefs: [{ name: a, port: 80 }] }";
    const url = {
      scheme: "http",
      host: "h.example.test",
      path: "/?q=2",
      method: "post",
      headers: { "x-a": "1" },
    } as const;
    expect(ask(rule, url)).toMatch(/^served/);
    for (const wrong of [{ method: "GET" }, { headers: {} }, { path: "/?q=3" }])
      expect(ask(rule, { ...url, ...wrong })).toMatch(/^not-found/);
  });
});

test("a host that a TLSRoute of the Gateway may be for is not known", () => {
  const tls = `${API}\nkind: TLSRoute\nmetadata: { name: t, namespace: default }\nspec: { parentRefs: [{ name: edge }], hostnames: ["*.example.test"], rules: [] }`;
  const set = together(
    CLASS,
    gateway("{ name: x, port: 443, protocol: HTTPS, hostname: '*.example.test' }"),
    tls,
  );
  expect(said(set, "https://h.example.test/")).toMatch(/^unknown: .*TLSRoute default\/t/);
});
