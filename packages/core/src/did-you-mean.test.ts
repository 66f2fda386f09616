import { expect, test } from "vitest";
import { nearest, suggest } from "./did-you-mean.ts";

test.each([
  ["prd", ["common", "prod", "dev"], "prod"],
  ["pord", ["common", "prod", "dev"], "prod"],
  ["Prod", ["prod"], "prod"],
  ["namspaceSelector", ["podSelector", "namespaceSelector"], "namespaceSelector"],
  ["xyz", ["common", "prod"], undefined],
  ["", ["prod"], undefined],
  ["prod", [], undefined],
])("%j of %j: %j", (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test("a hint names the near word, or all of them, or that there is none", () => {
  expect(suggest("prd", ["prod", "dev"])).toBe('did you mean "prod"?');
  expect(suggest("xyz", ["prod", "dev"])).toBe('write one of "prod", "dev"');
  expect(suggest("xyz", [])).toBe("none is known here");
  expect(
    suggest(
      "none-of-them",
      Array.from({ length: 20 }, (_, i) => `w${i}`),
    ),
  ).toContain("… (20 in all)");
});
