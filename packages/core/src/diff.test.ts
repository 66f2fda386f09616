import fc from "fast-check";
import { expect, test } from "vitest";
import { diffResources } from "./diff.ts";
import type { Resource } from "./resource.ts";

const map = (name: string, data: Record<string, unknown>, kind = "ConfigMap"): Resource => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "default" },
  data,
});
const ref = (name: string, kind = "ConfigMap") => ({ apiVersion: "v1", kind, namespace: "default", name });

test("added, removed and changed, field by field", () => {
  const before = [map("a", { x: 1, list: [1, 2], "odd.key": "v" }), map("gone", {})];
  const after = [map("new", {}), map("a", { x: 2, list: [1], "odd.key": "w" })];
  expect(diffResources(before, after)).toEqual([
    { change: "added", ref: ref("new"), fields: [] },
    {
      change: "changed",
      ref: ref("a"),
      fields: [
        { path: "data.x", before: 1, after: 2 },
        { path: "data.list[1]", before: 2 },
        { path: "data[odd.key]", before: "v", after: "w" },
      ],
    },
    { change: "removed", ref: ref("gone"), fields: [] },
  ]);
});

test("a raised API version of one group is a change, not another object", () => {
  const old = { ...map("a", {}), apiVersion: "apps/v1beta1" };
  expect(diffResources([old], [{ ...old, apiVersion: "apps/v1" }])).toMatchObject([
    { change: "changed", fields: [{ path: "apiVersion" }] },
  ]);
});

test("values of Secrets stay hidden", () => {
  const text = JSON.stringify(
    diffResources([map("s", { p: "hunter2" }, "Secret")], [map("s", { p: "b", q: "c3" }, "Secret")]),
  );
  expect(text).toContain("data.p");
  expect(text).not.toMatch(/hunter2|c3|"b"/);
});

test("equal sets differ in nothing, in any order", () => {
  const sets = fc.uniqueArray(
    fc.record({ name: fc.stringMatching(/^[a-z]{1,3}$/), data: fc.dictionary(fc.string(), fc.jsonValue()) }),
    { selector: (r) => r.name },
  );
  fc.assert(
    fc.property(sets, (set) => {
      const resources = set.map((r) => map(r.name, r.data as Record<string, unknown>));
      expect(diffResources(resources, structuredClone(resources).reverse())).toEqual([]);
    }),
  );
});
