import type { PathSegment } from "@ashlar/core";
import { isRecord } from "@ashlar/core";
import { groupsOf, rolesOf } from "../keycloak/check/names-of.ts";
import { entriesOf, field, type LocateField, recordsAt, textsAt } from "../keycloak/check/report.ts";
import { defaultRoleOf } from "../keycloak/names.ts";
import { stockComposites } from "./stock-roles.ts";
import { STOCK_SCOPES } from "./stock-scopes.ts";

type Json = Readonly<Record<string, unknown>>;

/** A realm as somebody wrote it: an import, an export, or the body of a partial import. */
export interface RealmSource {
  /** The parsed JSON. */
  readonly realm: unknown;
  /** Where it came from, for messages: `realms/platform.json`. */
  readonly file?: string;
  /** The realm that a partial import is for. Default: master. */
  readonly name?: string;
  readonly locate?: LocateField;
}

/** A role of the realm, or of a client. */
export interface RoleRef {
  readonly client?: string;
  readonly name: string;
}

export interface GroupFacts {
  readonly path: string;
  /** Roles of the group itself, without those of its parents. */
  readonly roles: readonly RoleRef[];
  readonly at: readonly PathSegment[];
}

export interface ClientFacts {
  readonly id: string;
  readonly item: Json;
  readonly at: readonly PathSegment[];
}

/** A protocol mapper, and its place when it stands in the file. */
export interface MapperFacts {
  readonly item: Json;
  readonly at?: readonly PathSegment[];
}

/** What a realm's file says about who gets which roles, and which tokens its clients get. */
export interface RealmFacts {
  readonly name: string;
  readonly source: RealmSource;
  readonly groups: ReadonlyMap<string, GroupFacts>;
  readonly clients: ReadonlyMap<string, ClientFacts>;
  /** The roles that come with a role. */
  readonly compositesOf: (role: RoleRef) => readonly RoleRef[];
  readonly roles: readonly RoleRef[];
  readonly defaultRole: RoleRef;
  /** Mappers of a client: its own, then those of its default scopes. */
  readonly mappersOf: (client: ClientFacts) => readonly MapperFacts[];
  /** Roles that tokens of a client may have besides its own, when it has not the full scope. */
  readonly scopeRolesOf: (client: string) => readonly RoleRef[];
}

/** Reads without trusting: what has the wrong form is not there. */
export function readRealm(source: RealmSource): RealmFacts {
  const realm = isRecord(source.realm) ? source.realm : {};
  const name = typeof realm.realm === "string" ? realm.realm : (source.name ?? "master");
  const composites = new Map<string, readonly RoleRef[]>();
  const roles = rolesOf(realm).map(({ item, client }) => {
    const role: RoleRef = { ...(client !== undefined && { client }), name: String(item.name) };
    composites.set(roleKey(role), rolesIn(field(item.composites, "realm"), field(item.composites, "client")));
    return role;
  });
  const defaultName = field(realm.defaultRole, "name");
  const defaultRole = { name: typeof defaultName === "string" ? defaultName : defaultRoleOf(name) };
  return {
    name,
    source,
    groups: new Map(
      groupsOf(realm).map(({ item, at, path }) => [
        path,
        { path, roles: rolesIn(item.realmRoles, item.clientRoles), at },
      ]),
    ),
    clients: new Map(
      recordsAt(realm.clients, ["clients"]).flatMap(({ item, at }) =>
        typeof item.clientId === "string" ? [[item.clientId, { id: item.clientId, item, at }]] : [],
      ),
    ),
    compositesOf: (role) => composites.get(roleKey(role)) ?? stockComposites(role, defaultRole.name),
    roles,
    defaultRole,
    mappersOf: mapperReader(realm),
    scopeRolesOf: (client) => scopeRoles(realm, client),
  };
}

/** The identity of a role within its realm. */
export function roleKey({ client, name }: RoleRef): string {
  return JSON.stringify([client ?? null, name]);
}

/** `developer` or `kubernetes/developer` */
export function formatRole({ client, name }: RoleRef): string {
  return client === undefined ? name : `${client}/${name}`;
}

function rolesIn(realmRoles: unknown, clientRoles: unknown): RoleRef[] {
  return [
    ...textsAt(realmRoles, []).map(({ text }) => ({ name: text })),
    ...entriesOf(clientRoles).flatMap(([client, list]) =>
      textsAt(list, []).map(({ text }) => ({ client, name: text })),
    ),
  ];
}

function scopeRoles(realm: Json, client: string): RoleRef[] {
  const mappedTo = (mappings: unknown) =>
    recordsAt(mappings, []).filter(({ item }) => item.client === client);
  return [
    ...mappedTo(realm.scopeMappings).flatMap(({ item }) => rolesIn(item.roles, undefined)),
    ...entriesOf(realm.clientScopeMappings).flatMap(([owner, mappings]) =>
      mappedTo(mappings).flatMap(({ item }) => rolesIn(undefined, { [owner]: item.roles })),
    ),
  ];
}

/** A file without client scopes gets Keycloak's own. */
function mapperReader(realm: Json): RealmFacts["mappersOf"] {
  const written = recordsAt(realm.clientScopes, ["clientScopes"]);
  const scopes: ReadonlyMap<string, readonly MapperFacts[]> =
    realm.clientScopes === undefined || realm.clientScopes === null
      ? new Map(
          Object.entries(STOCK_SCOPES).map(([name, mappers]) => [name, mappers.map((item) => ({ item }))]),
        )
      : new Map(
          written.map(({ item, at }) => [
            String(item.name),
            recordsAt(item.protocolMappers, [...at, "protocolMappers"]),
          ]),
        );
  const defaults = Array.isArray(realm.defaultDefaultClientScopes)
    ? realm.defaultDefaultClientScopes
    : Object.keys(STOCK_SCOPES);
  return ({ item, at }) => {
    const names: readonly unknown[] = Array.isArray(item.defaultClientScopes)
      ? item.defaultClientScopes
      : defaults;
    return [
      ...recordsAt(item.protocolMappers, [...at, "protocolMappers"]),
      ...names.flatMap((name) => scopes.get(String(name)) ?? []),
    ];
  };
}
