import { type Labels, meets, type Resource } from "@ashlar/core";
import type { NormalPolicy, NormalRule, Protocol } from "../policy/normal.ts";
import { normalizePolicy } from "../policy/normalize.ts";
import { networkModel } from "../reach/model.ts";
import { numbersOf, type Unit } from "../reach/unit.ts";

/** Whether the receiving pods of a set declare the port names of a rule. */
export type Declared = "yes" | "no" | "no pods";

/**
 * Looks a rule's port names up among the pods that receive: for ingress those that the policy selects, for egress those
 * of the policy's own namespace, where kube-router looks.
 */
export function declaredIn(resources: readonly Resource[]): (policy: Resource, path: string) => Declared {
  const { units } = networkModel(resources);
  return (resource, path) => {
    const normal = normalizePolicy(resource, {});
    if (!("policy" in normal)) return "no pods";
    const { policy } = normal;
    const rule = [...(policy.ingress ?? []), ...(policy.egress ?? [])].find((r) => r.path === path);
    const receivers = units.filter((unit) => receives(unit, policy, path));
    if (!rule || receivers.length === 0) return "no pods";
    return namesOf(rule).some(({ name, protocol }) =>
      receivers.some((u) => numbersOf(u, name, protocol).length > 0),
    )
      ? "yes"
      : "no";
  };
}

function receives(unit: Unit, policy: NormalPolicy, path: string): boolean {
  if (unit.namespace !== policy.namespace) return false;
  return (
    path.startsWith("spec.egress") || policy.podSelector.every((r) => meets(unit.labels.labels as Labels, r))
  );
}

function namesOf(rule: NormalRule): { readonly name: string; readonly protocol: Protocol }[] {
  return (rule.ports ?? []).flatMap((port) => (port.kind === "name" ? [port] : []));
}
