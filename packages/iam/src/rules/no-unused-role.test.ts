import { expect, test } from "vitest";
import { noUnusedRole } from "./no-unused-role.ts";
import { binding, found, labelled, role } from "./sets.test-support.ts";

const whole = { whole: true };

test("roles that nobody is bound to, by kind and namespace", () => {
  const set = [role("c", "get pods"), role("dev/r", "get pods"), role("prod/r", "get pods")];
  expect(found(noUnusedRole, [...set, binding("prod/b", "Role/r", "Group g")], whole)).toEqual([
    "ClusterRole c is bound to nobody and feeds no other role @ metadata.name",
    "Role dev/r is bound to nobody and feeds no other role @ metadata.name",
  ]);
  expect(found(noUnusedRole, [role("r", "get pods"), binding("prod/b", "r", "Group g")], whole)).toEqual([]);
});

test("a set that is not whole may be bound elsewhere", () => {
  expect(found(noUnusedRole, [role("c", "get pods")])).toEqual([]);
});

test("roles that others gather, and the built-in ones", () => {
  const view = labelled(
    "a",
    { "rbac.authorization.k8s.io/aggregate-to-view": "true" },
    "get widgets.example.test",
  );
  expect(found(noUnusedRole, [view, role("view", "get pods")], whole)).toEqual([]);
  const reader = labelled(
    "b",
    { "rbac.authorization.k8s.io/aggregate-to-cluster-reader": "true" },
    "get pods",
  );
  expect(found(noUnusedRole, [reader], whole)).toEqual([]);
  const gathering = {
    ...role("all"),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: "all" } }] },
  };
  const part = labelled("part", { to: "all" }, "get pods");
  expect(found(noUnusedRole, [gathering, part, binding("b", "all", "Group g")], whole)).toEqual([]);
  expect(found(noUnusedRole, [part], whole)).toHaveLength(1);
});

test("a role that selects itself is used by nobody for that", () => {
  const self = {
    ...labelled("self", { to: "self" }),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: "self" } }] },
  };
  expect(found(noUnusedRole, [self], whole)).toHaveLength(1);
});
