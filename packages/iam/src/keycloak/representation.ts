/**
 * The parts of Keycloak's realm representation that Ashlar writes; the names are Keycloak's
 * (org.keycloak.representations.idm of 26.7.3). `realmFindings` reads anybody's, with all fields.
 */
export interface RealmRepresentation {
  readonly realm?: string;
  readonly displayName?: string;
  readonly enabled?: boolean;
  readonly roles?: RolesRepresentation;
  readonly defaultRole?: RoleRepresentation;
  readonly groups?: readonly GroupRepresentation[];
  readonly clients?: readonly ClientRepresentation[];
  readonly [field: string]: unknown;
}

export interface RolesRepresentation {
  readonly realm?: readonly RoleRepresentation[];
  readonly client?: Readonly<Record<string, readonly RoleRepresentation[]>>;
}

export interface RoleRepresentation {
  readonly name: string;
  readonly description?: string;
  readonly composites?: {
    readonly realm?: readonly string[];
    readonly client?: Readonly<Record<string, readonly string[]>>;
  };
}

export interface GroupRepresentation {
  readonly name: string;
  readonly path?: string;
  readonly realmRoles?: readonly string[];
  readonly clientRoles?: Readonly<Record<string, readonly string[]>>;
  readonly subGroups?: readonly GroupRepresentation[];
}

export interface ClientRepresentation {
  readonly clientId: string;
  readonly name?: string;
  readonly enabled?: boolean;
  readonly publicClient?: boolean;
  readonly bearerOnly?: boolean;
  readonly secret?: string;
  readonly redirectUris?: readonly string[];
  readonly fullScopeAllowed?: boolean;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly protocolMappers?: readonly ProtocolMapperRepresentation[];
  readonly [field: string]: unknown;
}

export interface ProtocolMapperRepresentation {
  readonly name: string;
  readonly protocol: string;
  readonly protocolMapper: string;
  readonly config: Readonly<Record<string, string>>;
}
