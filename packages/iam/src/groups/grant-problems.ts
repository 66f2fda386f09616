import {
  type IntentProblem,
  isDnsLabel,
  isPathSegment,
  noUnknownRight,
  parsePath,
  suggest,
} from "@ashlar/core";
import type { GivenRoles, Grants, OwnRoles, RoleRule } from "./grants-intent.ts";
import { policyRule } from "./objects.ts";
import { isRuleList, type RoleWords, USER_FACING_ROLES } from "./role-words.ts";

type Path = readonly PropertyKey[];

/** Unknown roles and namespaces of grants that stand at `path`, and roles that are granted twice. */
export function grantProblems(
  path: Path,
  { cluster, namespaces }: Grants,
  words: RoleWords,
  knownNamespaces: readonly string[] | undefined,
): IntentProblem[] {
  return [
    ...roleProblems([...path, "cluster"], cluster, undefined, words, Object.keys(namespaces)),
    ...Object.entries(namespaces).flatMap(([namespace, roles]) => [
      ...namespaceProblems([...path, "namespaces", namespace], namespace, knownNamespaces),
      ...roleProblems([...path, "namespaces", namespace], roles, namespace, words, []),
    ]),
  ];
}

/** A name that is no namespace's, or is none of those that there are. */
export function namespaceProblems(
  path: Path,
  namespace: string,
  known: readonly string[] | undefined,
): IntentProblem[] {
  if (!isDnsLabel(namespace))
    return [
      {
        path,
        message: `"${shorten(namespace)}" is no namespace name`,
        hint: "use a-z, 0-9 and -, at most 63",
      },
    ];
  if (known === undefined || known.includes(namespace)) return [];
  return [{ path, message: `unknown namespace "${namespace}"`, hint: suggest(namespace, known) }];
}

function roleProblems(
  path: Path,
  roles: readonly string[],
  namespace: string | undefined,
  words: RoleWords,
  elsewhere: readonly string[],
): IntentProblem[] {
  return roles.flatMap((word, i): IntentProblem[] => {
    if (roles.indexOf(word) < i)
      return [{ path: [...path, i], message: `"${shorten(word)}" is there twice`, hint: "remove one" }];
    if (words.find(word, namespace) !== undefined) return [];
    const other = elsewhere.find((name) => words.find(word, name) !== undefined);
    const hint =
      other === undefined
        ? `${suggest(word, words.known(namespace))} A role that others make is named in given, one of your own in roles`
        : `it is a Role of namespace ${other}: grant it under namespaces`;
    return [{ path: [...path, i], message: `unknown role "${shorten(word)}"`, hint }];
  });
}

/** What the API server would refuse in own roles, and words that no API serves. */
export function ownRoleProblems(
  roles: OwnRoles,
  given: GivenRoles,
  knownNamespaces: readonly string[] | undefined,
): IntentProblem[] {
  return Object.entries(roles).flatMap(([name, role]) => {
    const path = ["roles", name];
    const problems: IntentProblem[] = [];
    if (!isPathSegment(name))
      problems.push({
        path,
        message: `"${shorten(name)}" is no name of a role`,
        hint: 'neither empty, "." nor "..", and no / or % in it',
      });
    if (USER_FACING_ROLES.includes(name) || name.startsWith("system:"))
      problems.push({
        path,
        message: `"${shorten(name)}" is a role that Kubernetes makes`,
        hint: "take another name",
      });
    if (isRuleList(role)) {
      if (given.clusterRoles.includes(name))
        problems.push({
          path,
          message: `"${shorten(name)}" is given as well`,
          hint: "leave it out of given.clusterRoles",
        });
      return [...problems, ...ruleProblems(path, role, "ClusterRole")];
    }
    if (role.namespaces.length === 0)
      problems.push({
        path: [...path, "namespaces"],
        message: "a Role is in a namespace, and none is named",
        hint: "name one, or write the rules alone for a ClusterRole",
      });
    role.namespaces.forEach((namespace, i) => {
      problems.push(...namespaceProblems([...path, "namespaces", i], namespace, knownNamespaces));
      if (role.namespaces.indexOf(namespace) < i)
        problems.push({
          path: [...path, "namespaces", i],
          message: `"${namespace}" is there twice`,
          hint: "remove one",
        });
      if (Object.hasOwn(given.roles, namespace) && given.roles[namespace]?.includes(name))
        problems.push({
          path,
          message: `"${shorten(name)}" is given in ${namespace} as well`,
          hint: "leave it out of given.roles",
        });
    });
    return [...problems, ...ruleProblems([...path, "rules"], role.rules, "Role")];
  });
}

/** The form of rules is that of the API (pkg/apis/rbac/validation), their words those that it serves. */
function ruleProblems(path: Path, rules: readonly RoleRule[], kind: "Role" | "ClusterRole"): IntentProblem[] {
  const problems = rules.flatMap((rule, i): IntentProblem[] => {
    const at = [...path, i];
    const isAboutUrls = rule.nonResourceURLs.length > 0;
    const found: IntentProblem[] = [];
    const report = (field: string, message: string, hint: string) =>
      void found.push({ path: [...at, field], message, hint });
    if (rule.verbs.length === 0) report("verbs", "a rule without verbs allows nothing", "name at least one");
    if (isAboutUrls && kind === "Role")
      report("nonResourceURLs", "paths are in no namespace", "put the rule into a ClusterRole");
    if (
      isAboutUrls &&
      (rule.resources.length > 0 || (rule.apiGroups ?? []).length > 0 || rule.resourceNames.length > 0)
    )
      report("nonResourceURLs", "a rule is about resources or about paths, not both", "write two rules");
    if (!isAboutUrls && rule.resources.length === 0)
      report("resources", "expected resources or nonResourceURLs, found neither", "name at least one");
    if (!isAboutUrls && rule.apiGroups?.length === 0)
      report(
        "apiGroups",
        "a rule without an API group allows nothing",
        'write apiGroups: [""] for the core group',
      );
    return found;
  });
  const role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata: { name: "role" },
    rules: rules.map(policyRule),
  };
  const unknown = noUnknownRight.check({ resources: [role] }).map(
    ({ path: field, message, hint }): IntentProblem => ({
      path: [...path, ...parsePath(field).slice(1)],
      message: message.replace(/^\w+ role: /, ""),
      hint,
    }),
  );
  return [...problems, ...unknown];
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
