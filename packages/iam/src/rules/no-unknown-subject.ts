import { nearest, type Rule } from "@ashlar/core";
import { aboutSubject } from "./objects/binding-finding.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { type BoundSubject, subjectsOf } from "./objects/subjects.ts";

const CODE = "iam/no-unknown-subject";
const PREFIX = "system:";

/** Groups that the authenticators of Kubernetes give. */
const GROUPS = "masters authenticated unauthenticated serviceaccounts nodes bootstrappers monitoring".split(
  " ",
);
/** Users that components of Kubernetes log in as. */
const USERS =
  "anonymous apiserver kube-controller-manager cloud-controller-manager kube-scheduler kube-proxy".split(" ");

/** A subject that nobody can be: a built-in name misspelt, or of the wrong kind, or a pattern. */
export const noUnknownSubject: Rule = {
  code: CODE,
  check: (inventory) =>
    rbacObjects(inventory.resources).bindings.flatMap((binding) =>
      subjectsOf(binding).flatMap((subject) => {
        const problem = problemOf(subject);
        return problem === undefined
          ? []
          : [aboutSubject(inventory, binding, subject, { code: CODE, ...problem })];
      }),
    ),
};

interface SubjectProblem {
  readonly says: string;
  readonly hint: string;
}

function problemOf({ kind, name }: BoundSubject): SubjectProblem | undefined {
  if (kind === "ServiceAccount") return undefined;
  if (name.includes("*"))
    return {
      says: `${JSON.stringify(name)} is no pattern: it is the ${kind} of exactly that name, which nobody is`,
      hint: "name each subject; all who are logged in are Group system:authenticated",
    };
  if (!name.startsWith(PREFIX)) return undefined;
  return kind === "User" ? userProblem(name) : groupProblem(name);
}

function userProblem(name: string): SubjectProblem | undefined {
  const rest = name.slice(PREFIX.length);
  const [first = "", ...others] = rest.split(":");
  if (first === "serviceaccount" && others.length !== 2)
    return {
      says: `${JSON.stringify(name)} is the name of no ServiceAccount`,
      hint: `write ${PREFIX}serviceaccount:NAMESPACE:NAME, or kind: ServiceAccount with name and namespace`,
    };
  if (GROUPS.includes(first) && !USERS.includes(first))
    return { says: `${name} is a group, and no user has that name`, hint: "write kind: Group" };
  return misspelt("User", rest, others.length > 0 ? [] : USERS);
}

function groupProblem(name: string): SubjectProblem | undefined {
  const rest = name.slice(PREFIX.length);
  const [first = "", ...others] = rest.split(":");
  if (first === "serviceaccount")
    return {
      says: `${name} is the name of a user, and no group has it`,
      hint:
        others.length === 2
          ? `write kind: ServiceAccount, name: ${others[1]}, namespace: ${others[0]}`
          : `every ServiceAccount of a namespace is Group ${PREFIX}serviceaccounts:NAMESPACE`,
    };
  if (USERS.includes(rest) || first === "node")
    return { says: `${name} is a user, and no group has that name`, hint: "write kind: User" };
  return misspelt("Group", rest, others.length > 0 ? [] : GROUPS);
}

/** Names with `system:` that are near to none of Kubernetes' own are left alone: other distributions have theirs. */
function misspelt(kind: string, rest: string, known: readonly string[]): SubjectProblem | undefined {
  if (known.includes(rest)) return undefined;
  const meant = nearest(rest, known);
  if (meant === undefined) return undefined;
  return {
    says: `Kubernetes has no ${kind} ${PREFIX}${rest}, and names with ${PREFIX} are its own`,
    hint: `did you mean "${PREFIX}${meant}"?`,
  };
}
