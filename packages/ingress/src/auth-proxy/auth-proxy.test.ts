import { join } from "node:path";
import { type Resource, type Sealed, seal, writeYaml } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import { describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { apps } from "../app/apps.ts";
import type { AppsInput } from "../app/intent.ts";
import { ingressRules } from "../rules/index.ts";
import { authProxy } from "./auth-proxy.ts";
import type { AuthProxyInput } from "./intent.ts";
import { PROXY_OPTIONS, PROXY_VARIABLES } from "./options.ts";
import { callbackOf, redirectUriOf } from "./redirect-uri.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readCases<AuthProxyInput>(CASES);
const appCases = readCases<AppsInput>(join(import.meta.dirname, "..", "app", "cases"));
const dashboard = cases.dashboard!;

blockContract({ test }, { builder: authProxy, cases, rules: ingressRules });
goldenTests<AuthProxyInput>(CASES, authProxy);

interface ProxyContainer {
  readonly name: "oauth2-proxy" | "gatekeeper";
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

function podOf(resources: readonly Resource[]): { containers: ProxyContainer[] } & Record<string, unknown> {
  const deployment = resources.find(({ kind }) => kind === "Deployment");
  const { template } = deployment!.spec as { template: { spec: { containers: ProxyContainer[] } } };
  return template.spec as { containers: ProxyContainer[] } & Record<string, unknown>;
}

function argumentsOf(input: AuthProxyInput): readonly string[] {
  return podOf(authProxy(input).resources).containers[0]!.args;
}

/** Every proxy container that any case makes. */
const containers = [
  ...Object.values(cases).map((input) => authProxy(input)),
  ...Object.values(appCases).map((input) => apps(input)),
].flatMap(({ resources }) =>
  resources
    .filter(({ kind }) => kind === "Deployment")
    .map((deployment) => podOf([deployment]).containers[0]!),
);

describe("options", () => {
  test("every flag that is written is a documented one of its flavour, and every documented row is used", () => {
    expect(containers.length).toBeGreaterThan(5);
    const used = new Set<string>();
    for (const { name, args, env = [] } of containers) {
      for (const arg of args) {
        const flag = /^--([a-z0-9-]+)=/.exec(arg)?.[1];
        expect(flag, arg).toBeDefined();
        expect(
          PROXY_OPTIONS.some((option) => option.flavour === name && option.flag === flag),
          `${name} ${arg}`,
        ).toBe(true);
        used.add(`${name} ${flag}`);
      }
      for (const { name: variable } of env)
        expect([...PROXY_VARIABLES[name], "SSL_CERT_DIR"]).toContain(variable);
    }
    // Of gatekeeper no case leaves a certificate unchecked.
    argumentsOf({ ...dashboard, flavour: "gatekeeper", ca: false }).forEach((arg) => {
      used.add(`gatekeeper ${arg.slice(2).split("=")[0]}`);
    });
    const unused = PROXY_OPTIONS.filter(({ flavour, flag }) => !used.has(`${flavour} ${flag}`));
    expect(unused.map(({ flag }) => flag)).toEqual([]);
  });

  test("rows are whole and there once", () => {
    for (const { meaning, source, since } of PROXY_OPTIONS) {
      expect(meaning).toMatch(/\.$/);
      expect(source).toContain("docs/");
      expect(since).not.toBe("");
    }
    const keys = PROXY_OPTIONS.map(({ flavour, flag }) => `${flavour} ${flag}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("secrets", () => {
  const CANARY = "c4n4ry-c4n4ry-c4";
  const sealedOf = (input: AuthProxyInput): Sealed => authProxy(input).sealed![0]!;
  const sealWith = (cookie: string, input = dashboard, client = CANARY) =>
    seal(sealedOf(input), { "client-secret": client, "cookie-secret": cookie });

  test("are in the Secret alone; nothing of them is in the block", () => {
    const sealed = sealedOf(dashboard);
    expect(sealed).toMatchObject({
      metadata: { name: "dashboard-login", namespace: "kube-system" },
      type: "Opaque",
      keys: ["client-secret", "cookie-secret"],
      values: {
        "client-secret": { from: "env", name: "KUBERNETES_CLIENT_SECRET" },
        "cookie-secret": { from: "generated", bytes: 24 },
      },
    });
    const secret = sealWith("k".repeat(32));
    expect(secret.data).toEqual({ "client-secret": btoa(CANARY), "cookie-secret": btoa("k".repeat(32)) });
    const text = writeYaml(authProxy(dashboard).resources);
    expect(text).not.toMatch(/(client|cookie)-secret=|CLIENT_SECRET|c4n4ry/);
  });

  test("a line end after a secret is taken off, for both proxies would read it", () => {
    const secret = sealWith(`${"k".repeat(16)}\n`, dashboard, `${CANARY}\r\n`);
    expect(secret.data).toEqual({ "client-secret": btoa(CANARY), "cookie-secret": btoa("k".repeat(16)) });
  });

  const gatekeeper = cases["logs-gatekeeper"]!;
  test.each<[string, string, AuthProxyInput, boolean]>([
    ["16 characters", "k".repeat(16), dashboard, true],
    ["24 characters", "k".repeat(24), dashboard, true],
    ["24 bytes as base64", btoa("k".repeat(24)), dashboard, true],
    ["32 bytes as base64", btoa("k".repeat(32)), dashboard, true],
    ["20 characters", "k".repeat(20), dashboard, false],
    ["33 characters, which are no base64", "k".repeat(33), dashboard, false],
    ["nothing", "", dashboard, false],
    ["two lines", "kkkkkkk\nkkkkkkkk", dashboard, false],
    ["24 bytes as base64 are 32 characters", btoa("k".repeat(24)), gatekeeper, true],
    ["24 characters", "k".repeat(24), gatekeeper, false],
    ["32 bytes as base64 are 44 characters", btoa("k".repeat(32)), gatekeeper, false],
  ])("a cookie secret of %s (%#)", (_, text, input, fits) => {
    if (fits) expect(sealWith(text, input).kind).toBe("Secret");
    else {
      let said = "";
      try {
        sealWith(text, input);
      } catch (error) {
        said = String(error);
      }
      expect(said).toContain("cookie-secret of Secret");
      if (text !== "") expect(said).not.toContain(text.slice(0, 5));
    }
  });

  test("an error about the client's secret does not print it", () => {
    expect(() => sealWith("k".repeat(16), dashboard, `${CANARY}\nmore`)).toThrow(
      /^client-secret of Secret dashboard-login is not/,
    );
  });
});

describe("the pod", () => {
  test.each(Object.entries(cases))(
    "%s: no rights, no token, no variables of Services, nothing written",
    (_, input) => {
      const pod = podOf(authProxy(input).resources);
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      expect(pod.containers[0]).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        resources: { limits: { memory: "128Mi" } },
      });
      expect((pod.containers[0] as unknown as { image: string }).image).toMatch(/:v?\d+\.\d+\.\d+$/);
    },
  );

  test("probes are those of the flavour", () => {
    const probes = (input: AuthProxyInput) => {
      const [container] = podOf(authProxy(input).resources).containers as unknown as Record<
        string,
        unknown
      >[];
      return [container!.livenessProbe, container!.readinessProbe];
    };
    const http = (path: string) => ({ httpGet: { path, port: "http" } });
    expect(probes(dashboard)).toEqual([http("/ping"), http("/ready")]);
    expect(probes(cases["logs-gatekeeper"]!)).toEqual([http("/oauth/health"), http("/oauth/health")]);
  });

  test("the login is passed on where it is asked for, and nowhere else", () => {
    const flags = (input: AuthProxyInput) =>
      argumentsOf(input).filter((arg) => /pass-|enable-.*(header|cookies)/.test(arg));
    expect(flags(dashboard)).toEqual([
      "--pass-authorization-header=true",
      "--pass-access-token=false",
      "--pass-basic-auth=false",
      "--pass-user-headers=false",
    ]);
    expect(flags({ ...dashboard, passToken: false })).toContain("--pass-authorization-header=false");
    expect(flags({ ...dashboard, passToken: false, flavour: "gatekeeper" })).toEqual([
      "--enable-authorization-header=false",
      "--enable-token-header=false",
      "--enable-authorization-cookies=false",
    ]);
  });

  test("the way around is closed but to the API servers; another namespace is named", () => {
    const policy = (input: AuthProxyInput) =>
      authProxy(input).resources.find(({ kind }) => kind === "NetworkPolicy");
    expect(policy({ ...dashboard, namespace: "logins" })).toMatchObject({
      metadata: { name: "dashboard-behind-login", namespace: "kube-system" },
      spec: {
        podSelector: { matchLabels: { "k8s-app": "kubernetes-dashboard" } },
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "logins" } },
                podSelector: { matchLabels: { "app.kubernetes.io/instance": "dashboard-login" } },
              },
              { ipBlock: { cidr: "172.20.32.0/19" } },
            ],
          },
        ],
      },
    });
    expect(policy({ ...dashboard, bypass: true })).toBeUndefined();
  });
});

test("the redirect URI is the one that the proxy is told", () => {
  expect(redirectUriOf({ host: "k8s.strix.kr" })).toBe("https://k8s.strix.kr/oauth2/callback");
  expect(argumentsOf(dashboard)).toContain(`--redirect-url=${redirectUriOf(dashboard)}`);
  // gatekeeper adds its callback to its own URL.
  const logs = cases["logs-gatekeeper"]!;
  expect(argumentsOf(logs)).toContain("--redirection-url=https://logs.k8s.strix.kr");
  expect(redirectUriOf({ host: logs.host, flavour: "gatekeeper" })).toBe(
    "https://logs.k8s.strix.kr/oauth/callback",
  );
  expect(callbackOf()).toBe("/oauth2/callback");
});

test("alone and through apps it is the same proxy", () => {
  const { sealed: _, ...alone } = authProxy({
    ...dashboard,
    edge: { routes: "ingress", issuer: "letsencrypt", certificates: "tls-acme" },
  });
  const strix = apps(appCases["strix-ingress"]!);
  const ours = strix.resources.filter(({ metadata }) => metadata.name.startsWith("dashboard"));
  expect(ours).toEqual(alone.resources);
  expect(strix.claims.map(({ text }) => text)).toEqual(
    expect.arrayContaining(alone.claims.map(({ text }) => text)),
  );
});

describe("mistakes", () => {
  test.each<[string, object, string, string]>([
    ["an upstream that is none", { upstream: "dashboard" }, "upstream", "SERVICE.NAMESPACE:PORT"],
    ["a bad name", { name: "Dash" }, "name", "a-z"],
    ["a bad namespace", { namespace: "Kube" }, "namespace", "a-z"],
    ["a client that is none", { clientId: "a b" }, "clientId", "letters"],
    ["nobody to check the certificate", { ca: undefined }, "ca", "ca: false"],
    ["a secret in the intent", { clientSecret: "hunter2" }, "clientSecret", "description"],
    ["an address block that is none", { apiServer: ["172.20.32.0"] }, "apiServer[0]", "10.0.0.0/16"],
    ["pods that are not known", { pods: undefined }, "pods", "labels in pods"],
    ["API servers that are not known", { apiServer: undefined }, "apiServer", "CIDR"],
    ["labels that are none", { pods: { "a b": "c" } }, "pods", "as the pods have them"],
    ["http", { redirect: false }, "redirect", "leave redirect out"],
    ["an edge that is none", { edge: { routes: "gateway" } }, "edge.gateway", "class"],
    [
      "a loss",
      { bodySize: "1g", edge: { routes: "gateway", gateway: { name: "e", namespace: "e", class: "c" } } },
      "bodySize",
      "policy",
    ],
    ["a bad host without an edge", { host: "K8S", edge: undefined }, "host", "lower case"],
    ["an unknown field", { upstreem: "a" }, "upstreem", 'did you mean "upstream"?'],
  ])("%s", (_, change, path, hint) => {
    const result = authProxy.safe({ ...dashboard, ...change });
    if (result.ok) throw new Error("it is valid");
    const found = result.findings.find((finding) => finding.path === path);
    expect(found, JSON.stringify(result.findings)).toMatchObject({
      code: "ingress/valid-intent",
      severity: "error",
    });
    expect(found?.hint).toContain(hint);
    expect(JSON.stringify(result.findings)).not.toContain("hunter2");
  });
});
