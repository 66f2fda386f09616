import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { RealmInput } from "../intent.ts";
import { realm } from "../realm.ts";
import { realmFindings } from "./realm-findings.ts";
import { app, mapper, URI, withClient } from "./realms.test-support.ts";

const CASES = join(import.meta.dirname, "..", "document-cases");
const documentsOf = (name: string) =>
  realm(parse(readFileSync(join(CASES, `${name}.intent.yaml`), "utf8")) as RealmInput).documents.filter((d) =>
    d.path.endsWith(".json"),
  );

test("a realm that we write has nothing against it", () => {
  for (const { text } of [...documentsOf("prod"), ...documentsOf("everything")]) {
    const codes = realmFindings(JSON.parse(text)).map((f) => f.code);
    // The case that uses everything turns these two off on purpose.
    expect(new Set(codes)).toEqual(
      new Set(text.includes('"wiki"') ? ["iam/no-direct-grants", "iam/require-pkce"] : []),
    );
  }
});

test("of what we write for master, only that apps are in it", () => {
  const [additions] = documentsOf("strix-master");
  expect(realmFindings(JSON.parse(additions?.text ?? "")).map((f) => f.code)).toEqual([
    "iam/no-apps-in-master",
  ]);
});

const HABITS: readonly (readonly [string, object, string, string])[] = [
  [
    "a wildcard",
    withClient({ redirectUris: [URI, "https://app.example.test/*"] }),
    "iam/no-redirect-wildcard",
    "clients[0].redirectUris[1]",
  ],
  [
    "a star that is no wildcard",
    withClient({ redirectUris: ["https://*.example.test/x"] }),
    "iam/no-redirect-wildcard",
    "clients[0].redirectUris[0]",
  ],
  [
    "plain http",
    withClient({ redirectUris: ["http://app.example.test/"] }),
    "iam/no-plain-http-redirect",
    "clients[0].redirectUris[0]",
  ],
  [
    "implicit flow",
    withClient({ implicitFlowEnabled: true }),
    "iam/no-implicit-flow",
    "clients[0].implicitFlowEnabled",
  ],
  [
    "direct grants",
    withClient({ directAccessGrantsEnabled: true }),
    "iam/no-direct-grants",
    "clients[0].directAccessGrantsEnabled",
  ],
  [
    "a secret of a public client",
    withClient({ publicClient: true, secret: `\${A}` }),
    "iam/no-secret-on-public-client",
    "clients[0].secret",
  ],
  [
    "no PKCE",
    withClient({ attributes: {} }),
    "iam/require-pkce",
    "clients[0].attributes[pkce.code.challenge.method]",
  ],
  [
    "PKCE in the clear",
    withClient({ attributes: { "pkce.code.challenge.method": "plain" } }),
    "iam/require-pkce",
    "clients[0].attributes[pkce.code.challenge.method]",
  ],
  ["apps in master", { realm: "master", clients: [app()] }, "iam/no-apps-in-master", "clients[0].clientId"],
  [
    "groups as paths",
    withClient({
      protocolMappers: [
        mapper({ protocolMapper: "oidc-group-membership-mapper", config: { "full.path": "true" } }),
      ],
    }),
    "iam/no-full-group-path",
    "clients[0].protocolMappers[0].config[full.path]",
  ],
  [
    "a group's misspelt role",
    {
      realm: "p",
      roles: { realm: [{ name: "developer" }] },
      groups: [{ name: "g", realmRoles: ["develper"] }],
    },
    "iam/no-missing-realm-reference",
    "groups[0].realmRoles[0]",
  ],
  [
    "a mapper of no client",
    withClient({ protocolMappers: [mapper({ config: { "usermodel.clientRoleMapping.clientId": "ap" } })] }),
    "iam/no-missing-realm-reference",
    "clients[0].protocolMappers[0].config[usermodel.clientRoleMapping.clientId]",
  ],
  ["overwriting", { ifResourceExists: "OVERWRITE" }, "iam/no-overwriting-import", "ifResourceExists"],
];

test.each(HABITS)("%s is a warning", (_, value, code, path) => {
  expect(realmFindings(value).map((f) => [f.code, f.severity, f.path])).toEqual([[code, "warning", path]]);
});

test("loopback redirects, disabled and bearer-only clients and Keycloak's own are left alone", () => {
  const clients = [
    app({ redirectUris: ["http://localhost:8000", "http://127.0.0.1:18000/x", "http://[::1]:8000/"] }),
    app({ clientId: "off", enabled: false, implicitFlowEnabled: true, redirectUris: ["http://x/*"] }),
    { clientId: "api", bearerOnly: true },
    { clientId: "account", redirectUris: ["/realms/p/account/*"] },
  ];
  expect(realmFindings({ realm: "p", clients })).toEqual([]);
});

test("an access token for a server needs the server in its audience", () => {
  const accessTokens = [{ client: "app", audience: "kubernetes" }];
  const audience = {
    protocolMapper: "oidc-audience-mapper",
    config: { "included.client.audience": "kubernetes", "access.token.claim": "true" },
  };
  const value = (protocolMappers: object[]) => ({
    realm: "p",
    clients: [app({ protocolMappers }), { clientId: "kubernetes" }],
  });
  expect(realmFindings(value([]), { accessTokens }).map((f) => f.code)).toEqual([
    "iam/require-token-audience",
  ]);
  expect(realmFindings(value([mapper(audience)]), { accessTokens })).toEqual([]);
});

describe("secrets", () => {
  const SECRET = "s3cr3t-0f-k3ycl0ak";
  const places: readonly (readonly [string, object])[] = [
    ["clients[0].secret", withClient({ secret: SECRET })],
    ["clients[0].registrationAccessToken", withClient({ registrationAccessToken: SECRET })],
    [
      "users[0].credentials[0].value",
      { realm: "p", users: [{ username: "u", credentials: [{ value: SECRET }] }] },
    ],
    ["privateKey", { realm: "p", privateKey: SECRET }],
    ["smtpServer.password", { realm: "p", smtpServer: { password: SECRET } }],
    [
      "identityProviders[0].config.clientSecret",
      { realm: "p", identityProviders: [{ alias: "a", config: { clientSecret: SECRET } }] },
    ],
    [
      "components.keys[0].config.privateKey",
      { realm: "p", components: { keys: [{ name: "rsa", config: { privateKey: [SECRET] } }] } },
    ],
    ["clients[0].secret", withClient({ secret: `\${A:${SECRET}}` })],
  ];
  test.each(places)("at %s are found and not printed", (path, value) => {
    const findings = realmFindings(value);
    expect(findings.map((f) => [f.code, f.severity, f.path])).toEqual([
      ["iam/no-secret-in-realm", "error", path],
    ]);
    expect(JSON.stringify(findings)).not.toContain(SECRET);
  });

  test.each(["", "**********", `\${KUBERNETES_CLIENT_SECRET}`, `\${vault.kubernetes}`])(
    "%j is none",
    (secret) => {
      expect(realmFindings(withClient({ secret }))).toEqual([]);
    },
  );
});

describe("hostile input", () => {
  test.each([null, undefined, 5, "x", [], true])("%j is one finding", (value) => {
    expect(realmFindings(value).map((f) => f.code)).toEqual(["iam/valid-realm"]);
  });

  test("any JSON in any place gives findings, not exceptions", () => {
    const keys = [
      "realm",
      "clients",
      "roles",
      "groups",
      "users",
      "client",
      "name",
      "composites",
      "clientId",
      "protocolMappers",
      "config",
      "redirectUris",
      "subGroups",
      "attributes",
      "__proto__",
      "ifResourceExists",
      "clientScopeMappings",
    ];
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6, withCrossShrink: true },
        fc.constantFrom(null, true, 0, "", "x", `\${A}`),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 5 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        for (const f of realmFindings(value)) {
          expect(f.code).toMatch(/^iam\//);
          expect(f.hint).not.toBe("");
        }
      }),
      { numRuns: 2000, seed: 20180904 },
    );
  });

  test("groups within groups end somewhere", () => {
    let group: object = { name: "g" };
    for (let i = 0; i < 5000; i++) group = { name: "g", subGroups: [group] };
    expect(realmFindings({ realm: "p", groups: [group] })).toEqual([]);
  });

  test("ten thousand misspelt names among ten thousand known ones take seconds at most", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `role-${i}`);
    const value = {
      realm: "p",
      roles: { realm: many.map((name) => ({ name })) },
      groups: many.map((name) => ({ name, realmRoles: [`${name}x`] })),
    };
    const start = performance.now();
    expect(realmFindings(value)).toHaveLength(10_000);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test("names of prototypes are names", () => {
    const value = JSON.parse(
      '{"realm":"p","roles":{"client":{"__proto__":[{"name":"constructor"}]}},"groups":[{"name":"toString","clientRoles":{"constructor":["x"]}}]}',
    );
    expect(realmFindings(value).map((f) => f.path)).toEqual([
      "roles.client.__proto__",
      "groups[0].clientRoles.constructor",
    ]);
  });
});
