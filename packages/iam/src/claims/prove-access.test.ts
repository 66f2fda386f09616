import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { accessModel } from "../rbac/model.ts";
import { parseAccessClaim } from "./parse-claim.ts";
import { type AccessProof, proveAccess } from "./prove-access.ts";

const API = "rbac.authorization.k8s.io/v1";
const group = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name });
const roleRef = (name: string, kind = "ClusterRole") => ({
  apiGroup: "rbac.authorization.k8s.io",
  kind,
  name,
});
const bind = (namespace: string | undefined, name: string, role: object, subject: object): Resource => ({
  apiVersion: API,
  kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  roleRef: role,
  subjects: [subject],
});
const role = (namespace: string | undefined, name: string, ...rules: object[]): Resource => ({
  apiVersion: API,
  kind: namespace === undefined ? "ClusterRole" : "Role",
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  rules,
});

const developer = group("oidc:developer");
const SET: Resource[] = [
  bind("dev", "developer:admin", roleRef("admin"), developer),
  bind("prod", "developer:view", roleRef("view"), developer),
  bind(undefined, "operator:cluster-admin", roleRef("cluster-admin"), group("oidc:operator")),
  role("prod", "tls", { apiGroups: [""], resources: ["secrets"], resourceNames: ["tls"], verbs: ["get"] }),
  bind("prod", "builder", roleRef("tls", "Role"), {
    kind: "ServiceAccount",
    name: "builder",
    namespace: "dev",
  }),
  bind("prod", "chart", roleRef("chart-made"), group("oidc:tester")),
  bind(undefined, "masters", roleRef("view"), group("oidc:nobody")),
];

function proofOf(text: string, resources: readonly Resource[] = SET): AccessProof {
  const claim = parseAccessClaim(text, {
    groups: ["developer", "operator", "tester"],
    groupsPrefix: "oidc:",
    environments: { prod: ["prod"], dev: ["dev"], none: [] },
    by: "expect",
  });
  if (!claim.ok) throw new Error(JSON.stringify(claim.findings));
  const [proof] = proveAccess(accessModel(resources), [claim.value], { resources });
  return proof!;
}

describe("outcomes", () => {
  test.each([
    ["developer can create deployments in dev", "proved"],
    ["developer can create deployments.apps in env:dev", "proved"],
    ["developer can read pods in prod", "proved"],
    ["developer can get pods/log in prod", "proved"],
    ["developer cannot get secrets in prod", "proved"],
    ["developer cannot write deployments in env:prod", "proved"],
    ["developer cannot get secrets", "broken"], // in dev it can
    ["developer can get pods", "broken"], // not in the whole cluster
    ["developer can get pods in any namespace", "broken"],
    ["developer cannot delete nodes", "proved"],
    // GET /api/v1/namespaces/dev has the namespace dev, where admin holds.
    ["developer can get namespaces named dev", "proved"],
    ["developer can get namespaces", "broken"],
    ["developer cannot get namespaces", "broken"],
    ["developer cannot delete namespaces", "proved"],
    ["operator can * *", "proved"],
    ["operator can delete nodes", "proved"],
    ["operator can get /metrics", "proved"],
    ["developer can * *", "broken"],
    ["anyone can get /version", "proved"],
    ["anonymous can get /healthz", "proved"],
    ["anonymous cannot get /metrics", "proved"],
    ["anyone can create selfsubjectaccessreviews", "proved"],
    ["group:system:masters can delete nodes", "proved"],
    ["group:system:masters cannot delete nodes", "broken"],
    ["serviceaccount:dev/builder can get secrets named tls in prod", "proved"],
    ["serviceaccount:dev/builder can get secrets in prod", "broken"],
    // No name is asked for, but one can be got.
    ["serviceaccount:dev/builder cannot get secrets in prod", "broken"],
    ["serviceaccount:dev/builder cannot get secrets", "broken"],
    ["serviceaccount:dev/builder cannot get secrets named other in prod", "proved"],
    ["serviceaccount:dev/builder cannot create secrets in prod", "proved"],
    ["user:system:anonymous cannot get pods", "proved"],
    ["tester cannot get pods in prod", "unknown"],
    ["tester can get pods in prod", "unknown"],
    ["tester cannot get pods in dev", "proved"],
    ["tester cannot get pods", "unknown"],
    ["developer can get deployment in dev", "vacuous"],
    ["developer can get po in dev", "vacuous"],
    ["developer can get pods/logs in dev", "vacuous"],
    ["developer can get pods.apps in dev", "vacuous"],
    ["developer cannot get nodes in dev", "vacuous"],
    ["developer cannot get pods in env:none", "vacuous"],
    ["developer cannot get certificates.cert-manager.io in prod", "proved"],
  ])("%s: %s", (text, outcome) => {
    const proof = proofOf(text);
    expect([proof.outcome, proof.findings.map((f) => f.message)]).toEqual([outcome, expect.anything()]);
    expect(proof.findings.length > 0).toBe(outcome !== "proved");
  });
});

test("a broken cannot names the request, the binding and the rule, and what to remove", () => {
  const [finding] = proofOf("serviceaccount:dev/builder cannot get secrets in prod").findings;
  expect(finding).toMatchObject({
    code: "iam/broken-claim",
    severity: "error",
    subject: { kind: "RoleBinding", namespace: "prod", name: "builder" },
    related: [{ subject: { kind: "Role", name: "tls" }, path: "rules[0]" }],
  });
  expect(finding?.message).toContain("ServiceAccount dev/builder may get secrets named tls in prod");
  expect(finding?.hint).toContain("remove ServiceAccount dev/builder from RoleBinding prod/builder");
});

test("a broken can names the smallest grant, and the binding that is there", () => {
  const [finding] = proofOf("developer can create deployments in prod").findings;
  expect(finding?.message).toContain(
    "a user in group oidc:developer may not create deployments.apps in prod",
  );
  expect(finding?.hint).toBe(
    'bind ClusterRole edit to it, or bind a role with the rule { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] } to Group "oidc:developer" by a RoleBinding in prod',
  );
  expect(finding?.related?.[0]).toMatchObject({
    subject: { kind: "RoleBinding", namespace: "prod", name: "developer:view" },
  });
});

test("an unknown names the role that is not there", () => {
  const [finding] = proofOf("tester cannot get pods in prod").findings;
  expect(finding).toMatchObject({
    code: "iam/unproved-claim",
    subject: { kind: "RoleBinding", name: "chart" },
  });
  expect(finding?.hint).toContain("add ClusterRole chart-made to the set");
});

test.each([
  ["developer can get deployment in dev", "write deployments"],
  ["developer can get po in dev", "write pods"],
  ["developer can get pods/logs in dev", 'did you mean "log"?'],
  ["developer can get pods.apps in dev", "write pods"],
  ["developer can get podz in dev", 'did you mean "pods"?'],
  ["developer can get namespaces in dev", "write named dev"],
  ["developer cannot get nodes in dev", 'leave out "in dev"'],
])("%s: %s", (text, hint) => {
  const [finding] = proofOf(text).findings;
  expect(finding).toMatchObject({ code: "iam/empty-claim", hint: expect.stringContaining(hint) });
});

test("custom resources of the set are resources", () => {
  const crd = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gardens.example.test" },
    spec: { group: "example.test", scope: "Namespaced", names: { plural: "gardens" }, versions: [] },
  };
  const set = [
    crd,
    role(undefined, "gardener", { apiGroups: ["example.test"], resources: ["gardens"], verbs: ["get"] }),
    bind("dev", "gardener", roleRef("gardener"), developer),
  ];
  expect(proofOf("developer can get gardens in dev", set).outcome).toBe("proved");
  expect(proofOf("developer can get gardens.example.test in dev", set).outcome).toBe("proved");
  expect(proofOf("developer can get gardenz.example.test in dev", set).findings[0]?.hint).toBe(
    'did you mean "gardens"?',
  );
});

test("a claim about 2,000 namespaces with bindings is proved in time", () => {
  const many = Array.from({ length: 2000 }, (_, i) => bind(`n${i}`, "v", roleRef("view"), developer));
  const model = accessModel(many);
  const claim = parseAccessClaim("group:oidc:developer cannot * secrets", { by: "expect" });
  const start = performance.now();
  expect(proveAccess(model, claim.ok ? [claim.value] : [])[0]?.outcome).toBe("proved");
  expect(performance.now() - start).toBeLessThan(3000);
});
