import { builtinRbac } from "../../rbac/builtin.ts";
import { type AccessBinding, type AccessRole, type AccessRule, ruleKey } from "../../rbac/objects.ts";
import { roleKey } from "./find-role.ts";
import { type RbacObjects, rbacObjects } from "./rbac-objects.ts";
import { type BoundSubject, subjectKey, subjectsOf } from "./subjects.ts";

/** What Kubernetes 1.36 makes by itself. A dump of a cluster holds it too; nobody there chose it. */
export interface BuiltIn extends RbacObjects {
  /** The keys of all subjects that Kubernetes binds: its own components. */
  readonly components: ReadonlySet<string>;
  readonly hasRole: (role: AccessRole) => boolean;
  /** Whether Kubernetes makes a role of that name with this very rule in it. */
  readonly hasRule: (role: AccessRole, rule: AccessRule) => boolean;
  /** Whether Kubernetes makes a binding of that name, for that role, with this subject. */
  readonly hasSubject: (binding: AccessBinding, subject: BoundSubject) => boolean;
}

let known: BuiltIn | undefined;

/** The built-in roles and bindings, read at first use. */
export function builtIn(): BuiltIn {
  known ??= readBuiltIn();
  return known;
}

function readBuiltIn(): BuiltIn {
  const objects = rbacObjects(builtinRbac());
  const rules = new Map(objects.roles.map((role) => [roleKey(role), new Set(role.rules.map(sameRule))]));
  const subjects = new Map(
    objects.bindings.map((binding) => [bindingKey(binding), new Set(subjectsOf(binding).map(subjectKey))]),
  );
  return {
    ...objects,
    components: new Set([...subjects.values()].flatMap((keys) => [...keys])),
    hasRole: (role) => rules.has(roleKey(role)),
    hasRule: (role, rule) => rules.get(roleKey(role))?.has(sameRule(rule)) ?? false,
    hasSubject: (binding, subject) => subjects.get(bindingKey(binding))?.has(subjectKey(subject)) ?? false,
  };
}

function bindingKey({ namespace, name, role }: AccessBinding): string {
  return `${namespace}/${name}/${role.kind}/${role.name}`;
}

/** Equal for rules that say the same in another order. */
function sameRule(rule: AccessRule): string {
  return ruleKey({
    verbs: rule.verbs.toSorted(),
    apiGroups: rule.apiGroups.toSorted(),
    resources: rule.resources.toSorted(),
    resourceNames: rule.resourceNames.toSorted(),
    nonResourceURLs: rule.nonResourceURLs.toSorted(),
  });
}
