import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../expressions.ts";

const claims = {
  sub: "42",
  groups: ["developer", "ops"],
  email: "dev1@example.test",
  email_verified: true,
  roles: null,
  level: 3,
  realm_access: { roles: ["admin"] },
};
const of = (expression: string) => evaluate(expression, { claims });

describe("values", () => {
  test.each<[string, unknown]>([
    ["claims.sub", "42"],
    ["'oidc:' + claims.sub", "oidc:42"],
    ["\"a\\\"b\" + 'c\\'d'", "a\"bc'd"],
    ["claims['sub']", "42"],
    ["claims.groups[1]", "ops"],
    ["claims.realm_access.roles", ["admin"]],
    ["claims.groups.map(g, 'kc:' + g)", ["kc:developer", "kc:ops"]],
    ["dyn(claims.?groups.orValue([])).map(g, 'oidc:' + string(g))", ["oidc:developer", "oidc:ops"]],
    ["claims.?missing.orValue('none')", "none"],
    ["claims.?realm_access.roles.orValue([])", ["admin"]],
    ["claims.?missing.roles.hasValue()", false],
    ["claims.?email_verified.orValue(false) == true", true],
    ["has(claims.sub) && !has(claims.other)", true],
    ["claims.groups.exists(g, g == 'ops') ? 'yes' : 'no'", "yes"],
    ["claims.groups.filter(g, g.startsWith('d'))", ["developer"]],
    ["'ops' in claims.groups", true],
    ["claims.groups.size() < 100", true],
    ["size(claims.sub) >= 2", true],
    ["claims.level == 3", true],
    ["claims.level == '3'", false],
    ["claims.level != null", true],
    ["claims.roles == null", true],
    ["claims.email.endsWith('@example.test') || claims.nobody", true],
    ["claims.nobody || claims.email.contains('@')", true],
    ["claims.groups + ['all']", ["developer", "ops", "all"]],
    ["!(claims.sub == '42')", false],
    ["claims.groups.all(g, g != 'x') && true", true],
    ["'ÄB'.lowerAscii()", "Äb"],
  ])("%s", (expression, value) => {
    expect(of(expression)).toEqual({ kind: "value", value });
  });
});

test.each([
  "claims.missing",
  "claims.level.startsWith('a')",
  "claims.sub && true",
  "claims.groups[7]",
  "claims.sub + claims.level",
  "has(claims.sub.x)",
  "claims.groups.all(g, g.x)",
])("%s has no value", (expression) => expect(of(expression).kind).toBe("error"));

test.each([
  "claims.sub.matches('a')",
  "other",
  "{'a': 1}",
  "1.5",
  "claims.level + 1",
  "claims.a__dot__b",
  "'a",
  "a b",
  "",
  "(",
  "claims.?sub",
  "r'a'",
  "claims.sub < 'a'",
  "claims.realm_access.all(k, true)",
  `${"(".repeat(200)}1`,
  "'a'.format()",
  "-1",
])("%s is not read", (expression) => expect(of(expression).kind).toBe("unknown"));

test("any text is answered", () => {
  const part = fc.constantFrom(
    "claims",
    ".",
    ".?",
    "groups",
    "sub",
    "(",
    ")",
    "[",
    "]",
    "'a'",
    "1",
    "==",
    "&&",
    "?",
    ":",
    "map",
    ",",
    "x",
    "!",
    "in",
    " ",
    "+",
    "orValue",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(part).map((parts) => parts.join("")),
        fc.string(),
      ),
      (text) => {
        expect(["value", "error", "unknown"]).toContain(of(text).kind);
      },
    ),
    { seed: 12, numRuns: 2000 },
  );
});
