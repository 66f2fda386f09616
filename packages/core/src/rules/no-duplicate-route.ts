import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { apiGroup, formatRef, type Resource, refOf } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { relatedTo } from "./references/missing-object.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-duplicate-route";

/** Two Ingresses of one class that take the same host and path. */
export const noDuplicateRoute: Rule = {
  code: CODE,
  check(inventory) {
    const { locate } = inventory;
    const { ofKind, isPartial } = setIndex(inventory);
    const taken = new Map<string, { readonly by: Resource; readonly at: () => string }>();
    const findings: Finding[] = [];
    for (const ingress of ofKind("Ingress")) {
      // The class of one that is there as a patch is not known.
      if (isPartial(ingress) || !GROUPS.includes(apiGroup(textOf(ingress.apiVersion)))) continue;
      const ref = refOf(ingress);
      for (const { key, route, path } of routesOf(ingress)) {
        const first = taken.get(key);
        const other = first && refOf(first.by);
        if (first === undefined || other === undefined) taken.set(key, { by: ingress, at: path });
        else if (other.name !== ref.name || other.namespace !== ref.namespace)
          findings.push({
            ...findingAbout(ingress, locate, {
              code: CODE,
              severity: "warning",
              message: `${formatRef(ref)}: ${route} is taken by ${formatRef(other)} too`,
              hint: "give one of them another host or path; which one answers depends on the controller",
              path: path(),
            }),
            related: [relatedTo(inventory, first.by, "the other one", first.at())],
          });
      }
    }
    return findings;
  },
};

const GROUPS: readonly string[] = ["networking.k8s.io", "extensions"];
/** Canary Ingresses share the route of the Ingress that they split. */
const CANARY = "nginx.ingress.kubernetes.io/canary";
const CLASS = "kubernetes.io/ingress.class";

interface Route {
  readonly key: string;
  readonly route: string;
  readonly path: () => string;
}

function routesOf(ingress: Resource): Route[] {
  const spec = fieldsOf(ingress.spec);
  const annotations = fieldsOf(fieldsOf(ingress.metadata).annotations);
  if (annotations[CANARY] === "true") return [];
  const ingressClass = textOf(spec.ingressClassName) || textOf(annotations[CLASS]);
  return listOf(spec.rules).flatMap((rule, i) => {
    const host = textOf(fieldsOf(rule).host) || "*";
    return listOf(fieldsOf(fieldsOf(rule).http).paths).map((entry, j): Route => {
      const { path, pathType } = fieldsOf(entry);
      const route = `${host}${textOf(path) || "/"}`;
      return {
        key: JSON.stringify([ingressClass, route, pathType ?? ""]),
        route,
        path: () => formatPath(["spec", "rules", i, "http", "paths", j]),
      };
    });
  });
}
