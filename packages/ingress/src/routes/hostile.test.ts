import type { Resource } from "@ashlar/core";
import { expect, test } from "vitest";
import { ingressRules } from "../rules/index.ts";
import { parseServesClaim } from "./claims/parse-claim.ts";
import { proveServes } from "./claims/prove-serves.ts";
import { routesDiff } from "./diff.ts";
import { explainUrl } from "./explain.ts";
import { routesModel } from "./model.ts";
import { random, randomGateway, randomIngresses } from "./random-routes.test-support.ts";
import { resolveUrl } from "./resolve.ts";
import { app, GROUND, ingress, together, yamlModel, yamlSet } from "./sets.test-support.ts";

const WIKI = yamlModel(
  together(
    GROUND,
    app("wiki"),
    ingress("wiki", ["wiki.example.test / Prefix wiki 80", "wiki.example.test /admin Prefix nobody 80"]),
  ),
);

test.each([
  "",
  "wiki.example.test",
  "ftp://wiki.example.test/",
  "http://",
  "http:///x",
  "http://user@wiki.example.test/",
  "http://wiki.example.test:0/",
  "http://wiki.example.test:99999/",
  "http://wiki.example.test:8x/",
  "http://[::1]/",
  "http://wiki.example.test\\@evil/",
  "http://wiki example.test/",
  "http://wíki.example.test/",
  `http://${"a".repeat(1_000_000)}@/`,
])("%j is no URL to ask for", (url) => {
  const { outcome, text } = resolveUrl(WIKI, url);
  expect(outcome).toBe("unknown");
  expect(text.length).toBeLessThan(2000);
});

test.each([
  ["HTTP://WIKI.example.test/", "unknown"],
  ["http://WIKI.Example.Test/", "served"],
  ["http://wiki.example.test./", "served"],
  ["http://wiki.example.test?x", "served"],
  ["http://wiki.example.test#x", "served"],
  ["http://wiki.example.test:80/", "served"],
  ["http://wiki.example.test:8080/", "unknown"],
  ["http://wiki.example.test/%61", "served"],
  ["http://constructor/", "not-found"],
  ["http://__proto__/", "not-found"],
])("%j: %s", (url, outcome) => {
  expect(resolveUrl(WIKI, url).outcome).toBe(outcome);
});

test.each(["/x/../admin", "//admin", "/%61dmin", "/./admin", "/x/%2e%2e/admin"])(
  "%s is another path to some servers: not known which route",
  (path) => {
    expect(resolveUrl(WIKI, `http://wiki.example.test${path}`).text).toContain("in different ways");
  },
);

test("long paths and many labels are answered in time that grows with their length", () => {
  const start = performance.now();
  resolveUrl(WIKI, `http://wiki.example.test/${"a/".repeat(500_000)}`);
  resolveUrl(WIKI, `http://${"a.".repeat(50_000)}test/`);
  expect(performance.now() - start).toBeLessThan(3000);
});

const VALUES: readonly unknown[] = [
  null,
  undefined,
  0,
  -1,
  Number.NaN,
  "",
  "x",
  "*",
  "*.",
  true,
  [],
  [null],
  {},
  { name: {} },
  "__proto__",
  "\u0000",
];

test("any value at any place of a set gives an answer", () => {
  const next = random(7);
  const args = ["--upstream=http://wiki", "--skip-auth-route=GET=^/x$", "--resources=uri=/*|roles=a,b"];
  const base = yamlSet(
    together(
      GROUND,
      app("wiki"),
      app("p", 80, "", args, "example/oauth2-proxy"),
      ingress("wiki", ["wiki.example.test / Prefix wiki 80", "p.example.test / Prefix p 80"], {
        annotations: { "nginx.ingress.kubernetes.io/auth-url": "http://x/%?allowed_groups=%" },
        spec: "tls: [{ hosts: [wiki.example.test], secretName: t }]",
      }),
    ),
  ).resources;
  let changed = 0;
  for (let i = 0; i < 1500; i++) {
    const { gateway, routes } = randomGateway(next);
    const set = structuredClone([...base, ...randomIngresses(next), gateway, ...routes]) as Resource[];
    for (let k = 0; k < 3; k++) if (spoil(set, next)) changed++;
    const model = routesModel(set, { whole: i % 2 === 0 });
    for (const url of [
      "https://wiki.example.test/a",
      "http://p.example.test/",
      "http://a.test/foo",
      "http://n.a.test/v1",
    ])
      explainUrl(resolveUrl(model, url));
    for (const rule of ingressRules)
      for (const finding of rule.check({ resources: set })) expect(finding.hint).not.toBe("");
    if (i % 50 === 0) {
      routesDiff(model, WIKI);
      const claim = parseServesClaim("http://p.example.test requires login", { by: "expect" });
      proveServes(model, claim.ok ? [claim.value] : []);
    }
  }
  expect(changed).toBeGreaterThan(4000);
});

/** Puts a value where it does not belong. */
function spoil(set: Resource[], next: () => number): boolean {
  let holder: unknown = set;
  for (let depth = 0; depth < 12; depth++) {
    const keys = Object.keys(holder as object);
    if (keys.length === 0) return false;
    const key = keys[Math.floor(next() * keys.length)]!;
    const child = (holder as Record<string, unknown>)[key];
    if (typeof child === "object" && child !== null && next() < 0.85) holder = child;
    else {
      (holder as Record<string, unknown>)[key] = structuredClone(VALUES[Math.floor(next() * VALUES.length)]);
      return true;
    }
  }
  return false;
}
