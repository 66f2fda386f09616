import { expect, test } from "vitest";
import { noGrantToEveryone } from "./no-grant-to-everyone.ts";
import { binding, found, role } from "./sets.test-support.ts";

test.each([
  ["Group system:authenticated", "everybody who can log in, and every pod"],
  ["Group system:unauthenticated", "without logging in"],
  ["User system:anonymous", "without logging in"],
  ["Group system:serviceaccounts", "every pod of the cluster"],
])("%s is everybody", (subject, who) => {
  const findings = found(noGrantToEveryone, [
    binding("b", "view", "Group dev", subject),
    binding("dev/b", "edit", subject),
  ]);
  expect(findings).toHaveLength(2);
  expect(findings[0]).toContain(
    `ClusterRoleBinding b: ClusterRole view in every namespace goes to ${subject.split(" ")[1]}`,
  );
  expect(findings[0]).toContain(who);
  expect(findings[0]).toMatch(/@ subjects\[1\]\.name$/);
  expect(findings[1]).toContain("RoleBinding dev/b: ClusterRole edit in dev");
});

test.each([
  "Group developer",
  "User system:authenticated",
  "Group system:anonymous",
  "Group system:serviceaccounts:dev",
  "ServiceAccount dev/ci",
])("%s is not", (subject) => {
  expect(found(noGrantToEveryone, [binding("b", "view", subject)])).toEqual([]);
});

test("roles that are meant for everybody, and what Kubernetes binds itself", () => {
  for (const name of [
    "system:discovery",
    "system:public-info-viewer",
    "system:service-account-issuer-discovery",
  ])
    expect(found(noGrantToEveryone, [binding("b", name, "Group system:unauthenticated")])).toEqual([]);
  expect(
    found(noGrantToEveryone, [binding("system:basic-user", "view", "Group system:authenticated")]),
  ).toHaveLength(1);
});

test("ConfigMaps of kube-public may be read by all, nothing else and nowhere else", () => {
  const bound = (where: string, ...rules: string[]) =>
    found(noGrantToEveryone, [
      role(`${where}/r`, ...rules),
      binding(`${where}/b`, "Role/r", "User system:anonymous"),
    ]);
  expect(bound("kube-public", "get configmaps named cluster-info")).toEqual([]);
  expect(bound("default", "get configmaps named cluster-info")).toHaveLength(1);
  expect(bound("kube-public", "get,update configmaps")).toHaveLength(1);
  expect(bound("kube-public", "get configmaps", "get secrets")).toHaveLength(1);
});
