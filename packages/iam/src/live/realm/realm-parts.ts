import { formatPath, isRecord, type PathSegment } from "@ashlar/core";
import { recordsAt, show } from "../../keycloak/check/report.ts";
import { LiveError } from "../live-error.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A place in a realm, from its top: `["clients", "kubernetes", "roles", "developer"]`. */
export type RealmObjectId = readonly string[];

/** What a realm is made of, as far as it is planned and applied. */
export type RealmObjectKind =
  | "client"
  | "client-role"
  | "composite"
  | "group"
  | "group-role"
  | "mapper"
  | "realm"
  | "required-action"
  | "role"
  | "scope-mapping";

/** An object with fields of its own. */
export interface RealmObject {
  readonly kind: RealmObjectKind;
  readonly id: RealmObjectId;
  readonly fields: Json;
}

/** The roles that an object gives: what comes with a role, what a group's members get, what a client's tokens may have. */
export interface RealmLink {
  readonly kind: RealmObjectKind;
  readonly id: RealmObjectId;
  /** Which list it is in Keycloak: `composites`, `realmRoles`, `clientRoles.kubernetes`. */
  readonly list: string;
  readonly roles: readonly RealmObjectId[];
}

/** A realm, taken apart: what can be compared, made and removed one by one. */
export interface RealmParts {
  readonly name: string;
  readonly objects: ReadonlyMap<string, RealmObject>;
  readonly links: ReadonlyMap<string, RealmLink>;
}

/** Fields of a realm that hold objects, which are taken apart. */
const PARTS = ["clientScopeMappings", "clients", "groups", "requiredActions", "roles", "scopeMappings"];
/** What is written in a realm's file and is not of the realm. */
const NOT_OURS = ["defaultRole", "id", "ifResourceExists", "keycloakVersion", "realm"];
/** What Keycloak keeps in other places than the realm; users are nobody's code. */
const NOT_APPLIED = [
  "authenticationFlows",
  "authenticatorConfig",
  "clientPolicies",
  "clientProfiles",
  "clientScopes",
  "components",
  "defaultDefaultClientScopes",
  "defaultGroups",
  "defaultOptionalClientScopes",
  "defaultRoles",
  "federatedUsers",
  "identityProviderMappers",
  "identityProviders",
  "localizationTexts",
  "organizations",
  "protocolMappers",
  "users",
];
const DEEPEST = 40;

/** The identity of an object or link in a map. */
export function keyOf(id: RealmObjectId, list = ""): string {
  return JSON.stringify([id, list]);
}

export function roleId(name: string, client?: string): RealmObjectId {
  return client === undefined ? ["roles", name] : ["clients", client, "roles", name];
}

/**
 * Takes a realm's JSON apart: the file of an import, the body of a partial import, or what was read from a running Keycloak.
 *
 * @param name the realm's name, when the JSON has none
 * @throws LiveError `bad-input` at what is not a realm, with its place
 */
export function realmParts(realm: unknown, name?: string): RealmParts {
  if (!isRecord(realm)) throw wrong([], "is not an object", "give the parsed JSON of a realm");
  checkDepth(realm, []);
  const realmName = realm.realm ?? name;
  if (typeof realmName !== "string" || /^(\.{0,2}|.*[/\\].*)$/.test(realmName))
    throw wrong(["realm"], "is no name of a realm", 'name the realm: { "realm": "prod" }');
  const objects = new Map<string, RealmObject>();
  const links = new Map<string, RealmLink>();
  const add = (kind: RealmObjectKind, id: RealmObjectId, fields: Json, at: readonly PathSegment[]) => {
    if (objects.has(keyOf(id))) throw wrong(at, "is there twice", "write it once");
    objects.set(keyOf(id), { kind, id, fields });
  };
  const link = (kind: RealmObjectKind, id: RealmObjectId, list: string, roles: readonly RealmObjectId[]) => {
    const before = links.get(keyOf(id, list))?.roles ?? [];
    links.set(keyOf(id, list), { kind, id, list, roles: sortedIds([...before, ...roles]) });
  };
  const taken: Taken = { add, link };

  add("realm", ["realm"], without(realm, [...PARTS, ...NOT_APPLIED, ...NOT_OURS]), []);
  for (const { item, at } of items(realm.requiredActions, ["requiredActions"]))
    add("required-action", ["requiredActions", nameIn(item, "alias", at)], item, at);
  takeRoles(realm.roles, taken);
  for (const { item, at } of items(realm.clients, ["clients"])) takeClient(item, at, taken);
  for (const { item, at } of items(realm.groups, ["groups"])) takeGroup(item, ["groups"], at, taken);
  for (const { item, at } of items(realm.scopeMappings, ["scopeMappings"]))
    link(
      "scope-mapping",
      scopeOwner(item, at),
      "realmRoles",
      roleIds(item.roles, undefined, [...at, "roles"]),
    );
  for (const [client, list] of lists(realm.clientScopeMappings, ["clientScopeMappings"]))
    for (const { item, at } of items(list, ["clientScopeMappings", client]))
      link("scope-mapping", scopeOwner(item, at), clientList(client), roleIds(item.roles, client, at));
  return { name: realmName, objects, links };
}

/**
 * Nothing of a wanted realm may be passed over in silence.
 *
 * @throws LiveError `bad-input` when the realm has parts that are kept where we do not write
 */
export function checkApplicable(realm: unknown): void {
  const held = NOT_APPLIED.find(
    (field) => isRecord(realm) && Object.hasOwn(realm, field) && !isEmpty(realm[field]),
  );
  if (held !== undefined)
    throw wrong(
      [held],
      "cannot be applied to a running Keycloak",
      `leave it out of the realm's file and change it in Keycloak; the same goes for ${NOT_APPLIED.filter((field) => field !== held).join(", ")}`,
    );
}

/** The list that holds roles of one client. */
export function clientList(client: string): string {
  return `clientRoles.${client}`;
}

export function sortedIds(ids: readonly RealmObjectId[]): RealmObjectId[] {
  const byKey = new Map(ids.map((id) => [keyOf(id), id]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, id]) => id);
}

/** Null, "", [] and {} are how Keycloak writes that a field has no value. */
export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (isRecord(value) && Object.keys(value).length === 0)
  );
}

interface Taken {
  readonly add: (kind: RealmObjectKind, id: RealmObjectId, fields: Json, at: readonly PathSegment[]) => void;
  readonly link: (
    kind: RealmObjectKind,
    id: RealmObjectId,
    list: string,
    roles: readonly RealmObjectId[],
  ) => void;
}

function takeRoles(roles: unknown, taken: Taken): void {
  if (isEmpty(roles)) return;
  if (!isRecord(roles)) throw wrong(["roles"], "is not an object", "write { realm: […], client: { … } }");
  const take = (list: unknown, at: readonly PathSegment[], client?: string) => {
    for (const { item, at: place } of items(list, at)) {
      const id = roleId(nameIn(item, "name", place), client);
      const kind = client === undefined ? "role" : "client-role";
      taken.add(kind, id, pick(item, ["name", "description", "attributes"]), place);
      const composites = isRecord(item.composites) ? item.composites : {};
      const where = [...place, "composites"];
      taken.link("composite", id, "composites", [
        ...roleIds(composites.realm, undefined, [...where, "realm"]),
        ...lists(composites.client, [...where, "client"]).flatMap(([owner, names]) =>
          roleIds(names, owner, [...where, "client", owner]),
        ),
      ]);
    }
  };
  take(roles.realm, ["roles", "realm"]);
  for (const [client, list] of lists(roles.client, ["roles", "client"]))
    take(list, ["roles", "client", client], client);
}

function takeClient(item: Json, at: readonly PathSegment[], { add }: Taken): void {
  const id = ["clients", nameIn(item, "clientId", at)];
  add("client", id, without(item, ["access", "id", "protocolMappers"]), at);
  for (const { item: mapper, at: place } of items(item.protocolMappers, [...at, "protocolMappers"]))
    add("mapper", [...id, "mappers", nameIn(mapper, "name", place)], without(mapper, ["id"]), place);
}

function takeGroup(item: Json, parent: RealmObjectId, at: readonly PathSegment[], taken: Taken): void {
  const id = [...parent, nameIn(item, "name", at)];
  taken.add("group", id, pick(item, ["name", "description", "attributes"]), at);
  taken.link("group-role", id, "realmRoles", roleIds(item.realmRoles, undefined, [...at, "realmRoles"]));
  for (const [client, names] of lists(item.clientRoles, [...at, "clientRoles"]))
    taken.link("group-role", id, clientList(client), roleIds(names, client, [...at, "clientRoles", client]));
  for (const { item: child, at: place } of items(item.subGroups, [...at, "subGroups"]))
    takeGroup(child, id, place, taken);
}

function scopeOwner(item: Json, at: readonly PathSegment[]): RealmObjectId {
  return ["clients", nameIn(item, "client", at)];
}

function roleIds(value: unknown, client: string | undefined, at: readonly PathSegment[]): RealmObjectId[] {
  if (isEmpty(value)) return [];
  if (!Array.isArray(value) || !value.every((one): one is string => typeof one === "string" && one !== ""))
    throw wrong(at, "is no list of role names", 'write the names: ["developer"]');
  return value.map((name) => roleId(name, client));
}

function items(value: unknown, at: readonly PathSegment[]): ReturnType<typeof recordsAt> {
  if (isEmpty(value)) return [];
  const found = recordsAt(value, at);
  if (!Array.isArray(value) || found.length < value.length)
    throw wrong(at, "is no list of objects", "write it as Keycloak exports it");
  return found;
}

function lists(value: unknown, at: readonly PathSegment[]): [string, unknown][] {
  if (isEmpty(value)) return [];
  if (!isRecord(value)) throw wrong(at, "is not an object", "write { CLIENT: […] }");
  return Object.entries(value);
}

function nameIn(item: Json, field: string, at: readonly PathSegment[]): string {
  const name = Object.hasOwn(item, field) ? item[field] : undefined;
  if (typeof name === "string" && name.trim() !== "") return name;
  throw wrong([...at, field], `is ${name === undefined ? "not there" : show(name)}`, "it needs a name");
}

function checkDepth(value: unknown, at: readonly PathSegment[]): void {
  if (typeof value !== "object" || value === null) return;
  if (at.length > DEEPEST)
    throw wrong(at.slice(0, 3), `is nested deeper than ${DEEPEST} levels`, "Keycloak has no such field");
  for (const [key, inner] of Object.entries(value)) checkDepth(inner, [...at, key]);
}

function pick(item: Json, fields: readonly string[]): Json {
  return Object.fromEntries(Object.entries(item).filter(([field]) => fields.includes(field)));
}

function without(item: Json, fields: readonly string[]): Json {
  return Object.fromEntries(Object.entries(item).filter(([field]) => !fields.includes(field)));
}

function wrong(at: readonly PathSegment[], why: string, hint: string): LiveError {
  const place = at.length === 0 ? "the realm" : `the realm's ${formatPath(at)}`;
  return new LiveError("bad-input", `${place} ${why}`, hint);
}
