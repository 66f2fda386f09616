import type { KeycloakAdmin } from "../components/keycloak-admin.ts";

/** Of every user that `makeUser` makes; it meets the strictest policy in use. */
export const PASSWORD = "Correct-horse-7-battery";

/** A realm as Keycloak exports it, without its users. */
export async function exportOf(admin: KeycloakAdmin, name: string): Promise<Record<string, unknown>> {
  const path = `/realms/${name}/partial-export?exportClients=true&exportGroupsAndRoles=true`;
  const { code, body } = await admin.send("POST", path);
  if (code !== 200) throw new Error(`export of ${name}: ${code} ${JSON.stringify(body)}`);
  return body as Record<string, unknown>;
}

/** A client by its id, with its secret. */
export async function clientOf(
  admin: KeycloakAdmin,
  name: string,
  clientId: string,
): Promise<{ readonly id: string; readonly secret?: string }> {
  const path = `/realms/${name}/clients?clientId=${encodeURIComponent(clientId)}`;
  const [client] = await admin.get<{ id: string; secret?: string }[]>(path);
  if (client === undefined) throw new Error(`realm ${name} has no client ${clientId}`);
  return client;
}

/** A user as an administrator makes one: with the realm's default role. Gives its id. */
export async function makeUser(
  admin: KeycloakAdmin,
  name: string,
  username: string,
  groups: readonly string[],
): Promise<string> {
  const { code, body, location } = await admin.send("POST", `/realms/${name}/users`, {
    username,
    email: `${username}@example.test`,
    emailVerified: true,
    firstName: "User",
    lastName: username,
    enabled: true,
    credentials: [{ type: "password", value: PASSWORD, temporary: false }],
    groups,
  });
  if (code !== 201) throw new Error(`${username}: ${code} ${JSON.stringify(body)}`);
  return location?.split("/").at(-1) ?? "";
}
