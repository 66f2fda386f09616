import { type Finding, findingAbout, type Rule, type Severity } from "@ashlar/core";
import { parseCni } from "../cni/cni.ts";
import { declaredIn } from "../cni/declared-ports.ts";
import { type Deviation, deviationsOf } from "../cni/deviations.ts";
import { isNetworkPolicy } from "../cni/policy-parts.ts";

/** A policy says something that the cluster's network plugin ignores or gets wrong. */
export const noCniDeviation: Rule = {
  code: "network-policy/no-cni-deviation",
  check({ resources, locate, versions }) {
    if (versions?.cni === undefined) return [];
    const cni = parseCni(versions.cni);
    if (!cni.ok) return cni.findings;
    const policies = resources.filter(isNetworkPolicy);
    const met = policies.flatMap((policy) =>
      deviationsOf(cni.value, policy).map((found) => ({ policy, ...found })),
    );
    const isDeclared = met.some(({ deviation }) => deviation.id === UNRESOLVED)
      ? declaredIn(resources)
      : undefined;
    return met.flatMap(({ policy, deviation, path }): Finding[] => {
      const severity = severityOf(deviation, isDeclared?.(policy, path));
      if (severity === undefined) return [];
      return [
        findingAbout(policy, locate, {
          code: "network-policy/no-cni-deviation",
          severity,
          message: `${cni.value.text} does not enforce this as written: ${deviation.effect} [${deviation.id}]`,
          hint: deviation.hint,
          path,
        }),
      ];
    });
  },
};

const UNRESOLVED = "unresolved-name-opens";

/** Port names only open what they should not when nobody declares them: certain when the set shows the pods. */
function severityOf(
  deviation: Deviation,
  declared: "yes" | "no" | "no pods" | undefined,
): Severity | undefined {
  if (deviation.id !== UNRESOLVED) return deviation.severity;
  if (declared === "yes") return undefined;
  return declared === "no" ? "error" : deviation.severity;
}
