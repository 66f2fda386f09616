import type { Finding, Inventory, Rule } from "@ashlar/core";
import type { AccessBinding, AccessRule } from "../rbac/objects.ts";
import { everyone } from "./no-grant-to-everyone.ts";
import { aboutSubject, relatedSubject } from "./objects/binding-finding.ts";
import { builtIn } from "./objects/built-in.ts";
import { effectiveRoles } from "./objects/effective-roles.ts";
import { findRoles } from "./objects/find-role.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { grantsAll, isEverything } from "./objects/rights.ts";
import { type BoundSubject, subjectKey, subjectName, subjectsOf } from "./objects/subjects.ts";

const CODE = "iam/no-secret-reading";

/** A subject that may read the Secrets of every namespace and is no admin of the cluster. */
export const noSecretReading: Rule = {
  code: CODE,
  check(inventory) {
    const { roles, bindings } = rbacObjects(inventory.resources);
    const clusterWide = bindings.filter(({ kind }) => kind === "ClusterRoleBinding");
    if (clusterWide.length === 0) return [];
    const findRole = findRoles(effectiveRoles(roles));
    const admins = new Set<string>();
    const readers = new Map<string, Reader[]>();
    for (const binding of clusterWide) {
      const rules = findRole(binding)?.rules ?? [];
      if (!rules.some(readsSecrets)) continue;
      const isAdmin = rules.some(isEverything);
      for (const subject of subjectsOf(binding)) {
        if (isSpokenOf(binding, subject)) continue;
        const key = subjectKey(subject);
        if (isAdmin) admins.add(key);
        const known = readers.get(key);
        if (known === undefined) readers.set(key, [{ binding, subject }]);
        else known.push({ binding, subject });
      }
    }
    return [...readers].flatMap(([key, found]) => (admins.has(key) ? [] : [finding(inventory, found)]));
  },
};

interface Reader {
  readonly binding: AccessBinding;
  readonly subject: BoundSubject;
}

/** Built in, or the business of another rule. */
function isSpokenOf(binding: AccessBinding, subject: BoundSubject): boolean {
  const isMasters = subject.kind === "Group" && subject.name === "system:masters";
  return isMasters || everyone(subject) !== undefined || builtIn().hasSubject(binding, subject);
}

function readsSecrets(rule: AccessRule): boolean {
  return ["get", "list", "watch"].some((verb) => grantsAll(rule, { verb, group: "", resource: "secrets" }));
}

function finding(inventory: Inventory, found: readonly Reader[]): Finding {
  const { binding, subject } = found[0]!;
  const about = aboutSubject(inventory, binding, subject, {
    code: CODE,
    says: `${subjectName(subject)} may read every Secret of the cluster, through ClusterRole ${binding.role.name}`,
    hint: "bind the role by a RoleBinding in the namespaces that need it, or let it get named Secrets only (resourceNames)",
  });
  const others = found.slice(1);
  if (others.length === 0) return about;
  return {
    ...about,
    related: others.map((other) => relatedSubject(inventory, other.binding, other.subject)),
  };
}
