import { expect, test } from "vitest";
import { noMissingIngressClass } from "./no-missing-ingress-class.ts";
import { found, foundInWhole, object } from "./references/sets.test-support.ts";

const ingress = (ingressClassName: string) =>
  object("networking.k8s.io/v1", "Ingress", "x", { spec: { ingressClassName } });
const nginx = object("networking.k8s.io/v1", "IngressClass", "*/nginx");

test("the class must be there", () => {
  expect(foundInWhole(noMissingIngressClass, ingress("nginx"), nginx)).toEqual([]);
  expect(foundInWhole(noMissingIngressClass, ingress("ngnix"), nginx)).toEqual([
    "error spec.ingressClassName",
  ]);
  expect(found(noMissingIngressClass, [ingress("ngnix"), nginx])).toEqual(["warning spec.ingressClassName"]);
  expect(found(noMissingIngressClass, [ingress("nginx")])).toEqual([]);
  const assume = ["IngressClass/nginx"];
  expect(found(noMissingIngressClass, [ingress("nginx")], { whole: true, assume })).toEqual([]);
});
