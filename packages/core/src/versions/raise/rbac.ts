import { type Fields, mapItems, without } from "./refusal.ts";

const GROUP = "rbac.authorization.k8s.io";

/**
 * Roles and bindings of rbac.authorization.k8s.io/v1alpha1 and v1beta1 as v1. Subjects of v1alpha1 have an apiVersion
 * where later ones have an apiGroup, and its user `*` meant everybody who is logged in
 * (pkg/apis/rbac/v1alpha1/conversion.go of Kubernetes).
 */
export function raiseRbac(object: Fields): Fields {
  const raised = { ...object, apiVersion: `${GROUP}/v1` };
  return object.apiVersion === `${GROUP}/v1alpha1`
    ? mapItems(raised, "subjects", "subjects", raiseSubject)
    : raised;
}

function raiseSubject(given: Fields): Fields {
  const { kind, name, apiVersion } = given;
  const subject = without(given, "apiVersion");
  if (kind === "User" && name === "*")
    return { ...subject, apiGroup: GROUP, kind: "Group", name: "system:authenticated" };
  if (kind === "User" || kind === "Group") return { ...subject, apiGroup: GROUP };
  if (kind === "ServiceAccount" || typeof apiVersion !== "string" || !apiVersion.includes("/"))
    return subject;
  return { ...subject, apiGroup: apiVersion.split("/")[0] };
}
