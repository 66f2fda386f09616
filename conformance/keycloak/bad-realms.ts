const app = (rest: object = {}) => ({
  clientId: "app",
  enabled: true,
  redirectUris: ["https://app.example.test/oauth2/callback"],
  ...rest,
});
const mapper = (rest: object = {}) => ({
  name: "groups",
  protocol: "openid-connect",
  protocolMapper: "oidc-usermodel-client-role-mapper",
  config: { "usermodel.clientRoleMapping.clientId": "app", "claim.name": "groups", multivalued: "true" },
  ...rest,
});
const client = (rest: object) => ({ clients: [app(rest)] });
const mapped = (...mappers: unknown[]) => client({ protocolMappers: mappers });
const role = (rest: object) => ({ roles: { realm: [{ name: "r", ...rest }] } });
const redirect = (uri: unknown) => client({ redirectUris: [uri] });

/** Mistakes that Keycloak refuses, as fields of a realm. */
export const REFUSED_REALMS: Readonly<Record<string, object>> = {
  "an unknown field": { displayname: "x" },
  "an unknown field of a client": client({ redirectUri: ["https://x"] }),
  "an unknown field of a role": role({ nope: 1 }),
  "an unknown field of a group": { groups: [{ name: "g", roles: ["x"] }] },
  "an unknown field of a mapper": mapped(mapper({ claim: "x" })),
  "an unknown field of a user": { users: [{ username: "u", group: "g" }] },
  "an unknown field of composites": role({ composites: { realms: ["x"] } }),
  "a word for a switch": { enabled: "yes" },
  "a fraction for a switch": { verifyEmail: 0.5 },
  "a list for a switch": { verifyEmail: [true] },
  "a word for a number": { accessTokenLifespan: "abc" },
  "true for a number": { accessTokenLifespan: true },
  "a number too large": { accessTokenLifespan: 3e9 },
  "an object for a text": { displayName: {} },
  "a list for a text": { displayName: ["x"] },
  "an object in a list of texts": { supportedLocales: [{}] },
  "an object in a map": { attributes: { a: {} } },
  "a list for a map": { attributes: [] },
  "an object for a list": { groups: {} },
  "a text for a list": { groups: "x" },
  "a text for an object": { groups: ["x"] },
  "null among groups": { groups: [null] },
  "null among roles": { roles: { realm: [null] } },
  "null among clients": { clients: [null] },
  "null among mappers": mapped(null),
  "a list for roles": { roles: [{ name: "x" }] },
  "an object for clients": { clients: { app: {} } },
  "a text for redirect URIs": client({ redirectUris: "https://x" }),
  "a text for an attribute of a role": role({ attributes: { a: "x" } }),
  "a composite of an unknown role": role({ composites: { realm: ["nope"] } }),
  "a composite by another case": {
    roles: { realm: [{ name: "R" }, { name: "s", composites: { realm: ["r"] } }] },
  },
  "a composite of an unknown client": role({ composites: { client: { nope: ["x"] } } }),
  "a composite of an unknown client role": {
    clients: [app()],
    ...role({ composites: { client: { app: ["x"] } } }),
  },
  "a composite of a role that goes when the file writes its client": {
    clients: [{ clientId: "realm-management", bearerOnly: true }],
    ...role({ composites: { client: { "realm-management": ["view-users"] } } }),
  },
  "roles of an unknown client": { roles: { client: { nope: [{ name: "x" }] } } },
  "a group with an unknown client": { groups: [{ name: "g", clientRoles: { nope: ["x"] } }] },
  "a user in an unknown group": { users: [{ username: "u", groups: ["/nope"] }] },
  "a user with an unknown client": { users: [{ username: "u", clientRoles: { nope: ["x"] } }] },
  "a scope of an unknown client": { scopeMappings: [{ client: "nope", roles: [] }] },
  "a scope over an unknown client": {
    clients: [app()],
    clientScopeMappings: { nope: [{ client: "app", roles: ["x"] }] },
  },
  "two clients": { clients: [app(), app()] },
  "two realm roles": { roles: { realm: [{ name: "r" }, { name: "r" }] } },
  "two client roles": { clients: [app()], roles: { client: { app: [{ name: "r" }, { name: "r" }] } } },
  "two groups": { groups: [{ name: "g" }, { name: "g" }] },
  "two groups within one": { groups: [{ name: "g", subGroups: [{ name: "a" }, { name: "a" }] }] },
  "two mappers": mapped(mapper(), mapper()),
  "two users": { users: [{ username: "u" }, { username: "U" }] },
  "two client scopes": {
    clientScopes: [
      { name: "a", protocol: "openid-connect" },
      { name: "a", protocol: "openid-connect" },
    ],
  },
  "a mapper without name": mapped(mapper({ name: undefined })),
  "a mapper without protocol": mapped(mapper({ protocol: undefined })),
  "a mapper without type": mapped(mapper({ protocolMapper: undefined })),
  "an empty client id": client({ clientId: "" }),
  "a client id too long": client({ clientId: "x".repeat(300) }),
  "a role too long": role({ name: "x".repeat(300) }),
  "an unknown protocol": client({ protocol: "nope" }),
  "a fragment": redirect("https://app.example.test/x#y"),
  "a script": redirect("javascript:alert(1)"),
  data: redirect("data:text/html,x"),
  "a space": redirect("https://a b"),
  "a bad escape": redirect("https://a/%%"),
  "a bracket": redirect("https://a/[x]"),
  "a script as root": client({ rootUrl: "javascript:alert(1)" }),
  "a bad base": client({ baseUrl: "not a url %%" }),
  "an unknown sslRequired": { sslRequired: "sometimes" },
  "an empty sslRequired": { sslRequired: "" },
  "an unknown strategy": { bruteForceStrategy: "NOPE" },
  "an unknown password policy": { passwordPolicy: "lenght(8)" },
  "a password policy of letters": { passwordPolicy: "length(x)" },
  "an unknown browser flow": { browserFlow: "nope" },
  "an unknown direct grant flow": { directGrantFlow: "nope" },
  "an unknown reset flow": { resetCredentialsFlow: "nope" },
  "an unknown registration flow": { registrationFlow: "nope" },
  "no name": { realm: "" },
  "a slash in the name": { realm: "a/b" },
  "a name too long": { realm: "x".repeat(300) },
};

/** Odd realms that Keycloak takes: what is an error there must not be one for us. */
export const TAKEN_REALMS: Readonly<Record<string, object>> = {
  "texts of switches and numbers": {
    verifyEmail: "True",
    rememberMe: "",
    accessTokenLifespan: " 300 ",
    failureFactor: "",
  },
  "numbers as switches and texts": {
    verifyEmail: 1,
    displayName: 5,
    accessTokenLifespan: 300.5,
    attributes: { a: 1, b: null },
  },
  "null everywhere": {
    roles: { realm: [{ name: "r", composites: { realm: null, client: null } }] },
    clients: null,
    groups: null,
    sslRequired: null,
    displayName: null,
  },
  "a group with an unknown role": { groups: [{ name: "g", realmRoles: ["nope"] }] },
  "a group with an unknown client role": {
    clients: [app()],
    groups: [{ name: "g", clientRoles: { app: ["x"] } }],
  },
  "names that differ by case": {
    roles: { realm: [{ name: "R" }, { name: "r" }] },
    clients: [app({ clientId: "A" }), app({ clientId: "a" })],
    groups: [{ name: "G", subGroups: [{ name: "G" }] }, { name: "g" }],
  },
  "composites of Keycloak's own roles": {
    roles: {
      realm: [
        {
          name: "s",
          composites: {
            realm: ["offline_access"],
            client: {
              "realm-management": ["realm-admin"],
              account: ["view-profile"],
              broker: ["read-token"],
            },
          },
        },
        { name: "t", composites: { realm: ["t"] } },
      ],
    },
    groups: [{ name: "g", clientRoles: { account: ["view-profile"] } }],
  },
  "unknown mappers, scopes and default groups": {
    ...client({
      defaultClientScopes: ["nope"],
      protocolMappers: [
        mapper({ protocolMapper: "oidc-nope" }),
        mapper({ name: "b", config: { "usermodel.clientRoleMapping.clientId": "nope" } }),
      ],
    }),
    defaultGroups: ["/nope"],
  },
  "two mappers of two protocols": mapped(
    mapper(),
    mapper({ protocol: "saml", protocolMapper: "saml-role-list-mapper" }),
  ),
  "strange redirect URIs": client({
    redirectUris: [
      "*",
      "+",
      "",
      "/x",
      "app.example.test/x",
      "https://*.example.test/x",
      "https://a/x?y=*",
      "http://[::1]:8000/",
    ],
  }),
  "words in another case": {
    sslRequired: "EXTERNAL",
    passwordPolicy: "length(8) and  digits(1) and notUsername",
  },
  "a name with a space and letters of other scripts": { realm: "한 글" },
  "an unknown OTP": { otpPolicyType: "bogus", otpPolicyDigits: 7 },
};
