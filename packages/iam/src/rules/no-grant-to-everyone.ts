import type { Rule } from "@ashlar/core";
import type { AccessBinding } from "../rbac/objects.ts";
import { aboutSubject, grantOf } from "./objects/binding-finding.ts";
import { builtIn } from "./objects/built-in.ts";
import { type FindRole, findRoles } from "./objects/find-role.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { type BoundSubject, subjectsOf } from "./objects/subjects.ts";

const CODE = "iam/no-grant-to-everyone";

/** The subjects that stand for everybody, and who that is. */
const EVERYONE: Readonly<Record<string, string>> = {
  "Group/system:authenticated": "everybody who can log in, and every pod",
  "Group/system:unauthenticated": "everybody who reaches the API server, without logging in",
  "User/system:anonymous": "everybody who reaches the API server, without logging in",
  "Group/system:serviceaccounts": "every pod of the cluster",
};

/** Roles that Kubernetes itself gives to everybody, or documents as meant for it: what an API server says of itself. */
const FOR_EVERYONE: ReadonlySet<string> = new Set([
  "system:discovery",
  "system:basic-user",
  "system:public-info-viewer",
  "system:service-account-issuer-discovery",
  "system:cluster-trust-bundle-discovery",
]);

/** A binding whose subject is everybody. */
export const noGrantToEveryone: Rule = {
  code: CODE,
  check(inventory) {
    const objects = rbacObjects(inventory.resources);
    let findRole: FindRole | undefined;
    return objects.bindings.flatMap((binding) =>
      subjectsOf(binding).flatMap((subject) => {
        const who = everyone(subject);
        if (who === undefined || isForEveryone(binding) || builtIn().hasSubject(binding, subject)) return [];
        findRole ??= findRoles([...builtIn().roles, ...objects.roles]);
        if (isPublicReading(binding, findRole)) return [];
        const says = `${grantOf(binding)} goes to ${subject.name}: ${who}`;
        const hint = "name the users, groups or ServiceAccounts that need it";
        return [aboutSubject(inventory, binding, subject, { code: CODE, says, hint })];
      }),
    );
  },
};

/** Who a subject that stands for everybody is; `undefined` for any other. */
export function everyone({ kind, name }: BoundSubject): string | undefined {
  const key = `${kind}/${name}`;
  return Object.hasOwn(EVERYONE, key) ? EVERYONE[key] : undefined;
}

function isForEveryone({ role }: AccessBinding): boolean {
  return role.kind === "ClusterRole" && FOR_EVERYONE.has(role.name);
}

/** kube-public is the namespace that all may read: kubeadm lets everybody get the ConfigMap cluster-info there. */
function isPublicReading(binding: AccessBinding, findRole: FindRole): boolean {
  const rules = binding.namespace === "kube-public" ? findRole(binding)?.rules : undefined;
  if (rules === undefined) return false;
  return rules.every(
    ({ verbs, resources }) =>
      verbs.every((verb) => verb === "get" || verb === "list" || verb === "watch") &&
      resources.every((resource) => resource === "configmaps"),
  );
}
