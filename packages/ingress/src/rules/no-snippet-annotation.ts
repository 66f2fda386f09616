import { formatRef, type Rule, refOf } from "@ashlar/core";
import { NGINX } from "../routes/ingress-routes.ts";
import { annotationFindings } from "./annotation-findings.ts";

const CODE = "ingress/no-snippet-annotation";
const SNIPPETS = new Set(
  ["configuration-snippet", "server-snippet", "auth-snippet", "stream-snippet", "modsecurity-snippet"].map(
    (name) => `${NGINX}${name}`,
  ),
);

/** An annotation that writes text into nginx's configuration. */
export const noSnippetAnnotation: Rule = {
  code: CODE,
  check: (inventory) =>
    annotationFindings(inventory, (ingress, key) =>
      SNIPPETS.has(key)
        ? {
            code: CODE,
            severity: "warning",
            message: `${formatRef(refOf(ingress))}: ${key} writes into nginx's configuration: whoever may write Ingresses can read every Secret of the controller`,
            hint: "use the annotation that does the same (custom-headers, rewrite-target, proxy-…), or the controller's ConfigMap; ingress-nginx since 1.9 and Traefik refuse snippets unless they are told otherwise",
          }
        : undefined,
    ),
};
