import { formatRef, type Rule, refOf } from "@ashlar/core";
import { NGINX } from "../routes/ingress-routes.ts";
import { annotationFindings } from "./annotation-findings.ts";

const CODE = "ingress/no-config-injection";
const VALUES = new Set(
  [
    "auth-url",
    "auth-signin",
    "auth-tls-match-cn",
    "mirror-target",
    "mirror-host",
    "rewrite-target",
    "permanent-redirect",
  ].map((name) => `${NGINX}${name}`),
);
/** What ends a word of nginx's configuration, or opens a block or a comment. */
const BREAKS_OUT = /[\s;#"'`\\]|\{(?!\w+\})|(?<!\{\w+)\}/;

/** An annotation whose value breaks out of its place in nginx's configuration. */
export const noConfigInjection: Rule = {
  code: CODE,
  check: (inventory) =>
    annotationFindings(inventory, (ingress, key, value) => {
      // A match of certificate names is a regular expression in a place of its own: only its quotes end it.
      const isOut = key.endsWith("match-cn") || key.endsWith("rewrite-target") ? /[\n\r;"'`#]/ : BREAKS_OUT;
      if (!VALUES.has(key) || !isOut.test(value)) return undefined;
      return {
        code: CODE,
        severity: "error",
        message: `${formatRef(refOf(ingress))}: the value of ${key} holds a character that ends its place in nginx's configuration`,
        hint: "write a plain value, its special characters percent-encoded; ingress-nginx since 1.12.1 refuses it, older ones write it into their configuration as it is (CVE-2025-1097, CVE-2025-1098, CVE-2025-24514)",
      };
    }),
};
