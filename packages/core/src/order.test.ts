import fc from "fast-check";
import { expect, test } from "vitest";
import { sortResources } from "./order.ts";

const of = (kind: string, name = "a") => ({ apiVersion: "v1", kind, metadata: { name } });

test("what others need comes first", () => {
  const kinds = [
    "Ingress",
    "Deployment",
    "Service",
    "RoleBinding",
    "Secret",
    "CustomResourceDefinition",
    "Namespace",
    "Certificate",
  ];
  expect(sortResources(kinds.map((k) => of(k))).map((r) => r.kind)).toEqual([
    "Namespace",
    "CustomResourceDefinition",
    "Secret",
    "RoleBinding",
    "Service",
    "Certificate",
    "Deployment",
    "Ingress",
  ]);
});

test("the same set gives the same order, however it was put together", () => {
  const resource = fc.record({
    kind: fc.constantFrom("Namespace", "Pod", "Service", "Odd"),
    name: fc.stringMatching(/^[a-z]{1,2}$/),
  });
  const sets = fc.uniqueArray(resource, { selector: (r) => `${r.kind}/${r.name}` });
  fc.assert(
    fc.property(sets, (set) => {
      const resources = set.map((r) => of(r.kind, r.name));
      expect(sortResources([...resources].reverse())).toEqual(sortResources(resources));
    }),
  );
});
