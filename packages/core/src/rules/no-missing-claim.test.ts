import { expect, test } from "vitest";
import { noMissingClaim } from "./no-missing-claim.ts";
import { deployment, found, foundInWhole, object } from "./references/sets.test-support.ts";

const mounts = (claimName: string) =>
  deployment("web", {}, { volumes: [{ name: "v", persistentVolumeClaim: { claimName } }] });
const claim = (where: string, spec = {}) => object("v1", "PersistentVolumeClaim", where, { spec });
const AT = "spec.template.spec.volumes[0].persistentVolumeClaim.claimName";

test("claims of the pod's own namespace", () => {
  expect(foundInWhole(noMissingClaim, mounts("data"), claim("data"))).toEqual([]);
  expect(foundInWhole(noMissingClaim, mounts("data"), claim("dev/data"))).toEqual([`error ${AT}`]);
  expect(found(noMissingClaim, [mounts("data"), claim("other")])).toEqual([`warning ${AT}`]);
  expect(found(noMissingClaim, [mounts("data")])).toEqual([]);
});

test("StatefulSets make claims, one for each template and pod", () => {
  const db = object("apps/v1", "StatefulSet", "db", {
    spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] },
  });
  expect(foundInWhole(noMissingClaim, mounts("data-db-0"), db)).toEqual([]);
  expect(foundInWhole(noMissingClaim, mounts("data-db"), db)).toHaveLength(1);
  expect(foundInWhole(noMissingClaim, mounts("data-dbx-0"), db)).toHaveLength(1);
  const elsewhere = { ...db, metadata: { name: "db", namespace: "dev" } };
  expect(foundInWhole(noMissingClaim, mounts("data-db-0"), elsewhere)).toHaveLength(1);
});

test("a claim that is copied from another", () => {
  const copy = claim("copy", { dataSource: { kind: "PersistentVolumeClaim", name: "data" } });
  expect(foundInWhole(noMissingClaim, copy)).toEqual(["error spec.dataSource.name"]);
  expect(foundInWhole(noMissingClaim, copy, claim("data"))).toEqual([]);
});
