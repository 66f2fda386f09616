import { parsePath, suggest } from "@ashlar/core";
import { LiveError } from "../live-error.ts";
import { isBuiltIn } from "./built-in.ts";
import { fieldChanges, type PlaceholderValues, type RealmFieldChange } from "./field-changes.ts";
import { formatId } from "./format-id.ts";
import {
  checkApplicable,
  keyOf,
  type RealmLink,
  type RealmObject,
  type RealmObjectId,
  type RealmObjectKind,
  type RealmParts,
  realmParts,
  sortedIds,
} from "./realm-parts.ts";

/** One thing to do in a realm: one request, or a part of the one that makes the realm. */
export interface RealmChange {
  readonly op: "create" | "delete" | "update";
  readonly kind: RealmObjectKind;
  /** Of the object, or of the one whose roles change: `["clients", "kubernetes", "mappers", "groups"]`. */
  readonly id: RealmObjectId;
  readonly fields: readonly RealmFieldChange[];
  /** Of a composite, group-role or scope-mapping: the list of Keycloak's that changes, and the roles that come or go. */
  readonly list?: string;
  readonly roles?: readonly RealmObjectId[];
}

export interface RealmDiff {
  /** In the order in which they can be made. */
  readonly changes: readonly RealmChange[];
  /** What is in the realm, in no file, and not Keycloak's own: it is left alone. */
  readonly foreign: readonly RealmObjectId[];
  /** Fields whose values are secrets and were not compared. */
  readonly unchecked: readonly { readonly id: RealmObjectId; readonly path: string }[];
}

export interface RealmDiffOptions {
  /** The realm's name, when the wanted JSON has none, as the body of a partial import. */
  readonly name?: string;
  /**
   * The realm's file as it was applied before. What it has and the wanted one has not is deleted, unless Keycloak made it. By
   * default nothing is deleted.
   */
  readonly before?: unknown;
  /** Values of `${NAME}`; by default a field with one is not compared when it has a value. */
  readonly values?: PlaceholderValues;
}

/** What can only be chosen when a client is made, with the requests that we send. */
const FIXED_FIELDS = ["authorizationSettings", "defaultClientScopes", "optionalClientScopes"];

const ORDER: readonly string[] = [
  ...["create realm", "update realm", "update required-action", "create required-action"],
  ...["create client", "update client", "create mapper", "update mapper", "delete mapper"],
  ...["create role", "update role", "create client-role", "update client-role", "create composite"],
  ...["create group", "update group", "create group-role", "create scope-mapping"],
  ...["delete scope-mapping", "delete group-role", "delete composite"],
  ...["delete group", "delete role", "delete client-role", "delete client"],
];

/**
 * What has to be done so that a realm is as wanted. Pure. Fields that the wanted JSON does not have are left alone; the roles
 * that come with a wanted role, that a wanted group gives and the redirect URIs of a client are compared whole: one more of
 * them is a right that nobody wrote down.
 *
 * @param current the realm as Keycloak has it, as JSON; undefined when there is none
 * @param wanted the realm's JSON: the file of an import or the body of a partial import
 * @throws LiveError `bad-input` when one of them is no realm, or the wanted one cannot be applied
 */
export function realmDiff(current: unknown, wanted: unknown, options: RealmDiffOptions = {}): RealmDiff {
  const to = realmParts(wanted, options.name);
  checkApplicable(wanted);
  const from = current === undefined ? undefined : realmParts(current, to.name);
  const before = options.before === undefined ? undefined : realmParts(options.before, to.name);
  checkReferences(to, from);
  const deleted = toDelete(to, from, before);
  const changes: RealmChange[] = [...to.objects.values()].flatMap((object) =>
    objectChange(object, from?.objects.get(keyOf(object.id)), options.values),
  );
  for (const { kind, id, list } of linksToCompare(to, from, before)) {
    const [now, then] = [rolesOf(from, id, list), rolesOf(to, id, list)];
    const gone = minus(now, then).filter((role) => !isBelow(role, deleted) && !comesWithKeycloak(id, role));
    const come = minus(then, now);
    if (come.length > 0) changes.push({ op: "create", kind, id, fields: [], list, roles: come });
    if (gone.length > 0) changes.push({ op: "delete", kind, id, fields: [], list, roles: gone });
  }
  for (const { kind, id } of deleted.values()) changes.push({ op: "delete", kind, id, fields: [] });
  const rank = ({ op, kind }: RealmChange) => ORDER.indexOf(`${op} ${kind}`);
  return {
    changes: changes.sort((a, b) => rank(a) - rank(b)),
    foreign: foreignIn(to, from, deleted),
    unchecked: [...to.objects.values()].flatMap(({ id, fields }) =>
      fieldChanges(fields, from?.objects.get(keyOf(id))?.fields, options.values).unchecked.map((path) => ({
        id,
        path,
      })),
    ),
  };
}

function objectChange(
  { kind, id, fields }: RealmObject,
  current: RealmObject | undefined,
  values: PlaceholderValues,
): RealmChange[] {
  const { changes } = fieldChanges(fields, current?.fields, values);
  if (current === undefined) return [{ op: "create", kind, id, fields: changes }];
  const fixed =
    kind === "client"
      ? changes.find(({ path }) => FIXED_FIELDS.includes(String(parsePath(path)[0])))
      : undefined;
  if (fixed)
    throw new LiveError(
      "bad-input",
      `${fixed.path} of ${formatId(id)} is another one in Keycloak, and cannot be applied to a client that is there`,
      "change it in Keycloak, or leave it out of the realm's file",
    );
  return changes.length > 0 ? [{ op: "update", kind, id, fields: changes }] : [];
}

/** Every list of roles that the wanted realm speaks of: those it writes, and of its roles and groups those it does not write. */
function linksToCompare(
  to: RealmParts,
  from: RealmParts | undefined,
  before: RealmParts | undefined,
): Iterable<RealmLink> {
  const ours = (link: RealmLink) => link.kind !== "scope-mapping" && to.objects.has(keyOf(link.id));
  const former = (link: RealmLink) => link.kind === "scope-mapping" && to.objects.has(keyOf(link.id));
  return new Map(
    [
      ...to.links.values(),
      ...[...(from?.links.values() ?? [])].filter(ours),
      ...[...(before?.links.values() ?? [])].filter(former),
    ].map((link) => [keyOf(link.id, link.list), link]),
  ).values();
}

function toDelete(
  to: RealmParts,
  from: RealmParts | undefined,
  before: RealmParts | undefined,
): ReadonlyMap<string, RealmObject> {
  const candidates = new Map(
    [...(before?.objects ?? [])].filter(
      ([key, { id }]) => !to.objects.has(key) && from?.objects.has(key) === true && !isBuiltIn(to.name, id),
    ),
  );
  // A group takes its sub-groups along: with one of somebody else's in it, it stays.
  const others = [...(from?.objects ?? [])].filter(
    ([key, { kind }]) => kind === "group" && !candidates.has(key),
  );
  for (const [key, { id }] of candidates)
    if (others.some(([, other]) => startsWith(other.id, id))) candidates.delete(key);
  // What is in a deleted object goes with it.
  return new Map(
    [...candidates].filter(
      ([key, { id }]) =>
        ![...candidates].some(([other, parent]) => other !== key && startsWith(id, parent.id)),
    ),
  );
}

function foreignIn(
  to: RealmParts,
  from: RealmParts | undefined,
  deleted: ReadonlyMap<string, RealmObject>,
): RealmObjectId[] {
  return [...(from?.objects.values() ?? [])]
    .filter(
      ({ id }) =>
        !to.objects.has(keyOf(id)) &&
        !isBuiltIn(to.name, id) &&
        !isBelow(id, deleted) &&
        // What is in somebody else's object is not told one by one.
        (id.length < 3 || to.objects.has(keyOf(id[0] === "groups" ? id.slice(0, -1) : id.slice(0, 2)))),
    )
    .map(({ id }) => id);
}

/** Keycloak would take a role that is not there for a mistake of the request's, in words that name nothing. */
function checkReferences(to: RealmParts, from: RealmParts | undefined): void {
  if (from === undefined) return;
  const known = (id: RealmObjectId) => to.objects.has(keyOf(id)) || from.objects.has(keyOf(id));
  for (const { id, roles, kind } of to.links.values()) {
    const owner = kind === "scope-mapping" && !known(id) ? id : undefined;
    const unknown = owner ?? roles.find((role) => !known(role));
    if (unknown === undefined) continue;
    const names = [...to.objects.values(), ...from.objects.values()]
      .map((object) => object.id)
      .filter((other) => other.length === unknown.length && other.at(-2) === unknown.at(-2))
      .map((other) => other.slice(1).join("/"));
    throw new LiveError(
      "bad-input",
      `${formatId(id)} refers to ${formatId(unknown)}, which is neither in the file nor in Keycloak`,
      suggest(unknown.slice(1).join("/"), names) ?? "write it, or correct the name",
    );
  }
}

/** Roles that belong to another of the same client of Keycloak's own: a newer Keycloak may have more of them. */
function comesWithKeycloak(owner: RealmObjectId, role: RealmObjectId): boolean {
  return owner[0] === "clients" && isBuiltIn("", owner) && role[0] === "clients" && role[1] === owner[1];
}

function rolesOf(parts: RealmParts | undefined, id: RealmObjectId, list: string): readonly RealmObjectId[] {
  return parts?.links.get(keyOf(id, list))?.roles ?? [];
}

function minus(ids: readonly RealmObjectId[], others: readonly RealmObjectId[]): RealmObjectId[] {
  const keys = new Set(others.map((id) => keyOf(id)));
  return sortedIds(ids.filter((id) => !keys.has(keyOf(id))));
}

function isBelow(id: RealmObjectId, parents: ReadonlyMap<string, RealmObject>): boolean {
  return [...parents.values()].some((parent) => startsWith(id, parent.id));
}

function startsWith(id: RealmObjectId, start: RealmObjectId): boolean {
  return start.every((part, i) => id[i] === part);
}
