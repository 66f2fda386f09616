import { parsePath } from "@ashlar/core";
import { LiveError } from "../live-error.ts";
import type { KeycloakConnection, WriteRequest } from "./connection.ts";
import { filled, merged } from "./field-changes.ts";
import { formatId } from "./format-id.ts";
import { type CurrentRealm, readAll } from "./read-current.ts";
import type { RealmChange } from "./realm-diff.ts";
import { type Json, keyOf, type RealmObjectId, type RealmParts } from "./realm-parts.ts";

/** A realm in the middle of being changed. */
export interface Changing {
  readonly connection: KeycloakConnection;
  readonly signal: AbortSignal | undefined;
  readonly wanted: RealmParts;
  /** The wanted realm whole, for making it. */
  readonly json: Json;
  /** The realm as it was read, taken apart. */
  readonly current: RealmParts | undefined;
  /** Keycloak's ids of what is there, and of what is made on the way. */
  readonly ids: CurrentRealm["ids"];
  readonly values: ReadonlyMap<string, string>;
  /** What came to be with something else: the mappers of a client that was made. */
  readonly made: Set<string>;
}

/** What is sent for a change, of the wanted realm alone: where its placeholders are. */
export function sentFields(change: RealmChange, wanted: RealmParts, json: Json): Json {
  const { op, kind, id } = change;
  if (op === "delete" || change.roles) return {};
  if (kind === "realm" && op === "create")
    return { ...json, realm: wanted.name, ifResourceExists: undefined };
  const { fields = {} } = wanted.objects.get(keyOf(id)) ?? {};
  if (kind === "client") {
    if (op === "create") return { ...fields, protocolMappers: mappersOf(id, wanted) };
    const tops = changedFields(change);
    return Object.fromEntries(
      Object.entries(fields).filter(([field]) => tops.has(field) || field === "clientId"),
    );
  }
  if (kind !== "realm") return fields;
  const tops = changedFields(change);
  return Object.fromEntries(Object.entries(fields).filter(([field]) => tops.has(field)));
}

/** The fields of the object itself that are different, or have something in them that is. */
function changedFields({ fields }: RealmChange): ReadonlySet<string> {
  return new Set(fields.map(({ path }) => String(parsePath(path)[0])));
}

/** Makes one change: one request that writes, and reads of ids that are not known yet. */
export async function makeChange(change: RealmChange, changing: Changing): Promise<void> {
  const { connection, signal, made, ids } = changing;
  if (made.has(keyOf(change.id))) return;
  const { op, kind, id } = change;
  if (op === "create" && kind === "required-action") {
    const { name = id[1], providerId = id[1] } = changing.wanted.objects.get(keyOf(id))?.fields ?? {};
    const path = `${base(changing)}/authentication/register-required-action`;
    await connection.write({ method: "POST", path, body: { name, providerId } }, signal);
  }
  const newId = await connection.write(await requestOf(change, changing), signal);
  if (op !== "create" || change.roles) return;
  // Of a realm and a role Keycloak tells the name, not the id; a token does not open a realm that is younger.
  if (kind === "realm") connection.renew();
  else if (newId !== undefined && /^(client|group|mapper)$/.test(kind)) ids.set(keyOf(id), newId);
  if (kind === "client")
    for (const mapper of mappersOf(id, changing.wanted))
      made.add(keyOf([...id, "mappers", String(mapper.name)]));
}

async function requestOf(change: RealmChange, changing: Changing): Promise<WriteRequest> {
  const { op, kind, id } = change;
  if (change.roles) return linkRequest(change, change.roles, changing);
  const method = op === "update" || kind === "required-action" ? "PUT" : op === "create" ? "POST" : "DELETE";
  const path = await pathOf(change, changing);
  if (op === "delete") return { method, path };
  return { method, path, body: bodyOf(change, changing, id) };
}

function bodyOf(
  change: RealmChange,
  { wanted, json, current, ids, values }: Changing,
  id: RealmObjectId,
): Json {
  const { op, kind } = change;
  const ours = filled(sentFields(change, wanted, json), values) as Json;
  if (op === "create" && kind !== "required-action") return ours;
  const now = current?.objects.get(keyOf(id))?.fields ?? {};
  const body = Object.fromEntries(
    Object.entries(ours).map(([field, value]) => [field, merged(value, now[field])]),
  );
  // When no web origins are sent, Keycloak makes some of its own out of the redirect URIs.
  if (kind === "client") return { webOrigins: now.webOrigins ?? [], ...body };
  // Keycloak looks at the id in the path and changes the one in the body.
  if (kind === "mapper") return { id: ids.get(keyOf(id)), ...now, ...body };
  if (kind !== "realm") return { ...now, ...body };
  // Keycloak sets the OTP policy as a whole: what is not sent goes back to its default.
  const whole = Object.keys(body).some((field) => field.startsWith("otpPolicy"));
  return {
    ...(whole && Object.fromEntries(Object.entries(now).filter(([field]) => field.startsWith("otpPolicy")))),
    ...body,
  };
}

async function pathOf({ op, kind, id }: RealmChange, changing: Changing): Promise<string> {
  const realm = base(changing);
  const own = () => idOf(id, changing);
  const parent = () => idOf(id.slice(0, kind === "group" ? -1 : 2), changing);
  const create = op === "create";
  switch (kind) {
    case "realm":
      return create ? "" : realm;
    case "required-action":
      return `${realm}/authentication/required-actions/${encodeURIComponent(id[1] ?? "")}`;
    case "client":
      return create ? `${realm}/clients` : `${realm}/clients/${await own()}`;
    case "mapper": {
      const models = `${realm}/clients/${await parent()}/protocol-mappers/models`;
      return create ? models : `${models}/${await own()}`;
    }
    case "group":
      if (!create) return `${realm}/groups/${await own()}`;
      return id.length === 2 ? `${realm}/groups` : `${realm}/groups/${await parent()}/children`;
    case "client-role":
      return create ? `${realm}/clients/${await parent()}/roles` : `${realm}/roles-by-id/${await own()}`;
    default:
      return create ? `${realm}/roles` : `${realm}/roles-by-id/${await own()}`;
  }
}

async function linkRequest(
  { op, kind, id, list = "" }: RealmChange,
  roles: readonly RealmObjectId[],
  changing: Changing,
): Promise<WriteRequest> {
  const body: Json[] = [];
  for (const role of roles) body.push({ id: await idOf(role, changing), name: role.at(-1) });
  const realm = base(changing);
  const owner = await idOf(id, changing);
  const client = list.startsWith("clientRoles.") ? list.slice("clientRoles.".length) : undefined;
  const clientId = client === undefined ? undefined : await idOf(["clients", client], changing);
  const path =
    kind === "composite"
      ? `${realm}/roles-by-id/${owner}/composites`
      : kind === "group-role"
        ? `${realm}/groups/${owner}/role-mappings/${clientId === undefined ? "realm" : `clients/${clientId}`}`
        : `${realm}/clients/${owner}/scope-mappings/${clientId === undefined ? "realm" : `clients/${clientId}`}`;
  return { method: op === "create" ? "POST" : "DELETE", path, body };
}

/** Keycloak's id of an object, ready for a path. Of a role that was made on the way it has to be asked for. */
async function idOf(id: RealmObjectId, changing: Changing): Promise<string> {
  const { ids, connection, signal } = changing;
  const isRole = id.at(-2) === "roles";
  if (isRole && !ids.has(keyOf(id))) {
    const above = id.slice(0, -2);
    const container = above.length === 0 ? "" : `/clients/${await idOf(above, changing)}`;
    for (const role of await readAll(connection, `${base(changing)}${container}/roles`, "name", signal))
      ids.set(keyOf([...above, "roles", role.name]), role.id);
  }
  const known = ids.get(keyOf(id));
  if (known === undefined)
    throw new LiveError(
      "conflict",
      `${formatId(id)} is not in Keycloak, though it was or was made`,
      "somebody else changes the realm: plan again",
    );
  return encodeURIComponent(known);
}

function mappersOf(client: RealmObjectId, wanted: RealmParts): Json[] {
  return [...wanted.objects.values()]
    .filter(({ kind, id }) => kind === "mapper" && id[1] === client[1])
    .map(({ fields }) => fields);
}

function base({ wanted }: Changing): string {
  return `/${encodeURIComponent(wanted.name)}`;
}
