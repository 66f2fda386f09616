import { isRecord } from "@ashlar/core";

import { LiveError } from "../live-error.ts";
import type { KeycloakConnection } from "./connection.ts";
import { type Json, keyOf, type RealmObjectId, type RealmParts, roleId } from "./realm-parts.ts";

/** A realm as it is now, as far as it matters for the wanted one. */
export interface CurrentRealm {
  /** In the form of an import. */
  readonly json: Json;
  /** What Keycloak calls each object; of roles, groups, clients and mappers. */
  readonly ids: Map<string, string>;
}

export interface Named extends Json {
  readonly id: string;
  readonly name: string;
}

const PAGE = 200;
const AT_ONCE = 4;

/**
 * Reads the realm: its settings, all names of roles, groups and clients, and the whole of those that `of` speaks of.
 *
 * @returns undefined when there is no such realm
 * @throws LiveError when Keycloak does not answer, refuses, or answers what it should not
 */
export async function readCurrent(
  connection: KeycloakConnection,
  realm: string,
  of: readonly RealmParts[],
  signal?: AbortSignal,
): Promise<CurrentRealm | undefined> {
  const base = `/${encodeURIComponent(realm)}`;
  const settings = await connection.read(base, signal);
  if (settings === undefined) return undefined;
  if (!isRecord(settings) || settings.realm !== realm) throw unexpected(base);
  const list = (path: string, name = "name") => readAll(connection, `${base}${path}`, name, signal);
  const ids = new Map<string, string>();
  const objects = new Set(of.flatMap((parts) => [...parts.objects.keys()]));

  const clients = await list("/clients", "clientId");
  const clientNames = new Map(clients.map((client) => [client.id, String(client.clientId)]));
  for (const client of clients) {
    const id = ["clients", String(client.clientId)];
    ids.set(keyOf(id), client.id);
    for (const mapper of records(client.protocolMappers, "mappers"))
      ids.set(keyOf([...id, "mappers", mapper.name]), mapper.id);
  }
  const roleClients = clientsWithRoles(of).filter((client) => ids.has(keyOf(["clients", client])));

  const withComposites = async (role: Named, client?: string): Promise<Json> => {
    const id = roleId(role.name, client);
    ids.set(keyOf(id), role.id);
    if (role.composite !== true || !objects.has(keyOf(id))) return role;
    const path = `${base}/roles-by-id/${encodeURIComponent(role.id)}/composites`;
    return {
      ...role,
      composites: compositesOf(records(await connection.read(path, signal), path), clientNames),
    };
  };
  const realmRoles = await inTurns(await list("/roles?briefRepresentation=false"), (role) =>
    withComposites(role),
  );
  const clientRoles = await inTurns(roleClients, async (client) => {
    const path = `/clients/${encodeURIComponent(ids.get(keyOf(["clients", client])) ?? "")}/roles`;
    const roles = await list(`${path}?briefRepresentation=false`);
    return [client, await inTurns(roles, (role) => withComposites(role, client))] as const;
  });

  const groupsIn = async (path: string, parent: RealmObjectId): Promise<Json[]> =>
    inTurns(await list(`${path}?briefRepresentation=false`), async (group) => {
      const id = [...parent, group.name];
      ids.set(keyOf(id), group.id);
      const children = `/groups/${encodeURIComponent(group.id)}/children`;
      return { ...group, subGroups: group.subGroupCount === 0 ? [] : await groupsIn(children, id) };
    });
  const groups = await groupsIn("/groups", ["groups"]);

  const kinds = new Set(of.flatMap((parts) => [...parts.objects.values()].map(({ kind }) => kind)));
  const actions = `${base}/authentication/required-actions`;
  const mappings = await inTurns(scopedClients(of), async (client) => {
    const id = ids.get(keyOf(["clients", client]));
    if (id === undefined) return undefined;
    const path = `${base}/clients/${encodeURIComponent(id)}/scope-mappings`;
    return { client, found: await connection.read(path, signal) };
  });
  return {
    ids,
    json: {
      ...settings,
      roles: { realm: realmRoles, client: Object.fromEntries(clientRoles) },
      clients,
      groups,
      ...(kinds.has("required-action") && { requiredActions: await connection.read(actions, signal) }),
      ...scopeMappings(mappings.filter((one) => one !== undefined)),
    },
  };
}

/** All pages of a list. */
export async function readAll(
  connection: KeycloakConnection,
  path: string,
  name: string,
  signal?: AbortSignal,
): Promise<Named[]> {
  const found: Named[] = [];
  for (;;) {
    const page = `${path}${path.includes("?") ? "&" : "?"}first=${found.length}&max=${PAGE}`;
    const items = records(await connection.read(page, signal), path, name);
    found.push(...items);
    if (items.length < PAGE) return found;
  }
}

function records(value: unknown, where: string, name = "name"): Named[] {
  if (value === undefined && where === "mappers") return [];
  if (!Array.isArray(value)) throw unexpected(where);
  return value.map((item: unknown) => {
    if (!isRecord(item) || typeof item.id !== "string" || typeof item[name] !== "string")
      throw unexpected(where);
    return item as Named;
  });
}

function compositesOf(roles: readonly Named[], clientNames: ReadonlyMap<string, string>): Json {
  const client = new Map<string, string[]>();
  const realm: string[] = [];
  for (const role of roles) {
    const owner = clientNames.get(String(role.containerId));
    if (role.clientRole !== true || owner === undefined) realm.push(role.name);
    else client.set(owner, [...(client.get(owner) ?? []), role.name]);
  }
  return { realm, client: Object.fromEntries(client) };
}

function scopeMappings(found: readonly { readonly client: string; readonly found: unknown }[]): Json {
  const realm: Json[] = [];
  const byOwner = new Map<string, Json[]>();
  for (const { client, found: mappings } of found) {
    if (!isRecord(mappings)) throw unexpected("scope-mappings");
    const names = (value: unknown) => records(value ?? [], "scope-mappings").map((role) => role.name);
    realm.push({ client, roles: names(mappings.realmMappings) });
    for (const [owner, mapping] of Object.entries(mappings.clientMappings ?? {}))
      byOwner.set(owner, [
        ...(byOwner.get(owner) ?? []),
        { client, roles: names((mapping as Json | null)?.mappings) },
      ]);
  }
  return { scopeMappings: realm, clientScopeMappings: Object.fromEntries(byOwner) };
}

/** Clients whose roles are written, or that a list of roles refers to. */
function clientsWithRoles(of: readonly RealmParts[]): string[] {
  const ids = of.flatMap(({ objects, links }) => [
    ...[...objects.values()].map(({ id }) => id),
    ...[...links.values()].flatMap(({ roles }) => roles),
  ]);
  return [
    ...new Set(
      ids.flatMap(([part, client = "", below]) => (part === "clients" && below === "roles" ? [client] : [])),
    ),
  ];
}

function scopedClients(of: readonly RealmParts[]): string[] {
  const links = of.flatMap((parts) => [...parts.links.values()]);
  return [...new Set(links.flatMap(({ kind, id }) => (kind === "scope-mapping" ? [id[1] ?? ""] : [])))];
}

/** A few at a time: a realm may have hundreds of roles. */
async function inTurns<Item, Made>(
  all: readonly Item[],
  make: (item: Item) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  for (let i = 0; i < all.length; i += AT_ONCE)
    made.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map(make))));
  return made;
}

function unexpected(where: string): LiveError {
  return new LiveError(
    "bad-answer",
    `the answer to GET ${where.split("?")[0]} is not what Keycloak answers`,
    "is this the URL of a Keycloak, and of release 26?",
  );
}
