import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatImage, type Image, normalizeImage, parseImage } from "./parse-image.ts";

const DIGEST = `sha256:${"a1".repeat(32)}`;

describe("parts", () => {
  test.each<[string, Image]>([
    ["busybox", { registry: "docker.io", repository: "library/busybox" }],
    ["busybox:1.37", { registry: "docker.io", repository: "library/busybox", tag: "1.37" }],
    ["fluent/fluent-bit:4", { registry: "docker.io", repository: "fluent/fluent-bit", tag: "4" }],
    ["docker.io/busybox", { registry: "docker.io", repository: "library/busybox" }],
    ["index.docker.io/a/b", { registry: "docker.io", repository: "a/b" }],
    ["localhost/api", { registry: "localhost", repository: "api" }],
    ["registry:5000/api", { registry: "registry:5000", repository: "api" }],
    ["Registry/api", { registry: "Registry", repository: "api" }],
    [
      "registry.k8s.strix.kr/a/b:dev-17",
      { registry: "registry.k8s.strix.kr", repository: "a/b", tag: "dev-17" },
    ],
    ["[::1]:5000/api", { registry: "[::1]:5000", repository: "api" }],
    [`example.test/api@${DIGEST}`, { registry: "example.test", repository: "api", digest: DIGEST }],
    [
      `example.test/api:1@${DIGEST}`,
      { registry: "example.test", repository: "api", tag: "1", digest: DIGEST },
    ],
  ])("%s", (text, image) => {
    expect(parseImage(text)).toEqual({ ok: true, value: image });
  });
});

test.each(["", " ", "Api", "https://example.test/api", "api:", `api@sha256:1`, "a".repeat(256), "../etc"])(
  "%j is no image: one finding with a remedy",
  (text) => {
    const parsed = parseImage(text, "spec.containers[0].image");
    if (parsed.ok) throw new Error("it is read");
    expect(parsed.findings).toHaveLength(1);
    expect(parsed.findings[0]).toMatchObject({ code: "core/valid-image", path: "spec.containers[0].image" });
    expect(parsed.findings[0]?.hint).not.toBe("");
  },
);

test.each([
  ["busybox", "docker.io/library/busybox:latest"],
  ["busybox:1", "docker.io/library/busybox:1"],
  [`busybox@${DIGEST}`, `docker.io/library/busybox@${DIGEST}`],
])("%s is %s", (text, whole) => {
  expect(normalizeImage(text)).toEqual({ ok: true, value: whole });
});

test("no image is normalised to none", () => {
  expect(normalizeImage("A").ok).toBe(false);
});

const part = fc.stringMatching(/^[a-z0-9]{1,6}([._-][a-z0-9]{1,4})?$/);
const image = fc.record(
  {
    registry: fc.constantFrom("docker.io", "localhost", "registry.example.test:5000", "[::1]:5000", "Reg"),
    repository: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
    tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
    digest: fc.stringMatching(/^[a-f0-9]{64}$/).map((hex) => `sha256:${hex}`),
  },
  { requiredKeys: ["registry", "repository"] },
);

test("a text gives the same parts again", () => {
  fc.assert(
    fc.property(image, (parts) => {
      const first = parseImage(formatImage(parts as Image));
      if (!first.ok) throw new Error("it is no image");
      expect(parseImage(formatImage(first.value))).toEqual(first);
      if (parts.registry !== "docker.io" || parts.repository.includes("/"))
        expect(first.value).toEqual(parts);
    }),
    { seed: 7, numRuns: 1000 },
  );
});

test("any text is read or refused, never thrown at", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const parsed = parseImage(text);
      if (parsed.ok) expect(parseImage(formatImage(parsed.value))).toEqual(parsed);
      else expect(parsed.findings).toHaveLength(1);
    }),
    { seed: 8, numRuns: 2000 },
  );
});
