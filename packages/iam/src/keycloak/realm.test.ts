import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IntentError } from "@ashlar/core";
import { blockContract } from "@ashlar/core/testing";
import { afterAll, describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import type { RealmInput } from "./intent.ts";
import { realm } from "./realm.ts";

const CASES = join(import.meta.dirname, "document-cases");
blockContract({ test }, { builder: realm, cases: readCases<RealmInput>(CASES), rules: [] });
goldenTests<RealmInput>(CASES, realm);

const json = (intent: RealmInput) => JSON.parse(realm(intent).documents[0]?.text ?? "null");
const kubernetes = { logins: [{ host: "k8s.strix.kr" }], groupsClaim: "groups" };

test("the plainest client has every unsafe switch off and asks for PKCE", () => {
  expect(json({ name: "platform", clients: { kubernetes } }).clients).toEqual([
    {
      clientId: "kubernetes",
      enabled: true,
      protocol: "openid-connect",
      publicClient: false,
      clientAuthenticatorType: "client-secret",
      secret: `\${KUBERNETES_CLIENT_SECRET}`,
      standardFlowEnabled: true,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: false,
      fullScopeAllowed: false,
      redirectUris: ["https://k8s.strix.kr/oauth2/callback"],
      webOrigins: [],
      attributes: { "pkce.code.challenge.method": "S256" },
      protocolMappers: [
        expect.objectContaining({
          name: "groups",
          config: expect.objectContaining({ "usermodel.clientRoleMapping.clientId": "kubernetes" }),
        }),
      ],
    },
  ]);
});

test("kubectl's login gets the three URIs that its versions send, each once", () => {
  const redirectUris = ["http://localhost:8000"];
  expect(
    json({ name: "p", clients: { k: { redirectUris, kubelogin: true } } }).clients[0].redirectUris,
  ).toEqual([
    "http://localhost:8000",
    "http://localhost:8000/",
    "http://localhost:18000",
    "http://localhost:18000/",
  ]);
});

test("the order of an intent does not change the file", () => {
  const roles = { operator: {}, developer: {} };
  const turned = { developer: {}, operator: {} };
  const of = (r: typeof roles) =>
    realm({ name: "p", roles: r, clients: { b: {}, a: { roles: { x: ["operator", "developer"] } } } })
      .documents[0]?.text;
  expect(of(turned)).toBe(of(roles));
});

describe("bad intents are refused with path and remedy", () => {
  const client = (rest: object) => ({ name: "p", roles: { developer: {} }, clients: { app: rest } });
  const mistakes: readonly (readonly [string, unknown, string, string])[] = [
    ["a name that leaves the folder", { name: "../x" }, "name", "part of URLs"],
    ["an empty name", { name: "" }, "name", "part of URLs"],
    ["another Keycloak", { name: "p", keycloak: "4.3.0" }, "keycloak", "write 26.7"],
    ["a placeholder in a text", { name: "p", displayName: `\${HOME}` }, "displayName", "environment"],
    [
      "an unknown role in a group",
      { name: "p", roles: { developer: {} }, groups: { g: { roles: ["develper"] } } },
      "groups.g.roles[0]",
      'did you mean "developer"?',
    ],
    [
      "an unknown included role",
      { name: "p", roles: { a: { includes: ["b"] } } },
      "roles.a.includes[0]",
      'did you mean "a"?',
    ],
    [
      "an unknown client",
      { name: "p", roles: { a: { clientRoles: { nope: [] } } }, clients: { node: {} } },
      "roles.a.clientRoles.nope",
      'did you mean "node"?',
    ],
    [
      "an unknown client role",
      { name: "p", groups: { a: { clientRoles: { "realm-management": ["view-user"] } } } },
      'groups.a.clientRoles["realm-management"][0]',
      'did you mean "view-users"?',
    ],
    ["a slash in a group", { name: "p", groups: { "a/b": {} } }, 'groups["a/b"]', "another character"],
    [
      "a realm that another manages",
      { name: "p", roles: { a: { manages: ["dev"] } } },
      "roles.a.manages[0]",
      "realm master",
    ],
    [
      "master without its clients",
      { name: "master", defaultClients: "disabled" },
      "defaultClients",
      "leave it out",
    ],
    ["a required OTP in master", { name: "master", otp: { required: true } }, "otp.required", "console"],
    ["a secret as value", client({ secret: "3f2a9c" }), "clients.app.secret", "environment variable"],
    ["a secret with a default", client({ secret: `\${A:-x}` }), "clients.app.secret", "environment variable"],
    [
      "a secret of a public client",
      client({ access: "public", secret: `\${A}` }),
      "clients.app.secret",
      "confidential",
    ],
    [
      "an id that makes no variable",
      { name: "p", clients: { 한글: {} } },
      'clients["한글"].secret',
      "environment variable",
    ],
    [
      "one variable for two clients",
      { name: "p", clients: { "a-b": {}, "a.b": {} } },
      'clients["a.b"].secret',
      "of its own",
    ],
    [
      "a wildcard",
      client({ redirectUris: ["https://a.example.test/*"] }),
      "clients.app.redirectUris[0]",
      "write https://HOST/PATH",
    ],
    [
      "plain http",
      client({ redirectUris: ["http://a.example.test/"] }),
      "clients.app.redirectUris[0]",
      "write https://HOST/PATH",
    ],
    [
      "a fragment",
      client({ redirectUris: ["https://a.example.test/#x"] }),
      "clients.app.redirectUris[0]",
      "write https://HOST/PATH",
    ],
    [
      "a script as redirect",
      client({ redirectUris: ["javascript:alert(1)"] }),
      "clients.app.redirectUris[0]",
      "write https://HOST/PATH",
    ],
    [
      "a user in a URL",
      client({ redirectUris: ["https://a@b.example.test/"] }),
      "clients.app.redirectUris[0]",
      "write https://HOST/PATH",
    ],
    [
      "a host with a path",
      client({ logins: [{ host: "a.example.test/x" }] }),
      "clients.app.logins[0].host",
      "logs.example.test",
    ],
    [
      "a callback without slash",
      client({ logins: [{ host: "a.example.test", callback: "x" }] }),
      "clients.app.logins[0].callback",
      "/oauth2/callback",
    ],
    [
      "an origin with a path",
      client({ webOrigins: ["https://a.example.test/x"] }),
      "clients.app.webOrigins[0]",
      "https://HOST",
    ],
    ["a claim that tokens need", client({ groupsClaim: "sub" }), "clients.app.groupsClaim", "write groups"],
    ["a claim inside a claim", client({ groupsClaim: "a.b" }), "clients.app.groupsClaim", "write groups"],
    [
      "an audience that is no client",
      client({ accessTokenFor: ["kube"] }),
      "clients.app.accessTokenFor[0]",
      '"app"',
    ],
    ["a client of Keycloak's own", { name: "p", clients: { account: {} } }, "clients.account", "another id"],
    ["a line end in a name", { name: "p", roles: { "a\nb": {} } }, 'roles["a\\nb"]', "printable"],
    ["a misspelt field", { name: "p", clents: {} }, "clents", 'did you mean "clients"?'],
    ["no object", "platform", "", "see"],
  ];
  test.each(mistakes)("%s", (_, intent, path, hint) => {
    const result = realm.safe(intent);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    const found = result.findings.find((f) => f.path === path);
    expect(found, JSON.stringify(result.findings)).toBeDefined();
    expect(found).toMatchObject({ severity: "error", hint: expect.stringContaining(hint) });
  });

  test("the builder throws all of them at once, and never the secret", () => {
    const build = () =>
      realm({ name: "p", clients: { a: { secret: "3f2a9c0011" }, b: { groupsClaim: "aud" } } });
    expect(build).toThrow(IntentError);
    expect(build).toThrow(/clients\.a\.secret[\s\S]*clients\.b\.groupsClaim/);
    expect(build).not.toThrow(/3f2a9c0011/);
  });
});

describe("the script that adds to master", () => {
  const folder = mkdtempSync(join(tmpdir(), "ashlar-realm-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  for (const { path, text } of realm({ name: "master", clients: { kubernetes, wiki: {} } }).documents) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "kcadm.sh"), '#!/bin/sh\necho "$@" >&2\ncat\n', { mode: 0o755 });
  const run = (env: Record<string, string>) =>
    execFileSync("sh", [join(folder, "scripts", "import-realm-master.sh")], {
      env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, ...env },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

  test("fills every secret, whatever characters it has", () => {
    const KUBERNETES_CLIENT_SECRET = `a&b$1\`x\`%s 'q' \${WIKI_CLIENT_SECRET}`;
    const sent = JSON.parse(run({ KUBERNETES_CLIENT_SECRET, WIKI_CLIENT_SECRET: "w" }));
    expect(sent.ifResourceExists).toBe("SKIP");
    expect(sent.clients.map((c: { secret: string }) => c.secret)).toEqual([KUBERNETES_CLIENT_SECRET, "w"]);
  });

  test.each([
    ["is not set", {}],
    ["must have no quote", { KUBERNETES_CLIENT_SECRET: 'a"b', WIKI_CLIENT_SECRET: "w" }],
    ["must have no quote", { KUBERNETES_CLIENT_SECRET: "a\\b", WIKI_CLIENT_SECRET: "w" }],
  ])("sends nothing when a secret %s", (message, env) => {
    expect(() => run(env)).toThrow(message);
  });
});
