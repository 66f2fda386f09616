import { randomBytes } from "node:crypto";
import { identityFindings, identityModel, realm, realmFindings, tokenOf } from "@ashlar/iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Keycloak, startKeycloak } from "../components/keycloak.ts";
import { REFUSED_REALMS, TAKEN_REALMS } from "../keycloak/bad-realms.ts";
import { codeLogin } from "../keycloak/code-login.ts";
import { comparable, missing, withoutIds } from "../keycloak/compare.ts";
import { EVERYTHING_REALM } from "../keycloak/everything-realm.ts";
import { clientOf, exportOf, makeUser, PASSWORD } from "../keycloak/realm-content.ts";
import { ALLOWED_URIS, ASKED_URIS } from "../keycloak/redirect-uris.ts";
import { runSteps } from "../keycloak/run-steps.ts";
import { STRIX_REALMS } from "../keycloak/strix-realms.ts";
import { TOKEN_REALM, TOKEN_USERS } from "../keycloak/token-realm.ts";

const DEFAULT_CLIENTS = [
  "account",
  "account-console",
  "admin-cli",
  "broker",
  "realm-management",
  "security-admin-console",
];
const VARIABLES = ["KUBERNETES", "JENKINS", "NEXUS", "DOKUWIKI", "WIKI"].map(
  (name) => `${name}_CLIENT_SECRET`,
);

const secrets = Object.fromEntries(VARIABLES.map((name) => [name, randomBytes(18).toString("base64url")]));
const documentsOf = (intent: Parameters<typeof realm>[0]) =>
  realm(intent).documents.map(({ path, text }) => ({ path, text }));
const written = (intent: Parameters<typeof realm>[0]) => JSON.parse(documentsOf(intent)[0]?.text ?? "null");

const NEW_REALMS = [STRIX_REALMS.prod, STRIX_REALMS.dev, STRIX_REALMS.platform, EVERYTHING_REALM];

let keycloak: Keycloak;
const admin: Keycloak["admin"] = {
  get: (path) => keycloak.admin.get(path),
  send: (method, path, body) => keycloak.admin.send(method, path, body),
};
beforeAll(async () => {
  const realms = NEW_REALMS.map((intent) => ({ name: intent.name, json: documentsOf(intent)[0]?.text }));
  keycloak = await startKeycloak({ realms, env: secrets });
}, 300_000);
afterAll(() => keycloak?.stop());

describe("realms that we write", () => {
  test("are imported without a warning", async () => {
    const log = await keycloak.log();
    const lines = log.split("\n").filter((line) => / (WARN|ERROR) /.test(line));
    // Keycloak warns so whenever it starts.
    expect(lines.filter((line) => !/features .* enabled by default|development mode/i.test(line))).toEqual(
      [],
    );
    for (const { name } of NEW_REALMS) expect(log).toMatch(new RegExp(`Realm '${name}' imported`));
  });

  test.each(NEW_REALMS)("$name: the export has every field as written", async (intent) => {
    const { requiredActions, ...rest } = written(intent);
    const exported = await exportOf(admin, intent.name);
    expect(missing({ ...rest, ...(requiredActions && { requiredActions }) }, exported)).toEqual([]);
    expect(realmFindings(exported).filter((f) => f.severity === "error")).toEqual([]);
  });

  test("a realm that wants https from everybody is written so", async () => {
    // It would answer nothing over plain http at the start.
    const value = written({ name: "https-only", sslRequired: "all" });
    expect((await admin.send("POST", "/realms", value)).code).toBe(201);
    expect(missing(value, await exportOf(admin, "https-only"))).toEqual([]);
  });

  test("placeholders are filled from the environment, in startup imports alone", async () => {
    expect((await clientOf(admin, "platform", "kubernetes")).secret).toBe(secrets.KUBERNETES_CLIENT_SECRET);
    expect((await clientOf(admin, "everything", "wiki app")).secret).toBe(secrets.WIKI_CLIENT_SECRET);
    await admin.send("POST", "/realms", {
      realm: "literal",
      clients: [{ clientId: "app", secret: `\${WIKI_CLIENT_SECRET}` }],
    });
    expect((await clientOf(admin, "literal", "app")).secret).toBe(`\${WIKI_CLIENT_SECRET}`);
  });

  test("disabled clients are Keycloak's own, but for being disabled", async () => {
    await admin.send("POST", "/realms", { realm: "stock", enabled: true });
    const stock = JSON.parse(JSON.stringify(await exportOf(admin, "stock")).replaceAll("stock", "prod"));
    const prod = await exportOf(admin, "prod");
    const clients = stock.clients as { clientId: string }[];
    expect(clients.map((c) => c.clientId)).toEqual(DEFAULT_CLIENTS);
    const owned = clients.map((client) => ({ ...withoutIds(client), enabled: false }));
    expect(missing(owned, prod.clients)).toEqual([]);
    expect(missing(withoutIds(stock.roles), prod.roles)).toEqual([]);
    expect(missing(withoutIds(prod.roles), stock.roles)).toEqual([]);
    expect(missing(stock.clientScopeMappings, prod.clientScopeMappings)).toEqual([]);
  });
});

describe("what we add to master", () => {
  const block = realm(STRIX_REALMS.master);
  const json = (path: string) => JSON.parse(block.documents.find((d) => d.path === path)?.text ?? "null");
  const actions = (text: string) =>
    new Set([...text.matchAll(/"action"\s*:\s*"(\w+)"/g)].map((match) => match[1]));

  test("is added by its steps, once, and the second time nothing happens to users' groups", async () => {
    const [, first = ""] = await runSteps(block, keycloak, secrets);
    expect(actions(first)).toEqual(new Set(["ADDED"]));
    for (const group of ["operator", "developer", "manager"])
      await makeUser(admin, "master", `${group}1`, [group]);
    const [, second = ""] = await runSteps(block, keycloak, secrets);
    expect(actions(second)).toEqual(new Set(["SKIPPED"]));
    const [user] = await admin.get<{ id: string }[]>("/realms/master/users?username=operator1");
    expect(await admin.get(`/realms/master/users/${user?.id}/groups`)).toMatchObject([{ name: "operator" }]);
    const { ifResourceExists: _, ...own } = json("realms/master.json");
    const exported = await exportOf(admin, "master");
    expect(missing(own, exported)).toEqual([]);
    expect(missing(json("realms/master-settings.json"), exported)).toEqual([]);
    expect((await clientOf(admin, "master", "kubernetes")).secret).toBe(secrets.KUBERNETES_CLIENT_SECRET);
  });

  test("operators manage prod and dev, developers dev, and managers see both", async () => {
    const may = async (username: string, method: string, path: string) => {
      const form = new URLSearchParams({
        grant_type: "password",
        client_id: "admin-cli",
        username,
        password: PASSWORD,
      });
      const answer = await fetch(`${keycloak.url}/realms/master/protocol/openid-connect/token`, {
        method: "POST",
        body: form,
      });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      const response = await fetch(`${keycloak.url}/admin/realms/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(method === "PUT" && { body: "{}" }),
      });
      return response.status;
    };
    const table: Record<string, number[]> = {};
    for (const user of ["operator1", "developer1", "manager1"])
      table[user] = [
        await may(user, "PUT", "prod"),
        await may(user, "PUT", "dev"),
        await may(user, "GET", "prod/users"),
        await may(user, "GET", "dev/users"),
        await may(user, "PUT", "platform"),
      ];
    expect(table).toEqual({
      operator1: [204, 204, 200, 200, 403],
      developer1: [403, 204, 403, 200, 403],
      manager1: [403, 403, 200, 200, 403],
    });
  });
});

describe("tokenOf", () => {
  const expected = (
    value: unknown,
    name: string,
    client: string,
    groups: readonly string[],
    username: string,
    id: string,
  ) =>
    tokenOf(identityModel({ realms: [{ realm: value }], keycloakUrl: keycloak.url }), {
      realm: name,
      client,
      groups,
      user: {
        id,
        username,
        email: `${username}@example.test`,
        emailVerified: true,
        firstName: "User",
        lastName: username,
      },
    })!;

  test("real logins to the platform's realm by code and PKCE have exactly its claims", async () => {
    const value = written(STRIX_REALMS.platform);
    const issuer = `${keycloak.url}/realms/platform`;
    const kinds: readonly (readonly string[])[] = [
      ["operator"],
      ["developer"],
      ["operator", "developer"],
      [],
    ];
    let compared = 0;
    for (const [i, groups] of [...kinds, ...kinds].entries()) {
      const username = `user${i}`;
      const id = await makeUser(admin, "platform", username, groups);
      const [clientId, redirectUri] =
        i < 4
          ? (["kubernetes", "http://localhost:8000"] as const)
          : (["jenkins", "https://deploy.k8s.strix.kr/securityRealm/finishLogin"] as const);
      const secret = secrets[`${clientId.toUpperCase()}_CLIENT_SECRET`]!;
      const real = await codeLogin({ issuer, clientId, secret, redirectUri, username, password: PASSWORD });
      const ours = expected(value, "platform", clientId, groups, username, id);
      expect(comparable(real.idToken)).toEqual(comparable(ours.idToken));
      expect(comparable(real.accessToken)).toEqual(comparable(ours.accessToken));
      expect(ours.unknownMappers).toEqual([]);
      compared += 2;
    }
    expect(compared).toBe(16);
  }, 120_000);

  test("tokens of a realm with every mapper, odd scopes and groups within groups", async () => {
    expect((await admin.send("POST", "/realms", TOKEN_REALM)).code).toBe(201);
    expect(realmFindings(TOKEN_REALM).filter((f) => f.severity === "error")).toEqual([]);
    const clients = await Promise.all(
      TOKEN_REALM.clients.map(
        async ({ clientId }) => [clientId, (await clientOf(admin, "tokens", clientId)).id] as const,
      ),
    );
    let compared = 0;
    for (const [username, groups] of Object.entries(TOKEN_USERS)) {
      const id = await makeUser(admin, "tokens", username, groups);
      for (const [client, uuid] of clients) {
        const example = (token: string) =>
          admin.get<Record<string, unknown>>(
            `/realms/tokens/clients/${uuid}/evaluate-scopes/generate-example-${token}-token?userId=${id}&scope=openid`,
          );
        const ours = expected(TOKEN_REALM, "tokens", client, groups, username, id);
        expect(comparable(await example("id")), `${username} ${client}`).toEqual(comparable(ours.idToken));
        expect(comparable(await example("access")), `${username} ${client}`).toEqual(
          comparable(ours.accessToken),
        );
        compared += 2;
      }
    }
    expect(compared).toBe(72);
  }, 120_000);
});

describe("realmFindings", () => {
  test("has an error for whatever Keycloak refuses, and for nothing that it takes", async () => {
    const cases = [
      ...Object.entries(REFUSED_REALMS).map((c) => [...c, true] as const),
      ...Object.entries(TAKEN_REALMS).map((c) => [...c, false] as const),
    ];
    const wrong: string[] = [];
    for (const [i, [name, fields, refused]] of cases.entries()) {
      const value = { realm: `case-${i}`, enabled: true, ...fields };
      const { code, body } = await admin.send("POST", "/realms", value);
      if (code >= 400 !== refused) wrong.push(`${name}: Keycloak says ${code} ${JSON.stringify(body)}`);
      const errors = realmFindings(value).filter((f) => f.severity === "error");
      if (errors.length > 0 !== refused)
        wrong.push(`${name}: ours are ${JSON.stringify(errors.map((f) => [f.path, f.message]))}`);
    }
    expect(wrong).toEqual([]);
    expect([Object.keys(REFUSED_REALMS).length, Object.keys(TAKEN_REALMS).length]).toEqual([75, 13]);
  }, 300_000);

  test("a partial import needs the paths of groups, and overwriting takes groups from users", async () => {
    const send = (body: object) => admin.send("POST", "/realms/stock/partialImport", body);
    const bare = { ifResourceExists: "SKIP", groups: [{ name: "crew" }] };
    expect((await send(bare)).code).toBe(500);
    expect(realmFindings(bare).map((f) => [f.severity, f.path])).toEqual([["error", "groups[0].path"]]);
    const right = { ifResourceExists: "OVERWRITE", groups: [{ name: "crew", path: "/crew" }] };
    expect((await send(right)).code).toBe(200);
    const id = await makeUser(admin, "stock", "crew1", ["crew"]);
    expect((await send(right)).code).toBe(200);
    expect(await admin.get(`/realms/stock/users/${id}/groups`)).toEqual([]);
    expect(realmFindings(right).map((f) => f.code)).toEqual(["iam/no-overwriting-import"]);
  });
});

test("a redirect URI is refused by Keycloak exactly where identityFindings says so", async () => {
  const value = {
    realm: "redirects",
    enabled: true,
    clients: [{ clientId: "app", publicClient: true, redirectUris: ALLOWED_URIS }],
  };
  expect((await admin.send("POST", "/realms", value)).code).toBe(201);
  const model = (redirectUri: string) =>
    identityModel({
      realms: [{ realm: value }],
      logins: [{ realm: "redirects", client: "app", redirectUri }],
    });
  const answers: Record<string, boolean> = {};
  const ours: Record<string, boolean> = {};
  for (const uri of ASKED_URIS) {
    const query = new URLSearchParams({
      client_id: "app",
      redirect_uri: uri,
      response_type: "code",
      scope: "openid",
    });
    const { status } = await fetch(`${keycloak.url}/realms/redirects/protocol/openid-connect/auth?${query}`, {
      redirect: "manual",
    });
    answers[uri] = status === 400;
    ours[uri] = identityFindings(model(uri)).some((f) => f.code === "iam/no-unregistered-redirect");
  }
  expect(ours).toEqual(answers);
  expect(Object.keys(answers)).toHaveLength(19);
  expect(new Set(Object.values(answers))).toEqual(new Set([true, false]));
});
