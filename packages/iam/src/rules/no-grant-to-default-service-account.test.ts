import { expect, test } from "vitest";
import { noGrantToDefaultServiceAccount } from "./no-grant-to-default-service-account.ts";
import { binding, found } from "./sets.test-support.ts";

test("the default ServiceAccount, also where the binding names its namespace or the user name is written out", () => {
  const findings = found(noGrantToDefaultServiceAccount, [
    binding("b", "view", "ServiceAccount dev/default"),
    binding("prod/b", "view", "Group g", "ServiceAccount default"),
    binding("c", "view", "User system:serviceaccount:qa:default"),
  ]);
  expect(findings).toEqual([
    "ClusterRoleBinding b: ClusterRole view in every namespace goes to ServiceAccount dev/default: every pod of dev that names no ServiceAccount has it @ subjects[0].name",
    "RoleBinding prod/b: ClusterRole view in prod goes to ServiceAccount prod/default: every pod of prod that names no ServiceAccount has it @ subjects[1].name",
    "ClusterRoleBinding c: ClusterRole view in every namespace goes to ServiceAccount qa/default: every pod of qa that names no ServiceAccount has it @ subjects[0].name",
  ]);
});

test("others of that name are not it", () => {
  const set = [binding("b", "view", "User default", "Group default", "ServiceAccount default/ci")];
  expect(found(noGrantToDefaultServiceAccount, set)).toEqual([]);
});
