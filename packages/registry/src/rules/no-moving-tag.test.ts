import { expect, test } from "vitest";
import { noMovingTag } from "./no-moving-tag.ts";
import { deployment, found } from "./sets.test-support.ts";

const HINT = "write a tag that is pushed once (a version, a commit), or the digest: IMAGE@sha256:…";

test.each([
  ["busybox", "busybox has no tag, so it is whatever is tagged latest when a pod starts"],
  [
    "a.test/web:latest",
    "the tag latest of a.test/web:latest is moved: it is another image when the next pod starts",
  ],
  ["web:Stable", "the tag Stable of web:Stable is moved: it is another image when the next pod starts"],
  [
    "web:latest-alpine",
    "the tag latest-alpine of web:latest-alpine is moved: it is another image when the next pod starts",
  ],
])("%s", (image, message) => {
  expect(found(noMovingTag, [deployment("dev/web", ["a:1", image])])).toEqual([
    `${message} @ spec.template.spec.containers[1].image → ${HINT}`,
  ]);
});

test("a version, a digest, a commit, what cannot be read, and a registry's port", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const images = [
    "web:1.2",
    `web:latest@${digest}`,
    `web@${digest}`,
    "web:dev-17",
    "Web",
    "web:latestish",
    "a.test:5000/w:1",
  ];
  expect(found(noMovingTag, [deployment("dev/web", images)])).toEqual([]);
});

test("init containers and image volumes too, in every kind that makes pods", () => {
  const cron = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "nightly", namespace: "dev" },
    spec: {
      jobTemplate: {
        spec: {
          template: {
            spec: {
              initContainers: [{ name: "i", image: "a" }],
              containers: [{ name: "c", image: "b:1" }],
              volumes: [{ name: "v", image: { reference: "c:main" } }],
            },
          },
        },
      },
    },
  };
  expect(noMovingTag.check({ resources: [cron] }).map(({ path }) => path)).toEqual([
    "spec.jobTemplate.spec.template.spec.initContainers[0].image",
    "spec.jobTemplate.spec.template.spec.volumes[0].image.reference",
  ]);
});

test("broken manifests are walked", () => {
  const odd = [
    deployment("dev/web", [], { containers: [null, 5, { image: 5 }], volumes: "x" }),
    { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } },
  ];
  expect(found(noMovingTag, odd)).toEqual([]);
});
