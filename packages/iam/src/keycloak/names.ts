/** Clients that Keycloak makes in every realm other than master. */
export const DEFAULT_CLIENTS: readonly string[] = [
  "account",
  "account-console",
  "admin-cli",
  "broker",
  "realm-management",
  "security-admin-console",
];

/** Realm roles that Keycloak makes in every realm; `default-roles-NAME` beside them. */
export const DEFAULT_REALM_ROLES: readonly string[] = ["offline_access", "uma_authorization"];

/** The role of a realm that every user has. */
export function defaultRoleOf(realm: string): string {
  return `default-roles-${realm.toLowerCase()}`;
}

/**
 * Roles of the client by which master manages another realm (`NAME-realm` in master, Keycloak 26.7). `impersonation`, which
 * lets its holder act as any user of the realm, is one more.
 */
const MANAGING = [
  "authorization",
  "clients",
  "events",
  "identity-providers",
  "organizations",
  "realm",
  "users",
];
const QUERIES = ["clients", "groups", "organizations", "realms", "users"].map((what) => `query-${what}`);

/** Everything that an administrator of the realm needs, without `impersonation`. */
export const MANAGE_REALM_ROLES: readonly string[] = [
  "create-client",
  ...MANAGING.map((what) => `manage-${what}`),
  ...QUERIES,
  ...MANAGING.map((what) => `view-${what}`),
].sort();

/** Reading of everything. */
export const VIEW_REALM_ROLES: readonly string[] = [
  ...QUERIES,
  ...MANAGING.map((what) => `view-${what}`),
].sort();

/** Reading and writing of users, and of which groups and roles they have. */
export const MANAGE_USERS_ROLES: readonly string[] = [
  "manage-users",
  "query-groups",
  "query-users",
  "view-users",
].sort();

/** Every role of `NAME-realm` in master. */
export const MANAGEMENT_ROLES: readonly string[] = [...MANAGE_REALM_ROLES, "impersonation"].sort();

/** Roles of the clients that a realm other than master starts with (Keycloak 26.7). */
export const DEFAULT_CLIENT_ROLES: Readonly<Record<string, readonly string[]>> = {
  account: [
    "delete-account",
    "manage-account",
    "manage-account-links",
    "manage-consent",
    "view-applications",
    "view-consent",
    "view-groups",
    "view-profile",
  ],
  broker: ["read-token"],
  "realm-management": [...MANAGEMENT_ROLES, "realm-admin"].sort(),
};

/** The client in master by which a realm is managed. */
export function managementClient(realm: string): string {
  return `${realm}-realm`;
}

/** What comes with the roles of those clients, by client and role (Keycloak 26.7). */
export const DEFAULT_COMPOSITES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  account: { "manage-account": ["manage-account-links"], "manage-consent": ["view-consent"] },
  "realm-management": {
    "realm-admin": MANAGEMENT_ROLES,
    "view-clients": ["query-clients"],
    "view-organizations": ["query-organizations"],
    "view-users": ["query-groups", "query-users"],
  },
};
