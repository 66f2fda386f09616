import { expect, test } from "vitest";
import { noMastersGroup } from "./no-masters-group.ts";
import { binding, found } from "./sets.test-support.ts";

test("a binding for system:masters changes nothing", () => {
  const [finding, ...others] = found(noMastersGroup, [
    binding("b", "view", "Group dev", "Group system:masters"),
  ]);
  expect(finding).toMatch(
    /^ClusterRoleBinding b: members of system:masters may do everything .* @ subjects\[1\]\.name$/,
  );
  expect(others).toEqual([]);
});

test("the built-in binding, and a user of that name, are left alone", () => {
  expect(found(noMastersGroup, [binding("cluster-admin", "cluster-admin", "Group system:masters")])).toEqual(
    [],
  );
  expect(found(noMastersGroup, [binding("mine", "cluster-admin", "Group system:masters")])).toHaveLength(1);
  expect(found(noMastersGroup, [binding("b", "view", "User system:masters")])).toEqual([]);
});
