import { findingAbout, formatRef, type Inventory, type Related, type Rule, refOf } from "@ashlar/core";
import type { AccessRole, AccessRule } from "../rbac/objects.ts";
import { relatedSubject } from "./objects/binding-finding.ts";
import { builtIn } from "./objects/built-in.ts";
import { findRoles, roleKey } from "./objects/find-role.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { isEverything } from "./objects/rights.ts";
import { isBuiltInGroup } from "./objects/served.ts";
import { subjectsOf } from "./objects/subjects.ts";
import { wordList } from "./objects/word-list.ts";

const CODE = "iam/no-wildcard-grant";
const SHOWN_HOLDERS = 3;

/** A rule that grants what nobody named: `*` in its verbs, resources, API groups or URLs. */
export const noWildcardGrant: Rule = {
  code: CODE,
  check(inventory) {
    const { roles, bindings } = rbacObjects(inventory.resources);
    const found = roles.flatMap((role) =>
      // The controller writes the rules of an aggregated role: what it gathers is looked at where it stands.
      role.selectors !== undefined
        ? []
        : role.rules.flatMap((rule, index) => {
            const grant = wildcards(rule);
            return grant === undefined || builtIn().hasRule(role, rule) ? [] : [{ role, rule, index, grant }];
          }),
    );
    if (found.length === 0) return [];
    const holders = holdersOf(inventory, bindings, roles);
    return found.map(({ role, rule, index, grant }) => {
      const related = holders.get(roleKey(role));
      return {
        ...findingAbout(role.resource, inventory.locate, {
          code: CODE,
          severity: "warning",
          message: `${formatRef(refOf(role.resource))} grants ${grant}`,
          hint: isEverything(rule)
            ? "bind the built-in cluster-admin, so that everybody sees what it is; or name the groups, resources and verbs that are needed"
            : "name what is needed: a wildcard also grants what later versions add",
          path: `rules[${index}]`,
        }),
        ...(related && { related }),
      };
    });
  },
};

/** What the wildcards of a rule reach; `undefined` when there are none, or only within API groups that are not built in. */
function wildcards({ verbs, apiGroups, resources, nonResourceURLs }: AccessRule): string | undefined {
  if (nonResourceURLs.some((url) => /^\/?\*+$/.test(url)))
    return "every URL of the API server, /metrics, /logs and /debug too";
  const [allVerbs, allGroups, allResources] = [verbs, apiGroups, resources].map((list) => list.includes("*"));
  if (!(allVerbs || allGroups || allResources)) return undefined;
  // The resources of one's own API are one's own: an operator may do all to them.
  if (!allGroups && !apiGroups.some(isBuiltInGroup)) return undefined;
  const verb = allVerbs ? `every verb${specialVerbs(resources, apiGroups)}` : wordList(verbs);
  const resource = allResources ? "every resource" : wordList(resources);
  const group = allGroups ? "every API group" : wordList(apiGroups);
  return `${verb} on ${resource} of ${group}`;
}

/** The verbs that are easily forgotten, of resources that have them. */
function specialVerbs(resources: readonly string[], groups: readonly string[]): string {
  const has = (group: string, ...names: string[]) =>
    (groups.includes("*") || groups.includes(group)) &&
    (resources.includes("*") || names.some((name) => resources.includes(name)));
  const special = [
    ...(has("rbac.authorization.k8s.io", "roles", "clusterroles") ? ["bind", "escalate"] : []),
    ...(has("", "users", "groups", "serviceaccounts") ? ["impersonate"] : []),
    ...(has("certificates.k8s.io", "signers") ? ["approve", "sign"] : []),
  ];
  return special.length === 0 ? "" : ` (also ${special.join(", ")})`;
}

/** Who holds each role, the first few of each. */
function holdersOf(
  inventory: Inventory,
  bindings: ReturnType<typeof rbacObjects>["bindings"],
  roles: readonly AccessRole[],
): ReadonlyMap<string, readonly Related[]> {
  const findRole = findRoles(roles);
  const holders = new Map<string, Related[]>();
  for (const binding of bindings) {
    const role = findRole(binding);
    if (role === undefined) continue;
    const known = holders.get(roleKey(role)) ?? [];
    holders.set(roleKey(role), known);
    for (const subject of subjectsOf(binding).slice(0, SHOWN_HOLDERS - known.length))
      known.push(relatedSubject(inventory, binding, subject));
  }
  return holders;
}
