import { aggregate } from "../../rbac/aggregate.ts";
import type { AccessRole } from "../../rbac/objects.ts";
import { builtIn } from "./built-in.ts";
import { roleKey } from "./find-role.ts";

/**
 * The roles of a set and the built-in ones that it does not hold, aggregated ClusterRoles with the rules that the
 * controller gathers: a ClusterRole of the set that is labelled for it widens the built-in `admin`, `edit` and `view`.
 */
export function effectiveRoles(roles: readonly AccessRole[]): readonly AccessRole[] {
  const known = gathered.get(roles) ?? gather(roles);
  gathered.set(roles, known);
  return known;
}

const gathered = new WeakMap<readonly AccessRole[], readonly AccessRole[]>();

function gather(roles: readonly AccessRole[]): readonly AccessRole[] {
  const own = new Set(roles.map(roleKey));
  const all = [...roles, ...builtIn().roles.filter((role) => !own.has(roleKey(role)))];
  const clusterRoles = aggregate(all.filter(({ kind }) => kind === "ClusterRole"));
  return [...clusterRoles, ...all.filter(({ kind }) => kind === "Role")];
}
