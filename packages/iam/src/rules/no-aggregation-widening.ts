import { findingAbout, formatRef, type Rule, refOf } from "@ashlar/core";
import type { AccessRule } from "../rbac/objects.ts";
import { builtIn } from "./objects/built-in.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { grants, type Right } from "./objects/rights.ts";
import { isBuiltInGroup } from "./objects/served.ts";
import { wordList } from "./objects/word-list.ts";

const CODE = "iam/no-aggregation-widening";
const LABEL = "rbac.authorization.k8s.io/aggregate-to-";
const READS: ReadonlySet<string> = new Set(["get", "list", "watch"]);
const RBAC = "rbac.authorization.k8s.io";

/** Rights by which their holder takes any other; none of the built-in roles for a namespace has them. */
const TAKES_OVER: readonly Right[] = [
  { verb: "bind", group: RBAC, resource: "clusterroles" },
  { verb: "bind", group: RBAC, resource: "roles" },
  { verb: "escalate", group: RBAC, resource: "clusterroles" },
  { verb: "escalate", group: RBAC, resource: "roles" },
  { verb: "impersonate", group: "", resource: "users" },
  { verb: "impersonate", group: "", resource: "groups" },
  { verb: "get", group: "", resource: "nodes/proxy" },
  { verb: "create", group: "", resource: "nodes/proxy" },
];
/** What edit leaves to admin. */
const FOR_ADMIN: readonly Right[] = ["create", "update", "patch"].flatMap((verb) =>
  ["roles", "rolebindings"].map((resource) => ({ verb, group: RBAC, resource })),
);
/** Reading that shows credentials or runs commands: view has none of it, on purpose. */
const NOT_FOR_VIEW: readonly Right[] = [
  ...["get", "list", "watch"].map((verb) => ({ verb, group: "", resource: "secrets" })),
  ...["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy"].map((resource) => ({
    verb: "get",
    group: "",
    resource,
  })),
];

const BEYOND: Readonly<Record<string, readonly Right[]>> = {
  view: [...NOT_FOR_VIEW, ...FOR_ADMIN, ...TAKES_OVER],
  edit: [...FOR_ADMIN, ...TAKES_OVER],
  admin: TAKES_OVER,
};

/** A ClusterRole that by its labels adds to the built-in view, edit or admin what these leave out on purpose. */
export const noAggregationWidening: Rule = {
  code: CODE,
  check: ({ resources, locate }) =>
    rbacObjects(resources).roles.flatMap((role) => {
      const targets = Object.keys(BEYOND).filter((target) => role.labels[LABEL + target] === "true");
      if (targets.length === 0 || role.kind !== "ClusterRole" || role.selectors !== undefined) return [];
      // Who is in edit has what view has, and who is in admin what edit has: the weakest says it.
      const target = targets[0]!;
      return role.rules.flatMap((rule, index) => {
        const added = beyond(rule, target);
        if (added === undefined || builtIn().hasRule(role, rule)) return [];
        return [
          findingAbout(role.resource, locate, {
            code: CODE,
            severity: "warning",
            message: `${formatRef(refOf(role.resource))}: its label adds ${added} to the built-in ClusterRole ${target}, for everybody who has it`,
            hint: `take the label ${LABEL}${target} off, and bind this role to those who need it`,
            path: `rules[${index}]`,
          }),
        ];
      });
    }),
};

/** What a rule adds that the built-in role leaves out, the first of it. */
function beyond(rule: AccessRule, target: string): string | undefined {
  const { verbs, apiGroups, resources } = rule;
  const isWild = resources.includes("*") && apiGroups.some((group) => group === "*" || isBuiltInGroup(group));
  if (isWild) return `${wordList(verbs)} on every resource of ${wordList(apiGroups)}`;
  const right = BEYOND[target]!.find((one) => grants(rule, one));
  if (right !== undefined) return `${right.verb} ${right.resource}`;
  const write = target === "view" && verbs.find((verb) => !READS.has(verb));
  return write ? `${write} ${wordList([...resources, ...rule.nonResourceURLs])}` : undefined;
}
