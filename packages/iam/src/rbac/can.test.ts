import { type Resource, readYaml } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { can } from "./can.ts";
import { accessModel } from "./model.ts";
import type { AccessRequest } from "./request.ts";
import { clusterBinding, clusterRole, role, roleBinding } from "./sets.test-support.ts";

const GROUP = "rbac.authorization.k8s.io";

function allowed(resources: readonly Resource[], request: AccessRequest): boolean {
  return can(accessModel(resources, { builtins: false }), request).allowed;
}

/** One ClusterRole with one rule, bound in the whole cluster to the user `u`. */
function ruled(rule: Record<string, unknown>): Resource[] {
  return [clusterRole("r", [rule]), clusterBinding("b", "r", [{ kind: "User", name: "u" }])];
}

/** Rule parts (verbs, apiGroups, resources, resourceNames), the request (verb, group, resource, subresource, name), the answer. */
const RULES: [string, string[][], string[], boolean][] = [
  ["exact", [["get"], [""], ["pods"], []], ["get", "", "pods", "", ""], true],
  ["another verb", [["get"], [""], ["pods"], []], ["list", "", "pods", "", ""], false],
  ["verbs keep their case", [["Get"], [""], ["pods"], []], ["get", "", "pods", "", ""], false],
  ["any verb", [["*"], [""], ["pods"], []], ["escalate", "", "pods", "", ""], true],
  ["any verb, no verb", [["*"], [""], ["pods"], []], ["", "", "pods", "", ""], true],
  ["another group", [["get"], ["apps"], ["pods"], []], ["get", "", "pods", "", ""], false],
  ["any group", [["get"], ["*"], ["pods"], []], ["get", "example.test", "pods", "", ""], true],
  ["no group", [["get"], [], ["pods"], []], ["get", "", "pods", "", ""], false],
  ["a group's pattern is a literal", [["get"], ["*.test"], ["x"], []], ["get", "a.test", "x", "", ""], false],
  ["any resource", [["get"], [""], ["*"], []], ["get", "", "pods", "log", "a"], true],
  [
    "a resource is not its subresource",
    [["get"], [""], ["pods"], []],
    ["get", "", "pods", "log", "a"],
    false,
  ],
  [
    "a subresource is not its resource",
    [["get"], [""], ["pods/log"], []],
    ["get", "", "pods", "", "a"],
    false,
  ],
  ["subresource", [["get"], [""], ["pods/log"], []], ["get", "", "pods", "log", "a"], true],
  ["subresource of anything", [["get"], ["*"], ["*/scale"], []], ["get", "apps", "x", "scale", "a"], true],
  ["of anything, another", [["get"], ["*"], ["*/scale"], []], ["get", "apps", "x", "status", "a"], false],
  ["of anything, none", [["get"], ["*"], ["*/scale"], []], ["get", "apps", "scale", "", "a"], false],
  ["pods/* is a literal", [["get"], [""], ["pods/*"], []], ["get", "", "pods", "log", "a"], false],
  ["pods/* as a literal", [["get"], [""], ["pods/*"], []], ["get", "", "pods", "*", "a"], true],
  ["*/* is a literal", [["get"], [""], ["*/*"], []], ["get", "", "pods", "log", "a"], false],
  ["*/* meets the subresource *", [["get"], [""], ["*/*"], []], ["get", "", "pods", "*", "a"], true],
  ["no resource", [["get"], [""], [], []], ["get", "", "", "", ""], false],
  ["name", [["get"], [""], ["pods"], ["a", "b"]], ["get", "", "pods", "", "b"], true],
  ["another name", [["get"], [""], ["pods"], ["a"]], ["get", "", "pods", "", "ab"], false],
  ["names are no patterns", [["get"], [""], ["pods"], ["*"]], ["get", "", "pods", "", "a"], false],
  ["list has no name", [["list"], [""], ["pods"], ["a"]], ["list", "", "pods", "", ""], false],
  ["list of one name", [["list"], [""], ["pods"], ["a"]], ["list", "", "pods", "", "a"], true],
  ["create has no name", [["create"], [""], ["pods"], ["a"]], ["create", "", "pods", "", ""], false],
  ["an empty name is a name", [["list"], [""], ["pods"], [""]], ["list", "", "pods", "", ""], true],
  ["a request for *", [["get", "list"], [""], ["pods"], []], ["*", "", "pods", "", ""], false],
];

test.each(RULES)(
  "rule and request: %s",
  (_, [verbs, apiGroups, resources, resourceNames], parts, expected) => {
    const [verb = "", group = "", resource = "", subresource = "", name = ""] = parts;
    const set = ruled({ verbs, apiGroups, resources, ...(resourceNames?.length && { resourceNames }) });
    expect(allowed(set, { user: "u", verb, group, resource, subresource, name })).toBe(expected);
    expect(allowed(set, { user: "v", verb, group, resource, subresource, name })).toBe(false);
  },
);

const URLS: [string, string, boolean][] = [
  ["*", "/anything", true],
  ["/healthz", "/healthz", true],
  ["/healthz", "/healthz/ping", false],
  ["/healthz/*", "/healthz", false],
  ["/healthz/*", "/healthz/", true],
  ["/healthz/*", "/healthz/a/b", true],
  ["/a**", "/ab", true],
  ["/a*/b", "/ax/b", false],
  ["/a*/b", "/a*/b", true],
  ["/a*/b*", "/a*/bc", true],
  ["", "", true],
];

test.each(URLS)("nonResourceURLs %j and path %j: %s", (url, path, expected) => {
  expect(allowed(ruled({ verbs: ["get"], nonResourceURLs: [url] }), { user: "u", verb: "get", path })).toBe(
    expected,
  );
  expect(allowed(ruled({ verbs: ["*"], nonResourceURLs: [url] }), { user: "u", verb: "post", path })).toBe(
    expected,
  );
  expect(allowed(ruled({ verbs: ["put"], nonResourceURLs: [url] }), { user: "u", verb: "get", path })).toBe(
    false,
  );
});

test("paths are only granted by ClusterRoleBindings", () => {
  const rules = [{ verbs: ["get"], nonResourceURLs: ["*"] }];
  const set = [
    clusterRole("r", rules),
    roleBinding("b", "prod", { kind: "ClusterRole", name: "r" }, [{ kind: "User", name: "u" }]),
  ];
  expect(allowed(set, { user: "u", verb: "get", path: "/metrics", namespace: "prod" })).toBe(false);
});

describe("subjects", () => {
  const ask: AccessRequest = { verb: "get", resource: "pods", namespace: "prod" };
  const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }];
  const bound = (subject: object, cluster = false) => [
    clusterRole("r", rules),
    cluster
      ? clusterBinding("b", "r", [subject])
      : roleBinding("b", "prod", { kind: "ClusterRole", name: "r" }, [subject]),
  ];

  test("a user is no group, and a star is a name", () => {
    expect(allowed(bound({ kind: "Group", name: "x" }), { ...ask, user: "x" })).toBe(false);
    expect(allowed(bound({ kind: "User", name: "x" }), { ...ask, groups: ["x"] })).toBe(false);
    expect(allowed(bound({ kind: "User", name: "*" }), { ...ask, user: "x" })).toBe(false);
    expect(allowed(bound({ kind: "User", name: "*" }), { ...ask, user: "*" })).toBe(true);
    expect(allowed(bound({ kind: "user", name: "x" }), { ...ask, user: "x" })).toBe(false);
  });

  test("a ServiceAccount without namespace is the RoleBinding's, and nobody's in a ClusterRoleBinding", () => {
    const subject = { kind: "ServiceAccount", name: "ci" };
    expect(allowed(bound(subject), { ...ask, serviceAccount: "prod/ci" })).toBe(true);
    expect(allowed(bound(subject), { ...ask, serviceAccount: "dev/ci" })).toBe(false);
    expect(allowed(bound(subject, true), { ...ask, serviceAccount: "prod/ci" })).toBe(false);
  });

  test("a ServiceAccount is the user of its tokens", () => {
    const name = "system:serviceaccount:dev:ci";
    const set = bound({ kind: "ServiceAccount", name: "ci", namespace: "dev" });
    expect(allowed(set, { ...ask, user: name })).toBe(true);
    expect(allowed(set, { ...ask, serviceAccount: name })).toBe(true);
    expect(allowed(bound({ kind: "User", name }), { ...ask, serviceAccount: "dev/ci" })).toBe(true);
  });

  test("a ServiceAccount has the groups of its tokens, a user those that are named", () => {
    for (const group of ["system:serviceaccounts", "system:serviceaccounts:dev", "system:authenticated"]) {
      const set = bound({ kind: "Group", name: group });
      expect(allowed(set, { ...ask, serviceAccount: "dev/ci" })).toBe(true);
      expect(allowed(set, { ...ask, serviceAccount: "dev/ci", groups: [] })).toBe(false);
      expect(allowed(set, { ...ask, user: "system:serviceaccount:dev:ci" })).toBe(false);
      expect(allowed(set, { ...ask, user: "x", groups: [group] })).toBe(true);
    }
  });

  test("a RoleBinding counts in its namespace only", () => {
    const set = bound({ kind: "User", name: "u" });
    expect(allowed(set, { ...ask, user: "u" })).toBe(true);
    expect(allowed(set, { ...ask, user: "u", namespace: "dev" })).toBe(false);
    expect(allowed(set, { user: "u", verb: "get", resource: "pods" })).toBe(false);
  });
});

describe("reasons", () => {
  const view = clusterRole("view", [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }]);
  const ask: AccessRequest = { verb: "get", resource: "pods", namespace: "prod" };
  const reason = (resources: readonly Resource[], request: AccessRequest) =>
    can(accessModel(resources, { builtins: false }), request).reason;

  test("name binding, role and subject", () => {
    const set = [
      view,
      role("pods", "prod", [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }]),
      clusterBinding("all", "view", [{ kind: "Group", name: "ops" }]),
      roleBinding("dev", "prod", { kind: "ClusterRole", name: "view" }, [{ kind: "Group", name: "dev" }]),
      roleBinding("ci", "prod", { kind: "Role", name: "pods" }, [{ kind: "ServiceAccount", name: "ci" }]),
    ];
    expect(reason(set, { ...ask, groups: ["ops"] })).toBe(
      'RBAC: allowed by ClusterRoleBinding "all" of ClusterRole "view" to Group "ops"',
    );
    expect(reason(set, { ...ask, groups: ["dev"] })).toBe(
      'RBAC: allowed by RoleBinding "dev/prod" of ClusterRole "view" to Group "dev"',
    );
    expect(reason(set, { ...ask, serviceAccount: "prod/ci" })).toBe(
      'RBAC: allowed by RoleBinding "ci/prod" of Role "pods" to ServiceAccount "ci/prod"',
    );
    expect(reason(set, { ...ask, groups: ["dev", "ops"] })).toContain('ClusterRoleBinding "all"');
    expect(reason(set, { ...ask, user: "nobody" })).toBe("");
  });

  test("the first binding, then its first subject that applies", () => {
    const set = [
      view,
      clusterBinding("a", "view", [
        { kind: "Group", name: "y" },
        { kind: "User", name: "u" },
      ]),
      clusterBinding("b", "view", [{ kind: "User", name: "u" }]),
    ];
    expect(reason(set, { ...ask, user: "u" })).toMatch(/"a" .* to User "u"$/);
    expect(reason(set, { ...ask, user: "u", groups: ["y"] })).toMatch(/"a" .* to Group "y"$/);
  });

  test("missing roles, each once", () => {
    const user = [{ kind: "User", name: "u" }];
    const one = [clusterBinding("a", "gone", user), clusterBinding("b", "gone", user)];
    const two = [...one, roleBinding("c", "prod", { kind: "Role", name: "none" }, user)];
    const text = 'clusterrole.rbac.authorization.k8s.io "gone" not found';
    expect(reason(one, { ...ask, user: "u" })).toBe(`RBAC: ${text}`);
    expect(reason(two, { ...ask, user: "u" })).toBe(
      `RBAC: [${text}, role.rbac.authorization.k8s.io "none" not found]`,
    );
    expect(reason(two, { user: "u", verb: "get", path: "/x", namespace: "prod" })).toBe(`RBAC: ${text}`);
    expect(reason([...two, view, clusterBinding("d", "view", user)], { ...ask, user: "u" })).toContain(
      "allowed by",
    );
    expect(
      reason([roleBinding("x", "prod", { kind: "Rolle", name: "r" }, user)], { ...ask, user: "u" }),
    ).toBe('RBAC: unsupported role reference kind: "Rolle"');
  });

  test("system:masters is not asked", () => {
    const verdict = can(accessModel([]), { ...ask, user: "u", groups: ["a", "system:masters"] });
    expect(verdict).toMatchObject({ allowed: true, reason: "" });
    expect(verdict.evidence).toBeUndefined();
  });

  test("names are quoted as Go quotes them", () => {
    const name = 'a"b\n\u00e9\u0001\u{1F600}\u200b';
    const set = [view, clusterBinding("x", "view", [{ kind: "User", name }])];
    expect(reason(set, { ...ask, user: name })).toMatch(/ to User "a\\"b\\n\u00e9\\x01\u{1F600}\\u200b"$/u);
  });
});

test("evidence names binding, role, rule and the places they were written at", () => {
  const text = `apiVersion: ${GROUP}/v1
kind: Role
metadata: { name: pods, namespace: prod }
rules:
  - { verbs: [list], apiGroups: [""], resources: [nodes] }
  - { verbs: [get], apiGroups: [""], resources: [pods] }
---
apiVersion: ${GROUP}/v1
kind: RoleBinding
metadata: { name: dev, namespace: prod }
roleRef: { apiGroup: ${GROUP}, kind: Role, name: pods }
subjects:
  - { kind: Group, name: ops }
  - { kind: Group, name: dev }
`;
  const { resources, locate } = readYaml(text, { file: "rbac.yaml" });
  const verdict = can(accessModel(resources, { locate }), {
    groups: ["dev"],
    verb: "get",
    resource: "pods",
    namespace: "prod",
  });
  expect(verdict.evidence).toMatchObject({
    binding: { kind: "RoleBinding", namespace: "prod", name: "dev", at: { file: "rbac.yaml", line: 14 } },
    role: { kind: "Role", namespace: "prod", name: "pods", at: { file: "rbac.yaml", line: 6 } },
    ruleIndex: 1,
    rule: { verbs: ["get"], resources: ["pods"] },
    subject: { kind: "Group", name: "dev" },
    builtin: false,
  });
});
