import { describe, expect, test } from "vitest";
import { compileRegex } from "./regex.ts";

describe("finds what Go's regexp finds", () => {
  test.each([
    ["^([a-z]+)-(\\d+)\\.test\\.$", "web-42.test.", ["web-42.test.", "web", "42"]],
    ["(a|ab)(c|bcd)(d*)", "abcd", ["abcd", "a", "bcd", ""]],
    ["(a+?)(a*)", "aaa", ["aaa", "a", "aa"]],
    ["(?U)(a+)(a*)", "aaa", ["a", "a", ""]],
    ["(?i)WEB", "x.web.y", ["web"]],
    ["(?P<h>[^.]+)\\.(?:corp|lab)", "db.lab.test", ["db.lab", "db"]],
    ["[[:digit:]]{2,3}", "a1b1234", ["123"]],
    ["x*", "yyy", [""]],
    ["\\bfoo\\b", "a-foo.b", ["foo"]],
    ["(a)|b", "b", ["b", ""]],
    ["(?:(a)|b)*", "ab", ["ab", "a"]],
    ["\\x2e\\Q.\\E", "a..b", [".."]],
    ["[^a-c.]", "abc.d", ["d"]],
    ["\\pL+", "1äb2", ["äb"]],
    ["a{2}", "caaat", ["aa"]],
    ["^$", "", [""]],
    ["(|a)+", "aa", ["", ""]],
    ["a(?i)*b", "aab", ["aab"]],
    ["\\Qa.b\\E?c", "a.c", ["a.c"]],
  ])("%s in %s", (pattern, text, groups) => {
    expect(compileRegex(pattern)?.find(text)).toEqual(groups);
  });

  test.each(["(", "a)", "[a", "*a", "a**", "a{2,1}", "a{1001}", "(?=a)", "\\8", "[z-a]", "\\pX", "(?P<n>"])(
    "refuses %s",
    (pattern) => {
      expect(compileRegex(pattern)).toBeUndefined();
    },
  );
});

test("takes time in proportion to the text, whatever the expression", () => {
  const start = performance.now();
  for (const pattern of ["(a+)+$", "(a|a)*b", "(a*)*b", "((a?){50}){20}b", "(.*)(.*)(.*)(.*)x"])
    expect(compileRegex(pattern)?.find(`${"a".repeat(250)}c`)).toBeUndefined();
  expect(compileRegex("((a{100}){100}){100}")).toBeUndefined();
  expect(compileRegex("(".repeat(9000))).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(5000);
});
