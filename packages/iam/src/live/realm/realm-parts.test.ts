import { describe, expect, test } from "vitest";
import { LiveError } from "../live-error.ts";
import { checkNoLiteralSecret, filled, placeholdersIn } from "./field-changes.ts";
import { realmDiff } from "./realm-diff.ts";

function refused(run: () => unknown): LiveError {
  try {
    run();
  } catch (error) {
    if (error instanceof LiveError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("what cannot be applied", () => {
  test.each([
    ["a text", "realm", "is not an object"],
    [{ roles: {} }, undefined, "is no name of a realm"],
    [{ realm: ".." }, undefined, "is no name of a realm"],
    [{ realm: "a", users: [{ username: "x" }] }, undefined, "the realm's users cannot be applied"],
    [{ realm: "a", clientScopes: [{}] }, undefined, "the realm's clientScopes cannot be applied"],
    [{ realm: "a", roles: { realm: "x" } }, undefined, "the realm's roles.realm is no list of objects"],
    [{ realm: "a", roles: { realm: [{}] } }, undefined, "the realm's roles.realm[0].name is not there"],
    [{ realm: "a", roles: { client: [], realm: [1] } }, undefined, "roles.realm is no list of objects"],
    [
      { realm: "a", groups: [{ name: "g", realmRoles: [1] }] },
      undefined,
      "groups[0].realmRoles is no list of role names",
    ],
    [{ realm: "a", clients: [{ clientId: "c" }, { clientId: "c" }] }, undefined, "clients[1] is there twice"],
    [
      { realm: "a", scopeMappings: [{ clientScope: "x" }] },
      undefined,
      "scopeMappings[0].client is not there",
    ],
  ])("%j", (wanted, name, message) => {
    const error = refused(() => realmDiff(undefined, wanted, { ...(name && { name }) }));
    expect([error.code, error.message]).toEqual(["bad-input", expect.stringContaining(message)]);
  });

  test("a realm without end, without a crash", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = { a: deep };
    expect(refused(() => realmDiff(undefined, { realm: "a", attributes: deep })).message).toContain(
      "nested deeper",
    );
  });

  test("names of objects' own are only names", () => {
    const odd = JSON.parse(
      '{"realm":"a","roles":{"realm":[{"name":"__proto__"},{"name":"constructor"}],"client":{"__proto__":[{"name":"toString"}]}},' +
        '"clients":[{"clientId":"__proto__","attributes":{"__proto__":"x","hasOwnProperty":"y"}}],"groups":[{"name":"__proto__","realmRoles":["__proto__"]}]}',
    );
    expect(realmDiff(odd, odd).changes).toEqual([]);
    const all = realmDiff({ realm: "a" }, odd).changes;
    expect(all.map(({ kind }) => kind)).toEqual([
      "client",
      "role",
      "role",
      "client-role",
      "group",
      "group-role",
    ]);
    expect(all[0]?.fields.map(({ path }) => path)).toEqual([
      "clientId",
      "attributes.__proto__",
      "attributes.hasOwnProperty",
    ]);
  });
});

describe("a secret in the file itself", () => {
  test.each([
    [{ clients: [{ clientId: "c", secret: "s3cr3t" }] }, "clients[0].secret"],
    [{ smtpServer: { password: "s3cr3t" } }, "smtpServer.password"],
    [{ clients: [{ attributes: { "saml.signing.private.key": "s3cr3t" } }] }, "saml.signing.private.key"],
    [{ clients: [{ secret: `s3cr3t-\${NAME}` }] }, "clients[0].secret"],
  ])("%j is refused, and not repeated", (realm, place) => {
    const error = refused(() => checkNoLiteralSecret(realm));
    expect([error.code, error.message]).toEqual(["bad-input", expect.stringContaining(place)]);
    expect(error.message + error.hint).not.toContain("s3cr3t");
  });

  test.each([
    { clients: [{ secret: `\${NAME}` }, { secret: "**********" }, { secret: "" }] },
    { passwordPolicy: "length(12)", attributes: { "client.secret.creation.time": "1" } },
    { clients: [{ protocolMappers: [{ config: { "access.token.claim": "true" } }] }] },
  ])("is none in %j", (realm) => {
    expect(() => checkNoLiteralSecret(realm)).not.toThrow();
  });
});

test("placeholders are filled where they stand, and Keycloak's own stay", () => {
  const value = { a: [`x\${A}\${B}`], name: `\${role_view}`, other: `\${NOT_KNOWN}` };
  expect(placeholdersIn(value)).toEqual(["A", "B", "NOT_KNOWN"]);
  const filledIn = filled(value, new Map(Object.entries({ A: `\${B}`, B: "$&" })));
  expect(filledIn).toEqual({ a: [`x\${B}$&`], name: `\${role_view}`, other: `\${NOT_KNOWN}` });
});
