import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Resource, readYaml } from "@ashlar/core";
import { apps, controller, issuer } from "@ashlar/ingress";
import { networkModel, reach } from "@ashlar/network-policy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acceptAll } from "../components/accept.ts";
import { certManagerVerdicts } from "../components/cert-manager-validation.ts";
import { selfSignedCertificate } from "../components/certificate.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { goModule } from "../components/go-module.ts";
import { helmProgram } from "../components/helm.ts";
import { type Nginx, startNginx } from "../components/nginx.ts";
import { nginxDirectives, requestBuffers } from "../edge/nginx-directives.ts";
import { createDefinitions, renderedObjects, sealedObjects } from "../edge/objects.ts";
import { PLANTED_MISTAKES } from "../edge/planted-mistakes.ts";
import { randomApps, randomIssuers } from "../edge/random-intents.ts";
import { startUpstream, statusOf, type Upstream } from "../edge/upstream.ts";
import { certManagerSets, gatewayApiSets } from "../real-sets/sets.ts";

/** The module that conformance/go/cert-manager-validation is built with. */
const CERT_MANAGER = {
  path: "github.com/cert-manager/cert-manager",
  version: "v1.21.2",
  sum: "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=",
};

const rendered = renderedObjects();

describe("the API server, with the CRDs of cert-manager and the Gateway API", () => {
  let server: ControlPlane;
  beforeAll(async () => {
    const sets = [...(await certManagerSets()), ...(await gatewayApiSets())];
    const of = (name: string) => sets.find((set) => set.name === name)!;
    server = await startControlPlane({ disableAdmission: ["NamespaceLifecycle", "ServiceAccount"] });
    const count =
      (await createDefinitions(server, of("cert-manager CRDs"))) +
      (await createDefinitions(server, of("gateway-api CRDs, standard")));
    expect(count).toBeGreaterThanOrEqual(14);
  });
  afterAll(() => server?.stop());

  test.each(rendered)("accepts every object of $name, strictly", async ({ resources }) => {
    expect(await acceptAll(server, resources)).toEqual([]);
  });

  test("all cases together are what a platform has", () => {
    const kinds = new Set(rendered.flatMap(({ resources }) => resources.map(({ kind }) => kind)));
    for (const kind of [
      "BackendTLSPolicy",
      "Certificate",
      "ClusterIssuer",
      "Deployment",
      "Gateway",
      "HTTPRoute",
      "Ingress",
      "NetworkPolicy",
      "ReferenceGrant",
      "Service",
    ])
      expect([...kinds]).toContain(kind);
    expect(rendered.flatMap(({ resources }) => resources).length).toBeGreaterThanOrEqual(90);
  });

  test("accepts the sealed Secrets", async () => {
    const secrets = sealedObjects();
    expect(secrets).toHaveLength(3);
    expect(await acceptAll(server, secrets)).toEqual([]);
  });

  test("accepts what the builders make of 200 random intents, on both sides", async () => {
    const intents = randomApps(7, 200);
    const sides = intents.map(({ routes }) => routes);
    expect(sides.filter((side) => side === "gateway").length).toBeGreaterThanOrEqual(50);
    expect(sides.filter((side) => side === "ingress").length).toBeGreaterThanOrEqual(50);
    const resources = intents.flatMap((intent) => apps(intent).resources);
    expect(resources.length).toBeGreaterThanOrEqual(400);
    expect(new Set(resources.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(8);
    expect(await acceptAll(server, resources)).toEqual([]);
  });

  test("refuses what we refuse: hosts and paths", async () => {
    const [good] = apps({ routes: "ingress", apps: { a: { host: "a.test", to: "a.default:80" } } }).resources;
    const withRoute = (host: string, path: string) => {
      const copy = JSON.parse(JSON.stringify(good)) as Resource & {
        spec: { rules: { host: string; http: { paths: { path: string }[] } }[]; tls?: unknown };
      };
      const [rule] = copy.spec.rules;
      rule!.host = host;
      rule!.http.paths[0]!.path = path;
      delete copy.spec.tls;
      return copy;
    };
    expect((await server.dryRun(good!)).accepted).toBe(true);
    const bad = [
      ...["*", "*.*.kr", "Wiki.kr", "10.0.0.1", "a.test:443"].map((host) => ({ host, path: "/" })),
      ...["a", "/a//b", "/a/../b", "/a/.", "/a%2fb"].map((path) => ({ host: "a.test", path })),
    ];
    for (const { host, path } of bad) {
      expect((await server.dryRun(withRoute(host, path))).accepted, `${host}${path}`).toBe(false);
      const ours = apps.safe({ routes: "ingress", apps: { a: { host, path, to: "a.default:80" } } });
      expect(ours.ok, `${host}${path}`).toBe(false);
    }
  });
});

test("the network model finds no way around a login but that of the API servers", () => {
  const { resources } = renderedObjects().find(({ name }) => name.endsWith("strix-ingress.out.yaml"))!;
  const pod = (namespace: string, name: string, labels: object): Resource => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels: { ...labels } },
    spec: { containers: [{ name: "app", image: "example/app:1" }] },
  });
  const namespaces = ["kube-system", "default", "dev"].map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  const model = networkModel(
    [
      ...namespaces,
      ...resources,
      pod("kube-system", "dashboard", { "k8s-app": "kubernetes-dashboard" }),
      pod("kube-system", "other", { app: "other" }),
      pod("dev", "job", {
        "app.kubernetes.io/instance": "dashboard-login",
        "app.kubernetes.io/name": "oauth2-proxy",
      }),
    ],
    { podCidrs: ["100.96.0.0/11"] },
  );
  const outcome = (from: Parameters<typeof reach>[1]["from"]) =>
    reach(model, { from, to: "kube-system/dashboard", port: 8443 }).outcome;
  expect(outcome("kube-system/dashboard-login")).toBe("allowed");
  expect(outcome({ ip: "172.20.33.7", outside: true })).toBe("allowed");
  expect(outcome({ ip: "172.20.64.7", outside: true })).toBe("denied");
  expect(outcome("kube-system/other")).toBe("denied");
  expect(outcome("default/logs-login")).toBe("denied");
  // Labels of the proxy in another namespace open nothing.
  expect(outcome("dev/job")).toBe("denied");
});

describe("cert-manager's own validation", () => {
  const ours = rendered
    .flatMap(({ resources }) => resources)
    .filter(({ apiVersion }) => apiVersion === "cert-manager.io/v1");

  test("finds nothing in what is rendered", async () => {
    expect(ours.length).toBeGreaterThanOrEqual(10);
    const verdicts = await certManagerVerdicts(ours);
    const found = verdicts.flatMap((verdict, i) =>
      verdict.error === undefined && verdict.refusals.length === 0 && verdict.warnings.length === 0
        ? []
        : [{ object: ours[i]?.metadata.name, ...verdict }],
    );
    expect(found).toEqual([]);
  });

  test("finds nothing in what the builder makes of 200 random intents", async () => {
    const resources = randomIssuers(8, 200).flatMap((intent) => issuer(intent).resources);
    expect(resources.length).toBeGreaterThanOrEqual(300);
    const verdicts = await certManagerVerdicts(resources);
    expect(
      verdicts.filter(({ error, refusals, warnings }) => error || refusals.length > 0 || warnings.length > 0),
    ).toEqual([]);
  });

  test("finds every mistake that is planted", async () => {
    const verdicts = await certManagerVerdicts(PLANTED_MISTAKES.map(({ object }) => object));
    expect(verdicts).toHaveLength(PLANTED_MISTAKES.length);
    verdicts.forEach(({ error, refusals }, i) => {
      const { name, field } = PLANTED_MISTAKES[i]!;
      expect(error, name).toBeUndefined();
      expect(
        refusals.map((refusal) => refusal.field),
        name,
      ).toContain(field);
    });
  });

  test("its chart reads the values that make an issuer the default", async () => {
    const [document] = issuer({
      email: "info@strix.co.kr",
      server: "production",
      tlsAcme: true,
      solvers: [{ http01: { ingressClass: "nginx" } }],
    }).documents;
    const root = await goModule(CERT_MANAGER);
    const folder = mkdtempSync(join(tmpdir(), "ashlar-edge-"));
    try {
      const values = join(folder, "values.yaml");
      writeFileSync(values, document!.text);
      const chart = join(root, "deploy/charts/cert-manager");
      const text = execFileSync(
        await helmProgram(),
        ["template", "cert-manager", chart, "--values", values],
        {
          encoding: "utf8",
          maxBuffer: 64 * 2 ** 20,
        },
      );
      const deployment = readYaml(text, { file: "chart" }).resources.find(
        ({ kind, metadata }) => kind === "Deployment" && metadata.name === "cert-manager",
      );
      const { template } = deployment!.spec as { template: { spec: { containers: { args: string[] }[] } } };
      expect(template.spec.containers[0]?.args).toEqual(
        expect.arrayContaining([
          "--default-issuer-name=letsencrypt",
          "--default-issuer-kind=ClusterIssuer",
          "--default-issuer-group=cert-manager.io",
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("real nginx does what the settings say", () => {
  const SESSION_COOKIE = 3700;
  const upstreams: Upstream[] = [];
  const running: Nginx[] = [];
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
    upstreams.push(upstream);
  });
  afterAll(async () => {
    for (const { stop } of [...running, ...upstreams]) await stop();
  });

  /** nginx with the annotations of one app. */
  async function nginxOf(app: object, more: object = {}, behind = upstream, files = {}): Promise<Nginx> {
    const { resources } = apps({
      routes: "ingress",
      ...more,
      apps: { app: { host: "app.test", to: "app.default:80", ...app } },
    });
    const ingress = resources.find(({ kind }) => kind === "Ingress")!;
    const location = nginxDirectives(ingress.metadata.annotations ?? {}, behind.address);
    const nginx = await startNginx({ location, files });
    running.push(nginx);
    return nginx;
  }

  /** nginx with the ConfigMap of a controller. */
  async function nginxWith(settings: Partial<Parameters<typeof controller>[0]>): Promise<Nginx> {
    const { patches } = controller({ kind: "ingress-nginx", configMap: "c", namespace: "n", ...settings });
    const data = (patches[0]?.merge.data ?? {}) as Record<string, string>;
    const nginx = await startNginx({
      server: requestBuffers(data),
      location: nginxDirectives(data, upstream.address),
    });
    running.push(nginx);
    return nginx;
  }

  test("bodySize: 413 above the limit, and not at it", async () => {
    const { port } = await nginxOf({ bodySize: "64k" });
    expect(await statusOf(port, "/", { body: 65_536 })).toBe(200);
    expect(await statusOf(port, "/", { body: 65_537 })).toBe(413);
  });

  test("proxyBodySize 1g takes an image's layer that the default refuses", async () => {
    const unset = await nginxWith({});
    expect(await statusOf(unset.port, "/", { body: 2 ** 20 })).toBe(200);
    expect(await statusOf(unset.port, "/", { body: 2 ** 20 + 1 })).toBe(413);
    const set = await nginxWith({ proxyBodySize: "1g" });
    expect(await statusOf(set.port, "/", { body: 2 ** 20 + 1 })).toBe(200);
    expect(await statusOf(set.port, "/", { claimed: 2 ** 30 + 1 })).toBe(413);
  });

  test("a session cookie of 3.7 kB: 502 at the default, through with a login's buffer, a bufferSize, or the controller's", async () => {
    const path = `/login/${SESSION_COOKIE}`;
    expect(await statusOf((await nginxOf({})).port, path)).toBe(502);
    expect(await statusOf((await nginxOf({ bufferSize: "16k" })).port, path)).toBe(302);
    expect(await statusOf((await nginxWith({ proxyBufferSize: "64k" })).port, path)).toBe(302);
    const login = {
      auth: {
        issuer: "https://iam.test/realms/a",
        clientId: "a",
        trustedProxies: ["10.0.0.0/16"],
        apiServer: [],
      },
    };
    expect(await statusOf((await nginxOf({ login: "any", bypass: true }, login)).port, path)).toBe(302);
  });

  test("largeClientHeaderBuffers: cookies of several proxies in one request", async () => {
    const headers = { cookie: `a=${"c".repeat(12_000)}` };
    expect(await statusOf((await nginxWith({})).port, "/", { headers })).toBe(400);
    const set = await nginxWith({ largeClientHeaderBuffers: { size: "32k" }, clientHeaderBufferSize: "2k" });
    expect(await statusOf(set.port, "/", { headers })).toBe(200);
  });

  test("clearHeaders: the app does not see them, and sees the others", async () => {
    const headers = { "accept-language": "ko", "x-debug": "1", "x-kept": "2" };
    const { port } = await nginxOf(
      { clearHeaders: ["Accept-Language", "X-Debug"] },
      { unsafeSnippets: true },
    );
    expect(await statusOf(port, "/", { headers })).toBe(200);
    expect(upstream.seen()).toMatchObject({ "x-kept": "2" });
    expect(Object.keys(upstream.seen())).not.toContain("accept-language");
    expect(Object.keys(upstream.seen())).not.toContain("x-debug");
    await statusOf((await nginxOf({})).port, "/", { headers });
    expect(upstream.seen()).toMatchObject({ "accept-language": "ko" });
  });

  test("timeouts.read: 504 when the app is silent for longer, and not before", async () => {
    const { port } = await nginxOf({ timeouts: { connect: 5, read: 1, send: 5 } });
    expect(await statusOf(port, "/silent/200")).toBe(200);
    expect(await statusOf(port, "/silent/2500")).toBe(504);
  });

  test("https: spoken to the app; with an authority its certificate is checked", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ashlar-edge-"));
    try {
      const named = await selfSignedCertificate(join(folder, "named"), ["DNS:app.default.svc"]);
      const other = await selfSignedCertificate(join(folder, "other"), ["DNS:other.default.svc"]);
      const tls = { to: "https://app.default:443" };
      const secret = { ...tls, ca: { secret: "ca" } };
      const start = async (certificate: typeof named) => {
        const one = await startUpstream(certificate);
        upstreams.push(one);
        return one;
      };
      const right = await start(named);
      const trusts = (certificate: typeof named) => ({ "ca.crt": certificate.certificate });
      expect(await statusOf((await nginxOf(tls, {}, right)).port, "/")).toBe(200);
      expect(await statusOf((await nginxOf(secret, {}, right, trusts(named))).port, "/")).toBe(200);
      expect(await statusOf((await nginxOf(secret, {}, right, trusts(other))).port, "/")).toBe(502);
      // Signed by whom it should be, for another name.
      expect(await statusOf((await nginxOf(secret, {}, await start(other), trusts(other))).port, "/")).toBe(
        502,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("a configuration that is none is refused loudly", async () => {
    await expect(startNginx({ location: ["client_max_body_size 1GB;"] })).rejects.toThrow(/invalid value/);
  });
});
