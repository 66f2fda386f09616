import { DEFAULT_COMPOSITES, DEFAULT_REALM_ROLES } from "../keycloak/names.ts";
import type { RoleRef } from "./read-realm.ts";

/** What comes with the roles that Keycloak 26.7 makes by itself, as far as the file does not write them. */
export function stockComposites({ client, name }: RoleRef, defaultRole: string): readonly RoleRef[] {
  if (client === undefined) {
    if (name !== defaultRole) return [];
    return [
      ...DEFAULT_REALM_ROLES.map((role) => ({ name: role })),
      { client: "account", name: "manage-account" },
      { client: "account", name: "view-profile" },
    ];
  }
  const like = client.endsWith("-realm") ? "realm-management" : client;
  const composites = Object.hasOwn(DEFAULT_COMPOSITES, like) ? DEFAULT_COMPOSITES[like] : undefined;
  if (composites === undefined || !Object.hasOwn(composites, name)) return [];
  return (composites[name] ?? []).map((role) => ({ client, name: role }));
}
