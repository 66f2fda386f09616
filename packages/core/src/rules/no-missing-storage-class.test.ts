import { expect, test } from "vitest";
import { noMissingStorageClass } from "./no-missing-storage-class.ts";
import { found, foundInWhole, object } from "./references/sets.test-support.ts";

const claim = (storageClassName?: string) =>
  object("v1", "PersistentVolumeClaim", "c", {
    spec: storageClassName === undefined ? {} : { storageClassName },
  });
const fast = object("storage.k8s.io/v1", "StorageClass", "*/fast");

test("claims and templates of claims", () => {
  expect(foundInWhole(noMissingStorageClass, claim("fast"), fast)).toEqual([]);
  expect(foundInWhole(noMissingStorageClass, claim("fsat"), fast)).toEqual(["error spec.storageClassName"]);
  const db = object("apps/v1", "StatefulSet", "db", {
    spec: {
      template: {},
      volumeClaimTemplates: [{ metadata: { name: "d" }, spec: { storageClassName: "fsat" } }],
    },
  });
  expect(found(noMissingStorageClass, [db])).toEqual([]);
  expect(found(noMissingStorageClass, [db, fast])).toEqual([
    "warning spec.volumeClaimTemplates[0].spec.storageClassName",
  ]);
});

test("no class, the empty class, and one that volumes of the set carry", () => {
  const volume = object("v1", "PersistentVolume", "*/v", { spec: { storageClassName: "manual" } });
  expect(foundInWhole(noMissingStorageClass, claim(), claim(""))).toEqual([]);
  expect(foundInWhole(noMissingStorageClass, claim("manual"), volume)).toEqual([]);
});
