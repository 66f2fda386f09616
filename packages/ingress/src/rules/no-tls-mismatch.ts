import { type Finding, findingAbout, formatRef, type Rule, refOf } from "@ashlar/core";
import { fieldsOf, listOf } from "../routes/fields.ts";
import { coversOneLabel, ruleHost } from "../routes/hosts.ts";
import { tlsEntries } from "../routes/ingress-routes.ts";
import { tlsSource } from "../routes/ingress-tables.ts";
import { modelOf, partialObjects } from "./model-of.ts";

const CODE = "ingress/no-tls-mismatch";

/** A host of an Ingress that its certificates leave out, while they name other hosts. */
export const noTlsMismatch: Rule = {
  code: CODE,
  check(inventory) {
    const isPartial = partialObjects(inventory);
    return modelOf(inventory).ingresses.flatMap((tables) =>
      [...new Set([...tables.tls.values()].flat().map(({ ingress }) => ingress))].flatMap((ingress) => {
        const entries = tlsEntries(ingress);
        // An entry without hosts is for all of them.
        if (isPartial(ingress) || entries.some(({ hosts }) => hosts.length === 0)) return [];
        return listOf(fieldsOf(ingress.spec).rules).flatMap((rule, i): Finding[] => {
          const host = ruleHost(fieldsOf(rule).host);
          if (host === "" || entries.some(({ hosts }) => hosts.some((one) => coversOneLabel(one, host))))
            return [];
          if (tlsSource(tables, host) !== undefined) return [];
          const named = entries.flatMap(({ hosts }) => hosts).slice(0, 5);
          return [
            findingAbout(ingress, inventory.locate, {
              code: CODE,
              severity: "warning",
              message: `${formatRef(refOf(ingress))}: no entry of tls names host "${host}"; they name ${named.join(", ")}: the edge shows a certificate of its own`,
              hint: `add ${host} to the hosts of the entry whose certificate is for it`,
              path: `spec.rules[${i}].host`,
            }),
          ];
        });
      }),
    );
  },
};
