import { expect, test } from "vitest";
import { realmFindings } from "./realm-findings.ts";
import { app, mapper, URI, withClient } from "./realms.test-support.ts";

/** What Keycloak 26.7.3 answers 4xx or 5xx to; conformance/keycloak asks it. */
const REFUSED: readonly (readonly [string, object, string, string])[] = [
  ["an unknown field", { realm: "p", displayname: "x" }, "iam/valid-realm", "displayname"],
  [
    "an unknown field of a client",
    withClient({ redirectUri: [] }),
    "iam/valid-realm",
    "clients[0].redirectUri",
  ],
  [
    "an unknown field of a group",
    { realm: "p", groups: [{ name: "g", roles: [] }] },
    "iam/valid-realm",
    "groups[0].roles",
  ],
  [
    "an unknown field of a mapper",
    withClient({ protocolMappers: [mapper({ claim: "x" })] }),
    "iam/valid-realm",
    "clients[0].protocolMappers[0].claim",
  ],
  ["a word for a switch", { realm: "p", enabled: "yes" }, "iam/valid-realm", "enabled"],
  [
    "a word for a number",
    { realm: "p", accessTokenLifespan: "abc" },
    "iam/valid-realm",
    "accessTokenLifespan",
  ],
  ["a text for a list", withClient({ redirectUris: URI }), "iam/valid-realm", "clients[0].redirectUris"],
  ["an object for a list", { realm: "p", clients: {} }, "iam/valid-realm", "clients"],
  ["a list for roles", { realm: "p", roles: [] }, "iam/valid-realm", "roles"],
  ["an object in a map", { realm: "p", attributes: { a: {} } }, "iam/valid-realm", "attributes.a"],
  ["null among clients", { realm: "p", clients: [null] }, "iam/valid-realm", "clients[0]"],
  ["no name", { enabled: true }, "iam/valid-realm", "realm"],
  ["a slash in the name", { realm: "a/b" }, "iam/valid-realm", "realm"],
  ["a name too long", { realm: "x".repeat(300) }, "iam/valid-realm", "realm"],
  ["an empty client id", withClient({ clientId: "" }), "iam/valid-realm", "clients[0].clientId"],
  ["an unknown sslRequired", { realm: "p", sslRequired: "sometimes" }, "iam/valid-realm", "sslRequired"],
  [
    "an unknown strategy",
    { realm: "p", bruteForceStrategy: "linear" },
    "iam/valid-realm",
    "bruteForceStrategy",
  ],
  [
    "an unknown password policy",
    { realm: "p", passwordPolicy: "lenght(8)" },
    "iam/valid-realm",
    "passwordPolicy",
  ],
  [
    "a password policy of letters",
    { realm: "p", passwordPolicy: "length(x)" },
    "iam/valid-realm",
    "passwordPolicy",
  ],
  ["an unknown flow", { realm: "p", browserFlow: "nope" }, "iam/valid-realm", "browserFlow"],
  ["an unknown protocol", withClient({ protocol: "oidc" }), "iam/valid-realm", "clients[0].protocol"],
  ["a fragment", withClient({ redirectUris: [`${URI}#x`] }), "iam/valid-realm", "clients[0].redirectUris[0]"],
  [
    "a script",
    withClient({ redirectUris: ["javascript:alert(1)"] }),
    "iam/valid-realm",
    "clients[0].redirectUris[0]",
  ],
  [
    "a space in a URL",
    withClient({ redirectUris: ["https://a b"] }),
    "iam/valid-realm",
    "clients[0].redirectUris[0]",
  ],
  [
    "a script as root",
    withClient({ rootUrl: "javascript:alert(1)" }),
    "iam/valid-realm",
    "clients[0].rootUrl",
  ],
  [
    "a mapper without name",
    withClient({ protocolMappers: [mapper({ name: undefined })] }),
    "iam/valid-realm",
    "clients[0].protocolMappers[0].name",
  ],
  [
    "a mapper without type",
    withClient({ protocolMappers: [mapper({ protocolMapper: undefined })] }),
    "iam/valid-realm",
    "clients[0].protocolMappers[0].protocolMapper",
  ],
  [
    "two clients of one id",
    { realm: "p", clients: [app(), app()] },
    "iam/unique-in-realm",
    "clients[1].clientId",
  ],
  [
    "two realm roles of one name",
    { realm: "p", roles: { realm: [{ name: "r" }, { name: "r" }] } },
    "iam/unique-in-realm",
    "roles.realm[1].name",
  ],
  [
    "two client roles of one name",
    { ...withClient({}), roles: { client: { app: [{ name: "r" }, { name: "r" }] } } },
    "iam/unique-in-realm",
    "roles.client.app[1].name",
  ],
  [
    "two groups of one name",
    { realm: "p", groups: [{ name: "g" }, { name: "g" }] },
    "iam/unique-in-realm",
    "groups[1].name",
  ],
  [
    "two mappers of one name",
    withClient({ protocolMappers: [mapper(), mapper()] }),
    "iam/unique-in-realm",
    "clients[0].protocolMappers[1].name",
  ],
  [
    "a composite of an unknown role",
    { realm: "p", roles: { realm: [{ name: "r", composites: { realm: ["x"] } }] } },
    "iam/no-missing-realm-reference",
    "roles.realm[0].composites.realm[0]",
  ],
  [
    "a composite of an unknown client",
    { realm: "p", roles: { realm: [{ name: "r", composites: { client: { x: ["y"] } } }] } },
    "iam/no-missing-realm-reference",
    "roles.realm[0].composites.client.x",
  ],
  [
    "a composite of an unknown client role",
    { ...withClient({}), roles: { realm: [{ name: "r", composites: { client: { app: ["y"] } } }] } },
    "iam/no-missing-realm-reference",
    "roles.realm[0].composites.client.app[0]",
  ],
  [
    "a composite of a role that goes when the file writes its client",
    {
      realm: "p",
      clients: [{ clientId: "realm-management", bearerOnly: true }],
      roles: { realm: [{ name: "r", composites: { client: { "realm-management": ["view-users"] } } }] },
      groups: [{ name: "g", clientRoles: { "realm-management": ["view-users"] } }],
    },
    "iam/no-missing-realm-reference",
    "roles.realm[0].composites.client.realm-management[0]",
  ],
  [
    "roles of an unknown client",
    { realm: "p", roles: { client: { x: [{ name: "y" }] } } },
    "iam/no-missing-realm-reference",
    "roles.client.x",
  ],
  [
    "a group with roles of an unknown client",
    { realm: "p", groups: [{ name: "g", clientRoles: { x: ["y"] } }] },
    "iam/no-missing-realm-reference",
    "groups[0].clientRoles.x",
  ],
  [
    "a user in an unknown group",
    { realm: "p", users: [{ username: "u", groups: ["/x"] }] },
    "iam/no-missing-realm-reference",
    "users[0].groups[0]",
  ],
  [
    "a group of a partial import without path",
    { ifResourceExists: "SKIP", groups: [{ name: "g" }] },
    "iam/valid-realm",
    "groups[0].path",
  ],
];

test.each(REFUSED)("%s is an error", (_, value, code, path) => {
  const errors = realmFindings(value).filter((f) => f.severity === "error");
  expect(errors.map((f) => [f.code, f.path])).toEqual([[code, path]]);
  for (const { message, hint } of errors) expect(Math.min(message.length, hint.length)).toBeGreaterThan(5);
});
