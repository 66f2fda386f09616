const mapper = (name: string, protocolMapper: string, config: Readonly<Record<string, string>>) => ({
  name,
  protocol: "openid-connect",
  protocolMapper,
  config: { "id.token.claim": "true", "access.token.claim": "true", ...config },
});
const CLIENT_ROLES = "oidc-usermodel-client-role-mapper";
const REALM_ROLES = "oidc-usermodel-realm-role-mapper";

/**
 * A realm as others write them: groups within groups, composites in a ring, full scope and none, scope mappings, and every
 * mapper that is modelled with the options that change what it gives.
 */
export const TOKEN_REALM = {
  realm: "tokens",
  enabled: true,
  roles: {
    realm: [
      { name: "operator", composites: { realm: ["developer"], client: { kubernetes: ["operator"] } } },
      { name: "developer", composites: { client: { kubernetes: ["developer"] } } },
      { name: "ring-a", composites: { realm: ["ring-b"] } },
      { name: "ring-b", composites: { realm: ["ring-a"], client: { wiki: ["editor"] } } },
    ],
    client: {
      kubernetes: [{ name: "operator" }, { name: "developer" }],
      wiki: [{ name: "reader" }, { name: "editor", composites: { client: { wiki: ["reader"] } } }],
    },
  },
  groups: [
    { name: "operator", realmRoles: ["operator"] },
    {
      name: "developer",
      realmRoles: ["developer"],
      subGroups: [{ name: "wiki", clientRoles: { wiki: ["reader"] } }],
    },
    { name: "ring", realmRoles: ["ring-a"] },
    { name: "admins", clientRoles: { "realm-management": ["view-users"] } },
    { name: "nothing" },
  ],
  clients: [
    {
      clientId: "kubernetes",
      fullScopeAllowed: false,
      redirectUris: ["http://localhost:8000"],
      protocolMappers: [
        mapper("groups", CLIENT_ROLES, {
          "usermodel.clientRoleMapping.clientId": "kubernetes",
          "claim.name": "groups",
          multivalued: "true",
        }),
        mapper("audience", "oidc-audience-mapper", {
          "included.client.audience": "kubernetes",
          "id.token.claim": "false",
        }),
      ],
    },
    {
      clientId: "wiki",
      redirectUris: ["http://localhost:8000"],
      protocolMappers: [
        mapper("prefixed", CLIENT_ROLES, {
          "usermodel.clientRoleMapping.clientId": "kubernetes",
          "usermodel.clientRoleMapping.rolePrefix": "k:",
          "claim.name": "inner.kubernetes",
          multivalued: "true",
        }),
        mapper("all clients", CLIENT_ROLES, { "claim.name": "all", multivalued: "true" }),
        mapper("realm roles", REALM_ROLES, {
          "usermodel.realmRoleMapping.rolePrefix": "r:",
          "claim.name": "roles",
          multivalued: "true",
          "access.token.claim": "false",
        }),
        mapper("paths", "oidc-group-membership-mapper", { "claim.name": "paths", "full.path": "true" }),
        mapper("absent", "oidc-group-membership-mapper", { "claim.name": "absent" }),
        mapper("names", "oidc-group-membership-mapper", { "claim.name": "names", "full.path": "false" }),
        mapper("fixed", "oidc-hardcoded-claim-mapper", {
          "claim.name": "fixed",
          "claim.value": "5",
          "jsonType.label": "int",
        }),
        mapper("dotted", "oidc-hardcoded-claim-mapper", {
          "claim.name": "a\\.b",
          "claim.value": "x",
          "jsonType.label": "String",
        }),
        mapper("custom", "oidc-audience-mapper", { "included.custom.audience": "custom" }),
      ],
    },
    {
      // Another client's roles without the full scope: none are in scope but those of the mappings below.
      clientId: "other",
      publicClient: true,
      fullScopeAllowed: false,
      redirectUris: ["http://localhost:8000"],
      protocolMappers: [
        mapper("groups", CLIENT_ROLES, {
          "usermodel.clientRoleMapping.clientId": "kubernetes",
          "claim.name": "groups",
          multivalued: "true",
        }),
        mapper("realm roles", REALM_ROLES, { "claim.name": "roles", multivalued: "true" }),
      ],
    },
    { clientId: "bare", redirectUris: ["http://localhost:8000"], defaultClientScopes: ["basic"] },
  ],
  scopeMappings: [{ client: "other", roles: ["ring-b"] }],
  clientScopeMappings: { kubernetes: [{ client: "other", roles: ["developer"] }] },
};

/** Users by the groups that they are in. */
export const TOKEN_USERS: Readonly<Record<string, readonly string[]>> = {
  op1: ["operator"],
  dev1: ["developer"],
  sub1: ["/developer/wiki"],
  two1: ["operator", "/developer/wiki"],
  ring1: ["ring"],
  admin1: ["admins"],
  idle1: ["nothing"],
  lone1: [],
  all1: ["operator", "developer", "/developer/wiki", "ring", "admins", "nothing"],
};
