import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { noRuleWithoutEffect } from "./no-rule-without-effect.ts";
import { binding, found, labelled, role } from "./sets.test-support.ts";

const paths = (where: string, ...rules: Parameters<typeof role>[1][]) =>
  noRuleWithoutEffect.check({ resources: [role(where, ...rules)] }).map(({ path }) => path);

describe("names that requests do not carry", () => {
  test.each([
    [["create configmaps named a"], ["rules[0].verbs[0]"]],
    [["get,create configmaps named a"], ["rules[0].verbs[1]"]],
    [["deletecollection,get pods named a"], ["rules[0].verbs[0]"]],
    [["update,deletecollection pods named a"], ["rules[0].verbs[1]"]],
  ])("%j", (rules, expected) => {
    expect(paths("r", ...rules)).toEqual(expected);
  });

  // A patch or update that creates is asked as create with the name: handlers/patch.go, handlers/update.go.
  test.each([
    [["create,patch configmaps named a"]],
    [["create,update leases.coordination.k8s.io named a"]],
    [["create configmaps named a", "patch configmaps"]],
    [["get,list,watch,update,delete configmaps named a"]],
    [["create pods/exec named a"]],
    [["create serviceaccounts/token named a"]],
    [["create configmaps"]],
  ])("%j is met", (rules) => {
    expect(paths("r", ...rules)).toEqual([]);
  });

  test("a patch of something else does not make create meet the name", () => {
    expect(paths("r", "create configmaps named a", "patch secrets")).toEqual(["rules[0].verbs[0]"]);
  });
});

describe("URLs", () => {
  test.each([
    ["metrics", 'write "/metrics"'],
    ["metrics*", 'write "/metrics*"'],
    ["/a/*/b", 'write "/a/*", or name the paths'],
    ["/a*b*", 'write "/a*", or name the paths'],
  ])("%s", (url, hint) => {
    const set = [role("r", { verbs: ["get"], nonResourceURLs: ["/ok", url] })];
    expect(noRuleWithoutEffect.check({ resources: set })).toMatchObject([
      { hint, path: "rules[0].nonResourceURLs[1]", severity: "warning" },
    ]);
  });

  test.each(["*", "**", "/*", "/metrics", "/a/**", "/version/"])("%s is met", (url) => {
    expect(paths("r", { verbs: ["get"], nonResourceURLs: [url] })).toEqual([]);
  });
});

describe("verbs that are asked of something else", () => {
  test.each([
    "bind rolebindings.rbac.authorization.k8s.io",
    "escalate pods",
    "impersonate pods",
    "approve certificatesigningrequests.certificates.k8s.io",
    "impersonate userextras",
  ])("%s", (rule) => {
    expect(paths("r", rule)).toEqual(["rules[0].verbs[0]"]);
  });

  test.each([
    "bind roles,rolebindings.rbac.authorization.k8s.io",
    "escalate clusterroles.rbac.authorization.k8s.io",
    "impersonate users,groups,serviceaccounts",
    "impersonate userextras/scopes.authentication.k8s.io",
    "approve signers.certificates.k8s.io",
    "bind *.rbac.authorization.k8s.io",
    "bind widgets.example.test",
    "use podsecuritypolicies.policy",
  ])("%s is asked", (rule) => {
    expect(paths("r", rule)).toEqual([]);
  });

  test("capitals, in groups that core/no-unknown-right does not know", () => {
    expect(paths("r", "GET,list widgets.example.test")).toEqual(["rules[0].verbs[0]"]);
    expect(paths("r", "GET pods")).toEqual([]);
    expect(paths("r", "Rotate widgets.example.test")).toEqual([]);
  });
});

describe("a Role and what is in no namespace", () => {
  test.each([
    "get nodes",
    "create persistentvolumes",
    "get nodes/metrics",
    "list,watch namespaces",
    "get clusterroles.rbac.authorization.k8s.io",
    "get storageclasses.storage.k8s.io",
    "create tokenreviews.authentication.k8s.io",
    "impersonate users",
  ])("%s", (rule) => {
    expect(paths("dev/r", rule)).toEqual(["rules[0].resources[0]"]);
    expect(paths("r", rule)).toEqual([]);
  });

  test.each([
    "get pods",
    "get,list,watch namespaces",
    "patch namespaces/status",
    "* namespaces",
    "get nodes.metrics.k8s.io",
    "create localsubjectaccessreviews.authorization.k8s.io",
    "impersonate serviceaccounts",
    "get *",
  ])("%s is met in a namespace", (rule) => {
    expect(paths("dev/r", rule)).toEqual([]);
  });

  test("custom resources are of the scope that their definition says", () => {
    const definition = (scope: string): Resource => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "issuers.example.test" },
      spec: { group: "example.test", scope, names: { plural: "issuers" } },
    });
    const own = role("dev/r", "get issuers.example.test");
    expect(found(noRuleWithoutEffect, [own, definition("Cluster")])).toHaveLength(1);
    expect(found(noRuleWithoutEffect, [own, definition("Namespaced")])).toEqual([]);
    expect(found(noRuleWithoutEffect, [own])).toEqual([]);
  });
});

describe("a RoleBinding to what is in no namespace", () => {
  test("all of the role is", () => {
    expect(
      found(noRuleWithoutEffect, [binding("dev/b", "system:auth-delegator", "ServiceAccount x")]),
    ).toEqual([
      "RoleBinding dev/b: all that ClusterRole system:auth-delegator grants is outside of namespaces, so that a RoleBinding gives nothing of it @ roleRef.name",
    ]);
    const own = role("r", "get nodes", "get /metrics");
    expect(found(noRuleWithoutEffect, [own, binding("dev/b", "r", "Group g")])).toHaveLength(1);
    expect(found(noRuleWithoutEffect, [own, binding("b", "r", "Group g")])).toEqual([]);
  });

  test("some of it holds", () => {
    const own = role("r", "get nodes", "get pods");
    expect(found(noRuleWithoutEffect, [own, binding("dev/b", "r", "Group g")])).toEqual([]);
    for (const name of ["view", "cluster-admin", "missing"])
      expect(found(noRuleWithoutEffect, [binding("dev/b", name, "Group g")])).toEqual([]);
  });

  test("an aggregated role has the rules that it gathers", () => {
    const gathering = {
      ...role("all"),
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: "all" } }] },
    };
    const set = (rule: string) => [
      gathering,
      labelled("part", { to: "all" }, rule),
      binding("dev/b", "all", "Group g"),
    ];
    expect(found(noRuleWithoutEffect, set("get nodes"))).toHaveLength(1);
    expect(found(noRuleWithoutEffect, set("get pods"))).toEqual([]);
  });
});
