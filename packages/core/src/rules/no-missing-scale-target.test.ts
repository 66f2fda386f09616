import { expect, test } from "vitest";
import { noMissingScaleTarget } from "./no-missing-scale-target.ts";
import { deployment, found, foundInWhole, object } from "./references/sets.test-support.ts";

const scaler = (name: string, kind = "Deployment", apiVersion = "apps/v1") =>
  object("autoscaling/v2", "HorizontalPodAutoscaler", "h", {
    spec: { scaleTargetRef: { apiVersion, kind, name } },
  });
const web = deployment("web");

test("workloads of the autoscaler's own namespace", () => {
  expect(foundInWhole(noMissingScaleTarget, scaler("web"), web)).toEqual([]);
  expect(foundInWhole(noMissingScaleTarget, scaler("web", "Deployment", "extensions/v1beta1"), web)).toEqual(
    [],
  );
  expect(
    foundInWhole(noMissingScaleTarget, scaler("web"), { ...web, apiVersion: "extensions/v1beta1" }),
  ).toEqual([]);
  expect(foundInWhole(noMissingScaleTarget, scaler("web"), deployment("dev/web"))).toEqual([
    "error spec.scaleTargetRef.name",
  ]);
  expect(foundInWhole(noMissingScaleTarget, scaler("web", "StatefulSet"), web)).toHaveLength(1);
  expect(found(noMissingScaleTarget, [scaler("wbe"), web])).toEqual(["warning spec.scaleTargetRef.name"]);
  expect(found(noMissingScaleTarget, [scaler("wbe")])).toEqual([]);
});

test("custom resources that can be scaled are not known", () => {
  expect(foundInWhole(noMissingScaleTarget, scaler("web", "Rollout", "argoproj.io/v1alpha1"))).toEqual([]);
});
