import { DEFAULT_CLIENTS, DEFAULT_REALM_ROLES, defaultRoleOf } from "../../keycloak/names.ts";
import type { RealmObjectId } from "./realm-parts.ts";

/** Realm roles that master alone has. */
const MASTER_ROLES = ["admin", "create-realm"];

/** Whether Keycloak itself makes this object in the realm, or it is below one that it makes. */
export function isBuiltIn(realm: string, [part, name = ""]: RealmObjectId): boolean {
  const master = realm === "master";
  switch (part) {
    case "clients":
      return DEFAULT_CLIENTS.includes(name) || (master && name.endsWith("-realm"));
    case "roles":
      return (
        DEFAULT_REALM_ROLES.includes(name) ||
        name === defaultRoleOf(realm) ||
        (master && MASTER_ROLES.includes(name))
      );
    case "groups":
      return false;
    default:
      return true;
  }
}
