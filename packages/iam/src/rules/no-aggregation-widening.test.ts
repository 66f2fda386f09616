import { expect, test } from "vitest";
import { noAggregationWidening } from "./no-aggregation-widening.ts";
import { found, labelled } from "./sets.test-support.ts";

const widening = (targets: string, ...rules: string[]) =>
  found(noAggregationWidening, [
    labelled(
      "more",
      Object.fromEntries(
        targets.split(",").map((to) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, "true"]),
      ),
      ...rules,
    ),
  ]);

test.each([
  ["view", "get secrets", "get secrets"],
  ["view", "list secrets named a", "list secrets"],
  ["view", "create widgets.example.test", "create widgets"],
  ["view", "* widgets.example.test", "* widgets"],
  ["view", "get,create pods/exec", "get pods/exec"],
  ["view", "get *", "get on every resource of core"],
  ["edit", "create rolebindings.rbac.authorization.k8s.io", "create rolebindings"],
  ["edit", "impersonate users", "impersonate users"],
  ["edit", "list *.apps", "list on every resource of apps"],
  ["admin", "bind clusterroles.rbac.authorization.k8s.io", "bind clusterroles"],
  ["admin", "* roles.rbac.authorization.k8s.io", "bind roles"],
  ["admin", "get nodes/proxy", "get nodes/proxy"],
])("to %s: %s", (target, rule, added) => {
  expect(widening(target, "get widgets.example.test", rule)).toEqual([
    `ClusterRole more: its label adds ${added} to the built-in ClusterRole ${target}, for everybody who has it @ rules[1]`,
  ]);
});

test.each([
  ["view", "get,list,watch widgets.example.test"],
  ["view", "get,list,watch *.example.test"],
  ["view,edit,admin", "get,list,watch pods,configmaps"],
  ["edit,admin", "create,delete,patch widgets.example.test"],
  ["edit", "get,create secrets"],
  ["edit", "create pods/exec"],
  ["edit", "impersonate serviceaccounts"],
  ["admin", "create,update roles.rbac.authorization.k8s.io"],
  ["cluster-reader", "get secrets"],
])("to %s: %s is in keeping", (target, rule) => {
  expect(widening(target, rule)).toEqual([]);
});

test("the weakest of several roles is named", () => {
  expect(widening("admin,edit,view", "get secrets")[0]).toContain("built-in ClusterRole view,");
});
