import { formatRef, type PatchOperation, type Rule, refOf } from "@ashlar/core";
import { NGINX } from "../routes/ingress-routes.ts";
import { annotationOf } from "../routes/route-set.ts";
import { annotationFindings } from "./annotation-findings.ts";

const CODE = "ingress/no-ignored-annotation";
const CERT_MANAGER = "certmanager.k8s.io/";

/** An annotation with a prefix that no controller of today reads. */
export const noIgnoredAnnotation: Rule = {
  code: CODE,
  check: (inventory) =>
    annotationFindings(inventory, (ingress, key, value) => {
      const found = meant(key);
      if (found === undefined) return undefined;
      const path = `/metadata/annotations/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      const fix: PatchOperation[] = [
        { op: "remove", path },
        { op: "add", path: `/metadata/annotations/${found.key.replaceAll("/", "~1")}`, value },
      ];
      const isFree = annotationOf(ingress, found.key) === "";
      return {
        code: CODE,
        severity: "warning",
        message: `${formatRef(refOf(ingress))}: nothing reads ${key}: ${found.why}`,
        hint: `write ${found.key}`,
        ...(found.isSure && isFree && { fix }),
      };
    }),
};

const RENAMED: Readonly<Record<string, string>> = {
  "cluster-issuer": "cert-manager.io/cluster-issuer",
  issuer: "cert-manager.io/issuer",
};

function meant(
  key: string,
): { readonly key: string; readonly why: string; readonly isSure: boolean } | undefined {
  if (key.startsWith("ingress.kubernetes.io/")) {
    const name = key.slice("ingress.kubernetes.io/".length);
    return {
      key: `${NGINX}${name}`,
      why: "ingress-nginx has the prefix nginx.ingress.kubernetes.io since 0.9",
      isSure: false,
    };
  }
  if (!key.startsWith(CERT_MANAGER)) return undefined;
  const name = key.slice(CERT_MANAGER.length);
  const renamed = Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
  return {
    key: renamed ?? `cert-manager.io/${name}`,
    why: "cert-manager has the prefix cert-manager.io since 0.11",
    isSure: renamed !== undefined,
  };
}
