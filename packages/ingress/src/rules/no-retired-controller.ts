import { findingAbout, formatRef, type Rule, refOf } from "@ashlar/core";
import { fieldsOf, listOf, textOf } from "../routes/fields.ts";
import { modelOf } from "./model-of.ts";

const CODE = "ingress/no-retired-controller";
const IMAGE = /(?:^|\/)(?:ingress-nginx\/controller(?:-chroot)?|nginx-ingress-controller(?:-\w+)?)(?=[:@]|$)/;

/** Bitnami's image and Chainguard's fork are of somebody else; Traefik serves classes of ingress-nginx too. */
const OTHERS = /bitnami|chainguard|cgr\.dev|traefik/;
const MESSAGE = "ingress-nginx, which is retired since March 2026: no fixes, not even for security";
const HINT =
  "move to a controller of the Gateway API, or to one that reads its annotations (Traefik 3.6.2 and later: kubernetesIngressNGINX)";

/** The controller ingress-nginx, which gets no fixes any more; said once, of its first workload, else of a class that names it. */
export const noRetiredController: Rule = {
  code: CODE,
  check(inventory) {
    const { locate, resources } = inventory;
    const common = { code: CODE, severity: "warning", hint: HINT } as const;
    let isServedByOthers = false;
    for (const { resource, spec, path } of modelOf(inventory).workloads)
      for (const [i, value] of listOf(spec.containers).entries()) {
        const image = textOf(fieldsOf(value).image);
        if (OTHERS.test(image)) isServedByOthers = true;
        else if (IMAGE.test(image)) {
          const message = `${formatRef(refOf(resource))} runs ${MESSAGE}`;
          return [
            findingAbout(resource, locate, { ...common, message, path: `${path}.containers[${i}].image` }),
          ];
        }
      }
    const named = resources.find((resource) => {
      const { kind, spec } = fieldsOf(resource);
      return kind === "IngressClass" && fieldsOf(spec).controller === "k8s.io/ingress-nginx";
    });
    if (named === undefined || isServedByOthers) return [];
    const message = `${formatRef(refOf(named))} is for ${MESSAGE}`;
    return [findingAbout(named, locate, { ...common, message, path: "spec.controller" })];
  },
};
