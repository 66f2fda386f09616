import { describe, expect, test } from "vitest";
import { resolveUrl } from "./resolve.ts";
import { app, GROUND, ingress, together, yamlModel } from "./sets.test-support.ts";

const OAUTH2 = "registry.example.test/oauth2-proxy/oauth2-proxy:v7.9.0";
const KEEPER = "quay.example.test/gogatekeeper/gatekeeper:3.2.1";
const URL_ = "http://logs.example.test/app";

function behind(image: string, args: readonly string[], more = app("kibana", 443)) {
  return yamlModel(
    together(
      GROUND,
      app("proxy", 3000, "", args, image),
      more,
      ingress("logs", ["logs.example.test / Prefix proxy 3000"]),
    ),
  );
}

test("follows the proxy to its upstream, and reads who passes", () => {
  const args = [
    "--upstream=http://kibana.default.svc.cluster.local:443",
    "--allowed-group=operator",
    "--allowed-group=developer",
  ];
  const verdict = resolveUrl(behind(OAUTH2, args), URL_);
  expect(verdict).toMatchObject({
    outcome: "login",
    text: "default/kibana:443 answers after a login of operator or developer",
    auth: { kind: "proxy", groups: ["operator", "developer"] },
  });
  expect(verdict.backends.map(({ service }) => service.name)).toEqual(["proxy", "kibana"]);
});

describe("oauth2-proxy", () => {
  const UPSTREAM = "--upstream=http://kibana:443";
  test.each<[string, string[], string, string]>([
    ["its own pages", [UPSTREAM], "/oauth2/callback", "served default/proxy:3000 answers"],
    [
      "a prefix of its own",
      [UPSTREAM, "--proxy-prefix=/auth"],
      "/auth/start",
      "served default/proxy:3000 answers",
    ],
    [
      "a path that is skipped",
      [UPSTREAM, "--skip-auth-route=GET=^/health$"],
      "/health",
      "served default/kibana:443 answers",
    ],
    [
      "another path than the skipped one",
      [UPSTREAM, "--skip-auth-route=GET=^/health$"],
      "/healthz",
      "login default/kibana:443 answers after a login",
    ],
    [
      "a skipped path of another method",
      [UPSTREAM, "--skip-auth-route=POST=^/hook"],
      "/hook",
      "login default/kibana:443 answers after a login",
    ],
    [
      "a pattern that is not decided",
      [UPSTREAM, "--skip-auth-route=^/(a|b)+$"],
      "/a",
      "unknown not known: skip-auth-route ^/(a|b)+$ is not decided here",
    ],
    [
      "roles",
      [UPSTREAM, "--allowed-role", "ops"],
      "/",
      "login default/kibana:443 answers after a login of role:ops",
    ],
    [
      "an upstream by path",
      ["--upstream=http://kibana:443/", "--upstream=http://proxy2:80/api/"],
      "/",
      "login default/kibana:443 answers after a login",
    ],
    [
      "no upstream",
      [],
      "/",
      "unknown not known: the upstream of Deployment default/proxy is not in its flags",
    ],
    ["a static upstream", ["--upstream=static://202"], "/", "login default/proxy:3000 answers after a login"],
    [
      "an upstream that is no URL",
      ["--upstream=kibana:443"],
      "/",
      'broken upstream "kibana:443" is no http or https URL',
    ],
    [
      "a port that the upstream has not",
      ["--upstream=http://kibana:5601"],
      "/",
      "broken Service default/kibana: it has no port 5601; its ports are 443 (http)",
    ],
    [
      "the same pod",
      ["--upstream=http://127.0.0.1:8080"],
      "/",
      "login default/proxy:3000 answers after a login",
    ],
    [
      "options in a file",
      [UPSTREAM, "--config=/etc/proxy.cfg"],
      "/",
      "unknown not known: some of the proxy's options are in a file or in variables of another object",
    ],
  ])("%s", (_, args, path, expected) => {
    const { outcome, text } = resolveUrl(behind(OAUTH2, args), `http://logs.example.test${path}`);
    expect(`${outcome} ${text}`).toBe(expected);
  });
});

describe("gogatekeeper and its ancestors", () => {
  const UPSTREAM = "--upstream-url=http://kibana:443";
  test.each<[string, string, string[], string, string]>([
    ["everything by default", KEEPER, [UPSTREAM], "/", "login default/kibana:443 answers after a login"],
    [
      "not known of the oldest",
      "example/keycloak-proxy:2.3.0",
      [UPSTREAM],
      "/",
      "unknown not known: no resource of the proxy is for it in its flags",
    ],
    [
      "groups",
      KEEPER,
      [UPSTREAM, "--resources=uri=/*|groups=operator,developer"],
      "/",
      "login default/kibana:443 answers after a login of operator or developer",
    ],
    [
      "all of the roles",
      KEEPER,
      [UPSTREAM, "--resources=uri=/*|roles=a,b"],
      "/",
      "login default/kibana:443 answers after a login of role:a and role:b",
    ],
    [
      "any of the roles",
      KEEPER,
      [UPSTREAM, "--resources=uri=/*|roles=a,b|require-any-role=true"],
      "/",
      "login default/kibana:443 answers after a login of role:a or role:b",
    ],
    [
      "white-listed",
      KEEPER,
      [UPSTREAM, "--resources=uri=/*", "--resources=uri=/public/*|white-listed=true"],
      "/public/x",
      "served default/kibana:443 answers",
    ],
    [
      "without the default",
      KEEPER,
      [UPSTREAM, "--enable-default-deny=false", "--resources=uri=/admin*"],
      "/",
      "served default/kibana:443 answers",
    ],
    ["its own pages", KEEPER, [UPSTREAM], "/oauth/callback", "served default/proxy:3000 answers"],
  ])("%s", (_, image, args, path, expected) => {
    const { outcome, text } = resolveUrl(behind(image, args), `http://logs.example.test${path}`);
    expect(`${outcome} ${text}`).toBe(expected);
  });

  test("options from variables", () => {
    const set = together(
      GROUND,
      app("proxy", 3000, "", [], KEEPER),
      app("kibana", 443),
      ingress("logs", ["logs.example.test / Prefix proxy 3000"]),
    );
    const withEnv = set.replace(
      "args: []",
      'env: [{ name: PROXY_UPSTREAM_URL, value: "http://kibana:443" }]',
    );
    expect(resolveUrl(yamlModel(withEnv), URL_).outcome).toBe("login");
  });
});

test("proxies that pass requests on to each other", () => {
  const around = app("kibana", 443, "", ["--upstream=http://proxy:3000"], OAUTH2);
  const { outcome, text } = resolveUrl(behind(OAUTH2, ["--upstream=http://kibana:443"], around), URL_);
  expect([outcome, text]).toEqual(["broken", "more than 8 auth proxies pass requests on to each other"]);
});

test("an admission webhook called gatekeeper is no proxy", () => {
  expect(resolveUrl(behind("example/openpolicyagent/gatekeeper:v3", []), URL_).outcome).toBe("served");
});

describe("login by annotation", () => {
  const set = (controller: string, annotations: Record<string, string>) =>
    yamlModel(
      together(
        GROUND.replace("k8s.io/ingress-nginx", controller),
        app("wiki"),
        ingress("wiki", ["wiki.example.test / Prefix wiki 80"], { annotations }),
      ),
    );
  const URL_OF = "https://login.example.test/oauth2/auth?allowed_groups=operator";
  test.each<[string, string, Record<string, string>, string]>([
    ["auth-url", "k8s.io/ingress-nginx", { "auth-url": URL_OF }, "login external operator"],
    ["basic", "k8s.io/ingress-nginx", { "auth-type": "basic" }, "login basic "],
    ["certificate", "k8s.io/ingress-nginx", { "auth-tls-secret": "default/ca" }, "login certificate "],
    [
      "an optional certificate",
      "k8s.io/ingress-nginx",
      { "auth-tls-secret": "default/ca", "auth-tls-verify-client": "optional" },
      "served  ",
    ],
    [
      "a controller that does not read it",
      "haproxy.org/ingress-controller/haproxy",
      { "auth-url": URL_OF },
      "served  ",
    ],
    ["a controller that may read it", "example.test/other", { "auth-url": URL_OF }, "unknown  "],
    ["Traefik, which can be told to", "traefik.io/ingress-controller", { "auth-url": URL_OF }, "unknown  "],
  ])("%s", (_, controller, annotations, expected) => {
    const named = Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
    );
    const { outcome, auth } = resolveUrl(set(controller, named), "http://wiki.example.test/");
    expect(`${outcome} ${auth?.kind ?? ""} ${auth?.groups?.join() ?? ""}`).toBe(expected);
  });

  test("middlewares of Traefik", () => {
    const annotations = { "traefik.ingress.kubernetes.io/router.middlewares": "default-sso@kubernetescrd" };
    const parts = [
      GROUND.replace("k8s.io/ingress-nginx", "traefik.io/ingress-controller"),
      app("wiki"),
      ingress("wiki", ["wiki.example.test / Prefix wiki 80"], { annotations }),
    ];
    const middleware = (spec: string) =>
      `apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata: { name: sso }\nspec: ${spec}`;
    const ask = (...more: string[]) =>
      resolveUrl(yamlModel(together(...parts, ...more)), "http://wiki.example.test/").outcome;
    expect(ask(middleware("{ forwardAuth: { address: http://login } }"))).toBe("login");
    expect(ask(middleware("{ compress: {} }"))).toBe("served");
    expect(ask(middleware("{ plugin: { a: {} } }"))).toBe("unknown");
    expect(ask()).toBe("unknown");
  });
});
