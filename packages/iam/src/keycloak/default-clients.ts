import { DEFAULT_CLIENT_ROLES, DEFAULT_COMPOSITES, DEFAULT_REALM_ROLES, defaultRoleOf } from "./names.ts";
import type { ClientRepresentation, RealmRepresentation, RoleRepresentation } from "./representation.ts";

/**
 * Keycloak's own clients, switched off. A client that an import names is taken as it is written, and what Keycloak would
 * have made with it (roles, who has them) is left out: so all of it is written here as a new realm of 26.7 has it. Whoever
 * enables one later finds it whole.
 */
export function disabledDefaultClients(realm: string): {
  readonly clients: readonly ClientRepresentation[];
  readonly realmRoles: readonly RoleRepresentation[];
  readonly clientRoles: Readonly<Record<string, readonly RoleRepresentation[]>>;
  readonly rest: Partial<RealmRepresentation>;
} {
  const path = encodeURIComponent(realm);
  const account = {
    rootUrl: `\${authBaseUrl}`,
    baseUrl: `/realms/${path}/account/`,
    redirectUris: [`/realms/${path}/account/*`],
  };
  const s256 = { "pkce.code.challenge.method": "S256" };
  const logout = { "post.logout.redirect.uris": "+" };
  const lightweight = { "client.use.lightweight.access.token.enabled": "true" };
  const defaultRole = defaultRoleOf(realm);
  return {
    clients: [
      disabled("account", { publicClient: true, ...account, attributes: logout }),
      disabled("account-console", {
        publicClient: true,
        ...account,
        attributes: { ...s256, ...logout },
        protocolMappers: [
          {
            name: "audience resolve",
            protocol: "openid-connect",
            protocolMapper: "oidc-audience-resolve-mapper",
            config: {},
          },
        ],
      }),
      disabled("admin-cli", {
        publicClient: true,
        standardFlowEnabled: false,
        directAccessGrantsEnabled: true,
        fullScopeAllowed: true,
        attributes: lightweight,
      }),
      disabled("broker", { bearerOnly: true }),
      disabled("realm-management", { bearerOnly: true }),
      disabled("security-admin-console", {
        publicClient: true,
        fullScopeAllowed: true,
        rootUrl: `\${authAdminUrl}`,
        baseUrl: `/admin/${path}/console/`,
        redirectUris: [`/admin/${path}/console/*`],
        webOrigins: ["+"],
        attributes: { ...lightweight, ...s256, ...logout },
        protocolMappers: [LOCALE],
      }),
    ],
    realmRoles: [
      {
        name: defaultRole,
        description: `\${role_default-roles}`,
        composites: { realm: DEFAULT_REALM_ROLES, client: { account: ["manage-account", "view-profile"] } },
      },
      { name: "offline_access", description: `\${role_offline-access}` },
      { name: "uma_authorization", description: `\${role_uma_authorization}` },
    ],
    clientRoles: Object.fromEntries(
      Object.entries(DEFAULT_CLIENT_ROLES).map(([client, names]) => [
        client,
        names.map((name) => clientRole(client, name)),
      ]),
    ),
    rest: {
      defaultRole: { name: defaultRole, description: `\${role_default-roles}` },
      clientScopeMappings: {
        account: [{ client: "account-console", roles: ["manage-account", "view-groups"] }],
      },
    },
  };
}

function disabled(clientId: string, rest: Partial<ClientRepresentation>): ClientRepresentation {
  return {
    clientId,
    name: `\${client_${clientId}}`,
    enabled: false,
    protocol: "openid-connect",
    publicClient: false,
    bearerOnly: false,
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    fullScopeAllowed: false,
    redirectUris: [],
    webOrigins: [],
    ...rest,
  };
}

function clientRole(client: string, name: string): RoleRepresentation {
  const others = DEFAULT_COMPOSITES[client]?.[name];
  return {
    name,
    description: `\${role_${name}}`,
    ...(others && { composites: { client: { [client]: others } } }),
  };
}

const LOCALE = {
  name: "locale",
  protocol: "openid-connect",
  protocolMapper: "oidc-usermodel-attribute-mapper",
  config: {
    "access.token.claim": "true",
    "claim.name": "locale",
    "id.token.claim": "true",
    "introspection.token.claim": "true",
    "jsonType.label": "String",
    "user.attribute": "locale",
    "userinfo.token.claim": "true",
  },
};
