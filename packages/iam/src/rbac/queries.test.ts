import { readYaml } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { can } from "./can.ts";
import { accessDiff } from "./diff.ts";
import { explainCan } from "./explain.ts";
import { formatAccessChange, verbsText } from "./format-change.ts";
import { accessCell, accessMatrix } from "./matrix.ts";
import { accessModel } from "./model.ts";
import { formatAccessResource, parseAccessResource } from "./resource-name.ts";
import { clusterBinding, clusterRole, role, roleBinding } from "./sets.test-support.ts";
import { whoCan } from "./who-can.ts";

const builtin = (name: string) => ({ kind: "ClusterRole", name });
const developer = [{ kind: "Group", name: "developer" }];
const before = [
  roleBinding("developer:view", "prod", builtin("view"), developer),
  roleBinding("developer:admin", "dev", builtin("admin"), developer),
  roleBinding("ci", "dev", builtin("edit"), [{ kind: "ServiceAccount", name: "ci" }]),
  clusterBinding("operator", "cluster-admin", [{ kind: "Group", name: "operator" }]),
];
const model = accessModel(before);

test("who can", () => {
  const named = (action: Parameters<typeof whoCan>[1]) =>
    whoCan(model, action)
      .filter(({ evidence }) => evidence?.builtin === false)
      .map(({ subject: { kind, name } }) => `${kind} ${name}`);
  expect(named({ verb: "get", resource: "secrets", namespace: "prod" })).toEqual(["Group operator"]);
  expect(named({ verb: "get", resource: "secrets", namespace: "dev" })).toEqual([
    "Group developer",
    "Group operator",
    "ServiceAccount ci",
  ]);
  const masters = whoCan(accessModel([], { builtins: false }), { verb: "get", path: "/" });
  expect(masters).toEqual([{ subject: { kind: "Group", name: "system:masters", namespace: "" } }]);
});

test("matrix", () => {
  const matrix = accessMatrix(model, {
    resources: ["pods", "secrets", "deployments.apps/scale"],
    verbs: ["get", "delete"],
  });
  expect(matrix.subjects.map(({ label }) => label)).toEqual([
    "group:developer",
    "group:operator",
    "serviceaccount:dev/ci",
  ]);
  expect(matrix.namespaces).toEqual(["", "dev", "prod"]);
  const cell = (s: number, r: number, v: number, n: number) => accessCell(matrix, s, r, v, n);
  expect([cell(0, 0, 0, 0), cell(0, 0, 0, 1), cell(0, 0, 0, 2)]).toEqual([false, true, true]);
  expect([cell(0, 1, 0, 1), cell(0, 1, 0, 2), cell(0, 0, 1, 2)]).toEqual([true, false, false]);
  expect([cell(1, 2, 1, 0), cell(2, 2, 0, 1), cell(2, 2, 0, 2)]).toEqual([true, true, false]);
  expect([cell(0, 9, 0, 1), cell(3, 0, 0, 0), cell(0, 0, -1, 1)]).toEqual([false, false, false]);
  expect(accessMatrix(model).resources.length).toBeGreaterThan(20);
  const masters = accessMatrix(model, {
    subjects: [{ groups: ["system:masters"] }],
    resources: ["x"],
    verbs: ["y"],
  });
  expect(accessCell(masters, 0, 0, 0, 0)).toBe(true);
});

test.each(["pods", "pods/log", "deployments.apps", "deployments.apps/scale", "certificates.cert-manager.io"])(
  "%s keeps its parts",
  (text) => expect(formatAccessResource(parseAccessResource(text))).toBe(text),
);

describe("differences", () => {
  const diff = (now: typeof before) => accessDiff(model, accessModel(now)).map(formatAccessChange);
  const secrets = role("secrets", "prod", [
    { verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["secrets"] },
  ]);

  test("one right", () => {
    const bound = roleBinding("s", "prod", { kind: "Role", name: "secrets" }, developer);
    expect(diff([...before, secrets, bound])).toEqual(["developer may now read secrets in prod"]);
    expect(accessDiff(accessModel([...before, secrets, bound]), model).map(formatAccessChange)).toEqual([
      "developer may no longer read secrets in prod",
    ]);
  });

  test("nothing changes where the same is granted in another way", () => {
    const again = roleBinding("again", "dev", builtin("view"), developer);
    const unused = clusterRole("unused", [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }]);
    expect(diff([...before, secrets, again, unused])).toEqual([]);
  });

  test("a wildcard is one change, and it swallows what it holds", () => {
    expect(diff([...before, clusterBinding("all", "cluster-admin", developer)])).toEqual([
      "developer may now do anything with everything in the whole cluster",
      "developer may now do anything with every path of the API server",
    ]);
  });

  test("names, service accounts, paths, and where nothing changes", () => {
    const named = clusterRole("n", [
      { verbs: ["get", "update"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["a", "b"] },
      { verbs: ["get"], nonResourceURLs: ["/metrics", "/logs/*"] },
    ]);
    const subjects = [{ kind: "ServiceAccount", name: "ci", namespace: "dev" }];
    expect(diff([...before, named, clusterBinding("n", "n", subjects)])).toEqual([
      'ServiceAccount dev/ci may now get and update configmaps named "a" and "b" in the whole cluster but dev',
      "ServiceAccount dev/ci may now get /logs/* and /metrics",
    ]);
  });

  test("the same in several namespaces is one change", () => {
    const subjects = [{ kind: "User", name: "jane" }];
    const own = clusterRole("own", [
      { verbs: ["create", "update", "patch", "delete"], apiGroups: ["apps"], resources: ["deployments"] },
    ]);
    const bound = ["c", "a", "b"].map((namespace) => roleBinding("x", namespace, builtin("own"), subjects));
    expect(diff([...before, own, ...bound])).toEqual(["jane may now write deployments.apps in a, b and c"]);
  });

  test("a long list names the graver ones first; the change has all, and the binding that gives it", () => {
    const [change] = accessDiff(
      model,
      accessModel([...before, roleBinding("d", "lab", builtin("admin"), developer)]),
    );
    expect(change!.resources.length).toBeGreaterThan(8);
    expect(change!.evidence.binding).toMatchObject({ kind: "RoleBinding", namespace: "lab", name: "d" });
    expect(formatAccessChange(change!)).toMatch(
      /^developer may now .*\b(secrets|pods)\b.* and \d+ other resources in lab$/,
    );
  });

  test("verbs as words", () => {
    expect(verbsText(["get", "list"])).toBe("get and list");
    expect(
      verbsText(["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]),
    ).toBe("read and write");
    expect(verbsText(["get", "list", "watch", "delete"])).toBe("read and delete");
    expect(verbsText(["get", "*"])).toBe("do anything with");
  });
});

describe("explanations", () => {
  const text = (request: Parameters<typeof can>[1]) => explainCan(model, request).text.split("\n");
  const prod = { groups: ["developer"], namespace: "prod" };

  test("another verb, and the grant that allows", () => {
    const request = { ...prod, verb: "delete", resource: "pods" };
    const { nearest, grant } = explainCan(model, request);
    expect(nearest).toMatchObject({
      misses: ["namespace"],
      binding: { namespace: "dev", name: "developer:admin" },
    });
    expect(grant!.resources).toMatchObject([
      {
        kind: "Role",
        metadata: { namespace: "prod" },
        rules: [{ verbs: ["delete"], apiGroups: [""], resources: ["pods"] }],
      },
      { kind: "RoleBinding", roleRef: { kind: "Role" }, subjects: [{ kind: "Group", name: "developer" }] },
    ]);
    expect(grant!.existing).toMatchObject({ role: { name: "edit" }, binding: { kind: "RoleBinding" } });
    expect(text(request)[0]).toBe("no: developer may not delete pods in prod");
  });

  test.each([
    [{ ...prod, verb: "escalate", resource: "pods" }, ["verb"]],
    [{ ...prod, verb: "get", resource: "deployments" }, ["group"]],
    [{ ...prod, verb: "get", resource: "pods", subresource: "exec" }, ["namespace"]],
    [{ ...prod, verb: "get", resource: "pods", subresource: "resize" }, ["subresource"]],
    [{ ...prod, verb: "get", resource: "nodes" }, ["resource"]],
    [{ user: "jane", verb: "get", resource: "nodes" }, ["subject"]],
    [{ groups: ["system:authenticated"], verb: "post", path: "/version" }, ["verb"]],
    [{ groups: ["system:authenticated"], verb: "get", path: "/apis-x" }, ["subject"]],
    [{ groups: ["system:authenticated"], verb: "get", path: "/version/x" }, ["path"]],
  ])("%j misses by %j", (request, misses) => {
    expect(explainCan(model, request).nearest?.misses).toEqual(misses);
  });

  test("names and missing roles", () => {
    const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["a"] }];
    const named = accessModel([
      role("r", "prod", rules),
      roleBinding("b", "prod", { kind: "Role", name: "r" }, developer),
    ]);
    const ask = { ...prod, verb: "get", resource: "configmaps", name: "b" };
    expect(explainCan(named, ask).nearest?.misses).toEqual(["name"]);
    expect(explainCan(named, ask).grant!.resources[0]).toMatchObject({ rules: [{ resourceNames: ["b"] }] });
    const lost = accessModel([roleBinding("b", "prod", { kind: "Role", name: "gone" }, developer)]);
    expect(explainCan(lost, ask).nearest?.misses).toEqual(["role-not-found"]);
    expect(explainCan(lost, ask).text).toContain(
      'the API server says: RBAC: role.rbac.authorization.k8s.io "gone" not found',
    );
  });

  test("what decides, with its place", () => {
    const file = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: developer, namespace: prod }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects:
  - { kind: Group, name: developer }
`;
    const { resources, locate } = readYaml(file, { file: "rbac.yaml" });
    const read = accessModel(resources, { locate });
    expect(explainCan(read, { ...prod, verb: "get", resource: "pods" }).text).toMatch(
      /^yes: developer may get pods in prod\nbecause of rule \d+ of ClusterRole view \(.*\), bound by RoleBinding prod\/developer at rbac\.yaml:6$/,
    );
    expect(explainCan(read, { groups: ["system:masters"], verb: "get", path: "/" }).text).toContain(
      "never asked",
    );
  });

  test("the offered grants allow, each alone", () => {
    const asked = [
      { ...prod, verb: "delete", resource: "pods" },
      { ...prod, verb: "update", resource: "configmaps", name: "x" },
      { groups: ["developer"], verb: "list", resource: "nodes" },
      { groups: ["developer"], verb: "get", path: "/metrics" },
      { serviceAccount: "dev/ci", verb: "create", group: "apps", resource: "deployments", namespace: "prod" },
      {
        user: "jane",
        groups: ["system:authenticated"],
        verb: "get",
        resource: "pods",
        subresource: "log",
        namespace: "dev",
      },
      { user: "__proto__", verb: "list", resource: "a b", namespace: "x" },
    ];
    for (const request of asked) {
      expect(can(model, request).allowed).toBe(false);
      const { resources, existing } = explainCan(model, request).grant!;
      expect(can(accessModel([...before, ...resources]), request).allowed).toBe(true);
      if (existing) expect(can(accessModel([...before, existing.binding]), request).allowed).toBe(true);
    }
    expect(explainCan(model, { verb: "get", resource: "pods" }).grant).toBeUndefined();
    expect(explainCan(model, { ...prod, verb: "get", resource: "x.y" }).grant!.existing).toBeUndefined();
  });
});
