import { expect, test } from "vitest";
import { explainLogin } from "./explain-login.ts";
import { identityModel, tokenOf } from "./model.ts";
import { ISSUER, json, modelOf, PLATFORM } from "./platform.test-support.ts";

test("a developer's tokens", () => {
  const user = {
    id: "u1",
    username: "dev1",
    email: "dev1@example.test",
    emailVerified: true,
    firstName: "Dev",
    lastName: "One",
  };
  const tokens = tokenOf(modelOf(), { realm: "platform", client: "kubernetes", groups: ["developer"], user });
  const person = {
    preferred_username: "dev1",
    email: "dev1@example.test",
    email_verified: true,
    given_name: "Dev",
    family_name: "One",
    name: "Dev One",
  };
  const common = { iss: ISSUER, azp: "kubernetes", sub: "u1", groups: ["developer"], ...person };
  expect(tokens?.idToken).toEqual({ ...common, typ: "ID", aud: "kubernetes" });
  expect(tokens?.accessToken).toEqual({
    ...common,
    typ: "Bearer",
    resource_access: { kubernetes: { roles: ["developer"] } },
  });
});

test("with the full scope every role is in the access token, and every client of one in its audience", () => {
  const tokens = tokenOf(modelOf(), {
    realm: "platform",
    client: "wiki",
    groups: ["operator"],
    roles: ["reader"],
  });
  expect(tokens?.accessToken).toMatchObject({
    aud: ["account", "kubernetes"],
    realm_access: {
      roles: [
        "default-roles-platform",
        "developer",
        "offline_access",
        "operator",
        "reader",
        "uma_authorization",
      ],
    },
    resource_access: {
      account: { roles: ["manage-account", "manage-account-links", "view-profile"] },
      kubernetes: { roles: ["developer", "operator"] },
      wiki: { roles: ["editor"] },
    },
  });
  expect(tokens?.idToken).not.toHaveProperty("groups");
});

test("who has no role of the client has no groups claim, not an empty one", () => {
  expect(tokenOf(modelOf(), { realm: "platform", client: "kubernetes" })?.idToken).not.toHaveProperty(
    "groups",
  );
  expect(tokenOf(modelOf(), { realm: "platform", client: "nope" })).toBeUndefined();
  expect(tokenOf(modelOf(), { realm: "nope", client: "kubernetes" })).toBeUndefined();
});

test("the whole chain of a login", () => {
  const login = explainLogin(modelOf(), { groups: ["operator"], user: { username: "op1" } });
  expect(login.text).toBe(
    [
      "login of op1 to kubernetes in realm platform",
      "  role    group /operator -> operator -> kubernetes/operator",
      "  role    group /operator -> operator -> developer -> kubernetes/developer",
      `  claim   iss = ${JSON.stringify(ISSUER)}`,
      '  claim   aud = "kubernetes"',
      '  claim   preferred_username = "op1"',
      '  claim   groups = ["developer","operator"]',
      "  seen as user oidc:op1 with groups oidc:developer, oidc:operator, system:authenticated",
      "  binding ClusterRoleBinding operator (platform.yaml:6): ClusterRole cluster-admin in the whole cluster",
      "  binding RoleBinding dev/developer (platform.yaml:12): ClusterRole admin in dev",
      "",
    ].join("\n"),
  );
  expect(login.bindings.map((b) => [b.role.name, b.namespace, b.subject, b.at?.line])).toEqual([
    ["cluster-admin", undefined, "oidc:operator", 6],
    ["admin", "dev", "oidc:developer", 12],
  ]);
});

test("a chain that ends early says where", () => {
  const text = (model: ReturnType<typeof modelOf>, question: Parameters<typeof explainLogin>[1]) =>
    explainLogin(model, question).text;
  expect(text(modelOf(), { groups: ["develper"] })).toMatch(
    /has no group develper[\s\S]*binding none: it may do nothing/,
  );
  expect(text(modelOf(), { realm: "nope" })).toContain("no realm nope is known");
  expect(text(modelOf(), { client: "nope" })).toContain("realm platform has no client nope");
  expect(
    text(modelOf({ oidc: { clientId: "other" } }), { client: "kubernetes", groups: ["developer"] }),
  ).toContain("seen as nobody, 401: oidc: verify token");
  expect(
    explainLogin(identityModel({ realms: [{ realm: json(PLATFORM) }] }), { client: "kubernetes" }).text,
  ).toContain("seen as unknown");
});
