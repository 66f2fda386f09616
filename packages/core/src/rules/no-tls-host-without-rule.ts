import { suggest } from "../did-you-mean.ts";
import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { apiGroup, formatRef, refOf } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-tls-host-without-rule";

/** A host in `spec.tls` of an Ingress that none of its rules is for. */
export const noTlsHostWithoutRule: Rule = {
  code: CODE,
  check(inventory) {
    const { ofKind, isPartial } = setIndex(inventory);
    return ofKind("Ingress").flatMap((ingress): Finding[] => {
      if (!GROUPS.includes(apiGroup(textOf(ingress.apiVersion)))) return [];
      const { rules, tls, defaultBackend, backend } = fieldsOf(ingress.spec);
      const entries = listOf(tls);
      // The default backend of an Ingress that is there as a patch is not known.
      if (entries.length === 0 || isPartial(ingress)) return [];
      const hosts = listOf(rules).map((rule) => textOf(fieldsOf(rule).host));
      // A rule without a host and a default backend are for every host.
      if (hosts.length === 0 || hosts.includes("") || (defaultBackend ?? backend ?? null) !== null) return [];
      return entries.flatMap((entry, i) =>
        listOf(fieldsOf(entry).hosts).flatMap((host, j) => {
          if (typeof host !== "string" || hosts.some((rule) => areForOneHost(rule, host))) return [];
          return [
            findingAbout(ingress, inventory.locate, {
              code: CODE,
              severity: "warning",
              message: `${formatRef(refOf(ingress))}: tls names host "${host}", which no rule is for`,
              hint: suggest(host, hosts.slice(0, HOSTS_COMPARED)),
              path: formatPath(["spec", "tls", i, "hosts", j]),
            }),
          ];
        }),
      );
    });
  },
};

const GROUPS: readonly string[] = ["networking.k8s.io", "extensions"];
const HOSTS_COMPARED = 100;

/** Equal, or one is a wildcard (`*.example.org`) for the other: one label in place of the star. */
function areForOneHost(a: string, b: string): boolean {
  return a === b || covers(a, b) || covers(b, a);
}

function covers(wildcard: string, host: string): boolean {
  return wildcard.startsWith("*.") && host.slice(host.indexOf(".")) === wildcard.slice(1);
}
