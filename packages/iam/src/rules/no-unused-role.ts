import {
  findingAbout,
  formatRef,
  meets,
  type Requirement,
  type Rule,
  refOf,
  requirementsOf,
} from "@ashlar/core";
import type { AccessRole } from "../rbac/objects.ts";
import { builtIn } from "./objects/built-in.ts";
import { findRoles, roleKey } from "./objects/find-role.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";

const CODE = "iam/no-unused-role";

/** A role of a whole set that no binding names and no other role gathers. */
export const noUnusedRole: Rule = {
  code: CODE,
  check({ resources, locate, whole = false }) {
    if (!whole) return [];
    const { roles, bindings } = rbacObjects(resources);
    if (roles.length === 0) return [];
    const findRole = findRoles(roles);
    const used = new Set(bindings.map(findRole));
    const unbound = roles.filter((role) => !used.has(role) && role.name !== "" && !builtIn().hasRole(role));
    if (unbound.length === 0) return [];
    const gathers = gatherers([...roles, ...builtIn().roles]);
    return unbound
      .filter((role) => !gathers(role))
      .map((role) =>
        findingAbout(role.resource, locate, {
          code: CODE,
          severity: "warning",
          message: `${formatRef(refOf(role.resource))} is bound to nobody and feeds no other role`,
          hint: "bind it, or remove it; if it is bound elsewhere, suppress this and say where",
          path: "metadata.name",
        }),
      );
  },
};

/** Of roles that are there to be gathered: by `view`, `edit` and `admin`, or by a role that another distribution has. */
const GATHERED = "rbac.authorization.k8s.io/aggregate-to-";

/** Whether some other role has a role's rules by aggregation. Selectors are looked up by a label that they ask for. */
function gatherers(roles: readonly AccessRole[]): (role: AccessRole) => boolean {
  const byLabel = new Map<string, Gatherer[]>();
  const others: Gatherer[] = [];
  for (const role of roles)
    for (const selector of role.selectors ?? []) {
      const gatherer = { by: roleKey(role), requirements: requirementsOf(selector) };
      const first = gatherer.requirements.find(({ operator }) => operator === "In");
      if (first === undefined) others.push(gatherer);
      else
        for (const value of first.values) {
          const label = `${first.key}=${value}`;
          const known = byLabel.get(label);
          if (known === undefined) byLabel.set(label, [gatherer]);
          else known.push(gatherer);
        }
    }
  return (role) => {
    if (role.kind !== "ClusterRole") return false;
    const labels = Object.entries(role.labels);
    if (labels.some(([key]) => key.startsWith(GATHERED))) return true;
    const own = roleKey(role);
    const gathers = ({ by, requirements }: Gatherer) =>
      by !== own && requirements.every((requirement) => meets(role.labels, requirement));
    return (
      labels.some(([key, value]) => byLabel.get(`${key}=${value}`)?.some(gathers)) || others.some(gathers)
    );
  };
}

interface Gatherer {
  readonly by: string;
  readonly requirements: readonly Requirement[];
}
