import { readFileSync } from "node:fs";
import { join } from "node:path";
import { definePlatform, existing, parsePlatform } from "ashlar";
import { check, objectSet } from "ashlar/check";
import { describe, expect, test } from "vitest";
import { ashlar, folderOf, STRIX } from "./support/cli.ts";

const environments = { common: existing("default"), dev: ["dev"] } as const;
const OIDC = { issuer: "https://iam.example.test/realms/shop", clientId: "kubernetes" } as const;
const CLIENT = { kubelogin: true, groupsClaim: "groups", roles: { developer: ["developer"] } } as const;
const REALM = {
  roles: { developer: {} },
  groups: { developer: { roles: ["developer"] } },
  clients: { kubernetes: CLIENT },
} as const;
const GROUPS = { developer: { namespaces: { dev: ["admin"] } } } as const;

const codes = (platform: ReturnType<typeof definePlatform>) =>
  check(objectSet(platform)).findings.map(({ code }) => code);

describe("a platform with realms, oidc and groups", () => {
  test("has nothing to say when they agree", () => {
    expect(
      codes(
        definePlatform({ name: "shop", environments, oidc: OIDC, realms: { shop: REALM }, groups: GROUPS }),
      ),
    ).toEqual([]);
  });

  test.each([
    [
      "no realm of that name issues tokens",
      { oidc: { ...OIDC, issuer: "https://iam.example.test/realms/shopp" } },
    ],
    ["tokens are for another client", { oidc: { ...OIDC, clientId: "kubernetse" } }],
    ["the groups claim has another name", { oidc: { ...OIDC, groupsClaim: "roles" } }],
    [
      "kubectl may not come back",
      {
        realms: {
          shop: {
            ...REALM,
            clients: {
              kubernetes: { ...CLIENT, kubelogin: false, redirectUris: ["https://a.example.test/x"] },
            },
          },
        },
      },
    ],
  ])("is wrong when %s", (_, change) => {
    const result = parsePlatform({
      name: "shop",
      environments,
      oidc: OIDC,
      realms: { shop: REALM },
      groups: GROUPS,
      ...change,
    });
    if (!result.ok) throw new Error(result.findings.map(({ message }) => message).join("\n"));
    const { findings } = check(objectSet(result.value));
    expect(findings.filter(({ severity }) => severity === "error").length).toBeGreaterThan(0);
    for (const { code, hint } of findings) {
      expect(code).toMatch(/^iam\//);
      expect(hint).not.toBe("");
    }
  });

  test("old API servers are told by flags, and the same login holds there", () => {
    const platform = definePlatform({
      name: "shop",
      versions: { kubernetes: "1.28" },
      environments,
      oidc: OIDC,
      realms: { shop: REALM },
      groups: GROUPS,
    });
    expect(platform.block.documents.map(({ path }) => path)).not.toContain(
      "kube-apiserver/authentication.yaml",
    );
    expect(codes(platform)).toEqual([]);
  });

  test("what a key says wrongly is a finding under that key", () => {
    const paths = (input: object) => {
      const result = parsePlatform({ name: "shop", environments, ...input });
      return result.ok ? [] : result.findings.map(({ path }) => path);
    };
    expect(paths({ groups: { developer: { namespaces: { dve: ["admin"] } } } })).toEqual([
      "groups.developer.namespaces.dve",
    ]);
    expect(paths({ serviceAccounts: { "dev/Agent": {} } })).toEqual(['serviceAccounts["dev/Agent"]']);
    expect(paths({ oidc: { ...OIDC, issuer: "http://iam.example.test" } })).toEqual(["oidc.issuer"]);
    expect(paths({ realms: { shop: { clients: { web: { redirectUris: ["/relative"] } } } } })[0]).toMatch(
      /^realms\["shop"\]\.clients/,
    );
    expect(paths({ roles: { deployer: [{ resources: ["podz"], verbs: ["get"] }] } })[0]).toMatch(
      /^roles\.deployer/,
    );
    expect(paths({ given: ["applications-read"] })).toEqual(["given[0]"]);
  });

  test("a role of its own is made and counts; a given role is taken as it is", () => {
    const platform = definePlatform({
      name: "shop",
      environments,
      roles: { deployer: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] }] },
      groups: { developer: { namespaces: { dev: ["deployer", "charts-read"] } } },
      serviceAccounts: { "dev/agent": { roles: { namespaces: { dev: ["deployer"] } } } },
      given: ["ClusterRole/charts-read"],
      expect: [
        "developer can patch deployments in dev",
        "serviceaccount:dev/agent cannot delete deployments in dev",
      ],
    });
    const report = check(objectSet(platform));
    expect(report.findings).toEqual([]);
    expect(report.proofs.filter(({ claim }) => claim.by === "expect").map(({ outcome }) => outcome)).toEqual([
      "proved",
      "proved",
    ]);
  });

  test("what a given role might allow is unknown, never allowed", () => {
    const platform = definePlatform({
      name: "shop",
      environments,
      groups: { developer: { namespaces: { dev: ["charts-read"] } } },
      given: ["ClusterRole/charts-read"],
      expect: ["developer can get pods in dev", "developer cannot get pods in dev"],
    });
    const report = check(objectSet(platform));
    expect(report.proofs.filter(({ claim }) => claim.by === "expect").map(({ outcome }) => outcome)).toEqual([
      "unknown",
      "unknown",
    ]);
  });
});

describe("explain login", () => {
  test("tells the whole chain of the reference platform", async () => {
    const { code, out } = await ashlar(["explain", "login", "developer", STRIX]);
    expect(code).toBe(0);
    expect(out).toContain("group /developer -> developer -> kubernetes/developer");
    expect(out).toContain('groups = ["developer"]');
    expect(out).toContain("with groups oidc:developer, system:authenticated");
    expect(out).toContain("RoleBinding dev/developer:admin: ClusterRole admin in dev");
    expect(out).not.toContain("dev/developer:view");
  });

  test("says the same of the rendered files", async () => {
    const cwd = folderOf({});
    expect((await ashlar(["render", STRIX, "--out", "out"], { cwd })).code).toBe(0);
    const files = ["out/realms/master.json", "out/kube-apiserver/authentication.yaml", "out/resources.yaml"];
    const { code, out } = await ashlar(["explain", "login", "developer", ...files], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(
      /RoleBinding dev\/developer:admin \(out\/resources\.yaml:\d+\): ClusterRole admin in dev/,
    );
  });

  test("nobody's group meets no binding; exit code 1", async () => {
    expect(await ashlar(["explain", "login", "manager", STRIX])).toMatchObject({ code: 1 });
  });

  test("needs realms", async () => {
    const cwd = folderOf({ "ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: dev }\n" });
    const { code, err } = await ashlar(["explain", "login", "developer", "ns.yaml"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("says nothing of logins");
  });
});

describe("check, of anybody's files", () => {
  test("a realm, an AuthenticationConfiguration and a kubeconfig are read, with lines", async () => {
    const cwd = folderOf({
      "realm.json": JSON.stringify(
        {
          realm: "shop",
          enabled: true,
          clients: [{ clientId: "web", implicitFlowEnabled: true, redirectUris: ["*"] }],
        },
        null,
        2,
      ),
      "auth.yaml":
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n- issuer:\n    url: http://iam.example.test\n    audiences: [a]\n  claimMappings:\n    username: { claim: sub, prefix: '' }\n",
      "kubeconfig.yaml":
        "apiVersion: v1\nkind: Config\nusers:\n- name: me\n  user:\n    auth-provider: { name: oidc, config: { idp-issuer-url: 'https://iam.example.test' } }\n",
    });
    const { code, out } = await ashlar(["check", ".", "--format", "json"], { cwd });
    expect(code).toBe(1);
    const { findings } = JSON.parse(out) as {
      findings: { code: string; at?: { file: string; line: number } }[];
    };
    const found = new Map(findings.map((finding) => [finding.code, finding.at]));
    expect(found.get("iam/no-implicit-flow")).toMatchObject({ file: "realm.json", line: 7 });
    expect(found.get("iam/no-redirect-wildcard")).toMatchObject({ file: "realm.json", line: 9 });
    expect(found.get("iam/valid-authentication-configuration")).toMatchObject({ file: "auth.yaml", line: 5 });
    expect(found.get("iam/no-auth-provider")).toMatchObject({ file: "kubeconfig.yaml" });
  });

  test("a realm's secrets are in no output", async () => {
    const secret = "c4n4ry-s3cr3t-of-the-client";
    const cwd = folderOf({
      "realm.json": JSON.stringify({
        realm: "shop",
        enabled: true,
        clients: [{ clientId: "web", secret, redirectUris: ["https://a.example.test/x"] }],
      }),
    });
    for (const format of ["text", "json", "sarif", "junit", "github"]) {
      const { out, err } = await ashlar(["check", ".", "--format", format], { cwd });
      expect(out).toContain("iam/no-secret-in-realm");
      expect(out + err).not.toContain(secret);
    }
  });

  test("what the platform renders is found right again", async () => {
    const cwd = folderOf({});
    await ashlar(["render", STRIX, "--out", "out"], { cwd });
    const { findings } = JSON.parse(
      (
        await ashlar(["check", "out/realms", "out/kube-apiserver", "out/kubeconfig", "--format", "json"], {
          cwd,
        })
      ).out,
    );
    const worst = (findings as { code: string; severity: string }[]).filter(
      ({ severity }) => severity === "error",
    );
    expect(worst).toEqual([]);
    expect(readFileSync(join(cwd, "out/realms/master.json"), "utf8")).not.toMatch(/"secret": "(?!\$\{)/);
  });
});
