import { expect, test } from "vitest";
import { imageProblem } from "../image-reference.ts";
import { deployment, found, object } from "./references/sets.test-support.ts";
import { validImage } from "./valid-image.ts";

const HEX = "0123456789abcdef".repeat(4);

// The verdicts are those of ParseNormalizedNamed of github.com/distribution/reference 0.6.0.
test.each([
  "nginx",
  "nginx:1.27",
  "library/nginx:1.27-alpine",
  "localhost/a",
  "localhost:5000/a/b_c/d__e/f---g:T_1.x",
  "Registry.Example.com/a",
  "REGISTRY/a",
  "[::1]:5000/a",
  `a@sha256:${HEX}`,
  `a:1@sha512:${HEX}${HEX}`,
  `a.com/${"a".repeat(255)}`,
])("%s is an image", (image) => {
  expect(imageProblem(image)).toBeUndefined();
});

test.each([
  [" nginx", "begins or ends with white space"],
  ["nginx\n", "begins or ends with white space"],
  ["ngi nx", "white space in it"],
  ["  ", "blank"],
  ["Nginx", "upper-case"],
  ["example.com/Api:1", "upper-case"],
  ["nginx:", "no tag after it"],
  ["nginx:-a", "is no tag"],
  [`nginx:${"a".repeat(129)}`, "is no tag"],
  ["a:1:2", "is no tag"],
  [`a@sha256:${HEX.slice(1)}`, "is no digest"],
  [`a@sha256:${HEX.toUpperCase()}`, "is no digest"],
  [`a@md5:${HEX.slice(32)}`, "is no digest"],
  ["a@", "is no digest"],
  [HEX, "64 hexadecimal"],
  ["https://example.com/a", "is no registry"],
  ["example.com:/a", "is no registry"],
  ["example.com/", "no name"],
  ["a//b", "empty part"],
  ["a/b___c", "no part of a name"],
  ["a.com/-b", "no part of a name"],
  ["$(IMAGE)", "no part of a name"],
  ["é", "no part of a name"],
  ["a".repeat(248), "255"],
  [`a.com/${"a".repeat(256)}`, "255"],
])("%j is none", (image, why) => {
  expect(imageProblem(image)?.message).toContain(why);
});

test("white space around an image can be cut, where an image remains", () => {
  expect(imageProblem(" nginx:1 ")?.meant).toBe("nginx:1");
  expect(imageProblem(" Nginx:1")?.meant).toBeUndefined();
});

test("images of containers of all lists and of volumes", () => {
  const volumes = [{ name: "v", image: { reference: "A" } }];
  const set = [deployment("web", { image: "a:" }, { initContainers: [{ image: "B" }], volumes })];
  expect(found(validImage, set)).toEqual([
    "error spec.template.spec.containers[0].image",
    "error spec.template.spec.initContainers[0].image",
    "error spec.template.spec.volumes[0].image.reference",
  ]);
  expect(validImage.check({ resources: [deployment("web", { image: " a:1" })] })).toMatchObject([
    { fix: [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "a:1" }] },
  ]);
});

test("what the server itself refuses is left to core/valid-value", () => {
  const pod = (image: unknown) => object("v1", "Pod", "p", { spec: { containers: [{ name: "c", image }] } });
  expect(found(validImage, [pod(" a"), pod(""), pod(undefined), pod(7)])).toEqual([]);
  expect(found(validImage, [pod("A")])).toEqual(["error spec.containers[0].image"]);
});
