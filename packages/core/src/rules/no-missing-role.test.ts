import { expect, test } from "vitest";
import { noMissingRole } from "./no-missing-role.ts";
import { found, foundInWhole, object } from "./references/sets.test-support.ts";

const RBAC = "rbac.authorization.k8s.io/v1";
const binding = (kind: string, roleKind: string, name: string, where = "b") =>
  object(RBAC, kind, where, {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: roleKind, name },
    subjects: [],
  });
const role = (where: string) => object(RBAC, "Role", where, { rules: [] });
const clusterRole = (name: string) => object(RBAC, "ClusterRole", `*/${name}`, { rules: [] });

test("roles of the set, in the binding's own namespace", () => {
  expect(foundInWhole(noMissingRole, binding("RoleBinding", "Role", "r"), role("r"))).toEqual([]);
  expect(foundInWhole(noMissingRole, binding("RoleBinding", "Role", "r"), role("dev/r"))).toEqual([
    "error roleRef.name",
  ]);
  expect(foundInWhole(noMissingRole, binding("RoleBinding", "ClusterRole", "c"), clusterRole("c"))).toEqual(
    [],
  );
  expect(foundInWhole(noMissingRole, binding("RoleBinding", "ClusterRole", "r"), role("r"))).toHaveLength(1);
});

test("the roles that every cluster has", () => {
  for (const name of ["view", "cluster-admin", "system:auth-delegator", "system:controller:job-controller"])
    expect(foundInWhole(noMissingRole, binding("ClusterRoleBinding", "ClusterRole", name, "*/b"))).toEqual(
      [],
    );
  const reader = binding("RoleBinding", "Role", "extension-apiserver-authentication-reader", "kube-system/b");
  expect(foundInWhole(noMissingRole, reader)).toEqual([]);
  expect(foundInWhole(noMissingRole, { ...reader, metadata: { name: "b", namespace: "prod" } })).toHaveLength(
    1,
  );
});

test("a misspelt built-in role is named", () => {
  const [finding] = noMissingRole.check({
    resources: [binding("ClusterRoleBinding", "ClusterRole", "cluster-admn", "*/b")],
    whole: true,
  });
  expect(finding?.hint).toMatch(/^did you mean "cluster-admin"\?/);
});

test("a partial set: only when it holds roles of that kind there", () => {
  const bound = binding("RoleBinding", "Role", "r");
  expect(found(noMissingRole, [bound])).toEqual([]);
  expect(found(noMissingRole, [bound, clusterRole("c"), role("dev/x")])).toEqual([]);
  expect(found(noMissingRole, [bound, role("x")])).toEqual(["warning roleRef.name"]);
  expect(found(noMissingRole, [bound, role("x")], { assume: ["prod/Role/r"] })).toEqual([]);
});
