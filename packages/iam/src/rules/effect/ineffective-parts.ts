import type { AccessRole, AccessRule } from "../../rbac/objects.ts";
import { type IsClusterScoped, isBuiltInGroup } from "../objects/served.ts";
import { wordList } from "../objects/word-list.ts";

/** A part of a rule that no request meets. */
export interface IneffectivePart {
  /** Within the rule: `verbs[1]`. */
  readonly path: string;
  /** Goes on after the role's name: `resourceNames cannot …`. */
  readonly says: string;
  readonly hint: string;
}

/** The parts of a rule that never match, whatever is asked. */
export function ineffectiveParts(
  rule: AccessRule,
  role: AccessRole,
  isClusterScoped: IsClusterScoped,
): IneffectivePart[] {
  if (rule.nonResourceURLs.length > 0) return rule.nonResourceURLs.flatMap(urlProblem);
  return [
    ...namelessVerbs(rule, role),
    ...misplacedVerbs(rule),
    ...upperCaseVerbs(rule),
    ...(role.kind === "Role" ? clusterScopedResources(rule, isClusterScoped) : []),
  ];
}

/** Whether nothing that a rule grants can be asked for in a namespace, so that a RoleBinding gives nothing by it. */
export function isForCluster(rule: AccessRule, isClusterScoped: IsClusterScoped): boolean {
  if (rule.nonResourceURLs.length > 0) return true;
  return (
    rule.resources.length > 0 &&
    rule.resources.every((resource) => isOutOfReach(rule, resource, isClusterScoped))
  );
}

/** A path starts with a slash; a star is one only at the end (`NonResourceURLMatches`). */
function urlProblem(url: string, index: number): IneffectivePart[] {
  const path = `nonResourceURLs[${index}]`;
  const prefix = withoutLastStars(url);
  if (prefix !== "" && !prefix.startsWith("/"))
    return [
      {
        path,
        says: `${JSON.stringify(url)} matches no URL: paths start with a slash`,
        hint: `write "/${url}"`,
      },
    ];
  if (!prefix.includes("*")) return [];
  const hint = `write ${JSON.stringify(`${prefix.slice(0, prefix.indexOf("*"))}*`)}, or name the paths`;
  return [
    {
      path,
      says: `a star within ${JSON.stringify(url)} is a character: only one at the end is a pattern`,
      hint,
    },
  ];
}

function withoutLastStars(url: string): string {
  let end = url.length;
  while (url[end - 1] === "*") end--;
  return url.slice(0, end);
}

/**
 * Requests to create or to delete a collection carry no name (`RequestInfoFactory`). An update or patch that creates the
 * object does (`handlers/update.go`, `handlers/patch.go`), so that create is left alone where the role has one of them.
 */
function namelessVerbs(rule: AccessRule, role: AccessRole): IneffectivePart[] {
  const { verbs, resources, resourceNames } = rule;
  if (resourceNames.length === 0 || resources.some((one) => one === "*" || one.includes("/"))) return [];
  const written = verbs.includes("create") ? writtenResources(role) : NONE;
  const mayWrite = written.has("*") || resources.some((resource) => written.has(resource));
  return verbs.flatMap((verb, index): IneffectivePart[] => {
    if (verb !== "deletecollection" && (verb !== "create" || mayWrite)) return [];
    return [
      {
        path: `verbs[${index}]`,
        says: `resourceNames cannot be met by ${verb}, whose requests carry no name`,
        hint:
          verb === "create"
            ? "write a rule for create without resourceNames, and one for the other verbs with them"
            : "write delete, which names its object",
      },
    ];
  });
}

const NONE: ReadonlySet<string> = new Set();

/** The resources that a role lets be updated or patched, of whatever API group and name. */
function writtenResources({ rules }: AccessRole): ReadonlySet<string> {
  const isWrite = (verb: string) => verb === "update" || verb === "patch" || verb === "*";
  return new Set(rules.flatMap(({ verbs, resources }) => (verbs.some(isWrite) ? resources : [])));
}

const RBAC = "rbac.authorization.k8s.io";
const ROLES = [`${RBAC}/roles`, `${RBAC}/clusterroles`];
const SIGNERS = ["certificates.k8s.io/signers"];
/** The verbs that are asked of a few resources only. */
const ASKED_OF: Readonly<Record<string, readonly string[]>> = {
  bind: ROLES,
  escalate: ROLES,
  impersonate: [
    ...["users", "groups", "serviceaccounts"].map((name) => `/${name}`),
    ...["userextras", "uids"].map((name) => `authentication.k8s.io/${name}`),
  ],
  approve: SIGNERS,
  sign: SIGNERS,
  attest: SIGNERS,
};

function misplacedVerbs({ verbs, apiGroups, resources }: AccessRule): IneffectivePart[] {
  if (!apiGroups.every(isBuiltInGroup) || resources.includes("*")) return [];
  const groups = [...new Set(apiGroups)];
  const isAsked = (asked: readonly string[]) =>
    resources.some((resource) => {
      const name = resource.split("/", 1)[0]!;
      return groups.some((group) => asked.includes(`${group}/${name}`));
    });
  return Object.entries(ASKED_OF).flatMap(([verb, asked]): IneffectivePart[] => {
    const index = verbs.indexOf(verb);
    if (index < 0 || isAsked(asked)) return [];
    const says = `${verb} is asked of none of ${wordList(resources)}`;
    return [{ path: `verbs[${index}]`, says, hint: `${verb} is for ${asked.map(resourceName).join(", ")}` }];
  });
}

function resourceName(key: string): string {
  const slash = key.indexOf("/");
  return slash === 0
    ? `${key.slice(1)} of the core group`
    : `${key.slice(slash + 1)} of ${key.slice(0, slash)}`;
}

const VERBS = "get list watch create update patch delete deletecollection".split(" ");

/** Of groups that are not built in; core/no-unknown-right looks at the words of those that are. */
function upperCaseVerbs({ verbs, apiGroups }: AccessRule): IneffectivePart[] {
  if (apiGroups.every(isBuiltInGroup)) return [];
  return verbs.flatMap((verb, index) => {
    const meant = verb.toLowerCase();
    if (meant === verb || !VERBS.includes(meant)) return [];
    const says = `no request has the verb ${JSON.stringify(verb)}`;
    return [{ path: `verbs[${index}]`, says, hint: `write ${meant}: verbs are in lower case` }];
  });
}

function clusterScopedResources(rule: AccessRule, isClusterScoped: IsClusterScoped): IneffectivePart[] {
  return rule.resources.flatMap((resource, index) => {
    if (!isOutOfReach(rule, resource, isClusterScoped)) return [];
    const says = `${resource} are in no namespace, so that a Role grants nothing on them`;
    const hint = "write a ClusterRole and bind it with a ClusterRoleBinding";
    return [{ path: `resources[${index}]`, says, hint }];
  });
}

/** Requests for one Namespace are asked in that namespace; list, watch and create are not. */
const ASKED_IN_NAMESPACE: readonly string[] = ["get", "update", "patch", "delete", "*"];

function isOutOfReach(
  { apiGroups, verbs }: AccessRule,
  resource: string,
  isClusterScoped: IsClusterScoped,
): boolean {
  const groups = new Set(apiGroups);
  if (groups.size === 0 || ![...groups].every((group) => isClusterScoped(group, resource))) return false;
  const isNamespace = groups.has("") && resource.split("/", 1)[0] === "namespaces";
  return !isNamespace || !verbs.some((verb) => ASKED_IN_NAMESPACE.includes(verb));
}
