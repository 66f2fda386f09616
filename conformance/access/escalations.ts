import type { Resource } from "@ashlar/core";
import { randomFrom } from "../policies/random.ts";
import { allow, bindCluster, clusterRole, type Rule, role } from "./make-rbac.ts";
import { randomRule, randomSet } from "./random-set.ts";
import type { EscalationAsk } from "./rbac-authorizer.ts";
import { GROUPS, NAMESPACES, USERS } from "./words.ts";

/** A role that somebody would create, beside what the authorizer is asked about it. */
export interface EscalationTry extends EscalationAsk {
  readonly role: Resource;
}

const WRITERS: readonly Resource[] = [
  clusterRole("writers", allow("create", "roles,clusterroles", "rbac.authorization.k8s.io")),
  bindCluster("writers", "writers", "Group/writers"),
];

/**
 * A random set, and roles that people of it (all of whom may create roles) try to grant: new rules, and rules that stand in
 * the set. The same for the same seed.
 */
export function escalationTries(
  seed: number,
  count: number,
): { readonly resources: readonly Resource[]; readonly escalations: readonly EscalationTry[] } {
  const random = randomFrom(seed);
  const made = randomSet({ seed, prefix: "", roles: 20, bindings: 60, storable: true });
  const known = made.flatMap(({ rules }) => (rules as readonly Rule[] | undefined) ?? []);
  const escalations = Array.from({ length: count }, (): EscalationTry => {
    const namespace = random.chance(0.7) ? random.pick(NAMESPACES) : "";
    const isNamespaced = namespace !== "";
    const one = (): Rule =>
      random.chance(0.5) ? random.pick(known) : randomRule(random, true, isNamespaced);
    const rules = random.chance(0.3) ? [one(), one()] : [one()];
    const groups = ["writers", random.pick(GROUPS), random.pick(GROUPS)];
    return {
      user: random.pick(USERS),
      groups,
      namespace,
      rules,
      role: isNamespaced ? role(namespace, "made", ...rules) : clusterRole("made", ...rules),
    };
  });
  return { resources: [...WRITERS, ...made], escalations };
}
