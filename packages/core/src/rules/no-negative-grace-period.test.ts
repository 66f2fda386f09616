import { expect, test } from "vitest";
import { noNegativeGracePeriod } from "./no-negative-grace-period.ts";
import { deployment, found } from "./references/sets.test-support.ts";

test("none, nothing, a minute and what is no number", () => {
  const periods = [undefined, 0, 60, "-1"];
  const set = periods.map((seconds, i) =>
    deployment(`w${i}`, {}, { terminationGracePeriodSeconds: seconds }),
  );
  expect(found(noNegativeGracePeriod, set)).toEqual([]);
});

// kube-apiserver 1.36.3 accepts it and warns: must be >= 0; negative values are invalid and will be treated as 1
test("less than nothing", () => {
  const set = [deployment("web", {}, { terminationGracePeriodSeconds: -1 })];
  expect(noNegativeGracePeriod.check({ resources: set })).toMatchObject([
    {
      severity: "warning",
      path: "spec.template.spec.terminationGracePeriodSeconds",
      fix: [{ op: "replace", path: "/spec/template/spec/terminationGracePeriodSeconds", value: 1 }],
    },
  ]);
});
