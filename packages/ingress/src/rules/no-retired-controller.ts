import { findingAbout, formatRef, type Rule, refOf } from "@ashlar/core";
import { fieldsOf, listOf, textOf } from "../routes/fields.ts";
import { modelOf } from "./model-of.ts";

const CODE = "ingress/no-retired-controller";
const IMAGE = /(?:^|\/)(?:ingress-nginx\/controller(?:-chroot)?|nginx-ingress-controller(?:-\w+)?)(?=[:@]|$)/;

/** The controller ingress-nginx, which gets no fixes any more; said once, of its first workload. */
export const noRetiredController: Rule = {
  code: CODE,
  check(inventory) {
    for (const { resource, spec, path } of modelOf(inventory).workloads)
      for (const [i, value] of listOf(spec.containers).entries()) {
        const image = textOf(fieldsOf(value).image);
        // Bitnami's image and Chainguard's fork are of somebody else.
        if (!IMAGE.test(image) || /bitnami|chainguard|cgr\.dev/.test(image)) continue;
        return [
          findingAbout(resource, inventory.locate, {
            code: CODE,
            severity: "warning",
            message: `${formatRef(refOf(resource))} runs ingress-nginx, which is retired since March 2026: no fixes, not even for security`,
            hint: "move to a controller of the Gateway API, or to one that reads its annotations (Traefik 3.6.2 and later: kubernetesIngressNGINX)",
            path: `${path}.containers[${i}].image`,
          }),
        ];
      }
    return [];
  },
};
