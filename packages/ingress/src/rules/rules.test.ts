import type { Inventory, Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { app, GROUND, ingress, together, yamlSet } from "../routes/sets.test-support.ts";
import { ingressRules } from "./index.ts";

const NGINX = "nginx.ingress.kubernetes.io/";
const PROXY = "example/oauth2-proxy:7";
const A = "h.example.test / Prefix a 80";
const TLS = "tls: [{ hosts: [h.example.test], secretName: t }]";
const PLAIN = GROUND.split("---")[0]!;

const CLASS =
  "ingress/no-retired-controller warning spec.controller: IngressClass nginx is for ingress-nginx, which is retired since March 2026: no fixes, not even for security";

/** What all rules find: `code severity path: message`; but for the class that every set here stands on. */
function found(set: string, more: Partial<Inventory> = {}): string[] {
  return allFound(set, more).filter((line) => line !== CLASS);
}

function allFound(set: string, more: Partial<Inventory> = {}): string[] {
  return ingressRules
    .flatMap((rule) => rule.check({ resources: yamlSet(set).resources, ...more }))
    .map(({ code, severity, path, message }) => `${code} ${severity} ${path}: ${message}`);
}

/** One rule's findings, which have to be all there are. */
function only(code: string, set: string, more: Partial<Inventory> = {}): string[] {
  const all = found(set, more);
  expect(all.filter((line) => !line.startsWith(`ingress/${code} `))).toEqual([]);
  return all.map((line) => line.slice(`ingress/${code} `.length));
}

test("a right set", () => {
  const annotations = { "cert-manager.io/cluster-issuer": "letsencrypt" };
  expect(
    found(together(GROUND, app("a"), ingress("i", [A], { annotations, spec: TLS })), { whole: true }),
  ).toEqual([]);
});

describe("no-tls-mismatch", () => {
  test("a host that the entries leave out", () => {
    const set = together(PLAIN, app("a"), ingress("i", [A, "g.example.test / Prefix a 80"], { spec: TLS }));
    expect(only("no-tls-mismatch", set)).toEqual([
      'warning spec.rules[1].host: Ingress default/i: no entry of tls names host "g.example.test"; they name h.example.test: the edge shows a certificate of its own',
    ]);
  });
  test("not where a wildcard, an entry without hosts or another Ingress covers it", () => {
    const rules = [A, "g.example.test / Prefix a 80"];
    for (const spec of ['tls: [{ hosts: ["*.example.test"], secretName: t }]', "tls: [{ secretName: t }]"])
      expect(found(together(PLAIN, app("a"), ingress("i", rules, { spec })))).toEqual([]);
    const other = ingress("j", ["g.example.test /x Prefix a 80"], {
      spec: "tls: [{ hosts: [g.example.test], secretName: g }]",
    });
    expect(found(together(PLAIN, app("a"), ingress("i", rules, { spec: TLS }), other))).toEqual([]);
  });
});

describe("require-tls", () => {
  test("where an issuer is there, or a login stands before it", () => {
    expect(only("require-tls", together(GROUND, app("a"), ingress("i", [A])))).toEqual([
      'warning spec: Ingress default/i: host "h.example.test" has no TLS: requests and answers go over the net in plain text',
    ]);
    const annotations = { [`${NGINX}auth-url`]: "https://login.example.test/auth" };
    expect(only("require-tls", together(PLAIN, app("a"), ingress("i", [A], { annotations })))).toEqual([
      'warning spec: Ingress default/i: host "h.example.test" has no TLS: the cookies of its login go over the net in plain text',
    ]);
    expect(found(together(PLAIN, app("a"), ingress("i", [A])))).toEqual([]);
  });
  test("not of what is there as a patch", () => {
    const set = together(GROUND, app("a"), ingress("i", [A]));
    const partial = [
      { apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace: "default", name: "i" },
    ];
    expect(found(set, { partial })).toEqual([]);
  });
});

describe("no-protocol-mismatch", () => {
  const ask = (target: string, protocol?: string) => {
    const annotations = protocol === undefined ? {} : { [`${NGINX}backend-protocol`]: protocol };
    const service = app("a", 443).replace("targetPort: 8080", `targetPort: ${target}`);
    return only(
      "no-protocol-mismatch",
      together(PLAIN, service, ingress("i", ["h.example.test / Prefix a 443"], { annotations })),
    );
  };
  test.each([
    [
      "8443",
      undefined,
      "warning spec.rules[0].http.paths[0]: Ingress default/i: port 443 of Service default/a speaks TLS (target port 8443), and the controller speaks plain HTTP to it",
    ],
    [
      "https",
      "HTTP",
      "warning spec.rules[0].http.paths[0]: Ingress default/i: port 443 of Service default/a speaks TLS (target port https), and the controller speaks plain HTTP to it",
    ],
    [
      "8080",
      "HTTPS",
      "warning metadata.annotations[nginx.ingress.kubernetes.io/backend-protocol]: Ingress default/i: port 443 of Service default/a speaks plain HTTP (target port 8080), and the controller speaks TLS to it",
    ],
    ["5601", undefined, undefined],
    ["8443", "HTTPS", undefined],
    ["8443, appProtocol: http", undefined, undefined],
  ])("target port %s, protocol %s", (target, protocol, expected) => {
    expect(ask(target, protocol)).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe("annotations", () => {
  const ask = (key: string, value: string) =>
    found(together(PLAIN, app("a"), ingress("i", [A], { annotations: { [key]: value } })));
  test.each([
    [`${NGINX}configuration-snippet`, "x", "ingress/no-snippet-annotation warning"],
    [`${NGINX}mirror-target`, "http://m.example.test/#;}\n}", "ingress/no-config-injection error"],
    [`${NGINX}auth-tls-match-cn`, "CN=abc #(\n){}", "ingress/no-config-injection error"],
    [`${NGINX}permanent-redirect`, 'https://x/";}', "ingress/no-config-injection error"],
    ["ingress.kubernetes.io/ssl-redirect", "true", "ingress/no-ignored-annotation warning"],
    ["certmanager.k8s.io/cluster-issuer", "letsencrypt", "ingress/no-ignored-annotation warning"],
  ])("%s", (key, value, expected) => {
    const lines = ask(key, value);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${expected} metadata.annotations[${key}]: Ingress default/i`);
  });
  test.each([
    [`${NGINX}mirror-target`, "https://m.example.test/$request_uri"],
    [`${NGINX}permanent-redirect`, `https://x.example.test/$${"{uri}"}?a=b&c=%20`],
    [`${NGINX}rewrite-target`, "/$1/(x)"],
    [`${NGINX}auth-tls-match-cn`, "CN=^(abc|d{2})\\.example$"],
    [`${NGINX}proxy-body-size`, "1G"],
  ])("right: %s %s", (key, value) => {
    expect(ask(key, value)).toEqual([]);
  });
  test("the fix renames an issuer's annotation, and never overwrites", () => {
    const fixOf = (annotations: Record<string, string>) => {
      const { resources } = yamlSet(ingress("i", [A], { annotations }));
      return ingressRules.flatMap((rule) => rule.check({ resources })).map(({ fix }) => fix);
    };
    const old = { "certmanager.k8s.io/cluster-issuer": "x" };
    expect(fixOf(old)).toEqual([
      [
        { op: "remove", path: "/metadata/annotations/certmanager.k8s.io~1cluster-issuer" },
        { op: "add", path: "/metadata/annotations/cert-manager.io~1cluster-issuer", value: "x" },
      ],
    ]);
    expect(fixOf({ ...old, "cert-manager.io/cluster-issuer": "y" })).toEqual([undefined]);
  });
});

test("no-retired-controller: said once, by the image", () => {
  const image = "registry.example.test/ingress-nginx/controller:v1.15.1";
  const set = together(PLAIN, app("a", 80, "", [], image), app("b", 80, "", [], image));
  expect(only("no-retired-controller", set)).toEqual([
    "warning spec.template.spec.containers[0].image: Deployment default/a runs ingress-nginx, which is retired since March 2026: no fixes, not even for security",
  ]);
  for (const other of [
    "example/traefik:v3",
    "example/controller:v1",
    "cgr.dev/chainguard/ingress-nginx-controller:1",
  ])
    expect(found(together(PLAIN, app("a", 80, "", [], other)))).toEqual([]);
});

test("no-retired-controller: by a class, unless somebody else's controller serves it", () => {
  expect(allFound(PLAIN)).toEqual([CLASS]);
  expect(allFound(PLAIN.replace("k8s.io/ingress-nginx", "traefik.io/ingress-controller"))).toEqual([]);
  for (const [image, said] of [
    ["example/traefik:v3", []],
    ["cgr.dev/chainguard/ingress-nginx-controller:1", []],
    ["example/web:v1", [CLASS]],
  ] as const)
    expect(allFound(together(PLAIN, app("a", 80, "", [], image)))).toEqual(said);
});

describe("no-small-proxy-buffer", () => {
  const config = (data: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ingress-nginx-controller }\ndata: ${data}`;
  const annotations = (size?: string) => (size === undefined ? {} : { [`${NGINX}proxy-buffer-size`]: size });
  const ask = (data: string | undefined, size?: string) =>
    only(
      "no-small-proxy-buffer",
      together(
        PLAIN,
        app("b"),
        app("a", 80, "", ["--upstream=http://b"], PROXY),
        ingress("i", [A], {
          annotations: annotations(size),
          spec: "tls: [{ hosts: [h.example.test], secretName: t }]",
        }),
        ...(data === undefined ? [] : [config(data)]),
      ),
    ).length;
  test.each([
    ["the default", "{}", undefined, 1],
    ["a small one in the ConfigMap", "{ proxy-buffer-size: 4k }", undefined, 1],
    ["a small one of its own", "{ proxy-buffer-size: 64k }", "2k", 1],
    ["a large one in the ConfigMap", "{ proxy-buffer-size: 64k }", undefined, 0],
    ["a large one of its own", "{}", "16k", 0],
    ["a ConfigMap that is not there", undefined, undefined, 0],
  ])("%s", (_, data, size, expected) => {
    expect(ask(data, size)).toBe(expected);
  });
});

describe("valid-cookie-secret", () => {
  const ask = (args: readonly string[], image = PROXY, ...more: string[]) =>
    only("valid-cookie-secret", together(app("a", 80, "", ["--upstream=http://a", ...args], image), ...more));
  test.each([
    ["a".repeat(16), true],
    ["a".repeat(32), true],
    ["a".repeat(20), false],
    [Buffer.alloc(32, 251).toString("base64url"), true],
    // Plain base64 with + is taken as it is: 44 bytes.
    [Buffer.alloc(32, 251).toString("base64"), false],
    ["ä".repeat(8), true],
    ["$(COOKIE)", true],
  ])("oauth2-proxy, %s: %s", (secret, isRight) => {
    const lines = ask([`--cookie-secret=${secret}`]);
    expect(lines).toHaveLength(isRight ? 0 : 1);
    for (const line of lines) expect(line).not.toContain(secret);
  });
  test("from a Secret of the set", () => {
    const env =
      "env: [{ name: OAUTH2_PROXY_COOKIE_SECRET, valueFrom: { secretKeyRef: { name: s, key: cookie } } }]";
    const set = (value: string) =>
      together(
        app("a", 80, "", [], PROXY).replace("args: []", env),
        `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: { cookie: ${value} }`,
      );
    expect(only("valid-cookie-secret", set(Buffer.alloc(32, 7).toString("base64")))).toEqual([]);
    expect(only("valid-cookie-secret", set(Buffer.alloc(10, 200).toString("base64")))).toEqual([
      "error spec.template.spec.containers[0]: Deployment default/a: the cookie-secret of oauth2-proxy has 10 bytes, expected 16, 24 or 32: it does not start",
    ]);
  });
  test("the encryption key of gogatekeeper", () => {
    const image = "example/gatekeeper:3";
    expect(ask([`--encryption-key=${"a".repeat(24)}`], image)).toHaveLength(1);
    expect(ask([`--encryption-key=${"a".repeat(32)}`], image)).toEqual([]);
  });
});

describe("valid-gateway-route", () => {
  const API = "apiVersion: gateway.networking.k8s.io/v1";
  const edge = (listener: string) =>
    `${API}\nkind: Gateway\nmetadata: { name: edge }\nspec: { gatewayClassName: any, listeners: [{ name: http, port: 80, protocol: HTTP, ${listener} }] }`;
  const route = (parent: string, more = "", namespace = "default") =>
    `${API}\nkind: HTTPRoute\nmetadata: { name: r, namespace: ${namespace} }\nspec: { parentRefs: [{ name: edge, namespace: default, ${parent} }], ${more} rules: [] }`;
  const ask = (...texts: string[]) =>
    only("valid-gateway-route", together(...texts)).map((line) =>
      line.replace(/: HTTPRoute.*\((\w+)\).*/, " $1"),
    );
  test.each([
    ["another section", edge(""), route("sectionName: https"), "error spec.parentRefs[0] NoMatchingParent"],
    ["another port", edge(""), route("port: 81"), "error spec.parentRefs[0] NoMatchingParent"],
    ["another namespace", edge(""), route("", "", "dev"), "error spec.parentRefs[0] NotAllowedByListeners"],
    [
      "another host",
      edge("hostname: a.test"),
      route("", "hostnames: [b.test],"),
      "error spec.parentRefs[0] NoMatchingListenerHostname",
    ],
    ["a right one", edge("hostname: '*.test'"), route("", "hostnames: [b.test],"), undefined],
    ["a Gateway that is elsewhere", "", route(""), undefined],
  ])("%s", (_, gateway, one, expected) => {
    expect(ask(...[gateway, one].filter((text) => text !== ""))).toEqual(
      expected === undefined ? [] : [expected],
    );
  });
  test("a Gateway that is not there, where the set is whole", () => {
    const resources = yamlSet(route("")).resources as Resource[];
    const rule = ingressRules[0]!;
    expect(rule.check({ resources, whole: true }).map(({ message }) => message)).toEqual([
      "HTTPRoute default/r: Gateway default/edge is not there: nothing serves the route",
    ]);
    expect(rule.check({ resources, whole: true, assume: ["default/Gateway/edge"] })).toEqual([]);
  });
  test("references into another namespace", () => {
    const backend = route("").replace(
      "rules: []",
      "rules: [{ backendRefs: [{ name: a, namespace: dev, port: 80 }] }]",
    );
    expect(ask(edge(""), backend)).toEqual(["warning spec.rules[0].backendRefs[0] RefNotPermitted"]);
    const grant = `${API}\nkind: ReferenceGrant\nmetadata: { name: g, namespace: dev }\nspec: { from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default }], to: [{ group: "", kind: Service, name: a }] }`;
    expect(ask(edge(""), backend, grant)).toEqual([]);
    expect(ask(edge(""), backend, grant.replace("name: a }", "name: b }"))).toHaveLength(1);
    const tls = edge("tls: { certificateRefs: [{ name: t, namespace: certs }] }");
    expect(only("valid-gateway-route", tls)).toHaveLength(1);
  });
});
