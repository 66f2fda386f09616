import type { Resource } from "@ashlar/core";

/** Custom resources of the CustomResourceDefinition in access.ts, each accepted by the server once it serves them. */
export const gardens: readonly Resource[] = [
  {
    apiVersion: "example.com/v1",
    kind: "Garden",
    metadata: { name: "rose", namespace: "default", labels: { season: "summer" } },
    spec: {
      beds: 3,
      soil: "sand",
      shade: null,
      water: "5l",
      name: "rose",
      open: true,
      depth: 1.5,
      plants: [{ kind: "rose", count: 3 }, { kind: "lily" }],
      tags: { a: "b", c: "d" },
      sun: "full",
      gate: { wood: "oak" },
      paths: ["north", "south"],
      notes: ["wet", null],
      extra: { anything: [1, "a", { deep: null }] },
      shed: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "tools", labels: { a: "b" } },
        data: { a: "b" },
      },
    },
    status: { beds: 1 },
  },
  {
    apiVersion: "example.com/v1",
    kind: "Garden",
    metadata: { name: "small", namespace: "default" },
    spec: { beds: 1, soil: "clay", water: 5, depth: 0.5, sun: "in the evening", gate: { iron: "old" } },
  },
];
