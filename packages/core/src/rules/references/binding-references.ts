import type { Resource } from "../../resource.ts";
import { fieldsOf, listOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";
import type { Reference } from "./reference.ts";
import { CLUSTER_ROLE, ROLE, SERVICE_ACCOUNT } from "./target.ts";

/** What a RoleBinding or ClusterRoleBinding needs: its role, and the ServiceAccounts that it is for. */
export function bindingReferences(from: Resource): Reference[] {
  const own = from.kind === "RoleBinding" ? namespaceOf(from) : undefined;
  const found: Reference[] = [];
  const roleRef = fieldsOf(from.roleRef);
  const target = roleRef.kind === "ClusterRole" ? CLUSTER_ROLE : ROLE;
  const role = textOf(roleRef.name);
  const isRole = roleRef.kind === "ClusterRole" || (roleRef.kind === "Role" && from.kind === "RoleBinding");
  if (role !== "" && isRole)
    found.push({
      from,
      path: ["roleRef", "name"],
      target,
      namespace: target.namespaced ? own : undefined,
      name: role,
      by: "roleRef",
      optional: false,
    });
  listOf(from.subjects).forEach((subject, i) => {
    const { kind, name, namespace } = fieldsOf(subject);
    if (kind !== "ServiceAccount" || textOf(name) === "") return;
    found.push({
      from,
      path: ["subjects", i, "name"],
      target: SERVICE_ACCOUNT,
      namespace: textOf(namespace) || own,
      name: textOf(name),
      by: "subjects",
      optional: false,
    });
  });
  return found;
}
