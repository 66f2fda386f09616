import { expect, test } from "vitest";
import { noMissingPriorityClass } from "./no-missing-priority-class.ts";
import { deployment, found, foundInWhole, object } from "./references/sets.test-support.ts";

const web = deployment("web", {}, { priorityClassName: "important" });
const AT = "spec.template.spec.priorityClassName";

test("the class must be there", () => {
  expect(
    foundInWhole(noMissingPriorityClass, web, object("scheduling.k8s.io/v1", "PriorityClass", "*/important")),
  ).toEqual([]);
  expect(foundInWhole(noMissingPriorityClass, web)).toEqual([`error ${AT}`]);
  expect(found(noMissingPriorityClass, [web])).toEqual([]);
  expect(
    found(noMissingPriorityClass, [web, object("scheduling.k8s.io/v1", "PriorityClass", "*/imporant")]),
  ).toEqual([`warning ${AT}`]);
  expect(found(noMissingPriorityClass, [web], { whole: true, assume: ["PriorityClass/important"] })).toEqual(
    [],
  );
});

test("the classes that every cluster has", () => {
  for (const priorityClassName of ["system-cluster-critical", "system-node-critical"])
    expect(foundInWhole(noMissingPriorityClass, deployment("web", {}, { priorityClassName }))).toEqual([]);
});
