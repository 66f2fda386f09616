import type { Resource } from "@ashlar/core";
import { expect, test } from "vitest";
import { can } from "./can.ts";
import { accessDiff } from "./diff.ts";
import { explainCan } from "./explain.ts";
import { accessMatrix } from "./matrix.ts";
import { accessModel } from "./model.ts";
import { clusterBinding, clusterRole, role, roleBinding } from "./sets.test-support.ts";
import { whoCan } from "./who-can.ts";

const pods = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }];
const view = { kind: "ClusterRole", name: "view" };

test("built-in roles and bindings are there unless the set has its own", () => {
  const bound = [roleBinding("b", "prod", view, [{ kind: "Group", name: "dev" }])];
  const secrets = { groups: ["dev"], verb: "get", resource: "secrets", namespace: "prod" };
  const discovery = { groups: ["system:authenticated"], verb: "get", path: "/apis/apps/v1" };
  expect(can(accessModel(bound), { ...secrets, resource: "pods" }).allowed).toBe(true);
  expect(can(accessModel(bound), secrets).allowed).toBe(false);
  expect(can(accessModel([]), discovery)).toMatchObject({
    allowed: true,
    evidence: { builtin: true, binding: { name: "system:discovery" } },
  });
  const own = clusterRole("view", [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }]);
  expect(can(accessModel([...bound, own]), secrets).allowed).toBe(true);
  const closed = clusterBinding("system:discovery", "system:discovery", []);
  expect(can(accessModel([closed]), discovery).allowed).toBe(false);

  const bare = accessModel(bound, { builtins: false });
  expect(bare.builtinVersion).toBeUndefined();
  expect(can(bare, secrets).reason).toBe('RBAC: clusterrole.rbac.authorization.k8s.io "view" not found');
});

test("the table is the one of 1.36.3", () => {
  const { roles, bindings, builtinVersion } = accessModel([]);
  expect(builtinVersion).toBe("1.36.3");
  const count = (kind: string) => [...roles, ...bindings].filter((one) => one.kind === kind).length;
  expect(["ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding"].map(count)).toEqual([69, 7, 50, 7]);
});

test("of two objects with one name the later counts; lists are opened; the namespace defaults", () => {
  const set = [
    role("r", "prod", pods),
    role("r", "prod", [{ ...pods[0], resources: ["services"] }]),
    {
      apiVersion: "v1",
      kind: "List",
      items: [roleBinding("b", "prod", { kind: "Role", name: "r" }, [{ kind: "User", name: "u" }])],
    },
  ] as unknown as Resource[];
  const ask = { user: "u", verb: "get", namespace: "prod" };
  expect(can(accessModel(set), { ...ask, resource: "pods" }).allowed).toBe(false);
  expect(can(accessModel(set), { ...ask, resource: "services" }).allowed).toBe(true);

  const homeless = roleBinding("b", "", view, [{ kind: "ServiceAccount", name: "ci" }]);
  const inNamespace = (serviceAccount: string, namespace: string) => ({
    serviceAccount,
    verb: "get",
    resource: "pods",
    namespace,
  });
  expect(can(accessModel([homeless]), inNamespace("default/ci", "default")).allowed).toBe(true);
  expect(
    can(accessModel([homeless], { defaultNamespace: "dev" }), inNamespace("dev/ci", "dev")).allowed,
  ).toBe(true);
});

test("other groups' kinds of the same name are none of RBAC's", () => {
  const foreign = {
    ...clusterBinding("b", "view", [{ kind: "User", name: "u" }]),
    apiVersion: "example.test/v1",
  };
  expect(can(accessModel([foreign]), { user: "u", verb: "get", resource: "pods" }).allowed).toBe(false);
});

const VALUES: readonly unknown[] = [
  undefined,
  null,
  0,
  "x",
  [],
  [null, 7, [], "x"],
  {},
  { kind: 5 },
  Number.NaN,
];

test("broken objects are read as far as they go", () => {
  const set = VALUES.flatMap((value) => [
    value,
    { ...clusterRole("r", value), metadata: value },
    clusterRole(`a${VALUES.indexOf(value)}`, [value], undefined, value),
    clusterRole("b", [
      { verbs: value, apiGroups: value, resources: value, resourceNames: value, nonResourceURLs: value },
    ]),
    clusterRole("c", [], value as Record<string, string>, {
      clusterRoleSelectors: [value, { matchLabels: value, matchExpressions: [value] }],
    }),
    { ...clusterBinding("b", "r", value), roleRef: value },
    clusterBinding("c", "r", [value]),
    { ...roleBinding("d", "x", {}, value), metadata: value },
    { apiVersion: value, kind: value, items: value },
    { kind: "RoleList", items: [value] },
  ]) as Resource[];
  for (const locate of [undefined, () => undefined]) {
    const model = accessModel(set, { ...(locate && { locate }) });
    const ask = { user: "u", groups: ["g"], verb: "get", resource: "pods", namespace: "x" };
    expect(can(model, ask).allowed).toBe(false);
    expect(explainCan(model, ask).text).toContain("no: ");
    expect(whoCan(model, ask).every(({ evidence }) => evidence?.builtin !== false)).toBe(true);
    expect(accessDiff(model, accessModel([]))).toEqual([]);
    expect(accessMatrix(model).subjects).toEqual([]);
  }
});

test("hostile names are names", () => {
  const names = [
    "__proto__",
    "constructor",
    'a"b',
    "a\nb",
    "toString",
    "\ud800",
    "",
    "a".repeat(10_000),
    "*",
  ];
  for (const name of names) {
    const set = [
      clusterRole(name, [{ verbs: [name], apiGroups: [name], resources: [name], resourceNames: [name] }], {
        [name]: name,
      }),
      roleBinding(name, name || "x", { kind: "ClusterRole", name }, [{ kind: "Group", name }]),
    ];
    const model = accessModel(set, { builtins: false });
    const ask = { groups: [name], verb: name, group: name, resource: name, name, namespace: name || "x" };
    expect(can(model, ask).allowed).toBe(true);
    expect(can(model, { ...ask, groups: [`${name}.`] }).allowed).toBe(false);
    expect(explainCan(model, { ...ask, verb: "other" }).text.startsWith("no: ")).toBe(name !== "*");
    expect(accessDiff(accessModel([], { builtins: false }), model)).toHaveLength(1);
  }
});

test("10,000 bindings are read, asked and compared in a moment", () => {
  const set = Array.from({ length: 10_000 }, (_, n) =>
    roleBinding(`b${n}`, `ns${n % 500}`, { kind: "ClusterRole", name: n % 3 ? "edit" : "gone" }, [
      { kind: "User", name: n % 2 ? "busy" : `u${n}` },
    ]),
  );
  const start = performance.now();
  const model = accessModel(set);
  expect(can(model, { user: "busy", verb: "create", resource: "pods", namespace: "ns1" }).allowed).toBe(true);
  expect(can(model, { user: "busy", verb: "create", resource: "nodes", namespace: "ns1" }).reason).toContain(
    '"gone" not found',
  );
  expect(whoCan(model, { verb: "delete", resource: "pods", namespace: "ns2" }).length).toBeGreaterThan(5);
  expect(accessDiff(accessModel([]), model).length).toBeGreaterThan(3000);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test("answers stay the same when more is asked than is kept", () => {
  const set = Array.from({ length: 3000 }, (_, n) => [
    clusterRole(`r${n}`, [{ verbs: ["get"], apiGroups: [""], resources: [`x${n}`] }]),
    clusterBinding(`b${n}`, `r${n}`, [{ kind: "User", name: "u" }]),
  ]).flat();
  const model = accessModel(set);
  for (const _ of [1, 2])
    for (let n = 0; n < 3001; n++)
      expect(can(model, { user: "u", verb: "get", resource: `x${n}` }).allowed).toBe(n < 3000);
});
