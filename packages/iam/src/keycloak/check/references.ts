import type { PathSegment, Severity } from "@ashlar/core";
import { isRecord } from "@ashlar/core";
import { groupsOf, type RealmNames, rolesOf } from "./names-of.ts";
import { entriesOf, field, recordsAt, show, suggestName, type Tell, textsAt } from "./report.ts";

const CODE = "iam/no-missing-realm-reference";
type Path = readonly PathSegment[];
type Json = Readonly<Record<string, unknown>>;

/** Names of roles, clients and groups that the realm does not have. Keycloak refuses some, and makes or skips others. */
export function checkReferences(realm: Json, names: RealmNames, tell: Tell): void {
  const check = references(names, tell);
  for (const { item, at } of rolesOf(realm)) {
    const composites = isRecord(item.composites) ? item.composites : {};
    check.realmRoles(composites.realm, [...at, "composites", "realm"], REFUSED);
    check.clientRoles(composites.client, [...at, "composites", "client"], REFUSED);
  }
  for (const [client] of entriesOf(field(realm.roles, "client")))
    check.client(client, ["roles", "client", client], REFUSED);
  const groups = groupsOf(realm);
  for (const { item, at } of groups) {
    check.realmRoles(item.realmRoles, [...at, "realmRoles"], MADE);
    check.clientRoles(item.clientRoles, [...at, "clientRoles"], MADE);
  }
  const paths = new Set(groups.map((group) => group.path));
  for (const { item, at } of recordsAt(realm.users, ["users"])) {
    check.realmRoles(item.realmRoles, [...at, "realmRoles"], MADE);
    check.clientRoles(item.clientRoles, [...at, "clientRoles"], MADE);
    for (const { text, at: path } of textsAt(item.groups, [...at, "groups"]))
      if (!paths.has(text) && !paths.has(`/${text}`))
        tell(
          CODE,
          "error",
          path,
          `unknown group ${show(text)}: Keycloak refuses the file`,
          suggestName(text, paths),
        );
  }
  for (const { text, at } of textsAt(realm.defaultGroups, ["defaultGroups"]))
    if (!paths.has(text))
      tell(CODE, "warning", at, `unknown group ${show(text)}: Keycloak skips it`, suggestName(text, paths));
  for (const { item, at } of recordsAt(realm.scopeMappings, ["scopeMappings"]))
    if (typeof item.client === "string") check.client(item.client, [...at, "client"], REFUSED);
  for (const [client, mappings] of entriesOf(realm.clientScopeMappings)) {
    check.client(client, ["clientScopeMappings", client], REFUSED);
    for (const { item, at } of recordsAt(mappings, ["clientScopeMappings", client]))
      if (typeof item.client === "string") check.client(item.client, [...at, "client"], REFUSED);
  }
  checkMappers(realm, check);
}

/** A mapper of a client that does not exist gives nothing, and Keycloak says nothing. */
function checkMappers(realm: Json, check: ReturnType<typeof references>): void {
  const owners = [
    ...recordsAt(realm.clients, ["clients"]),
    ...recordsAt(realm.clientScopes, ["clientScopes"]),
  ];
  for (const owner of owners)
    for (const { item, at } of recordsAt(owner.item.protocolMappers, [...owner.at, "protocolMappers"]))
      for (const key of ["usermodel.clientRoleMapping.clientId", "included.client.audience"]) {
        const client = field(item.config, key);
        if (typeof client === "string" && client !== "")
          check.client(client, [...at, "config", key], GIVES_NOTHING);
      }
}

interface Consequence {
  /** When the client is unknown. */
  readonly client: readonly [Severity, string];
  /** When the role is. */
  readonly role: readonly [Severity, string];
}
const REFUSED: Consequence = {
  client: ["error", "Keycloak refuses the file"],
  role: ["error", "Keycloak refuses the file"],
};
const MADE: Consequence = {
  client: ["error", "Keycloak refuses the file"],
  role: ["warning", "Keycloak makes a role of that name, which gives nothing"],
};
const GIVES_NOTHING: Consequence = {
  client: ["warning", "the mapper gives nothing"],
  role: ["warning", "the mapper gives nothing"],
};

function references(names: RealmNames, tell: Tell) {
  const client = (id: string, path: Path, { client: [severity, what] }: Consequence): boolean => {
    if (names.clients.has(id)) return true;
    tell(CODE, severity, path, `unknown client ${show(id)}: ${what}`, suggestName(id, names.clients));
    return false;
  };
  return {
    client,
    realmRoles: (list: unknown, path: Path, { role: [severity, what] }: Consequence) => {
      for (const { text, at } of textsAt(list, path))
        if (!names.realmRoles.has(text))
          tell(
            CODE,
            severity,
            at,
            `unknown realm role ${show(text)}: ${what}`,
            suggestName(text, names.realmRoles),
          );
    },
    clientRoles: (map: unknown, path: Path, consequence: Consequence) => {
      for (const [id, list] of entriesOf(map)) {
        if (!client(id, [...path, id], consequence)) continue;
        const known = consequence === REFUSED ? names.clientRoles(id) : names.laterClientRoles(id);
        for (const { text, at } of textsAt(list, [...path, id]))
          if (!known.has(text)) {
            const [severity, what] = consequence.role;
            tell(
              CODE,
              severity,
              at,
              `client ${show(id)} has no role ${show(text)}: ${what}`,
              suggestName(text, known),
            );
          }
      }
    },
  };
}
