import { expect, test } from "vitest";
import { applyPatches } from "./patch.ts";
import type { Resource } from "./resource.ts";

const namespace = (name: string, labels?: Record<string, string>): Resource => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, ...(labels && { labels }) },
});
const why = "because";

test("labels are added, others stay, and the input is not changed", () => {
  const before = [namespace("default", { a: "1" })];
  const copy = structuredClone(before);
  const { resources, partial } = applyPatches(before, [
    { merge: namespace("default", { env: "common" }), why },
  ]);
  expect(resources).toEqual([namespace("default", { a: "1", env: "common" })]);
  expect(partial).toEqual([]);
  expect(before).toEqual(copy);
});

test("a target that the set does not hold is there as the patch alone, and said to be partial", () => {
  const { resources, partial } = applyPatches([], [{ merge: namespace("default", { env: "common" }), why }]);
  expect(resources).toEqual([namespace("default", { env: "common" })]);
  expect(partial).toEqual([{ apiVersion: "v1", kind: "Namespace", name: "default" }]);
});

test("two patches of one absent target are one partial object", () => {
  const { resources, partial } = applyPatches(
    [],
    [
      { merge: namespace("default", { a: "1" }), why },
      { merge: namespace("default", { b: "2" }), why },
    ],
  );
  expect(resources).toEqual([namespace("default", { a: "1", b: "2" })]);
  expect(partial).toHaveLength(1);
});

test("lists merge by the keys of the API, others are replaced", () => {
  const deployment = (containers: unknown[], volumes: unknown[], args?: unknown[]): Resource => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "nexus", namespace: "default" },
    spec: { template: { spec: { containers, volumes, ...(args && { args }) } } },
  });
  const before = deployment(
    [
      { name: "proxy", image: "p:1" },
      {
        name: "nexus",
        image: "n:1",
        ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP" }],
        volumeMounts: [{ mountPath: "/data", name: "data" }],
      },
    ],
    [{ name: "data" }],
    ["old", "older"],
  );
  const patch = deployment(
    [
      {
        name: "nexus",
        ports: [{ containerPort: 80, protocol: "TCP", name: "http" }],
        volumeMounts: [{ mountPath: "/etc/k", name: "k" }],
      },
    ],
    [{ name: "k", secret: { secretName: "s" } }],
    ["new"],
  );
  expect(applyPatches([before], [{ merge: patch, why }]).resources).toEqual([
    deployment(
      [
        { name: "proxy", image: "p:1" },
        {
          name: "nexus",
          image: "n:1",
          ports: [
            { containerPort: 80, protocol: "TCP", name: "http" },
            { containerPort: 53, protocol: "UDP" },
          ],
          volumeMounts: [
            { mountPath: "/data", name: "data" },
            { mountPath: "/etc/k", name: "k" },
          ],
        },
      ],
      [{ name: "data" }, { name: "k", secret: { secretName: "s" } }],
      ["new"],
    ),
  ]);
});

test("a key called __proto__ is data", () => {
  const merge = JSON.parse(
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"__proto__":"x"}}',
  ) as Resource;
  const { resources } = applyPatches([{ ...merge, data: { a: "1" } }], [{ merge, why }]);
  expect(Object.keys(resources[0]?.data as object)).toEqual(["a", "__proto__"]);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});
