import { type Finding, findingAbout, type Rule } from "@ashlar/core";
import { parseCni } from "../cni/cni.ts";
import { deviationsOf } from "../cni/deviations.ts";
import { isNetworkPolicy } from "../cni/policy-parts.ts";

/** A policy says something that the cluster's network plugin ignores or gets wrong. */
export const noCniDeviation: Rule = {
  code: "network-policy/no-cni-deviation",
  check({ resources, locate, versions }) {
    if (versions?.cni === undefined) return [];
    const cni = parseCni(versions.cni);
    if (!cni.ok) return cni.findings;
    return resources.filter(isNetworkPolicy).flatMap((policy) =>
      deviationsOf(cni.value, policy).map(
        ({ deviation, path }): Finding =>
          findingAbout(policy, locate, {
            code: "network-policy/no-cni-deviation",
            severity: deviation.severity,
            message: `${cni.value.text} does not enforce this as written: ${deviation.effect} [${deviation.id}]`,
            hint: deviation.hint,
            path,
          }),
      ),
    );
  },
};
