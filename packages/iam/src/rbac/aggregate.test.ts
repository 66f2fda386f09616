import { expect, test } from "vitest";
import { builtinRbac } from "./builtin.ts";
import { accessModel } from "./model.ts";
import { clusterRole } from "./sets.test-support.ts";

const rule = (resource: string) => ({ verbs: ["get"], apiGroups: [""], resources: [resource] });
const by = (...selectors: unknown[]) => ({ clusterRoleSelectors: selectors });
const label = (name: string) => ({ matchLabels: { [name]: "true" } });

/** Resources of the rules of each ClusterRole. */
function gathered(...roles: ReturnType<typeof clusterRole>[]): Record<string, string[]> {
  const model = accessModel(roles, { builtins: false });
  return Object.fromEntries(
    model.roles.map(({ name, rules }) => [name, rules.flatMap(({ resources }) => resources)]),
  );
}

test("the rules that the controller gathered for Kubernetes 1.36.3 come out again", () => {
  const written = builtinRbac().filter(({ kind }) => kind === "ClusterRole");
  const emptied = written.map((role) => (role.aggregationRule ? { ...role, rules: [] } : role));
  const model = accessModel(emptied, { builtins: false });
  let aggregated = 0;
  for (const role of written) {
    const known = model.roles.find(({ name }) => name === role.metadata.name)!;
    if (known.selectors) aggregated++;
    const plain = known.rules.map((one) =>
      Object.fromEntries(Object.entries(one).filter(([, list]) => list.length > 0)),
    );
    expect(plain).toEqual(role.rules);
  }
  expect(aggregated).toBe(3);
});

test("a role of the set that carries a label of Kubernetes widens the built-in role", () => {
  const extra = clusterRole("backups", [rule("backups")], {
    "rbac.authorization.k8s.io/aggregate-to-view": "true",
  });
  for (const name of ["view", "edit", "admin"]) {
    const found = accessModel([extra]).roles.find((role) => role.name === name)!;
    expect(found.rules.some(({ resources }) => resources.includes("backups"))).toBe(true);
  }
});

test("by selector, then by name; equal rules once; written rules replaced; chains", () => {
  expect(
    gathered(
      clusterRole("all", [rule("own")], undefined, by(label("b"), label("a"))),
      clusterRole("z", [rule("z"), rule("both")], { a: "true" }),
      clusterRole("c", [rule("c")], { a: "true", b: "true" }),
      clusterRole("y", [rule("both")], { b: "true" }),
      clusterRole("top", [], undefined, by(label("t"))),
      clusterRole("mid", [rule("gone")], { t: "true" }, by(label("a"))),
    ),
  ).toEqual({
    all: ["c", "both", "z"],
    z: ["z", "both"],
    c: ["c"],
    y: ["both"],
    top: ["c", "z", "both"],
    mid: ["c", "z", "both"],
  });
});

test("cycles take the rules from outside, and a role never gathers itself", () => {
  expect(
    gathered(
      clusterRole("a", [rule("own-a")], { x: "true" }, by(label("y"))),
      clusterRole("b", [rule("own-b")], { y: "true" }, by(label("x"), label("z"))),
      clusterRole("c", [rule("c")], { z: "true" }),
      clusterRole("self", [rule("self")], { s: "true" }, by(label("s"))),
    ),
  ).toEqual({ a: ["c"], b: ["c"], c: ["c"], self: ["self"] });
});

test("rules written by hand stay where nothing is gathered", () => {
  expect(
    gathered(
      clusterRole("none", [rule("a")], undefined, by(label("nobody"))),
      clusterRole("empty", [rule("b")], undefined, {}),
      clusterRole(
        "unread",
        [rule("c")],
        undefined,
        by({ matchExpressions: [{ key: "x", operator: "Like" }] }),
      ),
      clusterRole("odd", [rule("d")], undefined, "yes"),
    ),
  ).toEqual({ none: ["a"], empty: ["b"], unread: ["c"], odd: ["d"] });
});

test("expressions and the empty selector", () => {
  const roles = [
    clusterRole("x", [rule("x")], { tier: "web" }),
    clusterRole("y", [rule("y")], { tier: "db" }),
    clusterRole("z", [rule("z")]),
  ];
  const expression = (operator: string, values?: string[]) =>
    by({ matchExpressions: [{ key: "tier", operator, ...(values && { values }) }] });
  const sum = (rules: unknown) => gathered(...roles, clusterRole("sum", [], undefined, rules)).sum;
  expect(sum(expression("In", ["web", "db"]))).toEqual(["x", "y"]);
  expect(sum(expression("NotIn", ["web"]))).toEqual(["y", "z"]);
  expect(sum(expression("Exists"))).toEqual(["x", "y"]);
  expect(sum(expression("DoesNotExist"))).toEqual(["z"]);
  expect(sum(by({}))).toEqual(["x", "y", "z"]);
});

test("a chain and a ring of 2,000 aggregated roles end", () => {
  const chain = Array.from({ length: 2000 }, (_, n) =>
    clusterRole(`r${n}`, [], { [`l${n}`]: "true" }, by(label(`l${n + 1}`))),
  );
  const end = clusterRole("end", [rule("end")], { l2000: "true" });
  expect(gathered(...chain, end).r0).toEqual(["end"]);
  const ring = clusterRole("r1999", [], { l1999: "true" }, by(label("l0"), label("l2000")));
  expect(gathered(...chain.slice(0, -1), ring, end).r5).toEqual(["end"]);
});
