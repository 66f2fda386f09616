import { expect, test } from "vitest";
import { formatRouteChange, routesDiff } from "./diff.ts";
import type { RoutesOptions } from "./model.ts";
import { app, GROUND, ingress, together, yamlModel } from "./sets.test-support.ts";

const AUTH = { "nginx.ingress.kubernetes.io/auth-url": "https://login.example.test/oauth2/auth" };
const PLAIN = { "nginx.ingress.kubernetes.io/ssl-redirect": "false" };
const TLS = "tls: [{ hosts: [h.example.test], secretName: t }]";
const SECRET = "apiVersion: v1\nkind: Secret\nmetadata: { name: t }\ntype: kubernetes.io/tls";

function model(
  rules: readonly string[],
  annotations: Record<string, string> = {},
  spec = TLS,
  options: RoutesOptions = {},
) {
  return yamlModel(
    together(
      GROUND,
      SECRET,
      app("a"),
      app("b"),
      ingress("i", rules, { annotations: { ...PLAIN, ...annotations }, spec }),
    ),
    options,
  );
}

const A = ["h.example.test / Prefix a 80"];

test.each([
  ["nothing", model(A), model(A), []],
  [
    "a login that is gone",
    model(A, AUTH),
    model(A),
    [
      "http://h.example.test/ (and 1 more) no longer asks for a login",
      "https://h.example.test/ (and 1 more) no longer asks for a login",
    ],
  ],
  [
    "a certificate that is gone",
    model(A),
    model(A, {}, ""),
    ["https://h.example.test/ (and 1 more) has no certificate any more (it was default/t)"],
  ],
  [
    "another backend",
    model(A),
    model(["h.example.test / Prefix b 80"]),
    [
      "http://h.example.test/ (and 1 more) goes to default/b:80 instead of default/a:80",
      "https://h.example.test/ (and 1 more) goes to default/b:80 instead of default/a:80",
    ],
  ],
  [
    "a part of the paths",
    model(A),
    model([...A, "h.example.test /api Prefix b 80"]),
    [
      "http://h.example.test/api (and 1 more) goes to default/b:80 instead of default/a:80",
      "https://h.example.test/api (and 1 more) goes to default/b:80 instead of default/a:80",
    ],
  ],
  [
    "a host that is new, by a wildcard",
    model(A),
    model([...A, "*.w.test / Prefix b 80"]),
    [
      "http://*.w.test/ (and 1 more) is new: default/b:80 answers",
      "https://*.w.test/ (and 1 more) is new: not known: no entry of spec.tls is for any-other.w.test: which certificate the edge shows is not known",
    ],
  ],
  [
    "a port that is not there",
    model(A),
    model(["h.example.test / Prefix a 81"]),
    [
      "http://h.example.test/ (and 1 more) breaks: Service default/a: it has no port 81; its ports are 80 (http)",
    ],
  ],
])("%s", (_, before, after, expected) => {
  const found = routesDiff(before, after).map(formatRouteChange);
  expect(found).toEqual(expect.arrayContaining(expected));
  if (expected.length === 0) expect(found).toEqual([]);
});

test("a new certificate whose Secret is missing", () => {
  const lines = (options: RoutesOptions) =>
    routesDiff(
      model(A, {}, "", options),
      model(A, {}, TLS.replace("secretName: t", "secretName: none"), options),
    )
      .map(formatRouteChange)
      .filter((line) => line.startsWith("https:"));
  expect(lines({ whole: true })).toEqual([
    "https://h.example.test/ (and 1 more) breaks: Secret default/none is not in the set, and nothing in it makes it",
  ]);
  expect(lines({})).toEqual([
    "https://h.example.test/ (and 1 more) shows the certificate of Secret default/none now, which is not known",
  ]);
});

test("who passes a login", () => {
  const of = (group: string) => ({
    "nginx.ingress.kubernetes.io/auth-url": `https://login.example.test/auth?allowed_groups=${group}`,
  });
  const [first] = routesDiff(model(A, of("operator")), model(A, of("developer")));
  expect(first?.change).toBe("login");
  expect(formatRouteChange(first!)).toBe(
    "http://h.example.test/ (and 1 more) lets in developer instead of operator",
  );
});

test("a diff read backwards has the opposite changes", () => {
  const [one, two] = [model(A, AUTH), model(["h.example.test / Prefix b 80"], {}, "")];
  const kinds = (changes: ReturnType<typeof routesDiff>) =>
    changes.map(({ change, urls }) => `${change} ${urls[0]}`).sort();
  const opposite = (line: string) =>
    line.startsWith("lost") ? line.replace("lost", "gained") : line.replace(/^gained/, "lost");
  const back = kinds(routesDiff(two, one)).map(opposite);
  expect(back.sort()).toEqual(kinds(routesDiff(one, two)));
});
