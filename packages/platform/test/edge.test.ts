import { definePlatform, existing, parsePlatform, service } from "ashlar";
import { check, objectSet } from "ashlar/check";
import { describe, expect, test } from "vitest";
import { ashlar, folderOf, STRIX } from "./support/cli.ts";

const environments = { common: existing("default", "kube-system"), dev: ["dev"] } as const;
const CLASS = {
  apiVersion: "networking.k8s.io/v1",
  kind: "IngressClass",
  metadata: { name: "nginx" },
  spec: { controller: "k8s.io/ingress-nginx" },
} as const;
const BASE = {
  name: "shop",
  environments,
  groups: { developer: { namespaces: { dev: ["admin"] } } },
  oidc: { issuer: "https://iam.example.test/realms/shop", clientId: "kubernetes" },
  edge: { routes: "ingress", auth: { trustedProxies: ["10.1.0.0/16"], apiServer: ["10.9.0.0/24"] } },
  podCidrs: ["10.1.0.0/16"],
  given: [
    CLASS,
    service("default/wiki", { port: 80, pods: { app: "wiki" } }),
    "default/Secret/wiki-example-test",
  ],
} as const;

describe("apps in the platform file", () => {
  test("a login puts a proxy in front, guards the pods, and registers where logins come back to", () => {
    const platform = definePlatform({
      ...BASE,
      realms: {
        shop: {
          roles: { developer: {} },
          groups: { developer: { roles: ["developer"] } },
          clients: {
            kubernetes: { kubelogin: true, groupsClaim: "groups", roles: { developer: ["developer"] } },
          },
        },
      },
      apps: { wiki: { host: "wiki.example.test", to: "wiki.default:80", login: ["developer"] } },
      firewall: "dev -> common",
      expect: ["https://wiki.example.test requires login of group developer"],
    });
    const { block } = platform;
    const kinds = block.resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds).toEqual(
      expect.arrayContaining(["Ingress wiki", "Deployment wiki-login", "NetworkPolicy wiki-behind-login"]),
    );
    const realm = JSON.parse(block.documents.find(({ path }) => path === "realms/shop.json")?.text ?? "");
    const client = realm.clients.find(({ clientId }: { clientId: string }) => clientId === "kubernetes");
    expect(client.redirectUris).toContain("https://wiki.example.test/oauth2/callback");
    const report = check(objectSet(platform));
    expect(
      report.proofs.filter(({ outcome }) => outcome !== "proved").map(({ claim }) => claim.text),
    ).toEqual([]);
    // The firewall cannot promise that every pod of common is reached: those behind the login are not.
    expect(block.claims.map(({ text }) => text)).not.toContain("env:dev -> env:common");
    expect(block.claims.map(({ text }) => text)).toContain("env:dev -> ns:kube-system");
  });

  test("without a login every claim of the firewall stays", () => {
    const platform = definePlatform({
      ...BASE,
      apps: { wiki: { host: "wiki.example.test", to: "wiki.default:80" } },
      firewall: "dev -> common",
      expect: ["https://wiki.example.test serves default/wiki:80"],
    });
    expect(platform.block.claims.map(({ text }) => text)).toContain("env:dev -> env:common");
    const report = check(objectSet(platform));
    expect(report.proofs.filter(({ outcome }) => outcome !== "proved")).toEqual([]);
  });

  test("a Service whose port is another is refused; one that nobody stated is unknown, never served", () => {
    const wrong = parsePlatform({
      ...BASE,
      apps: { wiki: { host: "wiki.example.test", to: "wiki.default:8080" } },
    });
    if (wrong.ok) throw new Error("it was taken");
    expect(wrong.findings.map(({ path }) => path)).toEqual(["apps.wiki.to"]);
    const open = definePlatform({
      ...BASE,
      given: [CLASS],
      apps: { wiki: { host: "wiki.example.test", to: "wiki.default:80" } },
    });
    const { proofs } = check(objectSet(open));
    expect(proofs.find(({ claim }) => claim.by === "apps")?.outcome).not.toBe("proved");
  });

  test("unknown namespaces and groups, and a login without its settings, are findings under their keys", () => {
    const paths = (input: object) => {
      const result = parsePlatform({ ...BASE, ...input });
      return result.ok ? [] : result.findings.map(({ path }) => path);
    };
    expect(paths({ apps: { wiki: { host: "wiki.example.test", to: "wiki.defualt:80" } } })).toEqual([
      "apps.wiki.to",
    ]);
    expect(
      paths({ apps: { wiki: { host: "wiki.example.test", to: "wiki.default:80", login: ["develper"] } } })[0],
    ).toMatch(/^apps\.wiki\.login/);
    expect(
      paths({
        edge: { routes: "ingress" },
        apps: { wiki: { host: "wiki.example.test", to: "wiki.default:80", login: "any" } },
      }).length,
    ).toBeGreaterThan(0);
  });
});

test("a redirect URI that the realm's client does not allow is an error with both places, on anybody's files", async () => {
  const platform = definePlatform({
    ...BASE,
    apps: { wiki: { host: "wiki.example.test", to: "wiki.default:80", login: "any" } },
  });
  const { renderPlatform } = await import("ashlar");
  const files = Object.fromEntries(renderPlatform(platform).files.map(({ path, text }) => [path, text]));
  const realm = (uri: string) =>
    JSON.stringify({
      realm: "shop",
      enabled: true,
      clients: [
        {
          clientId: "kubernetes",
          enabled: true,
          standardFlowEnabled: true,
          redirectUris: ["http://localhost:8000", uri],
        },
      ],
    });
  const codesWith = async (uri: string) => {
    const cwd = folderOf({ "edge.yaml": files["resources.yaml"] ?? "", "realm.json": realm(uri) });
    const { out } = await ashlar(["check", ".", "--format", "json"], { cwd });
    return (JSON.parse(out).findings as { code: string }[]).map(({ code }) => code);
  };
  expect(await codesWith("https://other.example.test/oauth2/callback")).toContain(
    "iam/no-unregistered-redirect",
  );
  expect(await codesWith("https://wiki.example.test/oauth2/callback")).not.toContain(
    "iam/no-unregistered-redirect",
  );
});

describe("explain url", () => {
  test("walks from the host to the workload, through the proxy", async () => {
    const { code, out } = await ashlar(["explain", "url", "https://logs.k8s.strix.kr/app", STRIX]);
    expect(code).toBe(0);
    for (const part of [
      "answers after a login",
      "Ingress default/logs",
      "ClusterIssuer letsencrypt",
      "is oauth2-proxy",
      "Service default/efk-kibana",
    ])
      expect(out).toContain(part);
  });

  test("stops at the exact break, with file and line; exit code 1", async () => {
    const cwd = folderOf({
      "edge.yaml": `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: wiki, namespace: default }
spec:
  ingressClassName: nginx
  rules:
    - host: wiki.example.test
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: wiki, port: { number: 8080 } } } }
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---
apiVersion: v1
kind: Service
metadata: { name: wiki, namespace: default }
spec: { ports: [{ port: 80 }], selector: { app: wiki } }
`,
    });
    const { code, out } = await ashlar(["explain", "url", "http://wiki.example.test/", "edge.yaml"], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/stops at: .*8080.*edge\.yaml:\d+/);
  });

  test("no URL is said as such", async () => {
    expect(await ashlar(["explain", "url", "wiki.example.test", STRIX])).toMatchObject({ code: 2 });
  });
});

test("diff says which URLs lose their login", async () => {
  const platform = (login: false | "any") =>
    definePlatform({ ...BASE, apps: { wiki: { host: "wiki.example.test", to: "wiki.default:80", login } } });
  const yaml = async (login: false | "any") => {
    const { renderPlatform } = await import("ashlar");
    return renderPlatform(platform(login)).resources;
  };
  const cwd = folderOf({ "old.yaml": await yaml("any"), "new.yaml": await yaml(false) });
  const { code, out } = await ashlar(["diff", "old.yaml", "new.yaml"], { cwd });
  expect(code).toBe(1);
  expect(out.slice(out.indexOf("URLs:"))).toMatch(/wiki\.example\.test/);
});
