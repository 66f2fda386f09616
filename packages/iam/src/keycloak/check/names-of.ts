import type { PathSegment } from "@ashlar/core";
import { isRecord } from "@ashlar/core";
import {
  DEFAULT_CLIENT_ROLES,
  DEFAULT_CLIENTS,
  DEFAULT_REALM_ROLES,
  defaultRoleOf,
  MANAGEMENT_ROLES,
  managementClient,
} from "../names.ts";
import { entriesOf, field, recordsAt } from "./report.ts";

type Json = Readonly<Record<string, unknown>>;

/** The names that a realm's file gives, and those that Keycloak adds. */
export interface RealmNames {
  readonly realmRoles: ReadonlySet<string>;
  readonly clients: ReadonlySet<string>;
  /** The roles that a client has while composites are read: Keycloak's own have theirs only when the file leaves them out. */
  readonly clientRoles: (client: string) => ReadonlySet<string>;
  /** The roles that it has in the end. */
  readonly laterClientRoles: (client: string) => ReadonlySet<string>;
}

export function namesOf(realm: Json, name: string): RealmNames {
  const roles = isRecord(realm.roles) ? realm.roles : {};
  const isMaster = name === "master";
  const stock: Readonly<Record<string, readonly string[]>> = isMaster
    ? { ...DEFAULT_CLIENT_ROLES, "realm-management": [], [managementClient("master")]: MANAGEMENT_ROLES }
    : DEFAULT_CLIENT_ROLES;
  const stockClients = isMaster
    ? [...DEFAULT_CLIENTS.filter((id) => id !== "realm-management"), managementClient("master")]
    : DEFAULT_CLIENTS;
  const written = new Set(namesIn(realm.clients, "clientId"));
  const clients = new Set([...stockClients, ...written]);
  const rolesOfClient = (client: string, hasStock: boolean) => {
    const known = hasStock && Object.hasOwn(stock, client) ? (stock[client] ?? []) : [];
    return new Set([...known, ...namesIn(field(roles.client, client), "name")]);
  };
  return {
    realmRoles: new Set([
      ...DEFAULT_REALM_ROLES,
      defaultRoleOf(name),
      ...(isMaster ? ["admin", "create-realm"] : []),
      ...namesIn(roles.realm, "name"),
    ]),
    clients,
    clientRoles: (client) => rolesOfClient(client, !written.has(client)),
    // Those of realm-management are made whatever the file says.
    laterClientRoles: (client) =>
      rolesOfClient(client, !written.has(client) || client === "realm-management"),
  };
}

function namesIn(list: unknown, key: string): string[] {
  return recordsAt(list, []).flatMap(({ item }) => (typeof item[key] === "string" ? [item[key]] : []));
}

/** Every group with its path of names and its place, parents first. */
export function groupsOf(
  realm: Json,
): { readonly item: Json; readonly at: readonly PathSegment[]; readonly path: string }[] {
  const all: { item: Json; at: readonly PathSegment[]; path: string }[] = [];
  const walk = (list: unknown, at: readonly PathSegment[], parent: string, level: number): void => {
    for (const group of recordsAt(list, at)) {
      const path = `${parent}/${String(group.item.name)}`;
      all.push({ ...group, path });
      if (level < 32) walk(group.item.subGroups, [...group.at, "subGroups"], path, level + 1);
    }
  };
  walk(realm.groups, ["groups"], "", 0);
  return all;
}

/** Every role with its place: the realm's, and each client's. */
export function rolesOf(
  realm: Json,
): { readonly item: Json; readonly at: readonly PathSegment[]; readonly client?: string }[] {
  const roles = isRecord(realm.roles) ? realm.roles : {};
  return [
    ...recordsAt(roles.realm, ["roles", "realm"]),
    ...entriesOf(roles.client).flatMap(([client, list]) =>
      recordsAt(list, ["roles", "client", client]).map((role) => ({ ...role, client })),
    ),
  ];
}
