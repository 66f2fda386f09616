import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { builtinRbac } from "../rbac/builtin.ts";
import { iamRules } from "./index.ts";
import { binding, role } from "./sets.test-support.ts";

const check = (resources: readonly Resource[], whole = false) =>
  iamRules.flatMap((one) => one.check({ resources, whole }));

test("what Kubernetes makes by itself has no finding, also in a whole set", () => {
  expect(builtinRbac().length).toBeGreaterThan(130);
  expect(check(builtinRbac(), true)).toEqual([]);
});

test("codes are the files' names, each once, and all findings are warnings", () => {
  const codes = iamRules.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  const findings = check([role("r", "* *"), binding("b", "r", "Group system:authenticated", "Group dev")]);
  expect(new Set(findings.map(({ code }) => code))).toEqual(
    new Set([
      "iam/no-wildcard-grant",
      "iam/no-secret-reading",
      "iam/no-grant-to-everyone",
      "iam/no-escalation-path",
    ]),
  );
  expect(findings.every(({ severity }) => severity === "warning")).toBe(true);
});

test("plain roles for teams and ServiceAccounts have none", () => {
  const set = [
    role(
      "cluster-view",
      "get,list,watch namespaces,nodes,persistentvolumes",
      "get,list,watch storageclasses.storage.k8s.io",
    ),
    binding("operator", "cluster-admin", "Group oidc:operator"),
    binding("developer", "cluster-view", "Group oidc:developer"),
    binding("dev/developer", "admin", "Group oidc:developer"),
    binding("prod/developer", "view", "Group oidc:developer"),
    role("dev/ci", "get,list,create,delete pods", "get pods/log", "create pods/exec"),
    binding("dev/ci", "Role/ci", "ServiceAccount dev/ci"),
    role(
      "dev/leader",
      "create leases.coordination.k8s.io",
      "get,update leases.coordination.k8s.io named lock",
    ),
    binding("dev/leader", "Role/leader", "ServiceAccount dev/ci"),
  ];
  expect(check(set, true)).toEqual([]);
});

describe("broken and hostile manifests", () => {
  const values = [
    undefined,
    null,
    0,
    "x",
    [],
    [null],
    {},
    { a: [null] },
    [[]],
    [{ verbs: "get" }],
    [{ kind: 1, name: {} }],
  ];
  const fields = [
    "metadata",
    "rules",
    "subjects",
    "roleRef",
    "aggregationRule",
    "spec",
    "type",
    "apiVersion",
  ];
  const made = [
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "Secret",
    "Pod",
    "CronJob",
    "CustomResourceDefinition",
  ].flatMap((kind) =>
    fields.flatMap((field) =>
      values.map((value) => {
        const whole = {
          apiVersion: /Role/.test(kind) ? "rbac.authorization.k8s.io/v1" : "v1",
          kind,
          metadata: { name: "x", namespace: "dev" },
          rules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
          roleRef: { kind: "ClusterRole", name: "x" },
          subjects: [{ kind: "User", name: "u" }],
        };
        return { ...whole, [field]: value } as unknown as Resource;
      }),
    ),
  );

  test("never throw, one by one and together", () => {
    for (const resource of made) expect(() => check([resource], true)).not.toThrow();
    expect(() => check(made, true)).not.toThrow();
    expect(made.length).toBe(8 * 8 * values.length);
  });

  test("names of prototypes, quotes and line breaks are names", () => {
    for (const name of ["__proto__", "constructor", 'a"b', "a\nb", "toString", " "]) {
      const set = [role(name, "list secrets"), binding(name, name)];
      const subjects = [
        { kind: "Group", name },
        { kind: name, name },
        { kind: "ServiceAccount", name, namespace: name },
      ];
      const findings = check([set[0]!, { ...set[1]!, subjects }]);
      expect(findings.filter(({ code }) => code === "iam/no-secret-reading")).toHaveLength(2);
    }
  });

  test("the order of the set does not matter for who is found", () => {
    const set = [
      role("dev/r", "create pods"),
      binding("dev/b", "Role/r", "Group dev"),
      binding("s", "edit", "ServiceAccount dev/ci"),
      role("w", "get *"),
    ];
    const told = (resources: readonly Resource[]) =>
      check(resources, true)
        .map(({ message }) => message)
        .sort();
    expect(told(set).length).toBeGreaterThan(3);
    expect(told(set.toReversed())).toEqual(told(set));
  });
});

describe("monstrous objects take no longer than they are large", () => {
  const words = (word: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${word}${i % 3 ? i : ""}`);
  const bound = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) =>
      binding(`dev/${name}${i}`, name, `User u${i}`, "ServiceAccount dev/x"),
    );
  const long = { apiGroups: words("", 3000), resources: words("nodes", 3000), verbs: words("bind", 3000) };

  test.each<[string, readonly Resource[]]>([
    ["one rule of long lists", [role("dev/r", long, { ...long, resourceNames: words("create", 3000) })]],
    [
      "its holder, beside one who makes pods",
      [role("t", long), ...bound("t", 1), binding("dev/e", "edit", "Group dev")],
    ],
    [
      "many names, many holders",
      [
        role("n", {
          ...long,
          verbs: ["get"],
          resources: ["secrets"],
          apiGroups: [""],
          resourceNames: words("s", 3000),
        }),
        ...bound("n", 2000),
      ],
    ],
    ["many rules", [role("dev/m", ...Array.from({ length: 3000 }, () => "create,get configmaps named a"))]],
    ["stars", [role("s", { verbs: ["get"], nonResourceURLs: [`/${"*".repeat(100_000)}x`] })]],
    [
      "roles that gather each other",
      Array.from({ length: 1000 }, (_, i) => ({
        ...role(`g${i}`),
        metadata: { name: `g${i}`, labels: { a: "b", [`l${i}`]: "x" } },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`l${(i + 1) % 1000}`]: "x" } }] },
      })),
    ],
  ])("%s", (_, resources) => {
    const start = process.cpuUsage();
    check(resources, true);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(4000);
  });
});

describe("large sets", () => {
  /** A quarter each of roles, their bindings, bindings to `edit` of one namespace, and ClusterRoleBindings. */
  const large = (count: number) =>
    Array.from({ length: count / 4 }, (_, i) => [
      role(`ns${i % 50}/r${i}`, "get,list,watch pods,services", i % 3 ? "get configmaps" : "create pods"),
      binding(`ns${i % 50}/b${i}`, `Role/r${i}`, `ServiceAccount ns${i % 50}/a${i}`, `Group g${i % 100}`),
      binding(`crowd/e${i}`, "edit", `User u${i}`, `ServiceAccount crowd/s${i}`),
      binding(`c${i}`, "view", `ServiceAccount crowd/s${i}`),
    ]).flat();
  const cpu = (resources: readonly Resource[]) => {
    const start = process.cpuUsage();
    check(resources, true);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };

  test("four times as much takes about four times as long: nothing is quadratic", () => {
    cpu(large(2000));
    const small = Math.min(cpu(large(2500)), cpu(large(2500)));
    const big = Math.min(cpu(large(10_000)), cpu(large(10_000)));
    expect(big / small).toBeLessThan(10);
  });
});
