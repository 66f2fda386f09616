import { expect, test } from "vitest";
import { noMissingServiceAccount } from "./no-missing-service-account.ts";
import { deployment, found, foundInWhole, object } from "./references/sets.test-support.ts";

const account = (where: string) => object("v1", "ServiceAccount", where);
const runsAs = (serviceAccountName: string) => deployment("web", {}, { serviceAccountName });
const bound = (subject: object) =>
  object("rbac.authorization.k8s.io/v1", "RoleBinding", "b", {
    roleRef: { kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "ServiceAccount", ...subject }],
  });

test("pods run as accounts of their own namespace", () => {
  expect(foundInWhole(noMissingServiceAccount, runsAs("web"), account("web"))).toEqual([]);
  expect(foundInWhole(noMissingServiceAccount, runsAs("web"), account("dev/web"))).toEqual([
    "error spec.template.spec.serviceAccountName",
  ]);
  expect(foundInWhole(noMissingServiceAccount, deployment("web", {}, { serviceAccount: "old" }))).toEqual([
    "error spec.template.spec.serviceAccount",
  ]);
});

test("subjects name a namespace, or mean the binding's", () => {
  expect(
    foundInWhole(noMissingServiceAccount, bound({ name: "ci", namespace: "dev" }), account("dev/ci")),
  ).toEqual([]);
  expect(foundInWhole(noMissingServiceAccount, bound({ name: "ci" }), account("ci"))).toEqual([]);
  expect(
    foundInWhole(noMissingServiceAccount, bound({ name: "ci", namespace: "dev" }), account("ci")),
  ).toEqual(["error subjects[0].name"]);
});

test("what every cluster has: default, and the controllers' accounts in kube-system", () => {
  expect(foundInWhole(noMissingServiceAccount, runsAs("default"))).toEqual([]);
  const collector = { name: "generic-garbage-collector", namespace: "kube-system" };
  expect(foundInWhole(noMissingServiceAccount, bound(collector))).toEqual([]);
  expect(foundInWhole(noMissingServiceAccount, bound({ ...collector, namespace: "prod" }))).toHaveLength(1);
});

test("a partial set", () => {
  expect(found(noMissingServiceAccount, [runsAs("web"), account("dev/x")])).toEqual([]);
  expect(found(noMissingServiceAccount, [runsAs("web"), account("wep")])).toEqual([
    "warning spec.template.spec.serviceAccountName",
  ]);
});
