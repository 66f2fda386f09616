import { expect, test } from "vitest";
import { noMissingRuntimeClass } from "./no-missing-runtime-class.ts";
import { deployment, found, foundInWhole, object } from "./references/sets.test-support.ts";

const web = deployment("web", {}, { runtimeClassName: "important" });
const AT = "spec.template.spec.runtimeClassName";

test("the class must be there", () => {
  expect(
    foundInWhole(noMissingRuntimeClass, web, object("node.k8s.io/v1", "RuntimeClass", "*/important")),
  ).toEqual([]);
  expect(foundInWhole(noMissingRuntimeClass, web)).toEqual([`error ${AT}`]);
  expect(found(noMissingRuntimeClass, [web])).toEqual([]);
  expect(found(noMissingRuntimeClass, [web, object("node.k8s.io/v1", "RuntimeClass", "*/imporant")])).toEqual(
    [`warning ${AT}`],
  );
  expect(found(noMissingRuntimeClass, [web], { whole: true, assume: ["RuntimeClass/important"] })).toEqual(
    [],
  );
});
