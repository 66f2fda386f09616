import { expect, test } from "vitest";
import { noSecretReading } from "./no-secret-reading.ts";
import { binding, found, labelled, role } from "./sets.test-support.ts";

const reading = (rule: string) => found(noSecretReading, [role("r", rule), binding("b", "r", "Group dev")]);

test.each(["get secrets", "list secrets", "watch secrets", "* secrets", "get *", "get,list pods,secrets"])(
  "%s",
  (rule) => {
    expect(reading(rule)).toEqual([
      "ClusterRoleBinding b: Group dev may read every Secret of the cluster, through ClusterRole r @ subjects[0].name",
    ]);
  },
);

test.each([
  "get secrets named a",
  "create,update,delete secrets",
  "get configmaps",
  "get secrets.example.test",
  "get secrets/status",
])("%s does not", (rule) => {
  expect(reading(rule)).toEqual([]);
});

test("in a namespace it is that namespace's business", () => {
  expect(found(noSecretReading, [binding("dev/b", "edit", "Group dev")])).toEqual([]);
  expect(found(noSecretReading, [binding("b", "edit", "Group dev")])).toHaveLength(1);
  expect(found(noSecretReading, [binding("b", "view", "Group dev")])).toEqual([]);
});

test("a label widens the built-in view", () => {
  const label = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
  const set = [labelled("more", label, "list secrets"), binding("b", "view", "Group dev")];
  expect(found(noSecretReading, set)).toHaveLength(1);
});

test("admins of the cluster, and groups that stand for everybody, are left to others", () => {
  const admin = [binding("a", "cluster-admin", "Group op"), binding("b", "edit", "Group op")];
  expect(found(noSecretReading, admin)).toEqual([]);
  expect(
    found(noSecretReading, [binding("b", "edit", "Group system:authenticated", "Group system:masters")]),
  ).toEqual([]);
});

test("one finding for each subject, with its other bindings", () => {
  const set = [
    role("r", "list secrets"),
    binding("a", "r", "ServiceAccount ops/x"),
    binding("b", "edit", "Group g", "ServiceAccount ops/x"),
  ];
  const findings = noSecretReading.check({ resources: set });
  expect(
    findings.map(({ subject, related }) => [
      subject?.name,
      related?.map((one) => `${one.subject?.name} ${one.path}`),
    ]),
  ).toEqual([
    ["a", ["b subjects[1]"]],
    ["b", undefined],
  ]);
});
