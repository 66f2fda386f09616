import { expect, test } from "vitest";
import { noUnqualifiedImage } from "./no-unqualified-image.ts";
import { deployment, found, pulling } from "./sets.test-support.ts";

const HOST = "registry.k8s.strix.kr";

test("the same path is pulled from a registry elsewhere", () => {
  const set = [deployment("prod/api", [`${HOST}/team/api:1`]), deployment("dev/api", ["team/api:1"])];
  expect(found(noUnqualifiedImage, set)).toEqual([
    `team/api:1 names no registry, so kubelet asks for docker.io/team/api; another pod pulls team/api from ${HOST} @ spec.template.spec.containers[0].image → write ${HOST}/team/api:1`,
  ]);
});

test("a first part that is a registry's first label", () => {
  const set = [pulling("dev/pull", HOST), deployment("dev/api", ["registry/team/api:1"])];
  expect(found(noUnqualifiedImage, set)).toEqual([
    `registry/team/api:1 names no registry, so kubelet asks for docker.io/registry/team/api; a first part without dot and port is no host @ spec.template.spec.containers[0].image → write ${HOST}/team/api:1`,
  ]);
});

test("pull secrets of the pod that are for none of its images", () => {
  const own = { imagePullSecrets: [{ name: "pull" }] };
  const set = [pulling("dev/pull", HOST), deployment("dev/api", ["api:1"], own)];
  expect(found(noUnqualifiedImage, set)).toEqual([
    "api:1 names no registry, so kubelet asks for docker.io/library/api; the pod's own imagePullSecrets are for none of its images @ spec.template.spec.containers[0].image → write the registry before it, or docker.io/api:1 and no imagePullSecrets",
  ]);
  const used = [pulling("dev/pull", HOST), deployment("dev/api", ["busybox:1", `${HOST}/api:1`], own)];
  expect(found(noUnqualifiedImage, used)).toEqual([]);
  expect(found(noUnqualifiedImage, [deployment("dev/api", ["api:1"], own)])).toEqual([]);
});

test("images of Docker Hub, where nothing says otherwise", () => {
  const set = [
    pulling("dev/pull", HOST),
    pulling("dev/hub", "https://index.docker.io/v1/"),
    deployment("dev/api", [`${HOST}/api:1`, "busybox:1", "fluent/fluent-bit:4", "docker.io/team/x:1"]),
  ];
  expect(found(noUnqualifiedImage, set)).toEqual([]);
});
