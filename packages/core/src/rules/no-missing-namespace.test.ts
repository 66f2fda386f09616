import { expect, test } from "vitest";
import { noMissingNamespace } from "./no-missing-namespace.ts";
import { found, foundInWhole, namespace, object } from "./references/sets.test-support.ts";

const at = (where: string) => object("v1", "ConfigMap", where);

test("namespaces of the set, and those that every cluster has", () => {
  expect(foundInWhole(noMissingNamespace, at("prod/a"), namespace("prod"))).toEqual([]);
  for (const system of ["default", "kube-system", "kube-public", "kube-node-lease"])
    expect(foundInWhole(noMissingNamespace, at(`${system}/a`))).toEqual([]);
  expect(
    foundInWhole(noMissingNamespace, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }),
  ).toEqual([]);
});

test("one finding for each namespace, with the near name and the other objects", () => {
  const findings = noMissingNamespace.check({
    resources: [namespace("prod"), at("prdo/a"), at("prdo/b"), at("staging/c")],
    whole: true,
  });
  expect(findings).toMatchObject([
    {
      severity: "error",
      path: "metadata.namespace",
      hint: expect.stringContaining('did you mean "prod"?'),
      related: [{ subject: { name: "b" } }],
    },
    { message: expect.stringContaining("namespace staging") },
  ]);
});

test("a partial set warns when it holds Namespaces; assume silences", () => {
  expect(found(noMissingNamespace, [at("prod/a")])).toEqual([]);
  expect(found(noMissingNamespace, [at("prod/a"), namespace("dev")])).toEqual(["warning metadata.namespace"]);
  expect(found(noMissingNamespace, [at("prod/a"), namespace("dev")], { assume: ["Namespace/prod"] })).toEqual(
    [],
  );
});
