import { join } from "node:path";
import { blockContract } from "@ashlar/core/testing";
import { describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { ingressRules } from "../rules/index.ts";
import { noSnippetAnnotation } from "../rules/no-snippet-annotation.ts";
import { apps, appsLosses } from "./apps.ts";
import type { AppsInput } from "./intent.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readCases<AppsInput>(CASES);

/** unsafeSnippets is asked for by name, and named by its rule: the one that is not silent. */
const RULES = ingressRules.filter((rule) => rule !== noSnippetAnnotation);

blockContract({ test }, { builder: apps, cases, rules: RULES });
goldenTests<AppsInput>(CASES, apps);

const one = (app: object, more: object = {}): AppsInput =>
  ({
    routes: "ingress",
    ...more,
    apps: { wiki: { host: "wiki.strix.kr", to: "dokuwiki.default:80", ...app } },
  }) as AppsInput;
const AUTH = {
  issuer: "https://iam.k8s.strix.kr/realms/master",
  clientId: "kubernetes",
  trustedProxies: ["10.0.0.0/16"],
  apiServer: [],
};
const loggedIn = (app: object, auth: object = {}, more: object = {}): AppsInput =>
  one(
    { login: "any", ...app },
    { auth: { ...AUTH, ...auth }, services: { "default/dokuwiki": { pods: { app: "wiki" } } }, ...more },
  );
const EDGE = { name: "edge", namespace: "edge", class: "traefik" };
const onGateway = (app: object, more: object = {}): AppsInput =>
  one(app, { routes: "gateway", gateway: EDGE, ...more });

test("one line gives host, TLS and route", () => {
  const { resources, claims } = apps(one({}));
  expect(resources).toEqual([
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        name: "wiki",
        namespace: "default",
        annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": "true" },
      },
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: ["wiki.strix.kr"], secretName: "wiki-strix-kr" }],
        rules: [
          {
            host: "wiki.strix.kr",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "dokuwiki", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
  ]);
  expect(claims.map(({ text }) => text)).toEqual(["https://wiki.strix.kr serves default/dokuwiki:80"]);
});

test("both forms of the reference platform promise the same, for every host", () => {
  const ingress = apps(cases["strix-ingress"]!).claims;
  expect(apps(cases["strix-gateway"]!).claims).toEqual(ingress);
  const hosts = new Set(ingress.map(({ text }) => text.split(" ")[0]));
  expect(hosts.size).toBe(9);
  expect(ingress.map(({ text }) => text)).toContain(
    "https://k8s.strix.kr requires login of group operator, developer",
  );
});

test("snippets are named by their rule, where they are asked for", () => {
  const found = Object.entries(cases).flatMap(([name, input]) =>
    noSnippetAnnotation.check({ resources: apps(input).resources }).map(() => name),
  );
  expect(found).toEqual(["everything-ingress"]);
});

test("of two apps of one host and Secret, one asks for the certificate", () => {
  const { resources } = apps({
    routes: "ingress",
    issuer: "letsencrypt",
    apps: {
      wiki: { host: "wiki.strix.kr", to: "dokuwiki.default:80" },
      files: { host: "wiki.strix.kr", to: "files.default:80", path: "/files" },
    },
  });
  const asks = resources.map(({ metadata }) => metadata.annotations?.["cert-manager.io/cluster-issuer"]);
  expect(asks).toEqual(["letsencrypt", undefined]);
});

describe("what the chosen side cannot do", () => {
  test.each<[string, AppsInput, string]>([
    ["ingress-nginx clears no header", one({ clearHeaders: ["Accept-Language"] }), "apps.wiki.clearHeaders"],
    [
      "Traefik clears none either, snippets or not",
      one({ clearHeaders: ["Accept-Language"] }, { controller: "traefik", unsafeSnippets: true }),
      "apps.wiki.clearHeaders",
    ],
    [
      "Traefik has no read timeout",
      one({ timeouts: { read: 5 } }, { controller: "traefik" }),
      "apps.wiki.timeouts.read",
    ],
    [
      "Traefik has no buffer size",
      one({ bufferSize: "16k" }, { controller: "traefik" }),
      "apps.wiki.bufferSize",
    ],
    ["an Ingress limits no whole request", one({ timeouts: { request: 5 } }), "apps.wiki.timeouts.request"],
    [
      "an Ingress takes no authority of a ConfigMap",
      one({ to: "https://dokuwiki.default:443", ca: { configMap: "ca" } }),
      "apps.wiki.ca",
    ],
    ["a Gateway limits no body", onGateway({ bodySize: "1g" }), "apps.wiki.bodySize"],
    ["a Gateway has no buffer size", onGateway({ bufferSize: "16k" }), "apps.wiki.bufferSize"],
    ["a Gateway has no read timeout", onGateway({ timeouts: { read: 5 } }), "apps.wiki.timeouts.read"],
    [
      "a given Gateway has its own certificates",
      onGateway(
        { tls: "mine" },
        { gateway: { name: "g", namespace: "n", listeners: { https: "s", http: "w" } } },
      ),
      "apps.wiki.tls",
    ],
    [
      "a given Gateway without http redirects nothing",
      onGateway({}, { gateway: { name: "g", namespace: "n", listeners: { https: "s" } } }),
      "apps.wiki.redirect",
    ],
  ])("%s: refused, or told when it is left out", (_, input, path) => {
    const refused = apps.safe(input);
    if (refused.ok) throw new Error("it is valid");
    expect(refused.findings.map((finding) => finding.path)).toEqual([path]);
    expect(refused.findings[0]?.hint).toContain("allowLoss: true");
    const lossy = { ...input, allowLoss: true };
    expect(apps.safe(lossy).ok).toBe(true);
    const losses = appsLosses(lossy);
    expect(
      losses.ok && losses.value.map((finding) => [finding.code, finding.severity, finding.path]),
    ).toEqual([["ingress/no-lost-setting", "warning", path]]);
  });

  test("a Gateway that cannot check a certificate is refused in any case", () => {
    const result = apps.safe(
      onGateway({ to: "https://dokuwiki.default:443", ca: false }, { allowLoss: true }),
    );
    if (result.ok) throw new Error("it is valid");
    expect(result.findings.map(({ path }) => path)).toEqual(["apps.wiki.ca"]);
  });

  test("nothing is lost in the cases", () => {
    for (const input of Object.values(cases)) expect(appsLosses(input)).toEqual({ ok: true, value: [] });
    const broken = appsLosses({ routes: "ingres" });
    expect(!broken.ok && broken.findings.map(({ code }) => code)).toContain("ingress/valid-intent");
  });
});

describe("mistakes", () => {
  test.each<[string, AppsInput, string, string]>([
    ["a target without a namespace", one({ to: "dokuwiki:80" }), "apps.wiki.to", "SERVICE.NAMESPACE:PORT"],
    [
      "a port that is too high",
      one({ to: "dokuwiki.default:65536" }),
      "apps.wiki.to",
      "SERVICE.NAMESPACE:PORT",
    ],
    [
      "an unknown namespace",
      one({ to: "dokuwiki.defualt:80" }, { namespaces: ["default"] }),
      "apps.wiki.to",
      'did you mean "default"?',
    ],
    [
      "a port that the Service does not have",
      one({ to: "dokuwiki.default:8080" }, { services: { "default/dokuwiki": { ports: [80] } } }),
      "apps.wiki.to",
      '"80"',
    ],
    ["a host in upper case", one({ host: "Wiki.strix.kr" }), "apps.wiki.host", "lower case"],
    ["an address", one({ host: "10.0.0.1" }), "apps.wiki.host", "lower case"],
    ["two wildcards", one({ host: "*.*.kr" }), "apps.wiki.host", "lower case"],
    ["a path that leaves", one({ path: "/a/../b" }), "apps.wiki.path", "without // and .."],
    [
      "a header with an end of line",
      one({ clearHeaders: ["a\nb"] }, { unsafeSnippets: true }),
      "apps.wiki.clearHeaders[0]",
      "letters",
    ],
    ["a size in words", one({ bodySize: "1 GB" }), "apps.wiki.bodySize", "50m"],
    ["an unknown field", one({ hosts: [] }), "apps.wiki.hosts", 'did you mean "host"?'],
    ["an authority for http", one({ ca: "system" }), "apps.wiki.ca", "https://"],
    ["Certificates of no issuer", one({}, { certificates: "explicit" }), "issuer", "NAME"],
    [
      "more headers than a route can clear",
      one({ clearHeaders: Array.from({ length: 50_000 }, (_, i) => `X-${i}`) }, { unsafeSnippets: true }),
      "apps.wiki.clearHeaders",
      "fewer",
    ],
    ["a login without auth", one({ login: "any" }), "apps.wiki.login", "write auth"],
    ["passToken without a login", one({ passToken: true }), "apps.wiki.passToken", "write login"],
    [
      "an unknown group",
      loggedIn({ login: ["oprator"] }, {}, { groups: ["operator"] }),
      "apps.wiki.login[0]",
      '"operator"',
    ],
    ["no group", loggedIn({ login: [] }), "apps.wiki.login", '"any"'],
    ["a group that is two to the proxy", loggedIn({ login: ["a,b"] }), "apps.wiki.login[0]", "letters"],
    [
      "a group that Kubernetes would fill in",
      loggedIn({ login: ["$(HOME)"] }),
      "apps.wiki.login[0]",
      "letters",
    ],
    ["a login on a path", loggedIn({ path: "/a" }), "apps.wiki.path", "leave path out"],
    ["a login over http", loggedIn({ tls: false }), "apps.wiki.tls", "leave tls out"],
    ["a login for a wildcard", loggedIn({ host: "*.strix.kr" }), "apps.wiki.host", "name the host"],
    [
      "https behind a login, unchecked",
      loggedIn({ to: "https://dokuwiki.default:443" }),
      "apps.wiki.ca",
      "ca: false",
    ],
    ["unknown pods behind a login", loggedIn({}, {}, { services: {} }), "apps.wiki.bypass", "services"],
    [
      "API servers that are not known",
      loggedIn({}, { apiServer: undefined }),
      "apps.wiki.bypass",
      "apiServer",
    ],
    ["an issuer over http", loggedIn({}, { issuer: "http://iam.test" }), "auth.issuer", "https"],
    ["an issuer with a query", loggedIn({}, { issuer: "https://iam.test/?a=b" }), "auth.issuer", "no query"],
    [
      "gatekeeper without Keycloak",
      loggedIn({}, { issuer: "https://iam.test", flavour: "gatekeeper" }),
      "auth.issuer",
      "oauth2-proxy",
    ],
    ["no trusted proxy", loggedIn({}, { trustedProxies: [] }), "auth.trustedProxies", "ingress controller"],
    [
      "everybody trusted",
      loggedIn({}, { trustedProxies: ["0.0.0.0/0"] }),
      "auth.trustedProxies[0]",
      "addresses",
    ],
    ["an image that is none", loggedIn({}, { image: "Proxy" }), "auth.image", "proxy"],
    ["no gateway", one({}, { routes: "gateway" }), "gateway", "class"],
    ["tls-acme on a Gateway", onGateway({}, { certificates: "tls-acme" }), "certificates", "annotation"],
    [
      "a given Gateway without listeners",
      onGateway({}, { gateway: { name: "g", namespace: "n" } }),
      "gateway.listeners",
      "class",
    ],
    [
      "Secrets that cert-manager does not make there",
      onGateway({}, { issuer: "a", gateway: { ...EDGE, secrets: "with-app" } }),
      "gateway.secrets",
      "explicit",
    ],
  ])("%s", (_, input, path, hint) => {
    const result = apps.safe(input);
    if (result.ok) throw new Error("it is valid");
    const found = result.findings.find((finding) => finding.path === path);
    expect(found, JSON.stringify(result.findings)).toMatchObject({
      code: "ingress/valid-intent",
      severity: "error",
    });
    expect(found?.hint).toContain(hint);
  });

  const two = (a: object, b: object) =>
    apps.safe({
      routes: "ingress",
      apps: { a: { host: "a.test", to: "a.x:80", ...a }, b: { host: "b.test", to: "b.x:80", ...b } },
    });

  test("one host and path twice", () => {
    const result = two({}, { host: "a.test" });
    expect(!result.ok && result.findings.map(({ path }) => path)).toEqual(["apps.b.host"]);
  });

  test("one Secret for two hosts", () => {
    const result = two({ tls: "same" }, { tls: "same" });
    expect(!result.ok && result.findings.map(({ path }) => path)).toEqual(["apps.b.tls"]);
  });

  test("one host with two Secrets, and the name of a redirect, on a Gateway", () => {
    const a = { host: "a.test", to: "a.x:80" };
    const result = apps.safe({
      routes: "gateway",
      gateway: EDGE,
      apps: { a, b: { ...a, path: "/b", tls: "other" }, "a-redirect": { ...a, path: "/c" } },
    });
    expect(!result.ok && result.findings.map(({ path }) => path)).toEqual([
      "apps.b.tls",
      'apps["a-redirect"]',
    ]);
  });

  test("hosts that differ in dots and dashes alone have listeners of their own", () => {
    const hosts = ["a.b.test", "a-b.test", "*.b.test", "wildcard.b.test"];
    const { resources } = apps({
      routes: "gateway",
      gateway: EDGE,
      apps: Object.fromEntries(hosts.map((host, i) => [`a${i}`, { host, to: "a.x:80" }])),
    });
    const { listeners } = resources[0]!.spec as { listeners: { name: string }[] };
    expect(new Set(listeners.map(({ name }) => name)).size).toBe(5);
  });

  test("a Service behind a login that another app serves without", () => {
    const input = loggedIn({});
    const result = apps.safe({
      ...input,
      apps: { ...input.apps, open: { host: "open.strix.kr", to: "dokuwiki.default:80" } },
    });
    expect(!result.ok && result.findings.map(({ path }) => path)).toEqual(["apps.open.login"]);
  });

  test("more hosts than a Gateway has listeners for", () => {
    const many = (count: number) =>
      apps.safe({
        routes: "gateway",
        gateway: EDGE,
        apps: Object.fromEntries(
          Array.from({ length: count }, (_, i) => [`a${i}`, { host: `a${i}.test`, to: "a.x:80" }]),
        ),
      });
    expect(many(63).ok).toBe(true);
    expect(many(64).ok).toBe(false);
  });
});

test("2,000 apps are built in time", () => {
  const many = Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [`a${i}`, { host: `a${i}.test`, to: `a${i}.shop:80` }]),
  );
  const start = performance.now();
  expect(apps({ routes: "ingress", issuer: "letsencrypt", apps: many }).resources).toHaveLength(2000);
  expect(performance.now() - start).toBeLessThan(2000);
});
