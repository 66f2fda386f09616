import { expect, test } from "vitest";
import { noWildcardGrant } from "./no-wildcard-grant.ts";
import { binding, found, role } from "./sets.test-support.ts";

const all = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };

test.each([
  [
    "r",
    all,
    "ClusterRole r grants every verb (also bind, escalate, impersonate, approve, sign) on every resource of every API group",
  ],
  ["dev/r", "get,list *", "Role dev/r grants get, list on every resource of core"],
  ["r", "* secrets", "ClusterRole r grants every verb on secrets of core"],
  ["r", "* serviceaccounts", "ClusterRole r grants every verb (also impersonate) on serviceaccounts of core"],
  ["r", "* roles.rbac.authorization.k8s.io", "(also bind, escalate) on roles of rbac.authorization.k8s.io"],
  ["r", "* signers.certificates.k8s.io", "(also approve, sign)"],
  ["r", { verbs: ["get"], apiGroups: ["*"], resources: ["pods"] }, "grants get on pods of every API group"],
  ["r", "get url:*", "every URL of the API server"],
  ["r", "get /*", "every URL of the API server"],
])("%s %j", (name, rule, message) => {
  const [finding, ...others] = found(noWildcardGrant, [role(name, "get pods", rule)]);
  expect(finding).toContain(message);
  expect(finding).toMatch(/@ rules\[1\]$/);
  expect(others).toEqual([]);
});

test.each([
  "get,list,watch pods,secrets",
  "* widgets.example.test",
  "* *.example.test",
  "get */scale.apps",
  "get /metrics,/healthz/*",
])("%s is no wildcard over what is built in", (rule) => {
  expect(found(noWildcardGrant, [role("r", rule)])).toEqual([]);
});

test("who is bound to it is told", () => {
  const set = [role("r", all), binding("b", "r", "Group dev", "User ann"), binding("c", "other", "User bob")];
  const [finding] = noWildcardGrant.check({ resources: set });
  expect(finding?.related?.map(({ message }) => message)).toEqual([
    "ClusterRole r for Group dev",
    "ClusterRole r for User ann",
  ]);
  expect(finding?.hint).toMatch(/^bind the built-in cluster-admin/);
});

test("the built-in rules are nobody's choice; another in a role of that name is", () => {
  const urls = { verbs: ["*"], nonResourceURLs: ["*"] };
  expect(found(noWildcardGrant, [role("cluster-admin", all, urls)])).toEqual([]);
  expect(found(noWildcardGrant, [role("view", all)])).toHaveLength(1);
});

test("the rules of an aggregated role are the controller's", () => {
  const gathered = {
    ...role("r", all),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] },
  };
  expect(found(noWildcardGrant, [gathered])).toEqual([]);
});
