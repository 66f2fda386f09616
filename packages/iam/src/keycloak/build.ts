import type { Block, Document } from "@ashlar/core";
import { clientRepresentation } from "./client.ts";
import { disabledDefaultClients } from "./default-clients.ts";
import { MASTER_SCRIPT, masterScript } from "./import-script.ts";
import type { RealmIntent, RoleIntent } from "./intent.ts";
import { MANAGE_REALM_ROLES, MANAGE_USERS_ROLES, managementClient, VIEW_REALM_ROLES } from "./names.ts";
import type {
  ClientRepresentation,
  GroupRepresentation,
  RealmRepresentation,
  RoleRepresentation,
} from "./representation.ts";
import { realmSettings, requiredActionsWithOtp } from "./settings.ts";
import { masterSteps, realmSteps } from "./steps.ts";

/** The realm as a file to import, and the steps that do it. Total on a valid intent. */
export function buildRealm(intent: RealmIntent): Block {
  const isMaster = intent.name === "master";
  const parts = isMaster ? masterParts(intent) : realmParts(intent);
  return { resources: [], patches: [], claims: [], ...parts };
}

function realmParts(intent: RealmIntent): Pick<Block, "documents" | "steps"> {
  const document = jsonDocument(`realms/${intent.name}.json`, realmRepresentation(intent));
  return { documents: [document], steps: realmSteps(intent.name, document.path, variablesOf(intent)) };
}

/** Master exists already, and an import at start skips it: what is new in it goes to the running server. */
function masterParts(intent: RealmIntent): Pick<Block, "documents" | "steps"> {
  const variables = variablesOf(intent);
  const additions = jsonDocument("realms/master.json", masterImport(intent));
  const settings = jsonDocument("realms/master-settings.json", realmSettings(intent));
  const script = { path: MASTER_SCRIPT, text: masterScript(additions.path, variables), executable: true };
  return { documents: [additions, settings, script], steps: masterSteps(settings.path, variables) };
}

/** The file of `--import-realm`. */
function realmRepresentation(intent: RealmIntent): RealmRepresentation {
  const { roles, groups, clients } = own(intent);
  const defaults = intent.defaultClients === "disabled" ? disabledDefaultClients(intent.name) : undefined;
  return {
    realm: intent.name,
    enabled: true,
    ...realmSettings(intent),
    ...(intent.otp?.required && { requiredActions: requiredActionsWithOtp() }),
    roles: {
      realm: byName([...roles.realm, ...(defaults?.realmRoles ?? [])]),
      client: { ...roles.client, ...defaults?.clientRoles },
    },
    ...defaults?.rest,
    groups,
    clients: byName([...clients, ...(defaults?.clients ?? [])]),
  };
}

/**
 * The body of POST /admin/realms/master/partialImport. What is there already is skipped: to overwrite a group or role is to
 * delete it and make it anew, and every user loses it. Groups need their path, or Keycloak answers 500.
 */
function masterImport(intent: RealmIntent): object {
  const { roles, groups, clients } = own(intent);
  return { ifResourceExists: "SKIP", roles, groups, clients };
}

function own(intent: RealmIntent): {
  readonly roles: {
    readonly realm: RoleRepresentation[];
    readonly client: Record<string, RoleRepresentation[]>;
  };
  readonly groups: GroupRepresentation[];
  readonly clients: ClientRepresentation[];
} {
  const clients = sorted(intent.clients);
  return {
    roles: {
      realm: sorted(intent.roles).map(([name, role]) => roleRepresentation(intent, name, role)),
      client: Object.fromEntries(
        clients
          .filter(([, client]) => Object.keys(client.roles).length > 0)
          .map(([id, client]) => [id, sorted(client.roles).map(([name]) => ({ name }))]),
      ),
    },
    groups: sorted(intent.groups).map(([name, { roles, clientRoles }]) => ({
      name,
      path: `/${name}`,
      realmRoles: unique(roles),
      ...withClientRoles("clientRoles", clientRoles),
    })),
    clients: clients.map(([id, client]) => clientRepresentation(id, client)),
  };
}

/** A realm role with all that comes with it: by itself, by links from clients' roles, and in the realms that it manages. */
function roleRepresentation(intent: RealmIntent, name: string, role: RoleIntent): RoleRepresentation {
  const client = new Map<string, string[]>();
  const add = (id: string, roles: readonly string[]) => client.set(id, [...(client.get(id) ?? []), ...roles]);
  for (const [id, roles] of Object.entries(role.clientRoles)) add(id, roles);
  for (const [id, { roles }] of Object.entries(intent.clients))
    for (const [clientRole, carriers] of Object.entries(roles))
      if (carriers.includes(name)) add(id, [clientRole]);
  for (const realm of role.manages) add(managementClient(realm), MANAGE_REALM_ROLES);
  for (const realm of role.views) add(managementClient(realm), VIEW_REALM_ROLES);
  for (const realm of role.managesUsers) add(managementClient(realm), MANAGE_USERS_ROLES);
  const composites = {
    ...(role.includes.length > 0 && { realm: unique(role.includes) }),
    ...withClientRoles("client", Object.fromEntries(client)),
  };
  return {
    name,
    ...(role.description !== undefined && { description: role.description }),
    ...(Object.keys(composites).length > 0 && { composites }),
  };
}

function withClientRoles<Key extends string>(
  key: Key,
  roles: Readonly<Record<string, readonly string[]>>,
): { readonly [K in Key]?: Readonly<Record<string, readonly string[]>> } {
  const entries = sorted(roles)
    .filter(([, names]) => names.length > 0)
    .map(([id, names]) => [id, unique(names)] as const);
  return entries.length > 0 ? ({ [key]: Object.fromEntries(entries) } as never) : {};
}

/** The environment variables that the file waits for. */
function variablesOf(intent: RealmIntent): string[] {
  return own(intent)
    .clients.flatMap(({ secret }) => (secret === undefined ? [] : [secret.slice(2, -1)]))
    .sort();
}

function jsonDocument(path: string, value: object): Document {
  return { path, text: `${JSON.stringify(value, null, 2)}\n` };
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function byName<T extends { readonly name?: string; readonly clientId?: string }>(items: readonly T[]): T[] {
  const key = ({ clientId, name = "" }: T) => clientId ?? name;
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
