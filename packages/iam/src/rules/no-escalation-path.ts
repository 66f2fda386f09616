import type { Finding, Inventory, Rule } from "@ashlar/core";
import { chainPlaces, chainText, chainToEverything, type Step } from "./escalation/chain.ts";
import { gainFinder } from "./escalation/gains.ts";
import { escalationGraph, waysOf } from "./escalation/graph.ts";
import { type Grant, type Holder, holdersOf } from "./escalation/holders.ts";
import { holder as holderNode } from "./escalation/ways.ts";
import { aboutSubject, relatedSubject } from "./objects/binding-finding.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { subjectName } from "./objects/subjects.ts";

const CODE = "iam/no-escalation-path";

/** A subject that gets rights which nobody bound to it, by the rights that it has. */
export const noEscalationPath: Rule = {
  code: CODE,
  check(inventory) {
    const objects = rbacObjects(inventory.resources);
    if (objects.bindings.length === 0) return [];
    const holders = holdersOf(objects);
    const ways = waysOf(holders);
    const suspects = [...ways.keys()].filter((one) => one.isInSet && !one.isAdmin && !isComponent(one));
    if (suspects.length === 0) return [];
    const graph = escalationGraph(holders, ways, inventory.resources);
    const findGain = gainFinder(graph);
    return suspects.flatMap((one): Finding[] => {
      const chain = chainToEverything(graph, holderNode(one.key));
      if (chain.length > 0) return [finding(inventory, one, "every right in the cluster", chain)];
      const gain = findGain(one);
      return gain === undefined ? [] : [finding(inventory, one, gain.what, gain.steps, gain.grant)];
    });
  },
};

/** What Kubernetes names so is a part of it, or stands for everybody, who has a rule of its own. */
function isComponent({ isComponent, subject }: Holder): boolean {
  return isComponent || (subject.kind !== "ServiceAccount" && subject.name.startsWith("system:"));
}

function finding(
  inventory: Inventory,
  { subject }: Holder,
  what: string,
  steps: readonly Step[],
  by?: Grant,
): Finding {
  const first = steps[0]!.way.by[0]!.grant;
  const end =
    by === undefined ? "" : `, then as ${subjectName(by.subject)}, by ${by.role.kind} ${by.role.name}`;
  const related = chainPlaces(inventory, steps);
  return {
    ...aboutSubject(inventory, first.binding, first.subject, {
      code: CODE,
      says: `${subjectName(subject)} has a way to ${what}: ${chainText(steps)}${end}`,
      hint: hintOf(steps, by),
    }),
    related: by === undefined ? related : [...related, relatedSubject(inventory, by.binding, by.subject)],
  };
}

function hintOf(steps: readonly Step[], by: Grant | undefined): string {
  const { role, scope } = steps[0]!.way.by[0]!.grant;
  const take = `take that right out of ${role.kind} ${role.name}`;
  const next = steps[1]?.as ?? by?.subject;
  if (next === undefined) return `${take}, or bind it only to those who may have all of it`;
  if (scope === "") return `${take}, or bind it only in the namespaces that need it`;
  return next.namespace === scope && scope !== "kube-system"
    ? `${take}, or move ${subjectName(next)} to a namespace of its own`
    : `${take}, or bind it in another namespace than ${scope}`;
}
