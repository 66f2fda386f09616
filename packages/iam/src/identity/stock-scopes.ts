type Mapper = Readonly<Record<string, unknown>>;

const both = { "id.token.claim": "true", "access.token.claim": "true" };
const access = { "access.token.claim": "true" };

function mapper(protocolMapper: string, config: Readonly<Record<string, string>>): Mapper {
  return { protocolMapper, config };
}

function attribute(name: string, claim: string): Mapper {
  return mapper("oidc-usermodel-attribute-mapper", {
    "user.attribute": name,
    "claim.name": claim,
    "jsonType.label": "String",
    ...both,
  });
}

/**
 * The client scopes that every client of a new realm of Keycloak 26.7 has, and the mappers in them that depend on the user.
 * Scopes without such mappers (`acr`, `web-origins`) are named for their name's sake.
 */
export const STOCK_SCOPES: Readonly<Record<string, readonly Mapper[]>> = {
  acr: [],
  basic: [],
  email: [
    attribute("email", "email"),
    mapper("oidc-usermodel-property-mapper", {
      "user.attribute": "emailVerified",
      "claim.name": "email_verified",
      "jsonType.label": "boolean",
      ...both,
    }),
  ],
  profile: [
    attribute("username", "preferred_username"),
    attribute("firstName", "given_name"),
    attribute("lastName", "family_name"),
    mapper("oidc-full-name-mapper", both),
    ...["birthdate", "gender", "locale", "nickname", "picture", "profile", "website", "zoneinfo"].map(
      (name) => attribute(name, name),
    ),
    attribute("middleName", "middle_name"),
  ],
  roles: [
    mapper("oidc-usermodel-realm-role-mapper", {
      "claim.name": "realm_access.roles",
      multivalued: "true",
      ...access,
    }),
    mapper("oidc-usermodel-client-role-mapper", {
      "claim.name": `resource_access.\${client_id}.roles`,
      multivalued: "true",
      ...access,
    }),
    mapper("oidc-audience-resolve-mapper", access),
  ],
  "web-origins": [],
};
