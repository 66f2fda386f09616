import { isOn } from "../keycloak/check/report.ts";
import { type ClientFacts, formatRole, type RealmFacts, type RoleRef, roleKey } from "./read-realm.ts";

/** A role that a user has, and how it came to him. */
export interface HeldRole {
  readonly role: RoleRef;
  /** The chain of names that ends in the role: group, realm role, client role. */
  readonly by: readonly string[];
}

/** Whose roles. */
export interface Membership {
  /** Names or paths of groups: `developer`, `/developer/wiki`. */
  readonly groups?: readonly string[];
  /** Realm roles of the user's own. */
  readonly roles?: readonly string[];
  /** Whether the user has the realm's default role, as those that the console makes have; imported ones do not. Default: true. */
  readonly hasDefaultRole?: boolean;
}

/** Every role of a user, by the shortest way; a group has the roles of its parents too. */
export function rolesOfUser(
  realm: RealmFacts,
  { groups = [], roles = [], hasDefaultRole = true }: Membership,
): HeldRole[] {
  const held = new Map<string, HeldRole>();
  const queue: HeldRole[] = [
    ...groups.flatMap((group) =>
      withParents(groupPath(group)).flatMap((path) =>
        (realm.groups.get(path)?.roles ?? []).map((role) => ({
          role,
          by: [`group ${path}`, formatRole(role)],
        })),
      ),
    ),
    ...roles.map((name) => ({ role: { name }, by: [name] })),
    ...(hasDefaultRole ? [{ role: realm.defaultRole, by: [realm.defaultRole.name] }] : []),
  ];
  for (let i = 0; i < queue.length; i++) {
    const next = queue[i] as HeldRole;
    const key = roleKey(next.role);
    if (held.has(key)) continue;
    held.set(key, next);
    for (const role of realm.compositesOf(next.role))
      queue.push({ role, by: [...next.by, formatRole(role)] });
  }
  return [...held.values()];
}

/** Of the roles of a user, those that a token of the client may have (Keycloak's TokenManager.getAccess). */
export function rolesInScope(realm: RealmFacts, client: ClientFacts, held: readonly HeldRole[]): HeldRole[] {
  if (isOn(client.item.fullScopeAllowed, true)) return [...held];
  const scope = new Set<string>();
  const own = held.filter(({ role }) => role.client === client.id).map(({ role }) => role);
  const queue = [
    ...own,
    ...realm.roles.filter((role) => role.client === client.id),
    ...realm.scopeRolesOf(client.id),
  ];
  for (let i = 0; i < queue.length; i++) {
    const role = queue[i] as RoleRef;
    if (scope.has(roleKey(role))) continue;
    scope.add(roleKey(role));
    queue.push(...realm.compositesOf(role));
  }
  return held.filter(({ role }) => scope.has(roleKey(role)));
}

/** `developer` → `/developer` */
export function groupPath(group: string): string {
  return group.startsWith("/") ? group : `/${group}`;
}

/** `/a/b` → `/a/b`, `/a` */
function withParents(path: string): string[] {
  const paths: string[] = [];
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) paths.push(path.slice(0, end));
  return paths;
}
