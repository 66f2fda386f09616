import { describe, expect, test } from "vitest";
import { hasAuthProxy } from "./auth-proxy.ts";
import { routesModel } from "./model.ts";
import { proxyUpstreams } from "./proxy-upstreams.ts";

const OAUTH2_PROXY = "registry.example.test/oauth2-proxy/oauth2-proxy:v7.15.0";
const KEYCLOAK_PROXY = "jboss/keycloak-proxy:3.4.2";

function upstreams(image: string, container: object, more: object = {}, maps: Record<string, object> = {}) {
  const resources = [
    {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "login", namespace: "a" } },
      spec: {
        template: {
          metadata: { labels: { app: "login" } },
          spec: {
            containers: [
              { name: "other", image: "nginx" },
              { name: "p", image, ...container },
            ],
            ...more,
          },
        },
      },
    },
    ...Object.entries(maps).map(([name, data]) => ({
      ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "a" } },
      data,
    })),
  ];
  return proxyUpstreams(routesModel(resources)).map(({ service, port, path, labels }) => {
    expect(path).toBe("spec.template.spec.containers[1]");
    expect(labels).toEqual({ app: "login" });
    return `${service}:${port}`;
  });
}

describe("the Services behind an auth proxy", () => {
  test.each<[string, string, object, string[]]>([
    ["a flag", OAUTH2_PROXY, { args: ["--upstream=http://web:8080/"] }, ["a/web:8080"]],
    ["a flag and its value apart", OAUTH2_PROXY, { args: ["-upstream", "https://web.b"] }, ["b/web:443"]],
    ["a command", OAUTH2_PROXY, { command: ["/p", "--upstream", "http://web.b.svc/x"] }, ["b/web:80"]],
    [
      "several, each once",
      OAUTH2_PROXY,
      {
        args: ["--upstream=http://web/,http://api:81/api/", "--upstream=http://web.a.svc.cluster.local:80/y"],
      },
      ["a/web:80", "a/api:81"],
    ],
    [
      "a variable",
      OAUTH2_PROXY,
      { env: [{ name: "OAUTH2_PROXY_UPSTREAMS", value: "http://web/, http://api/" }] },
      ["a/web:80", "a/api:80"],
    ],
    [
      "a flag before its variable",
      OAUTH2_PROXY,
      { args: ["--upstream=http://web/"], env: [{ name: "OAUTH2_PROXY_UPSTREAMS", value: "http://api/" }] },
      ["a/web:80"],
    ],
    ["of keycloak-proxy", KEYCLOAK_PROXY, { args: ["--upstream-url=http://web.b:9200"] }, ["b/web:9200"]],
    [
      "of gatekeeper, by its variable",
      "quay.io/gogatekeeper/gatekeeper:4.9.0",
      { env: [{ name: "PROXY_UPSTREAM_URL", value: "HTTPS://Web.b:8443" }] },
      ["b/web:8443"],
    ],
    ["no upstream", OAUTH2_PROXY, { args: ["--http-address=0.0.0.0:4180"] }, []],
    ["a flag without a value", OAUTH2_PROXY, { args: ["--upstream"] }, []],
    ["a file", OAUTH2_PROXY, { args: ["--upstream=file:///var/www/#/static/"] }, []],
    ["a fixed answer", OAUTH2_PROXY, { args: ["--upstream=static://202"] }, []],
    ["a socket", OAUTH2_PROXY, { args: ["--upstream=unix:///run/app.sock"] }, []],
    ["the same pod", OAUTH2_PROXY, { args: ["--upstream=http://127.0.0.1:8080/,http://localhost:81"] }, []],
    ["a host outside", OAUTH2_PROXY, { args: ["--upstream=https://www.example.test/"] }, []],
    ["an address", OAUTH2_PROXY, { args: ["--upstream=http://10.0.0.9:8080/"] }, []],
    ["an IPv6 address", OAUTH2_PROXY, { args: ["--upstream=http://[fd00::1]:8080/"] }, []],
    ["what kubelet fills in", OAUTH2_PROXY, { args: ["--upstream=http://$(HOST):80/"] }, []],
    ["wrong types", OAUTH2_PROXY, { args: [7, null, {}], env: "x" }, []],
  ])("%s", (_, image, container, expected) => {
    expect(upstreams(image, container)).toEqual(expected);
  });

  const mounted = { volumeMounts: [{ name: "c", mountPath: "/etc/proxy" }] };
  const volumes = { volumes: [{ name: "c", configMap: { name: "config" } }] };
  test.each<[string, string, string, string, string[]]>([
    [
      "TOML",
      OAUTH2_PROXY,
      "proxy.cfg",
      '# upstreams = ["http://old/"]\nprovider = "oidc"\nupstreams = [\n  "http://web:8080/",\n  "static://200"\n]\n',
      ["a/web:8080"],
    ],
    ["a plain text in TOML", OAUTH2_PROXY, "proxy.toml", 'upstreams = "http://web/"', ["a/web:80"]],
    ["YAML", KEYCLOAK_PROXY, "proxy.yaml", "upstream-url: http://web.b:9200\n", ["b/web:9200"]],
    ["JSON", KEYCLOAK_PROXY, "proxy.json", '{"upstream-url": "http://web.b:9200"}', ["b/web:9200"]],
    ["broken YAML", KEYCLOAK_PROXY, "proxy.yaml", "upstream-url: [http://web", []],
  ])("from a file of a ConfigMap: %s", (_, image, file, text, expected) => {
    const container = { args: [`--config=/etc/proxy/${file}`], ...mounted };
    expect(upstreams(image, container, volumes, { config: { [file]: text } })).toEqual(expected);
    expect(upstreams(image, container, volumes)).toEqual([]);
  });
  test("from the alpha options, under another name in the volume", () => {
    const alpha =
      "upstreamConfig:\n  upstreams:\n    - { id: web, path: /, uri: http://web.b:81 }\n    - { id: ok, static: true }\n";
    const items = [{ key: "alpha", path: "a.yaml" }];
    expect(
      upstreams(
        OAUTH2_PROXY,
        { args: ["--alpha-config=/etc/proxy/a.yaml"], ...mounted },
        { volumes: [{ name: "c", configMap: { name: "config", items } }] },
        { config: { alpha } },
      ),
    ).toEqual(["b/web:81"]);
  });
  test("from a variable that a ConfigMap gives, one or all of them", () => {
    const maps = { config: { OAUTH2_PROXY_UPSTREAMS: "http://web/", up: "http://api/" } };
    const ref = { configMapKeyRef: { name: "config", key: "up" } };
    expect(
      upstreams(OAUTH2_PROXY, { env: [{ name: "OAUTH2_PROXY_UPSTREAMS", valueFrom: ref }] }, {}, maps),
    ).toEqual(["a/api:80"]);
    expect(upstreams(OAUTH2_PROXY, { envFrom: [{ configMapRef: { name: "config" } }] }, {}, maps)).toEqual([
      "a/web:80",
    ]);
  });
});

test("hasAuthProxy looks at images alone", () => {
  const pod = (image: unknown) => ({ kind: "Pod", spec: { containers: [{ image }] } });
  expect(hasAuthProxy([pod("nginx"), pod(7), null, "x", pod("openpolicyagent/gatekeeper:v3")])).toBe(false);
  expect(hasAuthProxy([pod("nginx"), pod(OAUTH2_PROXY)])).toBe(true);
  expect(hasAuthProxy([{ kind: "List", items: [{ spec: { template: pod(KEYCLOAK_PROXY) } }] }])).toBe(true);
});
