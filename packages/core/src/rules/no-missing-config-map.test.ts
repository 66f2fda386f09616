import { expect, test } from "vitest";
import { noMissingConfigMap } from "./no-missing-config-map.ts";
import { deployment, found, foundInWhole, object } from "./references/sets.test-support.ts";

const settings = object("v1", "ConfigMap", "settings", {
  data: { level: "info" },
  binaryData: { logo: "eA==" },
});
const reads = (name: string, key: string) =>
  deployment("web", { env: [{ name: "L", valueFrom: { configMapKeyRef: { name, key } } }] });

test("a ConfigMap and a key that are there are right", () => {
  expect(foundInWhole(noMissingConfigMap, reads("settings", "level"), settings)).toEqual([]);
  expect(foundInWhole(noMissingConfigMap, reads("settings", "logo"), settings)).toEqual([]);
});

test("one that is not there, in every place", () => {
  const web = deployment(
    "web",
    { envFrom: [{ configMapRef: { name: "a" } }] },
    {
      volumes: [
        { name: "v", configMap: { name: "b" } },
        { name: "w", projected: { sources: [{ configMap: { name: "c" } }] } },
        { name: "x", configMap: { name: "d", optional: true } },
      ],
    },
  );
  expect(foundInWhole(noMissingConfigMap, web)).toEqual([
    "error spec.template.spec.volumes[0].configMap.name",
    "error spec.template.spec.volumes[1].projected.sources[0].configMap.name",
    "error spec.template.spec.containers[0].envFrom[0].configMapRef.name",
  ]);
  expect(found(noMissingConfigMap, [web])).toEqual([]);
  expect(found(noMissingConfigMap, [web, settings])).toHaveLength(3);
});

test("a missing key names the near one", () => {
  expect(noMissingConfigMap.check({ resources: [reads("settings", "levle"), settings] })).toMatchObject([
    { severity: "error", hint: 'did you mean "level"?' },
  ]);
});

test("every namespace has kube-root-ca.crt", () => {
  const web = deployment("web", {}, { volumes: [{ name: "v", configMap: { name: "kube-root-ca.crt" } }] });
  expect(foundInWhole(noMissingConfigMap, web)).toEqual([]);
});
