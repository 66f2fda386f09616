import type { ClientIntent } from "./intent.ts";
import type { ClientRepresentation, ProtocolMapperRepresentation } from "./representation.ts";

/** Where kubectl's login plugin listens; Keycloak compares letter by letter, and old versions wrote the slash. */
export const KUBELOGIN_URIS: readonly string[] = [
  "http://localhost:8000",
  "http://localhost:8000/",
  "http://localhost:18000",
  "http://localhost:18000/",
];

/** `kubernetes` → `${KUBERNETES_CLIENT_SECRET}` */
export function secretVariable(clientId: string): string {
  return `\${${clientId.toUpperCase().replace(/[-. ]/g, "_")}_CLIENT_SECRET}`;
}

/** The redirect URIs of a client, in the order: written, of apps, of kubectl; each once. */
export function redirectUrisOf({ redirectUris, logins, kubelogin }: ClientIntent): string[] {
  const ofApps = logins.map(({ host, callback }) => `https://${host}${callback}`);
  return [...new Set([...redirectUris, ...ofApps, ...(kubelogin ? KUBELOGIN_URIS : [])])];
}

/** A client as the import takes it. Every switch whose default is unsafe or differs between versions is written. */
export function clientRepresentation(id: string, intent: ClientIntent): ClientRepresentation {
  const redirectUris = redirectUrisOf(intent);
  const isPublic = intent.access === "public";
  const attributes = {
    ...(intent.deviceLogin && { "oauth2.device.authorization.grant.enabled": "true" }),
    ...(intent.pkce && { "pkce.code.challenge.method": "S256" }),
  };
  const protocolMappers = [
    ...(intent.groupsClaim === undefined ? [] : [groupsMapper(id, intent.groupsClaim)]),
    ...intent.accessTokenFor.map(audienceMapper),
  ];
  return {
    clientId: id,
    ...(intent.name !== undefined && { name: intent.name }),
    enabled: true,
    protocol: "openid-connect",
    publicClient: isPublic,
    ...(!isPublic && {
      clientAuthenticatorType: "client-secret",
      secret: intent.secret ?? secretVariable(id),
    }),
    standardFlowEnabled: redirectUris.length > 0,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: intent.directAccessGrants,
    serviceAccountsEnabled: false,
    fullScopeAllowed: intent.fullScope,
    redirectUris,
    webOrigins: [...intent.webOrigins],
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(protocolMappers.length > 0 && { protocolMappers }),
  };
}

/** The user's roles of the client, by name, as a list in ID and access tokens. */
function groupsMapper(client: string, claim: string): ProtocolMapperRepresentation {
  return {
    name: claim,
    protocol: "openid-connect",
    protocolMapper: "oidc-usermodel-client-role-mapper",
    config: {
      "access.token.claim": "true",
      "claim.name": claim,
      "id.token.claim": "true",
      "introspection.token.claim": "true",
      "jsonType.label": "String",
      multivalued: "true",
      "userinfo.token.claim": "true",
      "usermodel.clientRoleMapping.clientId": client,
    },
  };
}

/** Another client in `aud` of the access token; Keycloak itself names none but those whose roles the token has. */
function audienceMapper(audience: string): ProtocolMapperRepresentation {
  return {
    name: `audience ${audience}`,
    protocol: "openid-connect",
    protocolMapper: "oidc-audience-mapper",
    config: {
      "access.token.claim": "true",
      "id.token.claim": "false",
      "included.client.audience": audience,
      "introspection.token.claim": "true",
    },
  };
}
