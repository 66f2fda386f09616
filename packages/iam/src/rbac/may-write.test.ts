import { describe, expect, test } from "vitest";
import { mayWriteBinding, mayWriteRole } from "./may-write.ts";
import { accessModel } from "./model.ts";
import { clusterBinding, clusterRole, role, roleBinding } from "./sets.test-support.ts";

const RBAC = "rbac.authorization.k8s.io";
const rights = (verbs: string[], resources: string[], apiGroups = [""]) => ({ verbs, apiGroups, resources });
const writer = rights(
  ["create", "update"],
  ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
  [RBAC],
);
const user = { user: "u", groups: ["system:authenticated"] };

/** A model in which `u` holds these rules in the whole cluster. */
function holding(...rules: object[]) {
  return accessModel([
    clusterRole("own", rules),
    clusterBinding("own", "own", [{ kind: "User", name: "u" }]),
  ]);
}

describe("roles", () => {
  const pods = role("r", "prod", [rights(["get", "list"], ["pods"])]);

  test("the request itself comes first", () => {
    expect(mayWriteRole(holding(), user, pods)).toEqual({
      allowed: false,
      by: "request",
      message: `roles.${RBAC} is forbidden: User "u" cannot create resource "roles" in API group "${RBAC}" in the namespace "prod"`,
      missing: [],
    });
    expect(mayWriteRole(holding(), user, pods, { verb: "update" }).message).toContain(
      `roles.${RBAC} "r" is forbidden`,
    );
  });

  test("what is not held is refused in the server's words", () => {
    expect(mayWriteRole(holding(writer, rights(["get"], ["pods"])), user, pods)).toMatchObject({
      allowed: false,
      by: "not-held",
      message: `roles.${RBAC} "r" is forbidden: user "u" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["list"]}`,
      missing: [{ verbs: ["list"], resources: ["pods"] }],
    });
    const many = clusterRole("many", [
      { ...rights(["get", "list"], ["secrets"]), resourceNames: ["a"] },
      { verbs: ["get"], nonResourceURLs: ["/x", "/y*"] },
      rights(["delete", "get"], ["pods", "nodes"]),
    ]);
    expect(mayWriteRole(holding(writer), user, many).message.split("\n").slice(1)).toEqual([
      '{APIGroups:[""], Resources:["nodes"], Verbs:["delete" "get"]}',
      '{APIGroups:[""], Resources:["pods"], Verbs:["delete" "get"]}',
      '{APIGroups:[""], Resources:["secrets"], ResourceNames:["a"], Verbs:["get" "list"]}',
      '{NonResourceURLs:["/x"], Verbs:["get"]}',
      '{NonResourceURLs:["/y*"], Verbs:["get"]}',
    ]);
  });

  test("what is held may be given on", () => {
    const held =
      (...rules: object[]) =>
      (wanted: object) =>
        mayWriteRole(holding(writer, ...rules), user, clusterRole("r", [wanted])).by === "held";
    expect(held(rights(["get", "list"], ["pods"]))(rights(["list"], ["pods"]))).toBe(true);
    expect(
      held(rights(["get"], ["pods"]), rights(["list"], ["pods"]))(rights(["get", "list"], ["pods"])),
    ).toBe(true);
    expect(held(rights(["*"], ["pods"]))(rights(["use"], ["pods"]))).toBe(true);
    expect(held(rights(["get"], ["*"]))(rights(["get"], ["pods/log"]))).toBe(true);
    expect(held(rights(["get"], ["*/log"]))(rights(["get"], ["pods/log"]))).toBe(true);
    expect(held(rights(["get"], ["pods"]))(rights(["get"], ["pods/log"]))).toBe(false);
    expect(held(rights(["get", "list"], ["pods"]))(rights(["*"], ["pods"]))).toBe(false);
    expect(held(rights(["get"], ["pods"]))({ ...rights(["get"], ["pods"]), resourceNames: ["a"] })).toBe(
      true,
    );
    expect(held({ ...rights(["get"], ["pods"]), resourceNames: ["a"] })(rights(["get"], ["pods"]))).toBe(
      false,
    );
    const url = (path: string) => ({ verbs: ["get"], nonResourceURLs: [path] });
    expect(held(url("/a*"))(url("/a/b"))).toBe(true);
    expect(held(url("/a*"))(url("/a/b*"))).toBe(true);
    expect(held(url("/a/b"))(url("/a/*"))).toBe(false);
  });

  test("escalate lifts the check: by name only for updates", () => {
    const all = rights(["escalate"], ["clusterroles"], [RBAC]);
    const wide = clusterRole("wide", [rights(["*"], ["*"], ["*"])]);
    expect(mayWriteRole(holding(writer, all), user, wide).by).toBe("escalate");
    const named = { ...all, resourceNames: ["wide"] };
    expect(mayWriteRole(holding(writer, named), user, wide).by).toBe("not-held");
    expect(mayWriteRole(holding(writer, named), user, wide, { verb: "update" }).by).toBe("escalate");
    expect(mayWriteRole(holding(), { groups: ["system:masters"] }, wide).by).toBe("system:masters");
  });

  test("an aggregationRule needs every right", () => {
    const sum = clusterRole("sum", [], undefined, { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] });
    expect(mayWriteRole(holding(writer), user, sum)).toMatchObject({
      by: "aggregation",
      message: `clusterroles.${RBAC} "sum" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
    });
    const admin = holding(rights(["*"], ["*"], ["*"]), { verbs: ["*"], nonResourceURLs: ["*"] });
    expect(mayWriteRole(admin, user, sum).allowed).toBe(true);
    const plain = clusterRole("sum", []);
    const old = accessModel([
      sum,
      clusterRole("own", [writer]),
      clusterBinding("own", "own", [{ kind: "User", name: "u" }]),
    ]);
    expect(mayWriteRole(old, user, plain).by).toBe("held");
    expect(mayWriteRole(old, user, plain, { verb: "update" }).by).toBe("aggregation");
  });
});

describe("bindings", () => {
  const view = roleBinding("b", "prod", { kind: "ClusterRole", name: "view" }, []);

  test("the rights of the role are needed, or bind", () => {
    const refused = mayWriteBinding(holding(writer), user, view);
    expect(refused).toMatchObject({ allowed: false, by: "not-held" });
    expect(refused.message).toMatch(
      /^rolebindings\.rbac\.authorization\.k8s\.io "b" is forbidden: user "u" /,
    );
    const bind = { ...rights(["bind"], ["clusterroles"], [RBAC]), resourceNames: ["view"] };
    expect(mayWriteBinding(holding(writer, bind), user, view).by).toBe("bind");
    expect(
      mayWriteBinding(
        holding(writer, bind),
        user,
        roleBinding("b", "prod", { kind: "ClusterRole", name: "edit" }, []),
      ).by,
    ).toBe("not-held");
    expect(mayWriteBinding(holding(writer, rights(["*"], ["*"], ["*"])), user, view).by).toBe("bind");
    expect(
      mayWriteBinding(holding(writer, rights(["get", "list", "watch"], ["*"], ["*"])), user, view).by,
    ).toBe("held");
  });

  test("rights in the namespace count for a RoleBinding only", () => {
    const here = [
      clusterRole("writer", [writer]),
      clusterBinding("writer", "writer", [{ kind: "User", name: "u" }]),
      roleBinding("v", "prod", { kind: "ClusterRole", name: "view" }, [{ kind: "User", name: "u" }]),
    ];
    expect(mayWriteBinding(accessModel(here), user, view).by).toBe("held");
    expect(mayWriteBinding(accessModel(here), user, clusterBinding("b", "view", [])).by).toBe("not-held");
  });

  test("a missing role, and missing roles of the writer's own", () => {
    const gone = roleBinding("b", "prod", { kind: "Role", name: "gone" }, []);
    expect(mayWriteBinding(holding(writer), user, gone)).toMatchObject({
      by: "role-not-found",
      message: `rolebindings.${RBAC} "gone" not found`,
    });
    const model = accessModel([
      clusterRole("own", [writer]),
      clusterBinding("own", "own", [{ kind: "User", name: "u" }]),
      clusterBinding("lost", "lost", [{ kind: "User", name: "u" }]),
    ]);
    expect(mayWriteBinding(model, user, view).message).toMatch(
      /\n\{.*\}; resolution errors: \[rolebindings\.rbac\.authorization\.k8s\.io "lost" not found\]$/,
    );
  });

  test("an update that changes nothing is not checked", () => {
    const role = clusterRole("wide", [rights(["*"], ["*"], ["*"])], { a: "b" });
    const bound = clusterBinding("wide", "wide", [{ kind: "User", name: "x" }]);
    const own = [clusterRole("own", [writer]), clusterBinding("own", "own", [{ kind: "User", name: "u" }])];
    const model = accessModel([...own, role, bound]);
    const update = { verb: "update" } as const;
    const owned = (object: typeof role) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: ["x"] },
    });
    expect(mayWriteRole(model, user, owned(role), update).by).toBe("unchanged");
    expect(mayWriteBinding(model, user, owned(bound), update).by).toBe("unchanged");
    expect(mayWriteRole(model, user, role).by).toBe("not-held");
    expect(mayWriteRole(model, user, clusterRole("wide", role.rules), update).by).toBe("not-held");
    expect(mayWriteBinding(model, user, clusterBinding("wide", "wide", []), update).by).toBe("not-held");
  });

  test("other kinds are a mistake of the caller", () => {
    expect(() => mayWriteRole(holding(), user, view)).toThrow(TypeError);
    expect(() => mayWriteBinding(holding(), user, role("r", "x", []))).toThrow(TypeError);
  });
});
