import { expect, test } from "vitest";
import { noDuplicateEnv } from "./no-duplicate-env.ts";
import { deployment, found } from "./references/sets.test-support.ts";

const env = (...names: string[]) => names.map((name) => ({ name, value: "x" }));

test("names of their own; another container may have the same", () => {
  const other = { initContainers: [{ name: "i", env: env("A") }] };
  expect(found(noDuplicateEnv, [deployment("web", { env: env("A", "B", "a") }, other)])).toEqual([]);
});

// kube-apiserver 1.36.3 accepts it and answers: hides previous definition of "A", which may be dropped when using apply
test("one name twice", () => {
  expect(noDuplicateEnv.check({ resources: [deployment("web", { env: env("A", "B", "A") })] })).toMatchObject(
    [
      {
        severity: "warning",
        path: "spec.template.spec.containers[0].env[2].name",
        related: [{ path: "spec.template.spec.containers[0].env[0]" }],
      },
    ],
  );
});
