import type { PathSegment } from "@ashlar/core";
import { rolesOf } from "./names-of.ts";
import { recordsAt, show, type Tell } from "./report.ts";

const CODE = "iam/unique-in-realm";
type Path = readonly PathSegment[];
type Json = Readonly<Record<string, unknown>>;

/** Two of one name where Keycloak has room for one: it answers 409. */
export function checkUnique(realm: Json, tell: Tell): void {
  unique(recordsAt(realm.clients, ["clients"]), "client", "clientId", tell);
  unique(recordsAt(realm.clientScopes, ["clientScopes"]), "client scope", "name", tell);
  unique(recordsAt(realm.users, ["users"]), "user", "username", tell, (name) => name.toLowerCase());
  const byOwner = Map.groupBy(rolesOf(realm), (role) => role.client);
  for (const [client, roles] of byOwner)
    unique(roles, client === undefined ? "realm role" : `role of client ${show(client)}`, "name", tell);
  checkGroups(realm.groups, ["groups"], 0, tell);
  for (const owner of [
    ...recordsAt(realm.clients, ["clients"]),
    ...recordsAt(realm.clientScopes, ["clientScopes"]),
  ]) {
    const mappers = recordsAt(owner.item.protocolMappers, [...owner.at, "protocolMappers"]);
    for (const [, list] of Map.groupBy(mappers, (mapper) => mapper.item.protocol))
      unique(list, "protocol mapper", "name", tell);
  }
}

function checkGroups(groups: unknown, path: Path, level: number, tell: Tell): void {
  const list = recordsAt(groups, path);
  unique(list, "group", "name", tell);
  if (level < 32)
    for (const { item, at } of list) checkGroups(item.subGroups, [...at, "subGroups"], level + 1, tell);
}

function unique(
  items: readonly { readonly item: Json; readonly at: Path }[],
  what: string,
  key: string,
  tell: Tell,
  normal: (name: string) => string = (name) => name,
): void {
  const seen = new Set<string>();
  for (const { item, at } of items) {
    const name = item[key];
    if (typeof name !== "string") continue;
    if (seen.has(normal(name)))
      tell(
        CODE,
        "error",
        [...at, key],
        `${what} ${show(name)} stands twice: Keycloak refuses the file`,
        "keep one of them",
      );
    seen.add(normal(name));
  }
}
