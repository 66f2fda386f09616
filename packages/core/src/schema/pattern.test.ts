import fc from "fast-check";
import { expect, test } from "vitest";
import { linearPattern } from "./pattern.ts";

const DNS = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

// Patterns that RE2 and JavaScript read alike: JavaScript's own engine says what is right.
const PATTERNS = [
  ...[
    "",
    "a",
    "^a$",
    "a|b",
    "^(a|bc)*$",
    "^a{2}$",
    "^a{1,3}b?$",
    "^(a{0,2}b){2,}$",
    "^.$",
    "^[^a-c]+$",
    "[]a]?b",
  ],
  ...[
    "^[-a]+$",
    "^[a-]+$",
    "\\.",
    "^\\d+\\w\\W$",
    "^[\\d.]+$",
    "^(?:a*)*$",
    "^(a|)+b$",
    "a$|^b",
    "(^a)+",
    "^[+.*]\\^$",
    "a+?b",
  ],
  DNS,
  "^([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h))+$",
];

test.each(PATTERNS.filter((pattern) => !pattern.startsWith("[]")))(
  "%s is matched as by JavaScript",
  (pattern) => {
    const match = linearPattern(pattern);
    const regex = new RegExp(pattern, "u");
    const texts = fc.string({ unit: fc.constantFrom(..."abc019.-_ \n^*ä😀msh"), maxLength: 12 });
    fc.assert(
      fc.property(texts, (text) => match!(text) === regex.test(text)),
      { numRuns: 300 },
    );
  },
);

test("] is itself at the beginning of a class, which JavaScript has otherwise", () => {
  expect(["]", "a", "b", "[]"].map((text) => linearPattern("^[]a]$")!(text))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  ["(?i)a"],
  ["(?P<n>a)"],
  ["(?=a)"],
  ["[[:alpha:]]"],
  ["\\pL"],
  ["\\bword"],
  ["\\x41"],
  ["(a)\\1"],
  ["a**"],
  ["*a"],
  ["(a"],
  ["a)"],
  ["[a"],
  ["[z-a]"],
  ["a{3,1}"],
  ["a{2000}"],
  ["\\"],
  ["(((a{1000}){1000}){1000})"],
  ["(".repeat(100) + ")".repeat(100)],
  ["a".repeat(5000)],
])("%j is not read", (pattern) => {
  expect(linearPattern(pattern)).toBeUndefined();
});

test.each(["^(a+)+$", "^(a|a)*$", "^(a*)*b$", "(x+x+)+y", "^(.*.*.*.*.*)*$"])(
  "%s takes linear time",
  (pattern) => {
    const start = performance.now();
    linearPattern(pattern)!(`${"a".repeat(4000)}!`);
    linearPattern(pattern)!("x".repeat(4000));
    expect(performance.now() - start).toBeLessThan(2000);
  },
);
