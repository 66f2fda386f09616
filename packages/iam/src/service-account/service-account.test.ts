import { join } from "node:path";
import { blockContract } from "@ashlar/core/testing";
import { describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import type { AccessClaim } from "../claims/claim.ts";
import { parseAccessClaim } from "../claims/parse-claim.ts";
import { proveAccess } from "../claims/prove-access.ts";
import { accessModel } from "../rbac/model.ts";
import type { ServiceAccountInput } from "./intent.ts";
import { serviceAccount } from "./service-account.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readCases<ServiceAccountInput>(CASES);

blockContract({ test }, { builder: serviceAccount, cases, rules: [] });
goldenTests<ServiceAccountInput>(CASES, serviceAccount);

test.each(Object.entries(cases))("%s: every claim is proved, and read back", (_, input) => {
  const { resources, claims } = serviceAccount(input);
  const proofs = proveAccess(accessModel(resources), claims as AccessClaim[], { resources });
  expect(proofs.filter(({ outcome }) => outcome !== "proved").map(({ findings }) => findings)).toEqual([]);
  for (const claim of claims)
    expect(parseAccessClaim(claim.text, { by: "service-account" })).toEqual({ ok: true, value: claim });
});

test("claims are made where roles are of known rules", () => {
  const texts = (name: string) => serviceAccount(cases[name]!).claims.map(({ text }) => text);
  expect(texts("kubeapps-developer")).toEqual([
    "serviceaccount:kubeapps/kubeapps-developer can write deployments in dev",
    "serviceaccount:kubeapps/kubeapps-developer can read secrets in dev",
  ]);
  expect(texts("admin")).toEqual(["serviceaccount:default/admin can * *"]);
  expect(texts("default")).toEqual([]);
});

test("nothing of a token is written", () => {
  const [secret] = serviceAccount(cases.admin!).resources.filter(({ kind }) => kind === "Secret");
  expect(secret).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "admin-token",
      namespace: "default",
      annotations: { "kubernetes.io/service-account.name": "admin" },
    },
    type: "kubernetes.io/service-account-token",
  });
});

describe("mistakes", () => {
  const plain = { name: "builder", namespace: "dev" };
  test.each<[string, object, string, string]>([
    ["a bad name", { name: "Builder" }, "name", "a-z"],
    ["an unknown namespace", { namespace: "dve", namespaces: ["dev"] }, "namespace", 'did you mean "dev"?'],
    [
      "an unknown role",
      { roles: { cluster: ["clusteradmin"] } },
      "roles.cluster[0]",
      'did you mean "cluster-admin"?',
    ],
    ["a short token", { tokenDuration: "5m" }, "tokenDuration", "write 1h"],
    ["no duration", { tokenDuration: "soon" }, "tokenDuration", "write 1h"],
    ["a token for every pod", { name: "default", token: "secret" }, "token", "account of its own"],
    ["a bad pull secret", { imagePullSecrets: ["a", "a"] }, "imagePullSecrets[1]", "once"],
    ["a long name", { name: "a".repeat(250), token: "secret" }, "name", "shorter"],
    ["an unknown field", { tokn: "bound" }, "tokn", 'did you mean "token"?'],
  ])("%s", (_, change, path, hint) => {
    const result = serviceAccount.safe({ ...plain, ...change });
    if (result.ok) throw new Error("it is valid");
    const found = result.findings.find((finding) => finding.path === path);
    expect(found, JSON.stringify(result.findings)).toMatchObject({
      code: "iam/valid-intent",
      severity: "error",
    });
    expect(found?.hint).toContain(hint);
  });
});
