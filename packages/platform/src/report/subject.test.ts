import { expect, test } from "vitest";
import { isWithin, subjectProblem, subjectText } from "./subject.ts";

test("objects are named as --assume names them", () => {
  expect(subjectText({ apiVersion: "v1", kind: "Secret", namespace: "prod", name: "db" })).toBe(
    "prod/Secret/db",
  );
  expect(subjectText({ apiVersion: "v1", kind: "Namespace", name: "prod" })).toBe("Namespace/prod");
});

test.each(["prod/Secret/db", "ClusterRole/system:node", "Namespace/prod"])("%s is a name", (text) => {
  expect(subjectProblem(text)).toBeUndefined();
});

test.each(["", "db", "a/b/c/d", "prod//db", "Secret prod/db", "prod/secret/db", "/Secret/db"])(
  "%j is none, and the hint shows one",
  (text) => {
    expect(subjectProblem(text)).toMatchObject({
      message: expect.stringContaining(JSON.stringify(text)),
      hint: expect.stringContaining("prod/Secret/db"),
    });
  },
);

test.each([
  ["spec.rules[0].host", "spec.rules[0]", true],
  ["spec.rules[0]", "spec.rules[0]", true],
  ["spec.rules[10]", "spec.rules[1]", false],
  ["spec.rules", "spec.rules[0]", false],
  ["specs", "spec", false],
  ["metadata.labels[app.kubernetes.io/name]", "metadata.labels", true],
  ['metadata.labels["1"]', "metadata.labels[1]", false],
])("%s in %s: %s", (path, ancestor, expected) => {
  expect(isWithin(path, ancestor)).toBe(expected);
});
