import type { AccessRule } from "../../rbac/objects.ts";
import { grants, grantsAll, type Right } from "../objects/rights.ts";
import type { Grant } from "./holders.ts";

/** What a holder may do by itself. */
export interface OwnRights {
  /** How many rules there are: what a question costs. */
  readonly size: number;
  /** Whether it has a right in a scope, on the objects named (all when none is). */
  readonly holds: (scope: string, right: Right, names: readonly string[]) => boolean;
  /** Whether it may make pods and read the Secrets of a namespace: then all that is in it is its own. */
  readonly owns: (namespace: string) => boolean;
}

const MAKES_PODS: readonly Right[] = [
  { verb: "create", group: "", resource: "pods" },
  { verb: "create", group: "apps", resource: "deployments" },
];
const READS_SECRETS: Right = { verb: "get", group: "", resource: "secrets" };

/** Reads the rights out of grants; a role that is bound twice in a scope counts once. */
export function ownRights(own: readonly Grant[]): OwnRights {
  const scopes = new Map<string, Set<AccessRule>>();
  for (const { scope, role } of own) {
    const rules = scopes.get(scope) ?? new Set<AccessRule>();
    scopes.set(scope, rules);
    for (const rule of role.rules) rules.add(rule);
  }
  const rulesIn = (scope: string) => [
    ...(scopes.get("") ?? []),
    ...(scope === "" ? [] : (scopes.get(scope) ?? [])),
  ];
  return {
    size: [...scopes.values()].reduce((sum, rules) => sum + rules.size, 0),
    holds: (scope, right, names) =>
      rulesIn(scope).some(
        (rule) =>
          grants(rule, right) &&
          (rule.resourceNames.length === 0 ||
            (names.length > 0 && names.every((name) => rule.resourceNames.includes(name)))),
      ),
    owns: (namespace) => {
      const rules = rulesIn(namespace);
      return (
        MAKES_PODS.some((right) => rules.some((rule) => grantsAll(rule, right))) &&
        rules.some((rule) => grantsAll(rule, READS_SECRETS))
      );
    },
  };
}
